"""What the Gallery shows of its settings: outputs by the names of its components."""

from typing import Any

import gradio as gr

from mnist_demo.ui.components.confusion_matrix import count_confusion, describe_confusion
from mnist_demo.ui.components.tiles import describe_page, describe_tile
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.errors import error_sentence
from mnist_demo.ui.gallery.agreement import describe_agreement, describe_seen
from mnist_demo.ui.gallery.selection import count_pages, page
from mnist_demo.ui.gallery.summary import summarize
from mnist_demo.ui.gallery.view_link import describe_link
from mnist_demo.ui.gallery.view_state import GallerySettings, ViewState, compute_view
from mnist_demo.ui.wiring import Outputs


def describe_view(store: ModelStore, settings: GallerySettings) -> Outputs:
    """All that follows from the settings; where they will not do, why, and nothing else."""
    try:
        state = compute_view(store, settings)
    except ValueError as error:
        other = _offer_others(store, settings, settings.other)
        return describe_nothing(error) | {"other": other}
    outputs = {
        "summary": summarize(state),
        "tiles": describe_tiles(store, state, 1),
        "confusion": _describe_confusion(state),
        "agreement": _describe_agreement(store, state),
        "show_all": gr.update(visible=state.view.is_filtered),
        "seed": gr.update(visible=state.view.order == "random"),
        "one_model": gr.update(visible=state.other is not None),
        "other": _offer_others(store, settings, state.other),
    }
    outputs["share"] = describe_link(store, state)
    if state.other != settings.other:  # chosen for the visitor, who sees which
        outputs["two_models"] = gr.update(open=True)
    return outputs


def describe_nothing(error: ValueError) -> Outputs:
    """What stands in the place of a view that cannot be."""
    return {
        "summary": error_sentence(error),
        "tiles": describe_page([], 1, 1),
        "confusion": {"cells": []},
        "agreement": {"buttons": []},
    }


def _offer_others(store: ModelStore, settings: GallerySettings, other: Any) -> Any:
    """The second model's choices; it is let go where it is none of them, or Gradio refuses it.

    Where it stays as it was asked with, it is not said: another one may be chosen since.
    """
    names = store.names(settings.user_models)
    value = other if other in names else None
    changed = {} if value == settings.other else {"value": value}
    return gr.update(choices=names, **changed)


def _describe_confusion(state: ViewState) -> dict[str, Any]:
    view, answers = state.view, state.answers
    confusion = describe_confusion(count_confusion(answers.labels, answers.first))
    if view.label is not None and view.prediction is not None:
        confusion["picked"] = {"label": view.label, "prediction": view.prediction}
    return confusion


def _describe_agreement(store: ModelStore, state: ViewState) -> dict[str, Any]:
    if state.other is None:
        return {"buttons": []}
    described = describe_agreement(state.model, state.other, state.answers, state.view.shown)
    if store.dataset().tests_from:
        described["seen"] = describe_seen(state.model, state.other, state.seen)
    return described


def describe_tiles(
    store: ModelStore, state: ViewState, number: int, asked: Any = None
) -> dict[str, Any]:
    dataset = store.dataset()
    images, labels = dataset.test_images.numpy(), dataset.test_labels.numpy()
    answers = state.answers
    second = answers.second if state.view.needs_second else None
    shown = [
        describe_tile(
            index,
            images[index],
            int(labels[index]),
            answers.first[index],
            None if second is None else second[index],
        )
        for index in page(state.indices, number).tolist()
    ]
    told = describe_page(shown, number, count_pages(len(state.indices)), asked)
    return told | {"region": state.view.region is not None}
