"""Curves: what plot.js draws."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

COLOURS = 10  # of plot.css
T = TypeVar("T")


def as_many_as_colours(items: Iterable[T], kept: T) -> list[T]:
    """The first COLOURS of some, in their order, `kept` among them."""
    items = list(items)
    others = [each for each in items if each != kept][: COLOURS - 1]
    return [each for each in items if each == kept or each in others]


def digit_curves(
    at: Sequence[float], probabilities: NDArray[np.float32], least: float = 0
) -> list[dict[str, Any]]:
    """A curve for each digit, with its name and colour.

    at: N values of x. probabilities: (N, 10). least: a digit that never gets so much has no curve.
    """
    return [
        {
            "name": str(digit),
            "colour": digit,
            "points": [[x, round(float(y), 4)] for x, y in zip(at, curve, strict=True)],
        }
        for digit, curve in enumerate(probabilities.T)
        if curve.max(initial=0) >= least
    ]
