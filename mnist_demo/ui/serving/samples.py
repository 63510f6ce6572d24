"""Random test digits with a model's answers, for the API: those of the Gallery for that seed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_demo.bounds import Bounds
from mnist_demo.models.checkpoints import Checkpoint
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.compute.test_set import DIGIT
from mnist_demo.ui.gallery.selection import Predictions, View, choose

COUNT = Bounds(1, 200, whole=True)


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
    store: ModelStore,
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
    if only_digit is not None:
        DIGIT.check("digit", only_digit)
    shown = "wrong" if only_mistakes else "all"
    view = View("random", seed, label=only_digit, shown=shown)
    labels = store.dataset().test_labels.numpy()
    probabilities = store.test_probabilities(checkpoint)
    found = choose(view, Predictions(labels, probabilities))
    right = int((probabilities.argmax(axis=1) == labels).sum())
    return Samples(found[:count].tolist(), len(found), right, len(labels), probabilities)
