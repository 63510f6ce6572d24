"""Why a model answers as it does to a test digit: the ink that counted, and training digits."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from mnist_demo.data.dataset import Dataset
from mnist_demo.models.activations import has_hidden_layer
from mnist_demo.models.checkpoints import Checkpoint
from mnist_demo.ui.components.custom_html import custom_html
from mnist_demo.ui.components.png import png_data_uri
from mnist_demo.ui.components.sections import describe_saliency
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.compute.test_set import take_digit
from mnist_demo.ui.gallery.neighbours import Neighbours
from mnist_demo.ui.gallery.saliency_cache import SaliencyCache
from mnist_demo.ui.i18n.numerals import name_digit
from mnist_demo.ui.i18n.translate import Translations, join, translate


def reasons() -> gr.HTML:
    """Nothing at first; its value is what `describe_reasons` yields.

    It fires `ask` when another digit, or another model, is shown in the detail above it.
    """
    return custom_html(__file__, shared=("dom", "sections", "card"), value={}, elem_id="reasons")


def describe_reasons(
    store: ModelStore,
    neighbours: Neighbours,
    saliencies: SaliencyCache,
    index: int,
    name: str,
    chosen: Checkpoint,
) -> Iterator[dict[str, Any]]:
    """What counted for the answer of `chosen`; at last also which training digits are alike."""
    dataset = store.dataset()
    digit, label = take_digit(dataset, index)
    shares = store.test_answer(chosen, index)
    answer, second = shares.argsort()[::-1][:2].tolist()
    labels = [answer, second if answer == label else label]
    counted = describe_saliency(saliencies.pictures(chosen, index, digit, labels), shares, labels)
    shown = {
        "key": f"{index} {name}",
        "title": translate("reasons_title", model=name, answer=name_digit(answer)),
        "line": "",
        "sections": [counted],
    }
    if not neighbours.knows(chosen):
        yield shown | {"line": translate("neighbours_wait", count=neighbours.count(), model=name)}
    found = neighbours.of_test_digit(chosen, index)
    training_labels = dataset.train_labels[found[0]].tolist()
    counts = _describe_counts(name, training_labels, label, answer)
    how = _describe_search(dataset, name, chosen, neighbours.count())
    dashed = [translate("neighbours_dashed")] if {*training_labels} != {label} else []
    alike = {
        "title": translate("neighbours_title"),
        "help": join(" ", (counts, *dashed, how)),
        "pictures": _picture_neighbours(dataset, found, training_labels, label),
    }
    yield shown | {"sections": [counted, alike]}


def _picture_neighbours(
    dataset: Dataset, found: tuple[list[int], list[float]], labels: list[int], label: int
) -> list[dict[str, Any]]:
    """Of each training digit that was found; those of another label than `label` stand out."""
    return [
        {
            "picture": png_data_uri(dataset.train_images[number].numpy()),
            "caption": str(its_label),
            "kind": "same" if its_label == label else "other",
            "alt": translate("neighbour_alt", index=number, label=its_label, cosine=cosine),
        }
        for number, cosine, its_label in zip(*found, labels, strict=True)
    ]


def _describe_counts(name: str, labels: list[int], label: int, answer: int) -> Translations:
    """How many of the neighbours' labels are the model's answer, and the true label."""
    values = {"model": name, "count": len(labels)}
    values |= {"answer": answer, "answered": labels.count(answer)}
    if answer == label:
        return translate("neighbours_right", **values)
    return translate("neighbours_wrong", **values, label=label, right=labels.count(label))


def _describe_search(
    dataset: Dataset, name: str, chosen: Checkpoint, searched: int
) -> Translations:
    return translate(
        "neighbours_hidden" if has_hidden_layer(chosen.model) else "neighbours_pixels",
        model=name,
        searched=searched,
        total=len(dataset.train_labels),
    )
