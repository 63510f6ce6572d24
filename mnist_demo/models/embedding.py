"""Digits as points on a plane, so that what a model finds alike lies together: t-SNE.

Of the model's last hidden layer: van der Maaten and Hinton, "Visualizing Data using t-SNE", 2008.
All here is deterministic: the same features give the same map.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from mnist_demo.models.activations import compact_hidden, has_hidden_layer
from mnist_demo.models.inference import check_digits
from mnist_demo.networks.introspection import device_of, evaluation_mode, weighted_modules

PIXELS = nn.Flatten()  # the pixels themselves as a model: what it makes of a digit is the digit
COMPONENTS = 50  # principal ones, in which t-SNE looks for neighbours, as its authors do
NEIGHBOURS = 15
ITERATIONS, _EARLY = 150, 50  # of these the first, in which neighbours attract the more
_EXAGGERATION = 12.0
_SAMPLE = 125  # of the others: 500 take ten times as long, for half a point of purity
_ROWS = 500  # of which neighbours are looked for at a time
_LONGEST_STEP = 5.0  # as in openTSNE: no sample of a moment throws a point out of the map
_OVERSAMPLING, _SEED = 10, 0
Positions = NDArray[np.float32]  # (N, 2)


def map_features(model: nn.Module, digits: ArrayLike) -> NDArray[np.float32]:
    """What a model makes of digits, by which a map places them: float32 (N, D), rows of length 1.

    By its last hidden layer, as of `compact_hidden`, so that the distance of two rows follows the
    cosine. Of a model without one the logits less their mean, which softmax does not see; of PIXELS
    the pixels. A row that is not finite, or 0, is 0. digits and errors: as of
    `predict_probabilities`.
    """
    if has_hidden_layer(model) or not weighted_modules(model):
        features = compact_hidden(model, digits)
    else:
        features = _centred_logits(model, digits)
    features = np.where(np.isfinite(features).all(axis=1, keepdims=True), features, 0)
    scale = np.abs(features).max(axis=1, keepdims=True, initial=0)  # else squares overflow
    features = features / np.maximum(scale, np.finfo(np.float32).tiny)
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    return (features / np.maximum(lengths, np.finfo(np.float32).tiny)).astype(np.float32)


def _centred_logits(model: nn.Module, digits: ArrayLike) -> NDArray[np.float32]:
    images = torch.tensor(check_digits(digits), dtype=torch.float32, device=device_of(model))
    with evaluation_mode(model), torch.inference_mode():
        logits = model(images.unsqueeze(1)).flatten(1).float()
        return (logits - logits.mean(dim=1, keepdim=True)).cpu().numpy()


@dataclass(frozen=True, eq=False)
class Projection:
    """On principal components, the largest first. mean: (D,). components: (D, K)."""

    mean: NDArray[np.float32]
    components: NDArray[np.float32]

    def apply(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """features (N, D) as (N, K)."""
        return np.asarray((features - self.mean) @ self.components, dtype=np.float32)


def fit_projection(features: NDArray[np.float32], count: int = COMPONENTS) -> Projection:
    """The principal components of features (N, D), `count` of them or as many as there are.

    A randomized SVD (Halko, Martinsson and Tropp, 2011) with a power iteration: it takes a fraction
    of a second where the whole one of 10,000 x 3,136 numbers takes half a minute.
    """
    mean = features.mean(axis=0)
    centred = features - mean
    size = min(count + _OVERSAMPLING, *features.shape)
    basis = np.random.default_rng(_SEED).standard_normal((features.shape[1], size))
    basis = centred @ basis.astype(np.float32)
    for _ in range(2):
        basis = centred @ (centred.T @ np.linalg.qr(basis)[0])
    span = np.linalg.qr(basis)[0]
    components = np.linalg.svd(span.T @ centred, full_matrices=False)[2].T
    return Projection(mean, np.ascontiguousarray(components[:, :count]))


def tsne_steps(features: NDArray[np.float32], start: ArrayLike) -> Iterator[Positions | None]:
    """t-SNE of features (N, D) from positions `start`, (N, 2), in steps: None, and at last the map.

    As `embed`, in a tenth of the time: each digit is attracted by its NEIGHBOURS nearest alike, as
    uniform affinities do about as well (Böhm, Berens and Kobak, 2022), and repelled by a sample of
    the others, drawn anew in each iteration. Of ten nearest points as many have the same label as
    there, within a point. A step takes some ten milliseconds: others can compute in between.
    """
    points = torch.from_numpy(np.asarray(features, dtype=np.float32))
    parts: list[Tensor] = []
    for at in range(0, len(points), _ROWS):
        parts.append(_nearest_others(points, at))
        yield None
    yield from _descend(torch.cat(parts), torch.from_numpy(small_start(start)))


def small_start(positions: ArrayLike) -> Positions:
    """Positions (N, 2) drawn together, from which t-SNE begins: deviations of 0.0001."""
    start = np.asarray(positions, dtype=np.float32)
    start = start - start.mean(axis=0)
    deviation = float(start.std())
    if not deviation > 0:  # nothing tells the digits apart: any start will do
        start = np.random.default_rng(_SEED).standard_normal(start.shape).astype(np.float32)
        deviation = 1.0
    return start * np.float32(1e-4 / deviation)


def _nearest_others(points: Tensor, at: int) -> Tensor:
    """The indices of the NEIGHBOURS nearest to _ROWS points from `at` on, by Euclidean distance."""
    part = points[at : at + _ROWS]
    distances = torch.addmm((points**2).sum(dim=1), part, points.T, alpha=-2)
    distances[torch.arange(len(part)), torch.arange(at, at + len(part))] = torch.inf  # itself
    return distances.topk(min(NEIGHBOURS, len(points) - 1), largest=False).indices


def _descend(neighbours: Tensor, y: Tensor) -> Iterator[Positions | None]:
    """Gradient descent with momentum; learning rates as Belkina et al., 2019."""
    count = len(y)
    velocity = torch.zeros_like(y)
    generator = torch.Generator().manual_seed(_SEED)
    for iteration in range(ITERATIONS):
        early = iteration < _EARLY
        exaggeration, momentum = (_EXAGGERATION, 0.5) if early else (1.0, 0.8)
        sample = torch.randperm(count, generator=generator)[:_SAMPLE]
        gradient = exaggeration * _attraction(y, neighbours) - _repulsion(y, sample)
        velocity = momentum * velocity - count / exaggeration * gradient
        velocity *= _LONGEST_STEP / velocity.norm(dim=1, keepdim=True).clamp_min(_LONGEST_STEP)
        y = y + velocity
        y = y - y.mean(dim=0)
        yield None
    yield y.numpy()


def _attraction(y: Tensor, neighbours: Tensor) -> Tensor:
    """Between each digit and its neighbours, whichever of the two is the other's: (N, 2)."""
    apart = y.unsqueeze(1) - y[neighbours]
    force = apart / (1 + (apart**2).sum(dim=2, keepdim=True))
    both = force.sum(dim=1).index_add(0, neighbours.flatten(), -force.flatten(0, 1))
    return both / max(2 * neighbours.numel(), 1)


def _repulsion(y: Tensor, sample: Tensor) -> Tensor:
    """Of all digits, as estimated from those of the indices `sample`: (N, 2)."""
    others = y[sample]
    square = (y**2).sum(dim=1, keepdim=True) + (others**2).sum(dim=1)
    weights = 1 / (1 + torch.addmm(square, y, others.T, alpha=-2).clamp_min(0))
    total = (weights.sum() - len(sample)).clamp_min(torch.finfo(y.dtype).tiny)  # less themselves
    weights = weights**2
    return (y * weights.sum(dim=1, keepdim=True) - weights @ others) / total


def embed(features: NDArray[np.float32], start: ArrayLike) -> Positions:
    """t-SNE of features (N, D), N > 30, by scikit-learn, from positions `start`: float32 (N, 2).

    For maps that are made beforehand: it takes minutes for 10,000 digits on one core.
    """
    from sklearn.manifold import TSNE  # takes seconds to import

    maker = TSNE(init=small_start(start), random_state=_SEED)
    return np.asarray(maker.fit_transform(features), dtype=np.float32)
