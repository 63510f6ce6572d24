"""A photo or a drawing to a digit: find the ink, cut it free, even it out as MNIST's makers did.

A picture is read in several ways (picture_candidates.py), and the one that looks most like a digit
is kept; where a model is at hand, it helps to choose.
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from mnist_demo.digits.ink_maps import find_ink
from mnist_demo.digits.mnist_format import (
    BOX,
    MNIST_PENS,
    Digit,
    fit_into_box,
    resize,
    stroke_width,
)
from mnist_demo.digits.picture_candidates import Candidate, find_candidates
from mnist_demo.digits.picture_files import load_pixels

FINE = 8  # the stroke's width is measured and mended at this many pixels or more to one of the box
THIN = 3.0  # pixels: a stroke's width cannot be measured in fewer
MAX_LENGTH = 16 * BOX  # of all strokes together: three times that of the longest digits
MOST = 4  # candidates of an ink map that a model is asked about
TRUST = 0.8  # in the model's log-odds, beside a candidate's own plausibility
SETTLED = 2.0  # of both together: what scores more is taken, and no other ink map is looked at
NO_DIGIT = 0.35  # under this confidence, a model says that it is none

# The confidence, (N,) in [0, 1], that each of the digits (N, 28, 28) is one.
Choose = Callable[[NDArray[np.float32]], NDArray[np.float32]]


class NoDigitError(ValueError):
    """There is no digit in a picture. reason: "blank", "cut_off" or "marks", which are too many."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"no digit was found: {_REASONS[reason]}")
        self.reason = reason


_REASONS = {
    "blank": "the picture is blank, or too faint to read",
    "cut_off": "what is there is cut off by the edge of the picture",
    "marks": "the picture is full of marks or specks",
}


@dataclass(frozen=True, eq=False)
class PictureReading:
    """digit: (28, 28) in [0, 1]. ink: what of the picture was read as the digit, (H, W) in [0, 1],
    at its place, at most 400 pixels a side. removed: what was cut away, of "lines", what touches
    the "border", what lies "around" a sheet or a cell, and "apart" from the digit."""

    digit: Digit
    ink: NDArray[np.float32]
    removed: tuple[str, ...]


def picture_to_digit(image: Image.Image | ArrayLike, choose: Choose | None = None) -> Digit:
    """Find the digit in a photo or drawing, dark on light or light on dark, and cut it out.

    image: a PIL picture of any mode, or an array (H, W), (H, W, 3) or (H, W, 4) of uint8 in
    0..255 or floats in [0, 1]. Uneven light and shadows are evened out; lines, the border of a cell
    and the desk around a sheet are cut away, specks dropped; strokes far thinner or thicker than
    MNIST's are drawn again with its pen.

    choose: how much each of several digits (N, 28, 28) looks like one, (N,) in [0, 1], such as
    `confidence_of(model)`. It decides where the picture can be read in several ways; without it,
    the most plausible one is taken.

    Raises ValueError where the picture cannot be read or is larger than 64 megapixels, and
    NoDigitError, a ValueError too, where no digit is found in it.
    """
    return read_picture(image, choose).digit


def find_number(image: Image.Image | ArrayLike) -> Digit:
    """How much ink a picture holds where, (H, W) in [0, 1], with all that may be digits: upright,
    and as large as it is looked at. Raises ValueError as `picture_to_digit` does."""
    pixels = load_pixels(image)
    candidate = next(itertools.chain.from_iterable(find_candidates(pixels)), None)
    if candidate is None:
        raise NoDigitError("marks" if any(find_ink(pixels)) else "blank")
    return _in_place(candidate, pixels)


