"""Curves: what plot.js draws."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


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
