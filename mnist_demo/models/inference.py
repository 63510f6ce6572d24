"""What a model makes of a digit."""

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import nn

from mnist_demo.digits.mnist_format import SIZE
from mnist_demo.networks.introspection import device_of, evaluation_mode

BATCH_SIZE = 500  # so that memory does not grow with the number of digits


def check_digits(digits: ArrayLike) -> NDArray[np.number]:
    """The digits as (N, 28, 28). Raises ValueError as `predict_probabilities` says."""
    images = np.asarray(digits)
    if images.ndim == 2:
        images = images[None]
    if images.ndim != 3 or images.shape[1:] != (SIZE, SIZE) or images.dtype.kind not in "fiub":
        raise ValueError(
            f"digits must be numbers of shape (28, 28) or (N, 28, 28), not {images.shape}"
        )
    if not ((images >= 0) & (images <= 1)).all():  # NaN fails this too
        raise ValueError(
            "digits must lie in [0, 1] with ink = 1; divide MNIST's bytes by 255 first"
        )
    return images


def predict_probabilities(model: nn.Module, digits: ArrayLike) -> NDArray[np.float32]:
    """The probability of each digit 0 to 9, float32 (N, 10).

    digits: (28, 28) or (N, 28, 28) floats in [0, 1], ink = 1, as `strokes_to_digit` returns them.
    Raises ValueError where they are of another shape or out of that range.
    """
    images = check_digits(digits)
    inputs = torch.tensor(images, dtype=torch.float32, device=device_of(model)).unsqueeze(1)
    with evaluation_mode(model), torch.inference_mode():
        parts = [model(part).softmax(dim=1).cpu() for part in inputs.split(BATCH_SIZE)]
    return torch.cat(parts).numpy()


def confidence_of(model: nn.Module) -> Callable[[NDArray[np.float32]], NDArray[np.float32]]:
    """How sure a model is of each of some digits (N, 28, 28), whichever they are: (N,) in [0, 1].

    It is what `picture_to_digit` chooses by, where a picture can be read in several ways.
    """
    return lambda digits: predict_probabilities(model, digits).max(axis=1)
