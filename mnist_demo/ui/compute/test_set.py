"""Which digit a browser asks for."""

from typing import Any

import numpy as np

from mnist_demo.bounds import Bounds
from mnist_demo.data.dataset import Dataset
from mnist_demo.digits.mnist_format import Digit
from mnist_demo.ui.i18n.translate import TranslatedError, translate

DIGIT = Bounds(0, 9, whole=True)
NO_DIGIT = -1  # of a dropdown of digits, which has no None among its choices


def read_index(dataset: Dataset, value: Any) -> int:
    """The index of a test digit, from what a browser sent, which may be anything.

    Raises ValueError where there is no such digit.
    """
    count = len(dataset.test_labels)
    if value is None:  # an empty field
        raise TranslatedError(translate("example_missing", last=count - 1))
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not 0 <= value < count  # NaN is not
        or value != int(value)
    ):
        raise TranslatedError(translate("example_range", number=_write(value), last=count - 1))
    return int(value)


def _write(value: Any) -> str:
    """A number as people write it; all else as Python does."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e15:
        return repr(value)
    return f"{value:,.6f}".rstrip("0").rstrip(".") if value % 1 else f"{value:,.0f}"


def take_digit(dataset: Dataset, index: int) -> tuple[Digit, int]:
    """The test digit of that index, and its label."""
    image = dataset.test_images[index].numpy().astype(np.float32)
    return image / np.float32(255), int(dataset.test_labels[index])
