"""What lies around a digit in a picture: long lines, the desk around a sheet, the border of a cell.

All by morphology and connected components, on masks (H, W) of uint8, 0 or 1.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_demo.digits.ink_maps import Plane

Mask = NDArray[np.uint8]

LONG = 0.5  # of the picture's side: what is as long and straight is a line
LEANING = np.radians(np.arange(-8, 9, 2))  # how far a line may be from level or upright
SOLID = 0.85  # of its convex hull: what a sheet fills
LEAST, MOST = 0.06, 0.97  # of the picture: a sheet, or a cell


def connected_components(mask: Mask) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The label of each pixel, (H, W), 0 of the ground; and OpenCV's statistics of each label."""
    # By Grana's algorithm, which is twice as fast as the default and labels alike.
    _, labels, stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(
        mask, 8, cv2.CV_32S, cv2.CCL_GRANA
    )
    return labels.astype(np.int32, copy=False), stats.astype(np.int32, copy=False)


def find_lines(mask: Mask) -> Mask:
    """The long straight lines, but not where a stroke crosses them."""
    height, width = mask.shape
    half = _halve(mask)
    found = _level_lines(half) | _level_lines(np.ascontiguousarray(half.T)).T
    return cv2.resize(found, (width, height), interpolation=cv2.INTER_NEAREST)


def _halve(mask: Mask) -> Mask:
    height, width = mask.shape
    if max(height, width) <= 150:
        return mask
    small = cv2.resize(mask * 255, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    return (small > 0).astype(np.uint8)


def _level_lines(mask: Mask) -> Mask:
    """Those that are level, or lean a little: sheared until they are."""
    height, width = mask.shape
    length = max(12, int(width * LONG))
    if int(mask.sum(axis=1).max()) < length // 3:  # no row has much ink: leaning ones spread it
        return np.zeros_like(mask)
    broad = cv2.dilate(mask, np.ones((2, 1), np.uint8))
    closing, opening = np.ones((1, 7), np.uint8), np.ones((1, length), np.uint8)
    found = np.zeros_like(mask)
    for angle in LEANING:
        slope = np.tan(angle)
        shear = np.array([[1, 0, 0], [slope, 1, -slope * width / 2]], dtype=np.float32)
        level = cv2.warpAffine(broad, shear, (width, height), flags=cv2.INTER_NEAREST)
        if level.sum(axis=1, dtype=np.int32).max() < 0.6 * length:
            continue  # there is none at this angle
        closed = cv2.morphologyEx(level, cv2.MORPH_CLOSE, closing)
        lines = cv2.morphologyEx(closed, cv2.MORPH_OPEN, opening)
        if lines.any():
            flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
            found |= cv2.warpAffine(lines, shear, (width, height), flags=flags)
    if not found.any():
        return found
    found = cv2.dilate(found, np.ones((3, 3), np.uint8))
    found &= cv2.dilate(mask, np.ones((3, 1), np.uint8))
    return found & (1 - _thick(mask, mask & found, length))


def _thick(mask: Mask, lines: Mask, length: int) -> Mask:
    """Ink more than twice as thick, from top to bottom, as the lines are: a stroke is there."""
    _, stats = connected_components(lines)
    long = [at for at in range(1, len(stats)) if stats[at, cv2.CC_STAT_WIDTH] >= length / 2]
    sides = stats[long]
    thickness = sides[:, cv2.CC_STAT_AREA] / sides[:, cv2.CC_STAT_WIDTH] if long else [2.0]
    column = np.ones((int(2 * float(np.median(thickness)) + 2.5), 1), np.uint8)
    return cv2.morphologyEx(mask, cv2.MORPH_OPEN, column)


def find_sheets(grey: Plane) -> list[Mask]:
    """What is a light or a dark sheet on a desk of another brightness, without its edge."""
    height, width = grey.shape
    small = cv2.resize(
        grey, (max(8, width // 4), max(8, height // 4)), interpolation=cv2.INTER_AREA
    )
    levels = (np.clip(small, 0, 1) * 255).astype(np.uint8)
    sheets = []
    for seen in (levels, 255 - levels):
        filled = cv2.morphologyEx(seen, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
        _, mask = cv2.threshold(filled, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
        mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
        part = _largest_part(mask, 8)
        if part is None:
            continue
        outline, hull = part, cv2.convexHull(part)
        if cv2.contourArea(outline) < SOLID * cv2.contourArea(hull):
            continue
        sheet = np.zeros_like(mask)
        cv2.fillConvexPoly(sheet, hull, 1)
        if LEAST < sheet.mean() < MOST:
            sheets.append(_without_edge(sheet, 5, (width, height)))
    return sheets


def find_cell(mask: Mask) -> Mask | None:
    """The largest part of the paper that lines shut off from the rest."""
    height, width = mask.shape
    half = _halve(mask)
    outline = _largest_part(1 - half, 4)
    if outline is None:
        return None
    cell = np.zeros_like(half)
    cv2.drawContours(cell, [outline], -1, 1, -1)
    return _without_edge(cell, 3, (width, height)) if LEAST < cell.mean() < MOST else None


def _largest_part(mask: Mask, connectivity: int) -> NDArray[np.int32] | None:
    """The outline of the largest connected part."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=connectivity)
    if count < 2:
        return None
    largest = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    part = (labels == largest).astype(np.uint8)
    outlines, _ = cv2.findContours(part, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return max(outlines, key=cv2.contourArea)


def _without_edge(part: Mask, size: int, shape: tuple[int, int]) -> Mask:
    """Less its edge, but for the picture's own, and as large as the picture."""
    brush = np.ones((size, size), np.uint8)
    eroded = cv2.erode(part, brush, borderType=cv2.BORDER_CONSTANT, borderValue=1)
    return cv2.resize(eroded, shape, interpolation=cv2.INTER_NEAREST)
