"""The parts of one layer, or the pixels of the drawing, as pictures on a sheet."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_demo.digits.mnist_format import SIZE, Digit
from mnist_demo.models.activations import HiddenLayer
from mnist_demo.ui.components.png import (
    contact_sheet,
    png_data_uri,
    put_on_sheet,
    signed_data_uri,
)
from mnist_demo.ui.i18n.translate import Translations, join, translate

COLUMNS = 8  # of maps and of weights: a digit in each can be seen on a phone
DOT, DOT_COLUMNS = 5, 12  # pixels of a dot; dots in a row, each to be hit by a finger
MOST_MAPS = 64
MOST_WEIGHTS = 32
MOST_DOTS = 256


@dataclass(frozen=True)
class Sheet:
    """picture: a PNG with so many `columns` of pictures, each of `height` x `width` pixels, and
    `gap` pixels between. part: what each is of: "filter", "unit" or "pixel"; units: their numbers
    from 0, row by row; values: what each puts out."""

    title: Translations
    help: Translations
    picture: str
    part: str
    units: list[int]
    values: list[str]
    columns: int
    height: int
    width: int
    gap: int


@dataclass(frozen=True, eq=False)
class LayerView:
    """A layer with nothing switched off, as it is now, and, where it has units, on blank paper;
    weights: of its units as pictures, (units, 28, 28), where it sees the pixels."""

    on: HiddenLayer
    now: HiddenLayer
    blank: HiddenLayer | None = None
    weights: NDArray[np.float32] | None = None

    def rank(self) -> NDArray[np.int64]:
        """Its filters or units, those that the drawing excites most first."""
        if self.blank is None:
            strengths = self.on.activations.clip(0).sum(axis=(1, 2))
        else:
            strengths = np.abs(self.on.activations - self.blank.activations)
        return np.argsort(-strengths, kind="stable")


def describe_pixels(digit: Digit) -> Sheet:
    values = [f"{value:.2f}" for value in digit.ravel()]
    title, text = translate("explanation_pixels"), translate("explanation_pixels_help")
    units = [*range(SIZE * SIZE)]
    return Sheet(title, text, png_data_uri(digit), "pixel", units, values, SIZE, 1, 1, 0)


def describe_layer(view: LayerView, kept: Collection[int]) -> Sheet:
    """The most active filters or units of a layer, and those of `kept`."""
    on, now = view.on.activations, view.now.activations
    if on.ndim == 3:
        units = _choose(view, MOST_MAPS, kept)
        columns = min(COLUMNS, len(units))
        maps = contact_sheet(now[units].clip(0), columns, float(on.max()))
        return _describe("maps", view, units, png_data_uri(maps), columns, *on.shape[1:])
    if view.weights is not None:
        units = _choose(view, MOST_WEIGHTS, kept)
        weights = signed_data_uri(put_on_sheet(view.weights[units], COLUMNS, 0.0))
        return _describe("units", view, units, weights, COLUMNS, SIZE, SIZE)
    units = _choose(view, MOST_DOTS, kept)
    numbers = now[units].clip(0)[:, None, None].repeat(DOT, axis=1).repeat(DOT, axis=2)
    dots = png_data_uri(contact_sheet(numbers, DOT_COLUMNS, float(on.max())))
    return _describe("dots", view, units, dots, DOT_COLUMNS, DOT, DOT)


def _choose(view: LayerView, most: int, kept: Collection[int]) -> list[int]:
    return sorted({*view.rank()[:most].tolist(), *kept})


def _describe(
    key: str,
    view: LayerView,
    units: list[int],
    picture: str,
    columns: int,
    height: int,
    width: int,
) -> Sheet:
    told: dict[str, Any] = {"name": view.on.layer.name, "count": view.on.units}
    told |= {"height": height, "width": width}
    title, text = translate(f"explanation_{key}", **told), translate(f"explanation_{key}_help")
    if len(units) < view.on.units:
        most = "explanation_most_filters" if key == "maps" else "explanation_most_units"
        text = join(" ", (text, translate(most, count=len(units))))
    numbers = view.now.activations[units].reshape(len(units), -1).max(axis=1)
    values = [f"{value:.2f}" for value in numbers]
    part = "filter" if key == "maps" else "unit"
    return Sheet(title, text, picture, part, units, values, columns, height, width, 1)
