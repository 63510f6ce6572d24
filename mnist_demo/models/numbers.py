"""Whole numbers: how a drawing is cut into digits, and what each of them is."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image
from torch import nn

from mnist_demo.data.non_digits import scribble
from mnist_demo.data.synthetic_digits import render
from mnist_demo.digits.mnist_format import Digit
from mnist_demo.digits.segmentation import WORST, Box, Segmentation, segment
from mnist_demo.models.inference import predict_probabilities

NON_DIGITS, NON_DIGIT_SEED = 8, 2**33  # no training has that seed


@dataclass(frozen=True, eq=False)
class DigitReading:
    """One digit of a number. probability: of that digit, in [0, 1]; probabilities: of all ten,
    float32 (10,). box: x, y, width, height in the source's unit. image: float32 (28, 28) in [0, 1],
    as the model got it."""

    digit: int
    probability: float
    probabilities: NDArray[np.float32]
    box: Box
    image: Digit


@dataclass(frozen=True, eq=False)
class NumberReading:
    """A number, from left to right: one digit at least."""

    digits: tuple[DigitReading, ...]

    @property
    def text(self) -> str:
        return "".join(str(each.digit) for each in self.digits)

    @property
    def probability(self) -> float:
        """That all of its digits are right, where they are cut rightly, in [0, 1]."""
        return float(np.prod([each.probability for each in self.digits]))


def read_number(
    model: nn.Module, source: Sequence[ArrayLike] | Image.Image | ArrayLike
) -> NumberReading:
    """Read the number, of one digit or more in a row, that strokes draw or a picture shows.

    model: as `predict_probabilities` takes it. source: strokes as `strokes_to_digit` takes them, or
    a picture as `picture_to_digit` does. A model that was taught what is no digit, as `robust_cnn`
    was, helps to find where one digit ends.

    Raises ValueError as `strokes_to_digit` or `picture_to_digit` do.
    """
    segmentation = segment(source)
    digits = segmentation.digits
    known = _non_digits() if any(segmentation.touching) else digits[:0]
    probabilities = predict_probabilities(model, np.concatenate([digits, known]))
    doubts = len(known) > 0 and bool(probabilities[len(digits) :].max(axis=1).mean() < 0.5)
    return choose_digits(segmentation, probabilities[: len(digits)], doubts=doubts)


@cache
def _non_digits() -> NDArray[np.float32]:
    """A few scribbles, (N, 28, 28): a model that was taught what is no digit doubts them."""
    random = np.random.default_rng(NON_DIGIT_SEED)
    return np.stack([render(scribble(random), random) for _ in range(NON_DIGITS)])


def choose_digits(
    segmentation: Segmentation, probabilities: NDArray[np.float32], *, doubts: bool
) -> NumberReading:
    """The likeliest way through the groups of a segmentation, by dynamic programming.

    probabilities: (N, 10), what a model makes of its `digits`. doubts: whether the model was taught
    what is no digit. Else a piece of one is as good to it as the whole, and it is not to be asked
    whether ink goes on.
    """
    scores = _log_confidence(probabilities)
    best = [0.0] + [-np.inf] * segmentation.count  # of the first so many pieces
    ends_with = [-1] * (segmentation.count + 1)
    for index, group in enumerate(segmentation.groups):  # sorted by where they begin
        cut = 0.0
        if group.first:
            touching = segmentation.touching[group.first - 1]
            cut = WORST if touching and not doubts else segmentation.cuts[group.first - 1]
        score = best[group.first] + cut + group.prior + scores[index]
        if score > best[group.last + 1]:
            best[group.last + 1], ends_with[group.last + 1] = score, index
    digits, at = [], segmentation.count
    while at:
        index = ends_with[at]
        digits.append(_describe(segmentation, index, probabilities[index]))
        at = segmentation.groups[index].first
    return NumberReading(tuple(reversed(digits)))


def _log_confidence(probabilities: NDArray[np.float32]) -> NDArray[np.float64]:
    """How sure a model is beyond a guess: 0 for 1, far below it for 1/10, which it gives to all ten
    where it was taught that something is no digit."""
    beyond = (probabilities.max(axis=1).astype(np.float64) - 0.1) / 0.9
    return np.log(np.maximum(beyond, np.exp(WORST)))


def _describe(
    segmentation: Segmentation, index: int, probabilities: NDArray[np.float32]
) -> DigitReading:
    group, digit = segmentation.groups[index], int(probabilities.argmax())
    share = float(probabilities[digit])
    return DigitReading(digit, share, probabilities, group.box, group.digit)
