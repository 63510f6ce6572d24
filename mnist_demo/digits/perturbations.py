"""Changes of a digit, small and large, to see when a model's answer breaks."""

import math
from dataclasses import dataclass, replace

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from mnist_demo.bounds import Bounds
from mnist_demo.digits.mnist_format import Digit


@dataclass(frozen=True)
class Perturbation:
    """rotation: clockwise, in degrees. shift: to the right, in pixels of 28, not centred again.
    scale: 1 leaves the size. thickness: in pixels on either side of a stroke; thins below 0.
    noise: the deviation of normal noise, in shares of full ink.

    Raises ValueError where a value is outside RANGES.
    """

    rotation: float = 0.0
    shift: float = 0.0
    scale: float = 1.0
    thickness: float = 0.0
    noise: float = 0.0

    def __post_init__(self) -> None:
        for name, bounds in RANGES.items():
            bounds.check(name, getattr(self, name))


RANGES = {
    "rotation": Bounds(-180, 180),
    "shift": Bounds(-12, 12),
    "scale": Bounds(0.3, 1.8),
    "thickness": Bounds(-1, 3),
    "noise": Bounds(0, 1),
}


def perturb(digit: Digit, change: Perturbation) -> Digit:
    """The digit, float32 (28, 28) in [0, 1], changed; the noise is the same each time."""
    image = torch.from_numpy(np.ascontiguousarray(digit))[None, None]
    angle = math.radians(change.rotation)
    cosine, sine = math.cos(angle) / change.scale, math.sin(angle) / change.scale
    right = -change.shift / 14  # in the grid's unit, half a side
    matrix = torch.tensor(
        [[[cosine, sine, cosine * right], [-sine, cosine, -sine * right]]], dtype=torch.float32
    )
    grid = F.affine_grid(matrix, [1, 1, *image.shape[2:]], align_corners=False)
    image = _thicken(F.grid_sample(image, grid, align_corners=False), change.thickness)
    if change.noise:
        generator = torch.Generator().manual_seed(0)
        image = image + change.noise * torch.randn(image.shape, generator=generator)
    return image[0, 0].clamp(0, 1).numpy()


def _thicken(image: Tensor, pixels: float) -> Tensor:
    """Morphological dilation, or erosion, as often as there are whole pixels, and a share of one
    more."""
    sign = -1.0 if pixels < 0 else 1.0
    image = image * sign
    while pixels:
        share = min(abs(pixels), 1.0)
        image = torch.lerp(image, F.max_pool2d(image, 3, stride=1, padding=1), share)
        pixels = sign * (abs(pixels) - share)
    return image * sign


def sweep(
    digit: Digit, change: Perturbation, name: str, count: int
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """The digit under `change` with its value `name` going over the whole of its range.

    Returns the values, (count,), and the digits, (count, 28, 28). Raises ValueError where there is
    no such value.
    """
    if name not in RANGES:
        raise ValueError(f"there is no change {name!r}; choose one of {', '.join(RANGES)}")
    amounts = np.linspace(RANGES[name].low, RANGES[name].high, count)
    changes = [replace(change, **{name: float(amount)}) for amount in amounts]
    return amounts, np.stack([perturb(digit, each) for each in changes])
