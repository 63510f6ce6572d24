"""Which digits a model finds most alike, by the cosine of the angle between their features."""

import numpy as np
from numpy.typing import NDArray

ROWS = 1000  # of 16-bit numbers that are multiplied as 32-bit ones at a time


def directions(features: NDArray[np.float32]) -> NDArray[np.float16]:
    """The rows of `features` (N, D), each of length 1, float16; a row of zeros stays as it is."""
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    return (features / np.maximum(lengths, np.finfo(np.float32).tiny)).astype(np.float16)


def nearest(
    feature: NDArray[np.float32], among: NDArray[np.float16], count: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The `count` rows of `among` that point most nearly where `feature`, (D,), does.

    among: what `directions` returned, (N, D). The indices of the rows, the nearest first, and the
    cosines of their angles to the feature, float32 in [-1, 1]: 1 less the cosine distance.
    """
    wanted = feature / max(float(np.linalg.norm(feature)), float(np.finfo(np.float32).tiny))
    cosines = np.concatenate(
        [among[at : at + ROWS].astype(np.float32) @ wanted for at in range(0, len(among), ROWS)]
    ).clip(-1, 1)
    indices = np.argsort(-cosines, kind="stable")[:count]
    return indices, cosines[indices]
