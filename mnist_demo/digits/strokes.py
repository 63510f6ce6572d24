"""Pen strokes to a digit, drawn with the pen and in the frame of MNIST's makers."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mnist_demo.digits.mnist_format import BOX, MNIST_PEN, SIZE, Digit, centre_by_mass

MAX_POINTS = 50_000  # seven minutes of a pen that reports 120 times a second
MAX_COORDINATE = 1e6
MIN_EXTENT = 1e-6  # a drawing smaller than this, in its own unit, is a dot
# y and x of the middle of each pixel, (2, 784).
_MIDDLES = np.mgrid[0:SIZE, 0:SIZE].reshape(2, -1).astype(np.float32) + np.float32(0.5)


def strokes_to_digit(strokes: Sequence[ArrayLike], line_width: float | None = None) -> Digit:
    """Draw pen strokes as an MNIST digit.

    strokes: a list of (n, 2) sequences of x (to the right) and y (down), in any unit. line_width in
    that unit draws them as wide as the user saw them; None, with a pen as wide as MNIST's.

    Raises ValueError where there is no point, or a stroke is not (n, 2) finite numbers.
    """
    return centre_by_mass(cut_out(strokes, line_width))


def cut_out(strokes: Sequence[ArrayLike], line_width: float | None = None) -> Digit:
    """`strokes_to_digit` before its last step: scaled to a box of 20x20 in the middle of 28x28."""
    paths = check_strokes(strokes)
    _check_line_width(line_width)
    points = np.concatenate(paths)
    low, high = points.min(axis=0), points.max(axis=0)
    extent = float((high - low).max())
    if line_width is None:
        pen = MNIST_PEN
        scale = (BOX - pen) / max(extent, MIN_EXTENT)
    else:
        scale = BOX / (extent + line_width)
        pen = line_width * scale
    middle = (low + high) / 2
    return _draw([(path - middle) * scale + SIZE / 2 for path in paths], pen)


def squeeze(strokes: Sequence[ArrayLike], side: float, line_width: float) -> Digit:
    """The whole of a square pad of `side` squeezed to 28x28, wherever on it the strokes are.

    What a careless program would show the network. Raises ValueError as `strokes_to_digit` does.
    """
    paths = check_strokes(strokes)
    _check_line_width(line_width)
    return _draw([path * (SIZE / side) for path in paths], line_width * SIZE / side)


def _check_line_width(line_width: float | None) -> None:
    if line_width is not None and not 0 < line_width <= MAX_COORDINATE:
        raise ValueError(
            f"line_width must be above 0 and at most {MAX_COORDINATE:g}, not {line_width!r}"
        )


def check_strokes(strokes: Any) -> list[NDArray[np.float64]]:
    """The strokes that have points, as float64 (n, 2). Raises ValueError as said above."""
    if not isinstance(strokes, Sequence | np.ndarray) or isinstance(strokes, str):
        raise ValueError(f"strokes must be a list of strokes, not {type(strokes).__name__}")
    paths = []
    for number, stroke in enumerate(strokes):
        try:
            path = np.asarray(stroke)
        except (TypeError, ValueError, OverflowError):
            raise ValueError(f"stroke {number} is not a list of (x, y) numbers") from None
        if path.size == 0:
            continue
        if path.dtype.kind not in "iuf":  # "7" and True are no numbers here; 10**30 is too large
            raise ValueError(f"stroke {number} is not a list of (x, y) numbers")
        path = path.astype(np.float64)
        if path.ndim != 2 or path.shape[1] != 2:
            raise ValueError(f"stroke {number} must have the shape (n, 2), not {path.shape}")
        if not (np.abs(path) <= MAX_COORDINATE).all():  # NaN fails this too
            raise ValueError(
                f"stroke {number} has a coordinate that is not within ±{MAX_COORDINATE:,.0f}"
            )
        paths.append(path)
    count = sum(len(path) for path in paths)
    if count == 0:
        raise ValueError("there are no strokes; draw something first")
    if count > MAX_POINTS:
        raise ValueError(f"the drawing has {count:,} points; at most {MAX_POINTS:,} are read")
    return paths


def _draw(paths: list[NDArray[np.float64]], pen: float) -> Digit:
    """Draw `paths`, in pixels, with a round pen; anti-aliased: the ink of a pixel is its distance
    to the edge."""
    thinned = [_thin_out(path).astype(np.float32) for path in paths]
    starts = np.concatenate([path[:-1] if len(path) > 1 else path for path in thinned])
    ends = np.concatenate([path[1:] if len(path) > 1 else path for path in thinned])
    along = ends - starts
    length2 = np.maximum((along**2).sum(axis=1, keepdims=True), 1e-12)
    ys, xs = _MIDDLES
    nearest = np.full(SIZE * SIZE, np.inf, dtype=np.float32)
    for first in range(0, len(starts), 64):  # few at a time stay in the processor's cache
        part = slice(first, first + 64)
        dx = xs - starts[part, :1]  # (segments, 784)
        dy = ys - starts[part, 1:]
        at = np.clip((dx * along[part, :1] + dy * along[part, 1:]) / length2[part], 0, 1)
        dx -= at * along[part, :1]
        dy -= at * along[part, 1:]
        nearest = np.minimum(nearest, (dx * dx + dy * dy).min(axis=0))
    ink = np.clip(pen / 2 - np.sqrt(nearest) + 0.5, 0, 1) * min(pen, 1.0)  # a hairline is grey
    return ink.reshape(SIZE, SIZE).astype(np.float32)


def _thin_out(path: NDArray[np.float64], step: float = 0.25) -> NDArray[np.float64]:
    """Leave out the points that move the pen by less than `step` pixels along its path."""
    if len(path) < 3:
        return path
    length = np.concatenate([[0], np.hypot(*np.diff(path, axis=0).T).cumsum()])
    cells = (length / step).astype(np.int64)
    keep = np.concatenate([[True], cells[1:] != cells[:-1]])
    keep[-1] = True
    return path[keep]
