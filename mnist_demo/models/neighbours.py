"""Which digits a model finds most alike, by the cosine similarity of their features."""

import numpy as np
from numpy.typing import NDArray

ROWS = 1000  # of 16-bit numbers that are multiplied as 32-bit ones at a time


def directions(features: NDArray[np.float32]) -> NDArray[np.float16]:
    """The rows of `features` (N, D), each of length 1, float16; a row of zeros stays as it is."""
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    return (features / np.maximum(lengths, np.finfo(np.float32).tiny)).astype(np.float16)


def nearest(
    features: NDArray[np.float32], among: NDArray[np.floating], count: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The `count` rows of `among` that point most nearly where `features`, (D,) or (N, D), do.

    among: what `directions` returned, (M, D), or the same as float32. The indices of the rows, the
    nearest first, and the cosine similarities, float32 in [-1, 1]: (K,) or (N, K).
    """
    lengths = np.linalg.norm(features, axis=-1, keepdims=True)
    wanted = features / np.maximum(lengths, np.finfo(np.float32).tiny)
    parts = (
        among[at : at + ROWS].astype(np.float32, copy=False) for at in range(0, len(among), ROWS)
    )
    cosines = np.concatenate([wanted @ part.T for part in parts], axis=-1).clip(-1, 1)
    indices = np.argsort(-cosines, axis=-1, kind="stable")[..., :count]
    return indices, np.take_along_axis(cosines, indices, axis=-1)
