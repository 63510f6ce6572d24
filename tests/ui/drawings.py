"""What is no drawing, but may be sent as one."""

from typing import Any

NAN, INF = float("nan"), float("inf")


def _nested(depth: int) -> Any:
    nest: list[Any] = []
    for _ in range(depth):
        nest = [nest]
    return nest


HOSTILE: dict[str, Any] = {
    "nothing": None,
    "a number": 3,
    "a text": "7",
    "a list": [[[1, 2]]],
    "no strokes": {},
    "strokes that are a text": {"strokes": "[[1, 2]]"},
    "strokes that are a dict": {"strokes": {"0": [[1, 2]]}},
    "numbers for strokes": {"strokes": [1, 2, 3]},
    "one point for a stroke": {"strokes": [[1, 2]]},
    "three coordinates": {"strokes": [[[1, 2, 3]]]},
    "texts for points": {"strokes": [["a", "b"]]},
    "texts for coordinates": {"strokes": [[["a", "b"]]]},
    "no coordinates": {"strokes": [[[None, None]]]},
    "dicts for points": {"strokes": [[{"x": 1, "y": 2}]]},
    "unequal points": {"strokes": [[[1, 2], [3]]]},
    "NaN": {"strokes": [[[NAN, 0], [1, 1]]]},
    "infinity": {"strokes": [[[0, 0], [INF, 1]]]},
    "far away": {"strokes": [[[0, 0], [1e300, 1]]]},
    "a number without end": {"strokes": [[[10**400, 0]]]},
    "too many points": {"strokes": [[[1, 2]] * 50_001]},
    "huge nests": {"strokes": _nested(5_000)},
    "many empty strokes": {"strokes": [[]] * 10_000},
}
