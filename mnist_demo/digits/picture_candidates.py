"""The candidates of a picture: what in it may be a digit, cut free of what is around it.

Each ink map is read with and without long lines, what touches the border, what lies around a sheet
or a cell, and what lies apart.
"""

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_demo.digits.ink_maps import SMALL, InkMap, Plane, find_ink, luminance
from mnist_demo.digits.mnist_format import Digit
from mnist_demo.digits.picture_files import Pixels
from mnist_demo.digits.surroundings import (
    Mask,
    connected_components,
    find_cell,
    find_lines,
    find_sheets,
)

# For a candidate and against it, as log-odds: fitted, with TRUST in pictures.py, so that
# the right one of a picture's candidates is chosen (a conditional logit), to the development split
# of benchmarks/pictures.py and to its odd writers on other desks, in other shadows, on other grids.
WEIGHTS = {
    "global": 0.4,  # by the smooth surface of the paper
    "two_levels": -0.9,
    "light": -1.2,  # lighter than what is around it, or than the other of two levels
    "level": 1.0,  # how much the ink stands out, its logarithm
    "paper": -0.7,  # the ink is no lighter, or no darker, than most of the picture
    "second_piece": -0.75,
    "more_pieces": -0.6,
    "share": 1.35,  # of all ink, its logarithm
    "edges": -0.45,
    "solid": -5.0,  # set by hand: MNIST has such digits, and the pictures fitted to do not
    "far": -0.8,  # from the middle, in sides of the picture
    "lines": -1.15,
    "border": 0.35,
    "around": -1.65,
    "apart": -0.9,
}
LEAST = -10.0  # the right ones that were fitted to have more than -8
SPECK = 1 / 50  # of the largest piece's ink: a piece that has less is dropped
MAX_PIECES = 20  # a digit on lined paper or in broken strokes has fewer
SOLID = 0.36  # of its size: a stroke of one digit in a hundred is thicker; a sheet, a desk are
SMALLEST = 0.04  # of the picture's side
LEFT, TOP, WIDTH, HEIGHT = range(4)  # columns of OpenCV's statistics

Box = tuple[int, int, int, int]  # top, left, height, width


@dataclass(frozen=True, eq=False)
class Candidate:
    """ink: the digit cut out, (h, w) in [0, 1]. box: where, in the pixels looked at. removed: what
    was cut away: "lines", what touches the "border", what lies "around" a sheet or a cell, and
    "apart" from the digit. edges: how many sides of the picture the ink reaches. pieces: of how
    many the digit is made. plausibility: log-odds, up to a constant, that it is the digit."""

    ink: Digit
    box: Box
    removed: frozenset[str]
    edges: int
    pieces: int
    plausibility: float


def find_candidates(pixels: Pixels) -> Iterator[Iterator[Candidate]]:
    """Those of each ink map, the plainest first; none twice. Each is found when it is asked for."""
    grey = luminance(pixels)
    sheets = functools.cache(lambda: find_sheets(grey) if min(grey.shape) >= SMALL else None)
    seen: set[tuple[object, ...]] = set()
    for found in find_ink(pixels):
        yield _read_map(found, sheets, seen)


def _read_map(
    found: InkMap, find: Callable[[], list[Mask] | None], seen: set[tuple[object, ...]]
) -> Iterator[Candidate]:
    """The plainest first. find: the sheets in the picture, None where it is too small for any."""
    yield from _read(found, found.ink, frozenset(), None, seen)
    sheets = find()
    if sheets is None or found.kind == "two levels":  # around a close crop there is nothing
        return
    mask = (found.ink > found.floor).astype(np.uint8)
    lines, cell = find_lines(mask), find_cell(mask)
    for area in (None, *sheets, *([] if cell is None else [cell])):
        ink = found.ink if area is None else found.ink * area
        around = frozenset() if area is None else frozenset({"around"})
        if area is not None:
            yield from _read(found, ink, around, area, seen)
        if lines.any():
            yield from _read(found, ink * (1 - lines), around | {"lines"}, area, seen)


def _read(
    found: InkMap,
    ink: Plane,
    removed: frozenset[str],
    area: Mask | None,
    seen: set[tuple[object, ...]],
) -> Iterator[Candidate]:
    few = found.plane[::3, ::3] if area is None else found.plane[::3, ::3][area[::3, ::3] > 0]
    pieces = _Pieces.of(ink, found.floor, float(np.median(few)) if few.size else 0.0)
    if pieces is None:
        return
    touching = pieces.touching(area)
    yield from _groups(found, pieces, removed, np.zeros_like(touching), seen)
    if touching.any() and not touching[1:].all():
        yield from _groups(found, pieces, removed | {"border"}, touching, seen)


