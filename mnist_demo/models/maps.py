"""A map: where an embedding puts each test digit, as it is kept, compared and told of."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import KDTree

from mnist_demo.models.embedding import Positions
from mnist_demo.models.neighbours import nearest

GRID = 2**16 - 1  # steps from one edge of a map to the other
ALIKE = 10  # nearest points of a map that are looked at, and digits that a drawing is put among
Map = NDArray[np.uint16]  # (N, 2): x to the right and y downwards, on a square


def draw_map(positions: Positions, reference: ArrayLike | None = None) -> Map:
    """Positions (N, 2) of any scale on the square, in its middle and as large as it holds.

    Before that they are turned and mirrored as comes nearest to `reference`, a map of the same
    digits, so that one can be followed into the other: orthogonal Procrustes (Schönemann, 1966).
    """
    points = np.asarray(positions, dtype=np.float64)
    points = np.where(np.isfinite(points), points, 0)
    if reference is not None:
        points = points @ _rotation(points, np.asarray(reference, dtype=np.float64))
    low, high = points.min(axis=0), points.max(axis=0)
    extent = max(float((high - low).max()), np.finfo(np.float32).tiny)
    unit = (points - (low + high) / 2) / extent + 0.5
    return (unit * GRID).round().astype(np.uint16)


def _rotation(points: NDArray[np.float64], reference: NDArray[np.float64]) -> NDArray[np.float64]:
    """(2, 2), orthogonal: the turn, or mirroring, after which the points lie nearest."""
    product = (points - points.mean(axis=0)).T @ (reference - reference.mean(axis=0))
    left, _, right = np.linalg.svd(product)
    return np.asarray(left @ right, dtype=np.float64)


def place(
    feature: NDArray[np.float32], among: NDArray[np.floating], placed: Map
) -> tuple[NDArray[np.int64], NDArray[np.uint16]]:
    """Where a digit that is not on a map belongs: among the ALIKE digits that are most like it.

    feature: (D,). among: the `directions` of the digits of the map, (N, D). The indices of those
    digits, the most alike first, and a position, (2,): the mean of theirs, each weighing the more
    the smaller its angle is.
    """
    indices, cosines = nearest(feature, among, ALIKE)
    weights = 1 / (1 - cosines.astype(np.float64) + 1e-3)  # float16 tells no smaller angles apart
    position = weights @ placed[indices].astype(np.float64) / weights.sum()
    return indices, position.round().astype(np.uint16)


def count_mixing(placed: Map, labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """How often a digit of each label (row) has one of each (column) among its ALIKE nearest points
    of the map, (10, 10): what one sees of it, in numbers."""
    count = min(ALIKE, len(placed) - 1)
    _, found = KDTree(placed.astype(np.float64)).query(placed, count + 1)
    found = found.reshape(len(placed), -1)
    others = found != np.arange(len(placed))[:, None]
    others[others.all(axis=1), -1] = False  # itself is not found among many on one place
    pairs = labels[:, None] * 10 + labels[found]
    return np.bincount(pairs[others], minlength=100).reshape(10, 10)
