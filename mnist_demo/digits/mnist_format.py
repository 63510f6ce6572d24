"""MNIST's format: a digit in a box of 20x20 pixels, its centre of mass in the middle of 28x28.

As LeCun, Cortes and Burges describe it ("The MNIST database of handwritten digits"). A digit is
always a float32 array (28, 28) in [0, 1], ink = 1.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIZE = 28
BOX = 20
# The width of a stroke in pixels, by `stroke_width` on the first 3,000 training images: the median,
# and what 5 % fall short of and 5 % exceed.
MNIST_PEN = 2.5
MNIST_PENS = (1.65, 4.05)

Digit = NDArray[np.float32]


def stroke_width(inside: NDArray[np.float64]) -> float:
    """The mean width of strokes, from the distance of each inked pixel to the nearest blank one.

    In a band of width w the distance to the edge is w / 4 on average; the edge of a pixel is half
    a pixel nearer than the centre of the next. 0 where there is no ink.
    """
    inked = inside[inside > 0]
    return 4 * (float(inked.mean()) - 0.5) if inked.size else 0.0


def centre_by_mass(image: Digit) -> Digit:
    """Move a (28, 28) image by whole pixels, as MNIST's makers did, so that its mass is centred.

    No ink is ever pushed over the edge: a drawing too lopsided for that is moved as far as it goes.
    """
    total = float(image.sum())
    if total == 0:
        return image
    moved = image
    for axis in (0, 1):
        profile = image.sum(axis=1 - axis)
        # Centres of mass in MNIST lie within half a pixel of index 14, that is right of the middle.
        shift = round(SIZE / 2 - float((profile * np.arange(SIZE)).sum()) / total)
        inked = np.flatnonzero(profile)
        shift = int(np.clip(shift, -inked[0], SIZE - 1 - inked[-1]))
        moved = np.roll(moved, shift, axis=axis)
    return moved


def fit_into_box(ink: Digit) -> Digit:
    """Scale the inked part of a picture (H, W) to a box of 20x20, centred by mass in 28x28."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    cut = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = BOX / max(cut.shape)
    height, width = (max(1, round(side * scale)) for side in cut.shape)
    scaled = resize(cut, height, width)
    image = np.zeros((SIZE, SIZE), dtype=np.float32)
    top, left = (SIZE - height) // 2, (SIZE - width) // 2
    image[top : top + height, left : left + width] = scaled
    return centre_by_mass(image)


def resize(image: Digit, height: int, width: int) -> Digit:
    """Resize, averaging over areas when it shrinks, and between pixels when it grows."""
    if image.shape == (height, width):
        return image
    method = (
        Image.Resampling.BOX if image.shape[0] > height or image.shape[1] > width
        else Image.Resampling.BICUBIC
    )  # fmt: skip
    resized = Image.fromarray(image).resize((width, height), method)
    return np.clip(np.asarray(resized, dtype=np.float32), 0, 1)