@dataclass(frozen=True, eq=False)
class _Pieces:
    """The connected components of what is above a level. Index 0 is the paper, whose level in the
    plane is `paper`."""

    ink: Plane
    paper: float
    labels: NDArray[np.int32]
    stats: NDArray[np.int32]
    mass: NDArray[Any]

    @classmethod
    def of(cls, ink: Plane, level: float, paper: float) -> "_Pieces | None":
        mask = (ink > level).astype(np.uint8)
        labels, stats = connected_components(mask)
        if len(stats) < 2:
            return None
        inked = np.flatnonzero(mask)  # few: the paper weighs nothing
        weights = ink.ravel()[inked]
        mass = np.bincount(labels.ravel()[inked], weights=weights, minlength=len(stats))
        return cls(ink, paper, labels, stats, mass)

    def touching(self, area: Mask | None) -> NDArray[np.bool_]:
        """Which reach the border of the picture, or of an area of it."""
        labels = self.labels
        sides = [labels[0], labels[-1], labels[:, 0], labels[:, -1]]
        if area is not None:
            brush = np.ones((3, 3), np.uint8)
            inner = cv2.erode(area, brush, borderType=cv2.BORDER_CONSTANT, borderValue=1)
            sides.append(labels[(area > 0) & (inner == 0)])
        found = np.zeros(len(self.mass), dtype=bool)
        found[np.concatenate(sides)] = True
        found[0] = False
        return found

    def near(self, one: int, of: NDArray[np.intp]) -> NDArray[np.intp]:
        """Those within a quarter of the size of `one` from its box."""
        left, top, width, height = self.stats[one, :4]
        reach = max(width, height) * 0.25
        stats = self.stats[of]
        right, bottom = stats[:, LEFT] + stats[:, WIDTH], stats[:, TOP] + stats[:, HEIGHT]
        return of[
            (stats[:, LEFT] < left + width + reach)
            & (right > left - reach)
            & (stats[:, TOP] < top + height + reach)
            & (bottom > top - reach)
        ]

    def most_central(self, of: NDArray[np.intp]) -> int:
        """The piece near the middle that has much ink."""
        height, width = self.labels.shape
        stats = self.stats[of]
        across = np.abs((stats[:, LEFT] + stats[:, WIDTH] / 2) / width - 0.5)
        down = np.abs((stats[:, TOP] + stats[:, HEIGHT] / 2) / height - 0.5)
        return int(of[(across + down - 0.7 * self.mass[of] / self.mass.max()).argmin()])


def _groups(
    found: InkMap,
    pieces: _Pieces,
    removed: frozenset[str],
    without: NDArray[np.bool_],
    seen: set[tuple[object, ...]],
) -> Iterator[Candidate]:
    """The pieces together; those near the largest one; it alone; and those near the middle one."""
    mass = np.where(without, 0, pieces.mass)
    largest = int(mass.argmax())
    kept = np.flatnonzero(mass > mass[largest] * SPECK)
    if len(kept) > MAX_PIECES and mass[largest] < mass.sum() / 2:
        return  # noise, or a pattern: any piece of it would do
    groups = [(kept, removed)]
    if len(kept) > 1:
        apart = removed | {"apart"}
        central = pieces.most_central(kept)
        groups.append((pieces.near(largest, kept), apart))
        groups.append((np.array([largest]), apart))
        if central != largest:
            others = kept[kept != largest]
            groups.append((pieces.near(central, others), apart))
    for group, what in groups:
        if 0 < len(group) <= MAX_PIECES:
            candidate = _cut_out(found, pieces, group, what, seen)
            if candidate:
                yield candidate


def _cut_out(
    found: InkMap,
    pieces: _Pieces,
    group: NDArray[np.intp],
    removed: frozenset[str],
    seen: set[tuple[object, ...]],
) -> Candidate | None:
    height, width = pieces.labels.shape
    stats = pieces.stats[group]
    left, top = int(stats[:, LEFT].min()), int(stats[:, TOP].min())
    right = int((stats[:, LEFT] + stats[:, WIDTH]).max())
    bottom = int((stats[:, TOP] + stats[:, HEIGHT]).max())
    size = max(right - left, bottom - top)
    if size < max(5, SMALLEST * max(height, width)) and min(height, width) >= SMALL:
        return None
    box = (slice(top, bottom), slice(left, right))
    chosen = np.zeros(len(pieces.mass), dtype=bool)
    chosen[group] = True
    inside = chosen[pieces.labels[box]]
    edges = (left <= 0) + (top <= 0) + (right >= width) + (bottom >= height)
    if found.kind == "two levels" and edges < 3:
        return None  # no close crop
    about = (top // 3, left // 3, bottom // 3, right // 3, int(inside.sum()) // 40)
    key = (found.kind == "colour", found.light, *about)
    if key in seen:
        return None
    seen.add(key)
    solid = _thickness(inside) > SOLID * size
    if solid and found.kind == "two levels":
        return None
    ink = np.where(inside, pieces.ink[box], 0)
    held = ink[inside]
    level = float(np.quantile(held, 0.75))
    floor = min(max(found.floor, 0.3 * level), 0.6 * level)
    above = (float(found.plane[box][inside].mean()) - pieces.paper) / max(level, 1e-3)
    features = dict.fromkeys(removed, 1.0) | {
        "global": found.kind == "global",
        "two_levels": found.kind == "two levels",
        "light": found.light and found.kind in ("two levels", "grey"),
        "level": float(np.log(max(level, 1e-3))),
        "paper": 1 - float(np.clip(above if found.light else -above, 0, 1)),
        "second_piece": len(group) > 1,
        "more_pieces": min(max(len(group) - 2, 0), 3),
        "share": float(np.log(max(pieces.mass[group].sum() / found.total, 1e-3))),
        "edges": edges,
        "solid": solid,
        "far": float(np.hypot((left + right) / width - 1, (top + bottom) / height - 1)) / 2,
    }
    plausibility = _plausibility(features)
    if plausibility < LEAST:
        return None
    cut = np.clip((ink - floor) / (level - floor), 0, 1).astype(np.float32)
    place = (top, left, bottom - top, right - left)
    return Candidate(cut, place, removed, edges, len(group), plausibility)


def _thickness(inside: NDArray[np.bool_]) -> float:
    """The diameter of the largest circle within, in pixels."""
    padded = np.pad(inside, 1).astype(np.uint8)
    return 2 * float(cv2.distanceTransform(padded, cv2.DIST_L2, 3).max())


def _plausibility(features: dict[str, float]) -> float:
    return sum(WEIGHTS[name] * value for name, value in features.items())
