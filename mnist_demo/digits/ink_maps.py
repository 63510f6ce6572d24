"""How much ink each pixel of a picture may hold, by several methods.

A picture has planes: its luminance, and the axis on which its colours differ most. In a plane, ink
is what is darker or lighter than the paper. The paper is a smooth surface (global), or what is left
where thin things are filled in (local: a morphological closing; the ink is its top-hat), which a
hard shadow or the edge of a sheet leaves as they are. A slope of light is taken off before, but
not where the picture has two levels of light: the smooth surface that is fitted to both has a slope
beside a shadow's edge, where there is none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_demo.digits.picture_files import LUMINANCE, Pixels

Plane = NDArray[np.float32]  # (H, W)

SMALL = 40  # pixels: a digit that was cut out, and nothing else
MIN_CONTRAST = 0.05
FITTED = 4000  # pixels that the paper's surface is fitted to
NEAR, MOSTLY = 0.1, 0.8  # it fits where so much of the picture is so near it
TWO_LEVELS = 0.78  # of the variance lies between the two: of a slope it is 0.75, of noise 0.64
BOLD = 0.12  # of the picture
TOP_HAT = 0.12  # of the shorter side: few strokes are wider, and a shadow's corners are not filled
STRONG = 0.5  # of what stands out most
COLOURED = 0.06  # grey pictures, and what JPEG makes of them, differ less in their channels
WEAK = 0.3  # of the stronger side's contrast: then what is lighter, say, than the paper is no ink


@dataclass(frozen=True, eq=False)
class InkMap:
    """ink: at least 0, how much lighter, or darker, than the paper. floor: what is above it is ink
    and not noise. kind: "global", or the plane of a local one. plane: what it was found in."""

    ink: Plane
    floor: float
    kind: str
    light: bool
    plane: Plane

    @cached_property
    def total(self) -> float:
        return float(self.ink.sum())

    @cached_property
    def contrast(self) -> float:
        return float(_quantile(self.ink, 0.998))


def find_ink(pixels: Pixels) -> Iterator[InkMap]:
    """The ink maps of a picture (H, W, C) in [0, 1], the plainest first."""
    grey = luminance(pixels)
    paper = _paper(grey)
    global_map = _global_map(grey, paper)
    if global_map:
        yield global_map
    if min(grey.shape) < SMALL:
        return
    yield from _two_level_maps(grey)
    fits = float((np.abs(grey - paper)[::3, ::3] < NEAR).mean()) > MOSTLY
    yield from _local_maps(grey - paper + np.float32(paper.mean()) if fits else grey, "grey")
    axis = _colour_axis(pixels, grey)
    if axis is not None:
        yield from _local_maps(pixels @ axis, "colour")


def luminance(pixels: Pixels) -> Plane:
    return pixels[..., 0] if pixels.shape[2] == 1 else pixels @ LUMINANCE


def _global_map(grey: Plane, paper: Plane) -> InkMap | None:
    rest = grey - paper
    noise = 1.4826 * float(np.median(np.abs(rest[::2, ::2])))  # the standard deviation
    # Ink is what stands out farther on one side of the paper's level than on the other.
    dark, light = (float(np.clip(side - 3 * noise, 0, None).sum()) for side in (-rest, rest))
    ink = np.clip(-rest if dark > light else rest, 0, None)
    top = float(ink.max())
    level = float(np.median(ink[ink > max(top / 2, 1e-6)])) if top > 1e-6 else 0.0
    if level < max(0.1, 5 * noise):
        return None
    floor = min(max(3 * noise, 0.3 * level if noise else 0.0), 0.6 * level)
    return InkMap(ink, floor, "global", light >= dark, grey)


def _paper(grey: Plane) -> Plane:
    """The paper's grey level everywhere: a quadratic surface, by robust least squares."""
    height, width = grey.shape
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, width, dtype=np.float32)[None]
    step = max(1, int((height * width / FITTED) ** 0.5))
    few = (slice(None, None, step), slice(None, None, step))
    levels = grey[few].ravel()
    across, down = (np.broadcast_to(each, grey.shape)[few].ravel() for each in (x, y))
    one = np.ones_like(across)
    terms = np.stack([one, across, down, across**2, across * down, down**2], axis=-1)
    edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    weights = np.zeros(6, dtype=np.float32)
    weights[0] = np.median(edge)
    tolerance = max(0.25, 2 * float(np.median(np.abs(edge - weights[0]))))
    for _ in range(4):
        fitted = terms @ weights
        near = np.abs(levels - fitted) < tolerance
        if near.sum() < 6:
            break
        square = terms[near].T @ terms[near] + 1e-4 * np.eye(6, dtype=np.float32)
        weights = np.linalg.solve(square, terms[near].T @ levels[near])
        spread = 1.4826 * float(np.median(np.abs(levels[near] - terms[near] @ weights)))
        tolerance = float(np.clip(3 * spread, 0.05, 0.25))
    level, right, below, bend, twist, sag = (float(weight) for weight in weights)
    return (level + right * x + bend * x * x) + (below * y + sag * y * y) + twist * (x * y)


