"""scikit-learn's digits, which `robust_cnn` trains on besides: of other hands than MNIST's."""

import numpy as np
import torch
from torch import Tensor

from mnist_demo.digits.mnist_format import fit_into_box

COUNT = 1500  # of the 1,797; the others, of other hands mostly, no shipped model was trained on


def uci_digits() -> tuple[Tensor, Tensor]:
    """The first COUNT of the UCI optdigits (8x8, 17 levels), cut to MNIST's format.

    Images uint8 (COUNT, 28, 28), ink = 255, and labels int64 (COUNT,).
    """
    from sklearn.datasets import load_digits  # takes a second: only where they are trained on

    digits = load_digits()
    images = np.stack([_enlarge(image) for image in digits.images[:COUNT].astype(np.float32) / 16])
    ink = torch.from_numpy((images * 255).round().astype(np.uint8))
    return ink, torch.from_numpy(digits.target[:COUNT].astype(np.int64))


def _enlarge(image: np.ndarray) -> np.ndarray:
    """An 8x8 digit in MNIST's format. Each grey level was the inked share of a 4x4 block: grown to
    20x20 the edges are soft, so their slope is doubled."""
    return np.clip(2 * fit_into_box(image) - 0.5, 0, 1)
