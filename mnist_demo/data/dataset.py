"""Labelled images, for training and for testing."""

from dataclasses import dataclass

from torch import Tensor


class DatasetError(ValueError):
    """A data file is not what it should be; the message names it and the remedy."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images uint8 (N, 28, 28), ink = 255, and labels int64 (N,), for training and for testing.

    notice: why this is not MNIST, for a person to read; empty where it is.
    """

    name: str
    train_images: Tensor
    train_labels: Tensor
    test_images: Tensor
    test_labels: Tensor
    notice: str = ""
