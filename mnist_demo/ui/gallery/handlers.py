"""What the Gallery does when something is chosen in it."""

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gradio as gr

from mnist_demo.ui.confusion import count_confusion, describe_confusion, read_pick
from mnist_demo.ui.digits import read_index
from mnist_demo.ui.gallery.agreement import describe_agreement
from mnist_demo.ui.gallery.detail import describe_detail
from mnist_demo.ui.gallery.ink import Ink
from mnist_demo.ui.gallery.look import ANY, Look, Settings, take_look
from mnist_demo.ui.gallery.neighbours import Neighbours
from mnist_demo.ui.gallery.reasons import describe_reasons
from mnist_demo.ui.gallery.selection import count_pages, page, read_page, turn_to
from mnist_demo.ui.gallery.summary import summarize
from mnist_demo.ui.library import Library, Own
from mnist_demo.ui.note import plain
from mnist_demo.ui.refuse import sentence
from mnist_demo.ui.tiles import describe_page, describe_tile
from mnist_demo.ui.words import tell

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


def study(library: Library, *values: Any) -> Iterator[list[Any]]:
    """Another model: it may take seconds to read all test digits, and says so."""
    settings = Settings(*values)
    try:
        for name in (settings.model, settings.other):
            if name is not None and not library.has_answers(library.model(name, settings.own)):
                yield pack({"summary": tell("gallery_reading", model=plain(name))})
                library.test_probabilities(library.model(name, settings.own))
    except ValueError:
        pass  # the answer says it
    yield pack(_show(library, settings))


def show(library: Library, *values: Any) -> list[Any]:
    """Another order, or other filters."""
    return pack(_show(library, Settings(*values)))


def turn(library: Library, value: Any, *values: Any) -> list[Any]:
    """Another page: the summary and the tiles."""
    asked = read_page(value)
    try:
        look = take_look(library, Settings(*values))
    except ValueError as error:
        answer = _refuse(error)
        return [answer["summary"], answer["tiles"]]
    return [{}, _tiles(library, look, turn_to(asked, len(look.indices)), asked)]


def shuffle(library: Library, *values: Any) -> list[Any]:
    """At random, by a new seed."""
    settings = replace(Settings(*values), order="random", seed=random.randrange(10_000))
    answer = _show(library, settings)
    return pack(answer | {"order": "random", "seed": gr.update(value=settings.seed, visible=True)})


def show_all(library: Library, *values: Any) -> list[Any]:
    """Without filters."""
    return _filter(library, Settings(*values), ANY, ANY, "all")


def pick_cell(library: Library, value: Any, *values: Any) -> list[Any]:
    """The digits of one cell of the confusion matrix."""
    try:
        label, prediction = read_pick(value)
    except ValueError as error:
        return pack(_refuse(error))
    return _filter(library, Settings(*values), label, prediction, "all")


def pick_pair(library: Library, value: Any, *values: Any) -> list[Any]:
    """The digits that both models read right, or the first alone, or the second, or neither."""
    picked = value.get("picked") if isinstance(value, dict) else None
    return _filter(library, Settings(*values), ANY, ANY, picked)


def open_digit(library: Library, value: Any, model_name: Any, own: Own) -> dict[str, Any]:
    """The detail of the tile that was chosen."""
    index = value.get("open") if isinstance(value, dict) else None
    return _describe(library, index, model_name, own)


def reopen_digit(library: Library, value: Any, model_name: Any, own: Own) -> dict[str, Any]:
    """The open detail, with another model chosen; {} where none is open."""
    index = value.get("index") if isinstance(value, dict) else None
    return {} if index is None else _describe(library, index, model_name, own)


def explain_digit(
    library: Library, neighbours: Neighbours, ink: Ink, value: Any, model_name: Any, own: Own
) -> Iterator[dict[str, Any]]:
    """Why the chosen model answers as it does to the digit that the detail shows."""
    index = value.get("index") if isinstance(value, dict) else None
    try:
        index = read_index(library.dataset(), index)
        chosen = library.model(model_name, own)
    except ValueError:
        yield {}  # closed meanwhile, or the detail says why
        return
    yield from describe_reasons(library, neighbours, ink, index, model_name, chosen)


def _describe(library: Library, index: Any, model_name: Any, own: Own) -> dict[str, Any]:
    try:
        index = read_index(library.dataset(), index)
        library.model(model_name, own)
    except ValueError as error:
        return {"message": sentence(error)}
    models = {name: library.model(name, own) for name in library.names(own)}
    return describe_detail(library, index, models, model_name)


def _filter(
    library: Library, settings: Settings, label: Any, prediction: Any, shown: Any
) -> list[Any]:
    filters = {"label": label, "prediction": prediction, "shown": shown}
    try:
        settings = replace(settings, **filters)
        settings.view()
    except ValueError as error:
        return pack(_refuse(error))
    return pack(_show(library, settings) | filters)


def _show(library: Library, settings: Settings) -> Answer:
    try:
        look = take_look(library, settings)
    except ValueError as error:
        return _refuse(error) | {"other": _offer(library, settings.own, settings.other)}
    view, answers = look.view, look.answers
    answer = {
        "summary": summarize(look),
        "tiles": _tiles(library, look, 1),
        "confusion": describe_confusion(count_confusion(answers.labels, answers.first)),
        "agreement": {"buttons": []},
        "show_all": gr.update(visible=view.is_filtered),
        "seed": gr.update(visible=view.order == "random"),
        "other": _offer(library, settings.own, look.other),
    }
    if view.label is not None and view.prediction is not None:
        answer["confusion"]["picked"] = {"label": view.label, "prediction": view.prediction}
    if look.other is not None:
        answer["agreement"] = describe_agreement(look.model, look.other, answers, view.shown)
    if look.other != settings.other:  # chosen for the visitor, who sees which
        answer["two_models"] = gr.update(open=True)
    return answer


def _offer(library: Library, own: Own, other: Any) -> Any:
    """The second model's choices; it is let go where it is none of them, or Gradio refuses it."""
    names = library.names(own)
    return gr.update(choices=names, value=other if other in names else None)


def _refuse(error: ValueError) -> Answer:
    return {
        "summary": sentence(error),
        "tiles": describe_page([], 1, 1),
        "confusion": {"cells": []},
        "agreement": {"buttons": []},
    }


def _tiles(library: Library, look: Look, number: int, asked: Any = None) -> dict[str, Any]:
    dataset = library.dataset()
    images, labels = dataset.test_images.numpy(), dataset.test_labels.numpy()
    shown = [
        describe_tile(index, images[index], int(labels[index]), look.answers.first[index])
        for index in page(look.indices, number).tolist()
    ]
    return describe_page(shown, number, count_pages(len(look.indices)), asked)
