"""Labelled images, for training and for testing."""

from dataclasses import dataclass

from torch import Tensor


class DatasetError(ValueError):
    """A data file is not what it should be; the message names it and the remedy."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images uint8 (N, 28, 28), ink = 255, and labels int64 (N,), for training and for testing.

    notice: that this is not MNIST, and what to do; empty where it is. cause: why, for the log.
    tests_from: the data set whose training images the test images are: what was trained on that
    has seen them; empty where they are nobody's.
    """

    name: str
    train_images: Tensor
    train_labels: Tensor
    test_images: Tensor
    test_labels: Tensor
    notice: str = ""
    cause: str = ""
    tests_from: str = ""
