"""A photo or a drawing to a digit: find the ink, even out the light, cut as MNIST's makers did."""

import struct

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageOps

from mnist_demo.digits.mnist_format import (
    BOX,
    MNIST_PENS,
    Digit,
    fit_into_box,
    resize,
    stroke_width,
)

MAX_PIXELS = 64_000_000
WORKING_SIDE = 400  # a picture is looked at in this many pixels: digits stay sharp, noise shrinks
FINE = 8  # the stroke's width is measured and mended at this many pixels or more to one of the box
MAX_PIECES = 20  # a digit on lined paper or in broken strokes has fewer
MAX_LENGTH = 16 * BOX  # of all strokes together: three times that of the longest digits


class NoDigitError(ValueError):
    """There is no digit in a picture: it is blank or too faint, or full of other marks."""


def picture_to_digit(image: Image.Image | ArrayLike) -> Digit:
    """Find the digit in a photo or drawing, dark on light or light on dark, and cut it out.

    image: a PIL picture of any mode, or an array (H, W), (H, W, 3) or (H, W, 4) of uint8 in
    0..255 or floats in [0, 1]. Uneven light is evened out, specks are dropped, and strokes
    far thinner or thicker than MNIST's are drawn again with its pen.

    Raises ValueError where the picture cannot be read or is larger than 64 megapixels, and
    NoDigitError, a ValueError too, where no digit is found in it.
    """
    ink = _drop_specks(_find_ink(_to_grey(_to_picture(image))))
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    cut = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return fit_into_box(_mend_pen(cut))


def _to_picture(image: Image.Image | ArrayLike) -> Image.Image:
    if isinstance(image, Image.Image):
        return image
    array = np.asarray(image)
    if array.dtype.kind == "f":
        if not ((array >= 0) & (array <= 1)).all():
            raise ValueError("a picture of floats must lie in [0, 1]; divide it by its maximum")
        array = (array * 255).round().astype(np.uint8)
    if array.dtype != np.uint8 or not (
        array.ndim == 2 or (array.ndim == 3 and array.shape[2] in (3, 4))
    ):
        raise ValueError(
            "a picture must be uint8 or float of shape (H, W), (H, W, 3) or (H, W, 4), "
            f"not {array.dtype} {array.shape}"
        )
    return Image.fromarray(array)


def _to_grey(picture: Image.Image) -> NDArray[np.float32]:
    """Turn upright, flatten and shrink a picture; grey levels in [0, 1]."""
    if picture.width * picture.height > MAX_PIXELS:
        raise ValueError(
            f"the picture has {picture.width} x {picture.height} pixels; at most "
            f"{MAX_PIXELS // 1_000_000} megapixels are read: make it smaller"
        )
    if min(picture.size) < 2:
        raise ValueError(f"the picture has only {picture.width} x {picture.height} pixels")
    try:
        picture.load()
    except (OSError, SyntaxError, EOFError, struct.error) as error:  # what Pillow makes of damage
        raise ValueError(f"the picture cannot be read: {error}") from None
    picture = ImageOps.exif_transpose(picture)
    shrink = max(picture.size) // WORKING_SIDE
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        if shrink > 1:
            picture = picture.reduce(shrink)
        return _flatten(np.asarray(picture, dtype=np.float32) / np.float32(255))
    if picture.mode.startswith(("I", "F")):  # 16 bits a pixel and the like
        levels = np.asarray(picture, dtype=np.float32)
        if not np.isfinite(levels).all():
            raise ValueError("the picture has pixels that are not finite numbers")
        span = float(np.ptp(levels))
        levels = (levels - levels.min()) / (span or 1)
        picture = Image.fromarray((levels * 255).astype(np.uint8))
    picture = picture.convert("L")
    if shrink > 1:
        picture = picture.reduce(shrink)
    return np.asarray(picture, dtype=np.float32) / np.float32(255)


