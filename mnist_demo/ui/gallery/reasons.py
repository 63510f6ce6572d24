"""Why a model answers as it does to a test digit: the ink that counted, and training digits."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from mnist_demo.checkpoints import Checkpoint
from mnist_demo.data import Dataset
from mnist_demo.insight import has_hidden_layer
from mnist_demo.ui.custom_html import custom_html
from mnist_demo.ui.digits import take_digit
from mnist_demo.ui.gallery.ink import Ink
from mnist_demo.ui.gallery.neighbours import Neighbours
from mnist_demo.ui.library import Library
from mnist_demo.ui.panels.inside import describe_saliency
from mnist_demo.ui.pixels import png_data_uri
from mnist_demo.ui.words import join, tell


def reasons() -> gr.HTML:
    """Nothing at first; its value is what `describe_reasons` yields.

    It fires `ask` when another digit, or another model, is shown in the detail above it.
    """
    return custom_html("reasons", shared=("make", "sections", "card"), value={}, elem_id="reasons")


def describe_reasons(
    library: Library, neighbours: Neighbours, ink: Ink, index: int, name: str, chosen: Checkpoint
) -> Iterator[dict[str, Any]]:
    """What counted for the answer of `chosen`; at last also which training digits are alike."""
    dataset = library.dataset()
    digit, label = take_digit(dataset, index)
    shares = library.test_answer(chosen, index)
    answer, second = shares.argsort()[::-1][:2].tolist()
    labels = [answer, second if answer == label else label]
    counted = describe_saliency(ink.pictures(chosen, index, digit, labels), shares, labels)
    shown = {
        "key": f"{index} {name}",
        "title": tell("reasons_title", model=name, answer=answer),
        "line": "",
        "sections": [counted],
    }
    if not neighbours.knows(chosen):
        yield shown | {"line": tell("neighbours_wait", count=neighbours.count(), model=name)}
    found = neighbours.of_test_digit(chosen, index)
    searched = neighbours.count()
    alike = _alike(dataset, name, chosen, found, searched, label, answer)
    yield shown | {"sections": [counted, alike]}


def _alike(
    dataset: Dataset,
    name: str,
    chosen: Checkpoint,
    found: tuple[list[int], list[float]],
    searched: int,
    label: int,
    answer: int,
) -> dict[str, Any]:
    indices, cosines = found
    labels = dataset.train_labels[indices].tolist()
    pictures = [
        {
            "picture": png_data_uri(dataset.train_images[number].numpy()),
            "caption": str(its_label),
            "kind": "right" if its_label == label else "wrong",
            "alt": tell("neighbour_alt", index=number, label=its_label, cosine=cosine),
        }
        for number, its_label, cosine in zip(indices, labels, cosines, strict=True)
    ]
    values = {"model": name, "count": len(labels)}
    values |= {"answer": answer, "answered": labels.count(answer)}
    if answer == label:
        counts = tell("neighbours_right", **values)
    else:
        counts = tell("neighbours_wrong", **values, label=label, right=labels.count(label))
    hidden = has_hidden_layer(chosen.model)
    how = tell(
        "neighbours_hidden" if hidden else "neighbours_pixels",
        model=name,
        searched=searched,
        total=len(dataset.train_labels),
    )
    return {
        "title": tell("neighbours_title"),
        "help": join(" ", (counts, how)),
        "wide": False,
        "pictures": pictures,
    }
