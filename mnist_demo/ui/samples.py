"""Random test digits with a model's answers; the Gallery tab and the API show the same ones."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_demo.checkpoints import Checkpoint
from mnist_demo.recipes import BOUNDS, Bounds
from mnist_demo.ui.library import Library

COUNT = Bounds(1, 200, whole=True)
DIGIT = Bounds(0, 9, whole=True)


@dataclass(frozen=True, eq=False)
class Samples:
    """indices: of the test images drawn. found: how many there were to draw from.

    right, total: of the model over the whole test set. probabilities: of all of it, (total, 10).
    """

    indices: list[int]
    found: int
    right: int
    total: int
    probabilities: NDArray[np.float32]


def draw_samples(
    library: Library,
    checkpoint: Checkpoint,
    count: int,
    seed: int,
    only_mistakes: bool = False,
    only_digit: int | None = None,
) -> Samples:
    """Draw `count` test images at random, the same ones for the same seed and filters.

    Raises ValueError where count is not in 1..200, the digit not in 0..9, or the seed not valid.
    """
    COUNT.check("count", count)
    BOUNDS["seed"].check("seed", seed)
    labels = library.dataset().test_labels.numpy()
    probabilities = library.test_probabilities(checkpoint)
    right = probabilities.argmax(axis=1) == labels
    wanted = ~right if only_mistakes else np.ones_like(right)
    if only_digit is not None:
        DIGIT.check("digit", only_digit)
        wanted = wanted & (labels == only_digit)
    found = np.flatnonzero(wanted)
    drawn = np.random.default_rng(seed).permutation(found)[:count]
    return Samples(drawn.tolist(), len(found), int(right.sum()), len(labels), probabilities)
