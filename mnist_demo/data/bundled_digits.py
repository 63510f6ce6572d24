"""Digits that come with the package, for where MNIST is not to be had."""

import numpy as np
import torch

from mnist_demo.data.dataset import Dataset
from mnist_demo.digits.mnist_format import fit_into_box


def bundled_digits(notice: str = "") -> Dataset:
    """scikit-learn's 1,797 digits (UCI optdigits, 8x8, 17 levels), cut to MNIST's format.

    The last 297 are for testing, as MNIST's own tests are: by hands not trained on, mostly.
    """
    from sklearn.datasets import load_digits

    digits = load_digits()
    images = np.stack([_enlarge(image) for image in digits.images.astype(np.float32) / 16])
    ink = torch.from_numpy((images * 255).round().astype(np.uint8))
    labels = torch.from_numpy(digits.target.astype(np.int64))
    train, test = slice(0, 1500), slice(1500, None)
    return Dataset(
        "bundled digits", ink[train], labels[train], ink[test], labels[test], notice=notice
    )


def _enlarge(image: np.ndarray) -> np.ndarray:
    """An 8x8 digit in MNIST's format. Each grey level was the inked share of a 4x4 block: grown to
    20x20 the edges are soft, so their slope is doubled."""
    return np.clip(2 * fit_into_box(image) - 0.5, 0, 1)