def _flatten(rgba: NDArray[np.float32]) -> NDArray[np.float32]:
    """Lay a transparent drawing on a ground that its ink stands out from."""
    alpha = rgba[..., 3]
    grey = rgba[..., :3] @ np.array([0.299, 0.587, 0.114], dtype=np.float32)
    mean = float((grey * alpha).sum() / max(float(alpha.sum()), 1e-6))
    ground = 1.0 if mean < 0.5 else 0.0
    return (grey * alpha + ground * (1 - alpha)).astype(np.float32)


def _find_ink(grey: NDArray[np.float32]) -> Digit:
    """How much ink each pixel holds: its distance from the paper, after background subtraction."""
    rest = grey - _paper(grey)
    noise = 1.4826 * float(
        np.median(np.abs(rest))
    )  # the standard deviation, by the median absolute one
    # Ink is what stands out farther on one side of the paper's level than on the other.
    dark, light = (float(np.clip(side - 3 * noise, 0, None).sum()) for side in (-rest, rest))
    rest = -rest if dark > light else rest
    level = float(np.quantile(rest[rest > max(rest.max() / 2, 1e-6)], 0.5)) if rest.max() > 0 else 0
    if level < max(0.1, 5 * noise):
        raise NoDigitError("no digit was found: the picture is blank, or too faint to read")
    floor = min(max(3 * noise, 0.3 * level if noise else 0.0), 0.6 * level)
    return np.clip((rest - floor) / (level - floor), 0, 1).astype(np.float32)


def _paper(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """The paper's grey level everywhere: a quadratic surface, by robust least squares."""
    height, width = grey.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1).reshape(-1, 6)
    levels = grey.reshape(-1)
    edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    fitted = np.full_like(levels, np.median(edge))
    tolerance = max(0.25, 2 * float(np.median(np.abs(edge - np.median(edge)))))
    for _ in range(4):
        near = np.abs(levels - fitted) < tolerance
        if near.sum() < 6:
            break
        weights = np.linalg.lstsq(terms[near], levels[near], rcond=None)[0]
        fitted = (terms @ weights).astype(np.float32)
        spread = 1.4826 * float(np.median(np.abs(levels[near] - fitted[near])))
        tolerance = float(np.clip(3 * spread, 0.05, 0.25))
    return fitted.reshape(grey.shape)


def _drop_specks(ink: Digit) -> Digit:
    """Drop the connected components that have less than a fiftieth of the largest one's ink."""
    from scipy import ndimage  # half a second: only where a picture is read

    labels, count = ndimage.label(ink > 0, structure=np.ones((3, 3)))
    mass = ndimage.sum_labels(ink, labels, np.arange(count + 1))
    mass[0] = 0
    keep = mass > mass.max() / 50
    if keep.sum() > MAX_PIECES:
        raise NoDigitError("no digit was found: the picture is full of specks")
    return np.where(keep[labels], ink, 0).astype(np.float32)


def _mend_pen(ink: Digit) -> Digit:
    """Thicken or thin the strokes of a cut-out digit until their width is one that MNIST has: by
    their signed distance transform."""
    from scipy import ndimage

    scale = max(1.0, FINE * BOX / max(ink.shape))
    height, width = (max(1, round(side * scale)) for side in ink.shape)
    pixel = max(height, width) / BOX  # of the 28x28 picture, in the fine one's
    fine = np.pad(resize(ink, height, width), round(2 * pixel))
    inside = ndimage.distance_transform_edt(fine > 0.5)
    pen = stroke_width(inside) / pixel
    if pen and np.count_nonzero(inside) / pixel**2 / pen > MAX_LENGTH:
        raise NoDigitError("no digit was found: the picture is full of marks")
    wanted = float(np.clip(pen, *MNIST_PENS))
    if wanted == pen or not pen:
        return ink
    outside = ndimage.distance_transform_edt(fine <= 0.5)
    moved = inside - outside + (wanted - pen) / 2 * pixel  # signed distance to the new edge
    return np.clip(moved + 0.5, 0, 1).astype(np.float32)
