"""What the pad can start from: drawings that are hard in a way of their own, and test digits."""

from typing import Any

import numpy as np

from mnist_demo.data.non_digits import scribble
from mnist_demo.data.synthetic_digits import template_strokes
from mnist_demo.ui.components.sketchpad import SIDE, put_digit, put_strokes
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.compute.test_set import read_index

EXAMPLES = ("crossed", "slashed", "corner", "scribble")
_CROSSED, _SLASHED, _OPEN_4 = (7, 5), (0, 5), (4, 0)  # digits, and styles of stroke_templates.py


def put_example(name: str) -> dict[str, Any]:
    """A value for the pad: the drawing called `name`, one of EXAMPLES."""
    match name:
        case "crossed":
            return put_strokes(_place_strokes(template_strokes(*_CROSSED), 70, 60, 150))
        case "slashed":
            return put_strokes(_place_strokes(template_strokes(*_SLASHED), 75, 55, 160))
        case "corner":
            return put_strokes(_place_strokes(template_strokes(*_OPEN_4), 180, 170, 85))
        case _:
            return put_strokes(_place_strokes(scribble(np.random.default_rng(7)), 60, 60, 160))


def _place_strokes(strokes: list[Any], left: float, top: float, side: float) -> list[Any]:
    """The strokes in a box of `side` on the pad, as plain lists."""
    points = np.concatenate(strokes)
    low = points.min(axis=0)
    scale = side / float(np.ptp(points, axis=0).max())
    placed = [(stroke - low) * scale + (left, top) for stroke in strokes]
    return [np.clip(stroke, 0, SIDE).round(1).tolist() for stroke in placed]


def put_test_digit(store: ModelStore, number: Any) -> dict[str, Any]:
    """A value for the pad: that test digit, as it is. Raises ValueError where there is none."""
    dataset = store.dataset()
    return put_digit(dataset.test_images[read_index(dataset, number)].numpy())
