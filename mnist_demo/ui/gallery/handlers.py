"""What the Gallery does when something is chosen in it."""

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gradio as gr

from mnist_demo.ui.components.confusion_matrix import count_confusion, describe_confusion, read_pick
from mnist_demo.ui.components.notice import plain
from mnist_demo.ui.components.tiles import describe_page, describe_tile
from mnist_demo.ui.compute.model_store import ModelStore, UserModels
from mnist_demo.ui.compute.test_set import read_index
from mnist_demo.ui.errors import error_sentence
from mnist_demo.ui.gallery.agreement import describe_agreement, describe_seen
from mnist_demo.ui.gallery.detail import describe_detail
from mnist_demo.ui.gallery.neighbours import Neighbours
from mnist_demo.ui.gallery.reasons import describe_reasons
from mnist_demo.ui.gallery.saliency_cache import SaliencyCache
from mnist_demo.ui.gallery.selection import count_pages, nearest_page, page, read_page
from mnist_demo.ui.gallery.summary import summarize
from mnist_demo.ui.gallery.view_state import ANY, GallerySettings, ViewState, compute_view
from mnist_demo.ui.i18n.translate import translate

# What the handlers of settings put out, in this order. Our own components always get a value, {}
# where there is no news: by a `gr.skip` Gradio takes from those that are still folded what they
# were made with.
OURS = ("summary", "tiles", "confusion", "agreement")
OUTPUTS = (
    *(*OURS, "show_all", "two_models"),
    *("other", "order", "seed", "label", "prediction", "shown"),
)
Answer = dict[str, Any]


def pack(answer: Answer) -> list[Any]:
    """The outputs; what an answer does not name stays as it is."""
    return [answer.get(name, {} if name in OURS else gr.skip()) for name in OUTPUTS]


def analyse(store: ModelStore, *values: Any) -> Iterator[list[Any]]:
    """Another model: it may take seconds to read all test digits, and says so."""
    settings = GallerySettings(*values)
    try:
        for name in (settings.model, settings.other):
            if name is not None and not store.has_answers(store.model(name, settings.user_models)):
                yield pack({"summary": translate("gallery_reading", model=plain(name))})
                store.test_probabilities(store.model(name, settings.user_models))
    except ValueError:
        pass  # the answer says it
    yield pack(_show(store, settings))


def show(store: ModelStore, *values: Any) -> list[Any]:
    """Another order, or other filters."""
    return pack(_show(store, GallerySettings(*values)))


def change_page(store: ModelStore, value: Any, *values: Any) -> list[Any]:
    """Another page: the summary and the tiles."""
    asked = read_page(value)
    try:
        state = compute_view(store, GallerySettings(*values))
    except ValueError as error:
        answer = _refuse(error)
        return [answer["summary"], answer["tiles"]]
    return [{}, _tiles(store, state, nearest_page(asked, len(state.indices)), asked)]


def shuffle(store: ModelStore, *values: Any) -> list[Any]:
    """At random, by a new seed."""
    settings = replace(GallerySettings(*values), order="random", seed=random.randrange(10_000))
    answer = _show(store, settings)
    return pack(answer | {"order": "random", "seed": gr.update(value=settings.seed, visible=True)})


def show_all(store: ModelStore, *values: Any) -> list[Any]:
    """Without filters."""
    return _filter(store, GallerySettings(*values), ANY, ANY, "all")


def pick_cell(store: ModelStore, value: Any, *values: Any) -> list[Any]:
    """The digits of one cell of the confusion matrix."""
    try:
        label, prediction = read_pick(value)
    except ValueError as error:
        return pack(_refuse(error))
    return _filter(store, GallerySettings(*values), label, prediction, "all")


def pick_pair(store: ModelStore, value: Any, *values: Any) -> list[Any]:
    """The digits that both models read right, or the first alone, or the second, or neither."""
    picked = value.get("picked") if isinstance(value, dict) else None
    return _filter(store, GallerySettings(*values), ANY, ANY, picked)


