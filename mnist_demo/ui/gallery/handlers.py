"""What the Gallery does when something is chosen in it: outputs by the names of its components."""

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gradio as gr

from mnist_demo.ui.components.confusion_matrix import read_pick
from mnist_demo.ui.components.notice import plain
from mnist_demo.ui.compute.model_store import ModelStore, UserModels
from mnist_demo.ui.compute.test_set import NO_DIGIT, read_index
from mnist_demo.ui.errors import error_sentence
from mnist_demo.ui.gallery.detail import describe_detail
from mnist_demo.ui.gallery.map import read_region
from mnist_demo.ui.gallery.neighbours import Neighbours
from mnist_demo.ui.gallery.reasons import describe_reasons
from mnist_demo.ui.gallery.saliency_cache import SaliencyCache
from mnist_demo.ui.gallery.selection import nearest_page, read_page
from mnist_demo.ui.gallery.view_link import ViewLink, read_view, refuse_digit
from mnist_demo.ui.gallery.view_outputs import describe_nothing, describe_tiles, describe_view
from mnist_demo.ui.gallery.view_state import GallerySettings, compute_view
from mnist_demo.ui.i18n.translate import translate
from mnist_demo.ui.link_parameters import parse_parameters, tell_refused
from mnist_demo.ui.wiring import Outputs


def analyse(store: ModelStore, **settings: Any) -> Iterator[Outputs]:
    """Another model: it may take seconds to read all test digits, and says so."""
    chosen = GallerySettings(**settings)
    try:
        for name in (chosen.model, chosen.other):
            if name is not None and not store.has_answers(store.model(name, chosen.user_models)):
                yield {"summary": translate("gallery_reading", model=plain(name))}
                store.test_probabilities(store.model(name, chosen.user_models))
    except ValueError:
        pass  # the answer says it
    yield describe_view(store, chosen)


def show_view(store: ModelStore, **settings: Any) -> Outputs:
    """Another order, or other filters."""
    return describe_view(store, GallerySettings(**settings))


def change_page(store: ModelStore, tiles: Any, **settings: Any) -> Outputs:
    """Another page: the summary and the tiles."""
    asked = read_page(tiles)
    try:
        state = compute_view(store, GallerySettings(**settings))
    except ValueError as error:
        empty = describe_nothing(error)
        return {name: empty[name] for name in ("summary", "tiles")}
    return {"tiles": describe_tiles(store, state, nearest_page(asked, len(state.indices)), asked)}


def shuffle(store: ModelStore, **settings: Any) -> Outputs:
    """At random, by a new seed."""
    chosen = GallerySettings(**settings | {"order": "random", "seed": random.randrange(10_000)})
    seed = gr.update(value=chosen.seed, visible=True)
    return describe_view(store, chosen) | {"order": "random", "seed": seed}


def show_all(store: ModelStore, **settings: Any) -> Outputs:
    """Without filters."""
    return _filter(store, GallerySettings(**settings), NO_DIGIT, NO_DIGIT, "all")


def let_other_go(store: ModelStore, **settings: Any) -> Outputs:
    """Without the second model, and without what needs one."""
    chosen = GallerySettings(**settings | {"other": None})
    try:
        view = chosen.view().of_one_model
    except ValueError as error:
        return describe_nothing(error)
    kept: Outputs = {"order": view.order, "shown": view.shown}
    return describe_view(store, replace(chosen, **kept)) | kept | {"other": gr.update(value=None)}


def pick_cell(store: ModelStore, picked: Any, **settings: Any) -> Outputs:
    """The digits of one cell of the confusion matrix."""
    try:
        label, prediction = read_pick(picked)
    except ValueError as error:
        return describe_nothing(error)
    return _filter(store, GallerySettings(**settings), label, prediction, "all")


def pick_pair(store: ModelStore, picked: Any, **settings: Any) -> Outputs:
    """The digits that both models read right, or the first alone, or the second, or neither."""
    shown = picked.get("picked") if isinstance(picked, dict) else None
    return _filter(store, GallerySettings(**settings), NO_DIGIT, NO_DIGIT, shown)


def pick_region(store: ModelStore, asked: Any, **settings: Any) -> Outputs:
    """The digits that were chosen on the map; all of them where none are any more."""
    try:
        region = read_region(asked, len(store.dataset().test_labels))
    except ValueError as error:
        return describe_nothing(error)
    return _filter(store, GallerySettings(**settings), NO_DIGIT, NO_DIGIT, "all", region)


