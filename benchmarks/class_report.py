"""What came of a class on one server: its figures, and the goals that they meet or miss."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.visitors import CLOCKS, TOLD, Class, Ledger, Timed

# The goals: milliseconds, the share of its speed that a training loses, a share of the memory.
GOAL_LATENCY, GOAL_SPEED_LOST, GOAL_GROWTH = 150, 0.5, 0.05
FITS = 30  # visitors: of more only that they are answered soon, and meet no error
SETTLED = 0.4  # of the time: the end of the second of five minutes
WINDOW = 0.1  # of the time: the memory is the median of that long


@dataclass(frozen=True)
class Sample:
    """at: seconds since the class began. server, visitors: seconds of processor time so far."""

    at: float
    megabytes: float
    server: float
    visitors: float


@dataclass(frozen=True)
class Bar:
    """A goal. faults are to be 0; all else at most `limit`."""

    name: str
    measured: float
    limit: float
    unit: str = ""

    def verdict(self) -> str:
        by = abs(self.measured - self.limit)
        told = f"{self.measured:.4g}{self.unit}, at most {self.limit:g}{self.unit}"
        kept = self.measured <= self.limit  # NaN, where nothing was measured, is missed
        return f"{'met' if kept else 'MISSED'} by {by:.3g}{self.unit}: {self.name}: {told}"


def percentile(times: Sequence[float], share: float) -> float:
    """The time that `share` of all reach at most, one of them; NaN where there are none."""
    if not times:
        return float("nan")
    return sorted(times)[max(0, int(np.ceil(share * len(times))) - 1)]


def describe(times: Sequence[Timed]) -> dict[str, float]:
    """n, and milliseconds."""
    seconds = [each.seconds for each in times]
    shown: dict[str, float] = {"n": len(seconds)}
    for name, share in (("p50", 0.5), ("p95", 0.95), ("max", 1.0)):
        shown[name] = 1000 * percentile(seconds, share)
    return shown


def memory_growth(samples: Sequence[Sample]) -> tuple[float, float]:
    """Megabytes at SETTLED of the time and at its end, each the median of WINDOW before it."""
    last = samples[-1].at
    settled, end = (
        statistics.median(
            each.megabytes for each in samples if (share - WINDOW) * last <= each.at <= share * last
        )
        for share in (SETTLED, 1.0)
    )
    return settled, end


def summarize(
    room: Class, idle: list[float], samples: list[Sample], visitors: int, minutes: float
) -> dict[str, Any]:
    """The row of the report."""
    ledger = room.ledger
    settled, end = memory_growth(samples)
    took = samples[-1].at - samples[0].at
    return {
        "visitors": visitors,
        "minutes": minutes,
        "faults": dict(ledger.errors),
        "page_seconds": percentile(ledger.pages, 0.95),
        "clocks": {clock: _describe_clock(ledger, clock, idle) for clock in CLOCKS},
        "predictions_per_second": len(ledger.predictions) / took,
        "training_seconds_idle": statistics.median(idle),
        "memory_settled_mb": settled,
        "memory_last_mb": end,
        "growth": end / settled - 1,
        "server_cores": (samples[-1].server - samples[0].server) / took,
        "visitors_cores": (samples[-1].visitors - samples[0].visitors) / took,
        "megabytes": [round(sample.megabytes, 1) for sample in samples],
    }


def _describe_clock(ledger: Ledger, clock: str, idle: list[float]) -> dict[str, Any]:
    """What was seen while all pages asked by that clock."""

    def of_clock(seen: list[Timed]) -> list[Timed]:
        return [each for each in seen if each.clock == clock]

    predictions = of_clock(ledger.predictions)
    trained = [each.seconds for each in of_clock(ledger.trainings)]
    training_seconds = statistics.median(trained) if trained else float("nan")
    return {
        "predictions_while_training": describe([e for e in predictions if e.training]),
        "predictions_otherwise": describe([e for e in predictions if not e.training]),
        "waits_after_pen_up": describe(of_clock(ledger.waits)),
        "gallery": describe(of_clock(ledger.gallery)),
        "answers_per_second_of_a_pen": len(predictions) / (ledger.drawn[clock] or float("nan")),
        "trainings": len(trained),
        "training_seconds": training_seconds,
        "speed_lost": 1 - statistics.median(idle) / training_seconds,
    }


def judge(row: dict[str, Any]) -> list[Bar]:
    """A class is to have no errors; one that fits the server, also speed."""
    errors = Bar("errors, lost and swapped answers", sum(row["faults"].values()), 0)
    told = row["clocks"][TOLD]
    latency = told["predictions_while_training"]["p95"]
    latency_bar = Bar("prediction while a training runs, p95", latency, GOAL_LATENCY, " ms")
    if row["visitors"] > FITS:
        return [errors, latency_bar]
    return [
        errors,
        latency_bar,
        Bar("speed that a training loses", 100 * told["speed_lost"], 100 * GOAL_SPEED_LOST, " %"),
        Bar("memory's growth", 100 * row["growth"], 100 * GOAL_GROWTH, " %"),
    ]
