"""UCI's pen-based digits as the pad would send them: strokes, y down, with label and writer.

Alpaydin and Alimoglu, "Pen-Based Recognition of Handwritten Digits", 1998, CC BY 4.0. Nothing is
ever trained on them.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_demo.data.mnist import data_directory

FILE = "pendigits-train.unipen"
BOX = 500.0  # the tablet's coordinates, y upwards


@dataclass(frozen=True, eq=False)
class Drawing:
    """strokes: float64 arrays (n, 2) of x and y, y down, in a box of 500 to a side."""

    label: int
    writer: int
    strokes: list[NDArray[np.float64]]


def load_pendigits(path: Path | None = None) -> list[Drawing]:
    """All drawings of the file. Raises ValueError where it is not there."""
    path = path or data_directory() / FILE
    if not path.is_file():
        raise ValueError(f"there is no {path}; set MNIST_DEMO_DATA to the folder that holds it")
    segments = path.read_text(encoding="ascii").split(".SEGMENT DIGIT")[1:]
    return [_read(segment) for segment in segments]


def _read(segment: str) -> Drawing:
    comment = re.search(r"\.COMMENT\s+(\d+)\s+(\d+)", segment)
    if comment is None:
        raise ValueError(f"a digit has no label: {segment[:60]!r}")
    strokes = []
    for part in segment.split(".PEN_DOWN")[1:]:
        numbers = np.array(part.split(".PEN_UP")[0].split(), dtype=np.float64).reshape(-1, 2)
        if len(numbers):
            strokes.append(np.stack([numbers[:, 0], BOX - numbers[:, 1]], axis=1))
    return Drawing(int(comment[1]), int(comment[2]), strokes)