def look_at_run(store: ModelStore, asked: Any, **settings: Any) -> Outputs:
    """What the report of a run asks for: one of its mistakes, or a cell of its confusion matrix."""
    asked = asked if isinstance(asked, dict) else {}
    model, index = asked.get("model"), asked.get("index")
    chosen = GallerySettings(**settings | {"model": model})
    if index is None:
        outputs = pick_cell(store, {"picked": asked}, **settings | {"model": model})
    else:
        outputs = _filter(store, chosen, NO_DIGIT, NO_DIGIT, "wrong")
        detail = _describe_digit(store, index, model, chosen.user_models)
        outputs["detail"] = detail | {"opened": True}
    if model in store.names(chosen.user_models):
        outputs["model"] = gr.update(value=model)
    tiles = outputs["tiles"] | {"reveal": index is None}
    return outputs | {"tiles": tiles, "tabs": gr.update(selected="gallery")}


def open_view(store: ModelStore, asked: Any) -> Outputs:
    """The settings of the view that the page was opened with, and then its tab: so the Gallery asks
    for that view alone when it is shown, also where the data set is not there yet."""
    parameters = parse_parameters(asked.get("search") if isinstance(asked, dict) else None)
    view = read_view(parameters, store)
    outputs = {**view.settings, "view": view}
    if outputs.get("other"):
        outputs["two_models"] = gr.update(open=True)
    if parameters.get("tab") == "gallery":
        outputs["tabs"] = gr.update(selected="gallery")
    return outputs


def follow_view(store: ModelStore, view: ViewLink, **settings: Any) -> Iterator[Outputs]:
    """After `open_view`: what could not be used is told; the view, if the tab was quicker."""
    tell_refused(view.errors)
    yield from analyse(store, **settings)


def open_linked_digit(
    store: ModelStore, view: ViewLink, model: Any, user_models: UserModels
) -> dict[str, Any]:
    """The detail of the digit that the page was opened with; {} where there is none."""
    if view.digit is None:
        return {}
    last = len(store.dataset().test_labels) - 1
    if not 0 <= view.digit <= last:
        tell_refused([refuse_digit(view.digit, last)])
        return {}
    return _describe_digit(store, view.digit, model, user_models) | {"opened": True}


def open_digit(
    store: ModelStore, tiles: Any, model: Any, user_models: UserModels
) -> dict[str, Any]:
    """The detail of the tile that was chosen."""
    index = tiles.get("open") if isinstance(tiles, dict) else None
    return _describe_digit(store, index, model, user_models)


def reopen_digit(
    store: ModelStore, detail: Any, model: Any, user_models: UserModels
) -> dict[str, Any]:
    """The open detail, with another model chosen; {} where none is open."""
    index = detail.get("index") if isinstance(detail, dict) else None
    return {} if index is None else _describe_digit(store, index, model, user_models)


def explain_digit(
    store: ModelStore,
    neighbours: Neighbours,
    saliencies: SaliencyCache,
    detail: Any,
    model: Any,
    user_models: UserModels,
) -> Iterator[dict[str, Any]]:
    """Why the chosen model answers as it does to the digit that the detail shows."""
    index = detail.get("index") if isinstance(detail, dict) else None
    try:
        index = read_index(store.dataset(), index)
        checkpoint = store.model(model, user_models)
    except ValueError:
        yield {}  # closed meanwhile, or the detail says why
        return
    yield from describe_reasons(store, neighbours, saliencies, index, model, checkpoint)


def _describe_digit(
    store: ModelStore, index: Any, model: Any, user_models: UserModels
) -> dict[str, Any]:
    try:
        index = read_index(store.dataset(), index)
        store.model(model, user_models)
    except ValueError as error:
        return {"message": error_sentence(error)}
    models = {name: store.model(name, user_models) for name in store.names(user_models)}
    return describe_detail(store, index, models, model)


def _filter(
    store: ModelStore,
    settings: GallerySettings,
    label: Any,
    prediction: Any,
    shown: Any,
    region: frozenset[int] | None = None,
) -> Outputs:
    filters = {"label": label, "prediction": prediction, "shown": shown, "region": region}
    try:
        settings = replace(settings, **filters)
        settings.view()
    except ValueError as error:
        return describe_nothing(error)
    return describe_view(store, settings) | filters
