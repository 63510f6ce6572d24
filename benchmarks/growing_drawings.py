"""Drawings that grow under the pen, with what the page must answer to each state of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from mnist_demo.data.digit_parts import Strokes
from mnist_demo.data.synthetic_digits import sample_strokes
from mnist_demo.models.checkpoints import load_checkpoint
from mnist_demo.models.inference import predict_probabilities
from mnist_demo.ui.components.sketchpad import LINE_WIDTH, SIDE, read_sketch
from mnist_demo.ui.compute.model_store import DEFAULT_MODEL
from mnist_demo.ui.draw.prediction_card import describe_prediction

UPDATES = 20  # of one drawing, after the first point
POINTS = 120  # of one drawing: sixty a second for two seconds
MARGIN = 0.1  # of the pad
TOLERANCE = 0.002  # of a probability, for sums in another order


@dataclass(frozen=True)
class GrowingDrawing:
    """states: the pad's values, the last one whole. answers: what is right for each, None for a
    speck, which has no picture."""

    states: list[dict[str, Any]]
    answers: list[dict[str, Any] | None]


def grow_drawings(count: int, random: np.random.Generator) -> list[GrowingDrawing]:
    """`count` drawings, the ten digits in turn, and the answers of the page's own model."""
    checkpoint = load_checkpoint(DEFAULT_MODEL)
    grown = []
    for number in range(count):
        states = grow(sample_strokes(number % 10, random))
        sketches = [read_sketch(state) for state in states]
        digits = [sketch.digit for sketch in sketches if sketch]
        shares = predict_probabilities(checkpoint.model, np.stack(digits))
        answers = [
            None
            if sketch is None or sketch.is_tiny
            else describe_prediction(one, sketch.digit, checkpoint)
            for sketch, one in zip(sketches, shares, strict=True)
        ]
        grown.append(GrowingDrawing(states, answers))
    return grown


def grow(strokes: Strokes) -> list[dict[str, Any]]:
    """The pad's value at each update, from the first point to the whole."""
    placed = _place(strokes)
    # The pen is as fast everywhere, and takes no time from one stroke to the next.
    lengths = [max(1.0, np.hypot(*np.diff(path, axis=0).T).sum()) for path in placed]
    counts = [max(2, round(POINTS * length / sum(lengths))) for length in lengths]
    paths = [_resample(path, count) for path, count in zip(placed, counts, strict=True)]
    total = sum(counts)
    return [
        _pad_value(_cut(paths, max(1, round(total * update / UPDATES))))
        for update in range(UPDATES + 1)
    ]


def _place(strokes: Strokes) -> Strokes:
    points = np.concatenate(strokes)
    low, extent = points.min(axis=0), np.ptp(points, axis=0).max()
    scale = SIDE * (1 - 2 * MARGIN) / extent
    return [(path - low) * scale + SIDE * MARGIN for path in strokes]


def _resample(path: Any, count: int) -> list[list[float]]:
    """`count` points of a path, evenly along it."""
    way = np.concatenate([[0], np.hypot(*np.diff(path, axis=0).T).cumsum()])
    at = np.linspace(0, way[-1], count)
    columns = [np.interp(at, way, column).round(1).tolist() for column in path.T]
    return [list(point) for point in zip(*columns, strict=True)]


def _cut(paths: list[list[list[float]]], count: int) -> list[list[list[float]]]:
    """The first `count` points of all strokes."""
    kept = []
    for path in paths:
        if count > 0:
            kept.append(path[:count])
        count -= len(path)
    return kept


def _pad_value(strokes: list[list[list[float]]]) -> dict[str, Any]:
    given = {"strokes": strokes, "picture": None, "digit": None}
    return given | {"line_width": LINE_WIDTH, "from": 0}


def find_fault(
    answer: Any, expected: Mapping[str, Any] | None, pictures: Mapping[str, int], visitor: int
) -> str | None:
    """What is wrong with an answer: None, "lost", "swapped", or "wrong".

    pictures: whose drawings show the network which picture: by it a swapped answer is known.
    """
    if not isinstance(answer, dict) or "sentence" not in answer:
        return "lost"
    if expected is None:
        return None if "picture" not in answer else "wrong"
    if answer.get("picture") != expected["picture"]:
        return "wrong" if pictures.get(answer.get("picture", ""), visitor) == visitor else "swapped"
    near = np.allclose(answer["shares"], expected["shares"], rtol=0, atol=TOLERANCE)
    return None if near else "wrong"
