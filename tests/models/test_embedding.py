from collections.abc import Iterable

import numpy as np
import pytest
import torch
from torch import nn

from mnist_demo import Dataset, load_checkpoint, shipped_checkpoints
from mnist_demo.models.activations import last_hidden
from mnist_demo.models.embedding import (
    PIXELS,
    Positions,
    embed,
    fit_projection,
    map_features,
    small_start,
    tsne_steps,
)
from mnist_demo.models.maps import count_mixing, draw_map

GROUPS = np.repeat(np.arange(4), 40)


@pytest.fixture(scope="module")
def digits(tiny: Dataset) -> np.ndarray:
    return tiny.test_images[:60].numpy() / np.float32(255)


@pytest.fixture(scope="module")
def groups() -> np.ndarray:
    """Four heaps of forty points in twelve dimensions."""
    generator = np.random.default_rng(0)
    points = generator.standard_normal((4, 12))[GROUPS] * 8 + generator.standard_normal((160, 12))
    return points.astype(np.float32)


def last(steps: Iterable[Positions | None]) -> Positions:
    *before, found = steps
    assert found is not None
    assert all(each is None for each in before)
    return found


def purity(positions: Positions) -> float:
    mixing = count_mixing(draw_map(positions), GROUPS)
    return float(mixing.trace() / mixing.sum())


@pytest.mark.parametrize("name", shipped_checkpoints())
def test_features_are_directions_of_the_last_hidden_layer(name: str, digits: np.ndarray) -> None:
    model = load_checkpoint(name).model
    features = map_features(model, digits)
    assert features.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(features, axis=1), 1, rtol=1e-5)
    if name == "softmax":
        assert features.shape == (60, 10)
        np.testing.assert_allclose(features.sum(axis=1), 0, atol=1e-5)
    else:
        hidden = last_hidden(model, digits)
        hidden /= np.linalg.norm(hidden, axis=1, keepdims=True)
        np.testing.assert_allclose(features, hidden, atol=1e-5)


def test_the_pixels_are_a_model_of_their_own(digits: np.ndarray) -> None:
    features, pixels = map_features(PIXELS, digits), digits.reshape(60, -1)
    np.testing.assert_allclose(
        features, pixels / np.linalg.norm(pixels, axis=1, keepdims=True), atol=1e-6
    )


@pytest.mark.parametrize("weight", [float("nan"), float("inf"), 1e30, 0.0])
def test_a_model_that_has_diverged_has_features(weight: float, digits: np.ndarray) -> None:
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 5), nn.Linear(5, 10))
    with torch.no_grad():
        model[1].weight.fill_(weight)  # type: ignore[operator]
        model[1].bias.zero_()  # type: ignore[operator]
    features = map_features(model, digits)
    assert np.isfinite(features).all()
    assert np.abs(features).max() <= 1 + 1e-6


def test_a_projection_keeps_what_varies_most(groups: np.ndarray) -> None:
    projection = fit_projection(groups, 3)
    exact = np.linalg.svd(groups - groups.mean(axis=0), full_matrices=False)[2][:3].T
    np.testing.assert_allclose(np.abs(projection.components.T @ exact), np.eye(3), atol=1e-2)
    projected = projection.apply(groups)
    assert projected.shape == (160, 3)
    assert (np.diff(projected.std(axis=0)) < 0).all()
    assert fit_projection(groups[:2], 50).components.shape == (12, 2)


def test_what_is_alike_lies_together_from_any_start(groups: np.ndarray) -> None:
    start = np.random.default_rng(1).standard_normal((160, 2))
    found = last(tsne_steps(groups, start))
    assert found.shape == (160, 2)
    assert found.dtype == np.float32
    assert purity(start.astype(np.float32)) < 0.4
    assert purity(found) > 0.9
    np.testing.assert_array_equal(found, last(tsne_steps(groups, start)))


@pytest.mark.slow
def test_scikit_learn_s_finds_the_same(groups: np.ndarray) -> None:
    found = embed(groups, groups[:, :2])
    assert found.dtype == np.float32
    assert purity(found) > 0.9


@pytest.mark.parametrize("count", [1, 2, 3, 20])
@pytest.mark.parametrize("value", [0.0, 1.0])
def test_a_few_digits_or_none_that_differ_have_a_map(count: int, value: float) -> None:
    features = np.full((count, 4), value, dtype=np.float32)
    found = last(tsne_steps(features, features[:, :2]))
    assert found.shape == (count, 2)
    assert np.isfinite(found).all()


def test_a_start_is_small_and_keeps_its_shape() -> None:
    start = np.random.default_rng(0).uniform(0, 65535, (30, 2))
    small = small_start(start)
    assert small.std() == pytest.approx(1e-4, rel=1e-3)
    assert np.corrcoef(small[:, 0], start[:, 0])[0, 1] == pytest.approx(1)