def open_digit(
    store: ModelStore, value: Any, model_name: Any, user_models: UserModels
) -> dict[str, Any]:
    """The detail of the tile that was chosen."""
    index = value.get("open") if isinstance(value, dict) else None
    return _describe(store, index, model_name, user_models)


def reopen_digit(
    store: ModelStore, value: Any, model_name: Any, user_models: UserModels
) -> dict[str, Any]:
    """The open detail, with another model chosen; {} where none is open."""
    index = value.get("index") if isinstance(value, dict) else None
    return {} if index is None else _describe(store, index, model_name, user_models)


def explain_digit(
    store: ModelStore,
    neighbours: Neighbours,
    ink: SaliencyCache,
    value: Any,
    model_name: Any,
    user_models: UserModels,
) -> Iterator[dict[str, Any]]:
    """Why the chosen model answers as it does to the digit that the detail shows."""
    index = value.get("index") if isinstance(value, dict) else None
    try:
        index = read_index(store.dataset(), index)
        chosen = store.model(model_name, user_models)
    except ValueError:
        yield {}  # closed meanwhile, or the detail says why
        return
    yield from describe_reasons(store, neighbours, ink, index, model_name, chosen)


def _describe(
    store: ModelStore, index: Any, model_name: Any, user_models: UserModels
) -> dict[str, Any]:
    try:
        index = read_index(store.dataset(), index)
        store.model(model_name, user_models)
    except ValueError as error:
        return {"message": error_sentence(error)}
    models = {name: store.model(name, user_models) for name in store.names(user_models)}
    return describe_detail(store, index, models, model_name)


def _filter(
    store: ModelStore, settings: GallerySettings, label: Any, prediction: Any, shown: Any
) -> list[Any]:
    filters = {"label": label, "prediction": prediction, "shown": shown}
    try:
        settings = replace(settings, **filters)
        settings.view()
    except ValueError as error:
        return pack(_refuse(error))
    return pack(_show(store, settings) | filters)


def _show(store: ModelStore, settings: GallerySettings) -> Answer:
    try:
        state = compute_view(store, settings)
    except ValueError as error:
        return _refuse(error) | {"other": _offer(store, settings.user_models, settings.other)}
    view, answers = state.view, state.answers
    answer = {
        "summary": summarize(state),
        "tiles": _tiles(store, state, 1),
        "confusion": describe_confusion(count_confusion(answers.labels, answers.first)),
        "agreement": {"buttons": []},
        "show_all": gr.update(visible=view.is_filtered),
        "seed": gr.update(visible=view.order == "random"),
        "other": _offer(store, settings.user_models, state.other),
    }
    if view.label is not None and view.prediction is not None:
        answer["confusion"]["picked"] = {"label": view.label, "prediction": view.prediction}
    if state.other is not None:
        answer["agreement"] = describe_agreement(state.model, state.other, answers, view.shown)
        if store.dataset().tests_from:
            answer["agreement"]["seen"] = describe_seen(state.model, state.other, state.seen)
    if state.other != settings.other:  # chosen for the visitor, who sees which
        answer["two_models"] = gr.update(open=True)
    return answer


def _offer(store: ModelStore, user_models: UserModels, other: Any) -> Any:
    """The second model's choices; it is let go where it is none of them, or Gradio refuses it."""
    names = store.names(user_models)
    return gr.update(choices=names, value=other if other in names else None)


def _refuse(error: ValueError) -> Answer:
    return {
        "summary": error_sentence(error),
        "tiles": describe_page([], 1, 1),
        "confusion": {"cells": []},
        "agreement": {"buttons": []},
    }


def _tiles(store: ModelStore, state: ViewState, number: int, asked: Any = None) -> dict[str, Any]:
    dataset = store.dataset()
    images, labels = dataset.test_images.numpy(), dataset.test_labels.numpy()
    shown = [
        describe_tile(index, images[index], int(labels[index]), state.answers.first[index])
        for index in page(state.indices, number).tolist()
    ]
    return describe_page(shown, number, count_pages(len(state.indices)), asked)
