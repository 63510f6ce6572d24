"""Drawings that grow under the pen, with what the page must answer to each state of them."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from mnist_demo.data.digit_parts import Strokes
from mnist_demo.data.synthetic_digits import sample_strokes
from mnist_demo.ui.components.sketchpad import LINE_WIDTH, SIDE
from mnist_demo.ui.compute.model_store import DEFAULT_MODEL, ModelStore
from mnist_demo.ui.draw.predict import predict_drawing

SECONDS = 2.0  # that the pen takes for one drawing
UPDATES = 120  # of one drawing, after the first point: one for each frame of a screen
POINTS = 130  # of one drawing: at least one for each update
MARGIN = 0.1  # of the pad
TOLERANCE = 0.002  # of a probability, for sums in another order


@dataclass(frozen=True)
class GrowingDrawing:
    """states: the pad's values, the last one whole. answers: what is right for each."""

    states: list[dict[str, Any]]
    answers: list[Any]


async def grow_drawings(
    store: ModelStore, digits: Iterable[int], random: np.random.Generator
) -> list[GrowingDrawing]:
    """A drawing of each of the digits, and the answers of the page's own model."""
    grown = []
    for label in digits:
        states = grow(sample_strokes(label, random))
        answers = await asyncio.gather(
            *(predict_drawing(store, state, DEFAULT_MODEL, {}) for state in states)
        )
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
        _pad_value(_cut(paths, 1 + round((total - 1) * update / UPDATES)))
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


def pictures_of(answer: Any) -> list[str]:
    """What the network is shown to have seen, digit by digit; [] of a speck."""
    return [digit["picture"] for digit in _digits_of(answer)]


def find_fault(
    answer: Any, expected: Mapping[str, Any] | None, pictures: Mapping[str, int], visitor: int
) -> str | None:
    """What is wrong with an answer: None, "lost", "swapped", or "wrong".

    pictures: whose drawings show the network which picture: by it a swapped answer is known.
    """
    if not isinstance(answer, dict) or "sentence" not in answer:
        return "lost"
    seen = pictures_of(answer)
    if seen != pictures_of(expected):
        own = all(pictures.get(each, visitor) == visitor for each in seen)
        return "wrong" if own else "swapped"
    near = all(
        np.allclose(one["shares"], other["shares"], rtol=0, atol=TOLERANCE)
        for one, other in zip(_digits_of(answer), _digits_of(expected), strict=True)
    )
    return None if near else "wrong"


def _digits_of(answer: Any) -> list[dict[str, Any]]:
    """The answers to the digits of a number, or to the one that there is."""
    return answer.get("digits") or [answer] * ("picture" in answer)