def ink_to_digit(ink: Digit) -> Digit:
    """The digit that the ink of a picture, (H, W) in [0, 1] and not blank, makes up.

    Raises NoDigitError where that is too much for one.
    """
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    mended = _mend_pen(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    if mended is None:
        raise NoDigitError("marks")
    return fit_into_box(mended)


def read_picture(image: Image.Image | ArrayLike, choose: Choose | None = None) -> PictureReading:
    """As `picture_to_digit`, with what was read and what was cut away."""
    pixels = load_pixels(image)
    best: _Choice | None = None
    for candidates in find_candidates(pixels):
        choice = _best_of(candidates, choose, first=best is None)
        if choice and (best is None or choice.score > best.score):
            best = choice
        if choose and best and best.score > SETTLED:
            break
    if best is None:
        raise NoDigitError("marks" if any(find_ink(pixels)) else "blank")
    if best.confidence < NO_DIGIT and best.candidate.edges:
        raise NoDigitError("cut_off")
    removed = tuple(sorted(best.candidate.removed))
    return PictureReading(best.digit, _in_place(best.candidate, pixels), removed)


def _in_place(candidate: Candidate, pixels: NDArray[np.float32]) -> Digit:
    """The ink of a candidate where it lies in the picture."""
    ink = np.zeros(pixels.shape[:2], dtype=np.float32)
    top, left, height, width = candidate.box
    ink[top : top + height, left : left + width] = candidate.ink
    return ink


def _mend(candidate: Candidate) -> tuple[Candidate, Digit] | None:
    ink = _mend_pen(candidate.ink)
    return None if ink is None else (candidate, fit_into_box(ink))


@dataclass(frozen=True, eq=False)
class _Choice:
    """confidence: the model's, 1 without one. score: it and the candidate's own plausibility."""

    candidate: Candidate
    digit: Digit
    confidence: float
    score: float


def _best_of(candidates: Iterator[Candidate], choose: Choose | None, first: bool) -> _Choice | None:
    """The best of an ink map. first: whether it is the first map that has any."""
    plainest = next(candidates, None)
    if plainest is None:
        return None
    if choose and first and not (plainest.removed or plainest.edges or plainest.pieces > 1):
        # One piece, and nothing else in the picture: if it is surely a digit, that is it.
        choice = _choose([plainest], choose)
        if choice and choice.score > SETTLED:
            return choice
    found = sorted([plainest, *candidates], key=lambda candidate: -candidate.plausibility)
    return _choose(found[:MOST], choose)


def _choose(candidates: list[Candidate], choose: Choose | None) -> _Choice | None:
    """The best of some, the most plausible first; None where none can be mended."""
    mended = [each for each in map(_mend, candidates) if each]
    if not mended:
        return None
    if choose is None:
        candidate, digit = mended[0]
        return _Choice(candidate, digit, 1.0, candidate.plausibility)
    confidence = np.asarray(choose(np.stack([digit for _, digit in mended])), dtype=np.float64)
    odds = np.log(confidence / (1 - confidence + 1e-3) + 1e-6)
    scores = TRUST * odds + [candidate.plausibility for candidate, _ in mended]
    best = int(scores.argmax())
    return _Choice(*mended[best], float(confidence[best]), float(scores[best]))


def _mend_pen(ink: Digit) -> Digit | None:
    """Thicken or thin the strokes of a cut-out digit until their width is one that MNIST has: by
    their signed distance transform. None where there are more strokes than a digit has."""
    scale = max(1.0, FINE * BOX / max(ink.shape))
    for finer in (1, 3):
        height, width = (max(1, round(side * scale * finer)) for side in ink.shape)
        pixel = max(height, width) / BOX  # of the 28x28 picture, in the fine one's
        fine = np.pad(resize(ink, height, width), round(2 * pixel))
        inside = _distance(fine > 0.5)
        pen = stroke_width(inside) / pixel
        if pen * pixel >= THIN:
            break
    if pen and np.count_nonzero(inside) / pixel**2 / pen > MAX_LENGTH:
        return None
    wanted = float(np.clip(pen, *MNIST_PENS))
    if wanted == pen or not pen:
        return ink
    wanted *= (BOX - pen) / (
        BOX - wanted
    )  # what it adds at both ends will be scaled to the box too
    outside = _distance(fine <= 0.5)
    moved = inside - outside + (wanted - pen) / 2 * pixel  # signed distance to the new edge
    return np.clip(moved + 0.5, 0, 1).astype(np.float32)


def _distance(mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Of each pixel within a mask to the nearest one outside."""
    levels = mask.astype(np.uint8)
    return cv2.distanceTransform(levels, cv2.DIST_L2, cv2.DIST_MASK_PRECISE).astype(np.float64)