def _two_level_maps(grey: Plane) -> list[InkMap]:
    """The darker and the lighter of two levels (Otsu's threshold), where either takes much of the
    picture: in a close crop of bold ink there is too little paper for the other methods."""
    levels = (np.clip(grey, 0, 1) * 255).astype(np.uint8)
    threshold = cv2.threshold(levels, 0, 255, cv2.THRESH_OTSU)[0] / 255
    is_dark = grey <= threshold
    if not BOLD < is_dark.mean() < 1 - BOLD:
        return []
    dark, light = float(grey[is_dark].mean()), float(grey[~is_dark].mean())
    between = is_dark.mean() * (1 - is_dark.mean()) * (light - dark) ** 2
    if light - dark < 2 * MIN_CONTRAST or between < TWO_LEVELS * grey.var():
        return []
    floor = max(light - threshold, threshold - dark) * 0.8
    maps = []
    for ink, is_light in ((light - grey, False), (grey - dark, True)):
        maps.append(InkMap(np.clip(ink, 0, None), floor, "two levels", is_light, grey))
    return maps


def _local_maps(plane: Plane, name: str) -> list[InkMap]:
    """What is darker than the paper around it, and what is lighter."""
    shorter = min(plane.shape)
    smooth = cv2.GaussianBlur(plane, (0, 0), 0.8) if shorter > 60 else plane
    size = max(3, int(shorter * TOP_HAT) | 1)
    whole = cv2.copyMakeBorder(smooth, size, size, size, size, cv2.BORDER_REFLECT)
    inside = (slice(size, -size), slice(size, -size))
    brush = np.ones((size, size), dtype=np.uint8)
    closed = cv2.erode(cv2.dilate(whole, brush), brush)[inside]
    opened = cv2.dilate(cv2.erode(whole, brush), brush)[inside]
    dark, light = closed - smooth, smooth - opened
    if name == "grey":  # ink in a shadow stands out less
        dark = dark * 1.25 / (np.clip(closed, 0, 1) + 0.25)
        light = light * 1.25 / (1.25 - np.clip(opened, 0, 1))
    maps = []
    for ink, is_light in ((dark, False), (light, True)):
        noise = float(np.median(ink[::3, ::3]))
        top = float(_quantile(ink, 0.998))
        if top >= max(MIN_CONTRAST, 4 * noise):
            floor = max(4 * noise, 0.15 * top, 0.6 * MIN_CONTRAST)
            maps.append(InkMap(ink, floor, name, is_light, plane))
            if STRONG * top > 1.3 * floor:  # the ink alone, without faint lines and shadows
                maps.append(InkMap(ink, STRONG * top, name, is_light, plane))
    strongest = max((each.contrast for each in maps), default=0.0)
    return [each for each in maps if each.contrast >= WEAK * strongest]


def _colour_axis(pixels: Pixels, grey: Plane) -> Plane | None:
    """The direction in which ink differs most from the paper near it, (3,): a principal component.

    None where it is that of brightness.
    """
    if pixels.shape[2] == 1:
        return None
    small = cv2.resize(pixels, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    grey = small @ LUMINANCE
    if np.abs(small - grey[..., None]).max() < COLOURED:
        return None
    size = max(3, int(min(small.shape[:2]) * 0.3) | 1)
    paper = cv2.medianBlur((small * 255).astype(np.uint8), size).astype(np.float32) / 255
    rest = (small - paper).reshape(-1, 3)
    length = (rest * rest).sum(axis=1)
    rest = rest[length >= max(float(np.quantile(length, 0.9)), 1e-6)]
    if len(rest) < 8:
        return None
    axis = np.linalg.eigh(rest.T @ rest)[1][:, -1]
    if abs(float(axis.sum())) > 0.95 * 3**0.5:
        return None
    return (axis / np.abs(axis).sum()).astype(np.float32)


def _quantile(values: Plane, share: float) -> float:
    """Of every ninth pixel: enough of a level, and fast."""
    few = values[::3, ::3] if values.size > 10_000 else values
    return float(np.quantile(few, share))
