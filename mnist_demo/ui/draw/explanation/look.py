"""What a visitor looks at inside a network, as the browser sends it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mnist_demo.bounds import Bounds

DRAWING = "drawing"  # the view of the pixels
MOST_OFF = 5_000  # parts that are switched off
PART = Bounds(0, 100_000, whole=True)  # of any layer

Place = tuple[int, int | None, int | None]  # a filter, a row and a column of its map


@dataclass(frozen=True)
class Look:
    """view: DRAWING, or a layer's name. off: by view, the parts that are switched off: filters,
    units or pixels, counted from 0. find: whether the part that matters most is looked for.
    place: whose sum alone is asked for; where its row and column are None, where it is largest.
    moving: whether the pen is still down, and a quick answer is better than an exact one."""

    view: str = DRAWING
    off: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    find: bool = False
    place: Place | None = None
    moving: bool = False


def read_look(value: Any) -> Look:
    """What a browser asks, which may be anything. Raises ValueError where it is no question."""
    if not isinstance(value, dict) or "view" not in value:
        return Look()
    view, off = value["view"], value.get("off") or {}
    if not isinstance(view, str) or not isinstance(off, dict):
        raise ValueError(
            "view must be a layer's name, and off hold a list of numbers for each view"
        )
    parts = {str(name): _read_parts(each) for name, each in off.items()}
    if sum(map(len, parts.values())) > MOST_OFF:
        raise ValueError(f"at most {MOST_OFF:,} parts can be off")
    find, moving = (value.get(name) is True for name in ("find", "moving"))
    return Look(view, parts, find, _read_place(value.get("place")), moving)


def _read_parts(value: Any) -> tuple[int, ...]:
    if not isinstance(value, list) or len(value) > MOST_OFF:
        raise ValueError(f"what is off must be a list of {MOST_OFF:,} numbers at most")
    return tuple(sorted({_read_part(each) for each in value}))


def _read_place(value: Any) -> Place | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 3:
        raise ValueError("place must be a list: filter, row, column")
    row, column = (None if each is None else _read_part(each) for each in value[1:])
    return _read_part(value[0]), row, column


def _read_part(value: Any) -> int:
    return int(PART.check("part", value))
