"""The points of a run's curves, few enough to send and to draw."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

MAX_POINTS = 200  # a series: more cannot be told apart, and would slow the page

Point = list[float | None]  # step, seconds, then the values


@dataclass
class Curve:
    """A growing series of at most MAX_POINTS points, each the mean of equally many moments.

    A point is [step, seconds, *values]: the last step and second of its moments, so that the curve
    ends where the run is, and the mean of each value; None where none of them is a finite number.
    """

    points: list[Point] = field(default_factory=list)
    _moments_per_point: int = 1
    _waiting: list[Point] = field(default_factory=list)

    def last_step(self) -> float | None:
        """That of the last moment; None where there is none."""
        return (self._waiting or self.points or [[None]])[-1][0]

    def add(self, step: int, seconds: float, *values: float) -> None:
        finite = [value if math.isfinite(value) else None for value in values]
        self._waiting.append([step, round(seconds, 3), *finite])
        if len(self._waiting) < self._moments_per_point:
            return
        self.points.append(_mean(self._waiting))
        self._waiting = []
        if len(self.points) >= MAX_POINTS:
            pairs = zip(self.points[::2], self.points[1::2], strict=True)
            self.points = [_mean(pair) for pair in pairs]
            self._moments_per_point *= 2


def _mean(points: Sequence[Point]) -> Point:
    return [
        *points[-1][:2],
        *(_mean_value(column) for column in list(zip(*points, strict=True))[2:]),
    ]


def _mean_value(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(sum(known) / len(known), 5) if known else None
