"""Labelled drawings as a JSON file: a user's digits.

    {"format": "mnist-demo drawings", "version": 1,
     "drawings": [{"label": 7, "strokes": [[[70, 60], [205, 60], [125, 235]]]}, ...]}

A stroke is a list of points [x, y], x to the right and y down, in units of a pad 280 to a side.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_demo.digits.strokes import check_strokes, strokes_to_digit

FORMAT, VERSION = "mnist-demo drawings", 1
MAX_DRAWINGS = 500
MAX_BYTES = 5_000_000
DECIMALS = 2  # of a coordinate: a hundredth of a unit is seen by nobody

Stroke = tuple[tuple[float, ...], ...]  # points (x, y)


@dataclass(frozen=True)
class Drawing:
    """One drawing and the digit that it is. Raises ValueError where it has no label or no ink.

    strokes: as for `strokes_to_digit`; kept as tuples, rounded to DECIMALS.
    """

    label: int
    strokes: tuple[Stroke, ...]

    def __post_init__(self) -> None:
        if isinstance(self.label, bool) or self.label not in range(10):
            raise ValueError(f"a label must be a whole number from 0 to 9, not {self.label!r}")
        paths = [path.round(DECIMALS).tolist() for path in check_strokes(self.strokes)]
        kept = tuple(tuple(tuple(point) for point in path) for path in paths)
        object.__setattr__(self, "strokes", kept)


def write_drawings(drawings: Sequence[Drawing]) -> str:
    """The file's text."""
    entries = [{"label": drawing.label, "strokes": drawing.strokes} for drawing in drawings]
    return json.dumps({"format": FORMAT, "version": VERSION, "drawings": entries})


def read_drawings(text: str | bytes) -> list[Drawing]:
    """The drawings of a file's text.

    Raises ValueError, with what is wrong and where, for anything but such a file of at most
    MAX_DRAWINGS drawings and MAX_BYTES bytes.
    """
    if len(text) > MAX_BYTES:
        raise ValueError(f"the file has {len(text):,} bytes; at most {MAX_BYTES:,} are read")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("the file is not JSON; choose one that was downloaded here") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ValueError(f'the file does not say "format": "{FORMAT}"')
    if content.get("version") != VERSION:
        raise ValueError(f"the file's version is {content.get('version')!r}, not {VERSION}")
    entries = content.get("drawings")
    if not isinstance(entries, list) or len(entries) > MAX_DRAWINGS:
        raise ValueError(f'"drawings" must be a list of at most {MAX_DRAWINGS}')
    return [_read(number, entry) for number, entry in enumerate(entries, start=1)]


def _read(number: int, entry: Any) -> Drawing:
    if not isinstance(entry, dict):
        raise ValueError(f"drawing {number} is not an object with a label and strokes")
    try:
        return Drawing(entry.get("label"), entry.get("strokes"))  # type: ignore[arg-type]  # checked there
    except ValueError as error:
        raise ValueError(f"drawing {number}: {error}") from None


def drawings_to_digits(
    drawings: Sequence[Drawing],
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Digits, float32 (N, 28, 28) in [0, 1], and labels, (N,)."""
    digits = [strokes_to_digit(drawing.strokes) for drawing in drawings]
    labels = np.array([drawing.label for drawing in drawings], dtype=np.int64)
    return np.stack(digits) if digits else np.zeros((0, 28, 28), dtype=np.float32), labels
