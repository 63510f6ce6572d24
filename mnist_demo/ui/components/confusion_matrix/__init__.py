"""A confusion matrix as a picture: which digits are taken for which."""

from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from mnist_demo.ui.components.custom_html import custom_html
from mnist_demo.ui.compute.test_set import DIGIT
from mnist_demo.ui.i18n.translate import translate


def matrix_words() -> dict[str, Any]:
    """What a script that shows a matrix by matrix.js says with it."""
    return {name: translate(f"confusion_{name}") for name in ("title", "rows", "columns")}


def confusion_matrix(*, elem_id: str) -> gr.HTML:
    """Empty at first. Its value is what `describe_confusion` returns.

    Its cells are buttons, and it fires `pick`: its value then holds "picked": {"label": int,
    "prediction": int}, which is also the cell that is marked.
    """
    return custom_html(
        __file__,
        ("dom", "matrix"),
        value={},
        **matrix_words(),
        elem_id=elem_id,
    )


def count_confusion(
    labels: NDArray[np.int64], probabilities: NDArray[np.float32]
) -> NDArray[np.int64]:
    """How many digits of each label (row) got each answer (column), (10, 10)."""
    pairs = labels * 10 + probabilities.argmax(axis=1)
    return np.bincount(pairs, minlength=100).reshape(10, 10)


def describe_confusion(confusion: NDArray[np.integer[Any]]) -> dict[str, Any]:
    """The hundred cells, row by row. confusion: (10, 10), a row for each label, 0 and more.

    Raises ValueError where it is anything else.
    """
    if confusion.shape != (10, 10) or confusion.dtype.kind not in "iu" or confusion.min() < 0:
        raise ValueError(f"a confusion matrix holds 10 x 10 counts, not {confusion!r}")
    shades = _shades(confusion)
    return {
        "cells": [
            {
                "count": str(count) if count else "",
                "shade": round(float(shades[label, prediction]), 3),
                "alt": translate(
                    "confusion_one" if count == 1 else "confusion_cell",
                    label=label,
                    prediction=prediction,
                    count=int(count),
                ),
            }
            for (label, prediction), count in np.ndenumerate(confusion)
        ],
        "picked": None,
    }


def read_pick(value: Any) -> tuple[int, int]:
    """The label and the prediction of the cell that was chosen, as a browser sent it.

    Raises ValueError where it is no cell: a browser can send anything.
    """
    picked = value.get("picked") if isinstance(value, dict) else None
    cell = picked if isinstance(picked, dict) else {}
    for name in ("label", "prediction"):
        DIGIT.check(name, cell.get(name))
    return cell["label"], cell["prediction"]


def _shades(confusion: NDArray[np.integer[Any]]) -> NDArray[np.float64]:
    """How strongly each cell is coloured, in [0, 1].

    The diagonal, ten to a hundred times larger than all else, has a scale and a colour of its own:
    the share of its label that is read right. Mistakes are measured by the largest of them, and by
    the root, so that a single one can be seen beside sixty.
    """
    diagonal = np.eye(10, dtype=bool)
    mistakes = np.where(diagonal, 0, confusion)
    recall = confusion / np.maximum(confusion.sum(axis=1, keepdims=True), 1)
    return np.where(diagonal, recall, np.sqrt(mistakes / max(int(mistakes.max()), 1)))
