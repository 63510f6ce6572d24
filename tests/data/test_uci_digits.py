import hashlib

import numpy as np
import torch

from mnist_demo import Dataset
from mnist_demo.data.uci_digits import COUNT, uci_digits


def _centres(images: torch.Tensor) -> np.ndarray:
    ink = images.numpy().astype(np.float64)
    index = np.arange(28)
    mass = ink.sum((1, 2))
    return np.stack([ink.sum(2) @ index / mass, ink.sum(1) @ index / mass])


def _longer_sides(images: torch.Tensor) -> np.ndarray:
    ink = images.numpy()
    return np.maximum(_spans(ink.max(2)), _spans(ink.max(1)))


def _spans(profiles: np.ndarray) -> np.ndarray:
    inked = profiles > 0
    return 28 - inked.argmax(1) - inked[:, ::-1].argmax(1)


def test_they_are_those_that_robust_cnn_was_trained_on() -> None:
    images, labels = uci_digits()
    assert images.shape == (COUNT, 28, 28)
    assert (images.dtype, labels.dtype) == (torch.uint8, torch.int64)
    digest = hashlib.sha256(images.numpy().tobytes() + labels.numpy().tobytes()).hexdigest()
    assert digest == "cb18f0a406b7d54e5d2dd91078261a4fe9aca539bdb6ddc3757e709806fda9e5"


def test_they_are_black_ink_255_on_0() -> None:
    images, _ = uci_digits()
    assert (images.amax((1, 2)) == 255).all()
    assert (images[:, 0] == 0).all()
    assert (images == 0).float().mean() > 0.5


def test_they_are_centred_by_mass_in_a_box_of_20() -> None:
    images, _ = uci_digits()
    assert np.abs(_centres(images) - 14).max() < 1
    sides = _longer_sides(images)
    assert sides.max() == np.median(sides) == 20
    assert sides.min() >= 19


def test_mnist_is_in_the_format_that_they_are_cut_to(mnist: Dataset) -> None:
    assert np.abs(_centres(mnist.test_images) - 14).max() < 1
    assert _longer_sides(mnist.test_images).max() == 20
