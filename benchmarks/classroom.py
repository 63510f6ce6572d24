"""A class on one server: everybody draws, three train in turn, all look through the Gallery.

    python -m benchmarks.classroom [--visitors 30] [--minutes 5]

Visitors come over real HTTP, with the requests that Chromium sends: see visited_page.py, and
visitors.py for what they do. Every answer to a drawing is held against the one that this process
computed before. Server and visitors share the machine; what the visitors take of it is measured.
The training of an idle server comes before and after, in the same run.
"""

import argparse
import asyncio
import json
import os
import statistics
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import sync_playwright

from benchmarks.growing_drawings import grow_drawings
from benchmarks.report import print_table, write_report
from benchmarks.server import APP, resident_megabytes, serve_process
from benchmarks.visited_page import Layout, VisitedPage
from benchmarks.visitors import Class, Timed, Visitor
from benchmarks.web_client import WebClient
from tests.browser.chromium import launch_chromium

DRAWINGS = 6  # of each visitor, again and again
TRAINERS = 3
ARRIVAL = 10.0  # seconds in which all come
IDLE_TRAININGS = 2  # before the class, and as many after it
# The goals: milliseconds, a share of the idle training's seconds, a share of the memory.
GOAL_LATENCY, GOAL_SLOWDOWN, GOAL_GROWTH = 150, 0.5, 0.05
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


def list_requests(url: str) -> list[str]:
    """The scripts, styles and the like that Chromium asks for with the page."""
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(url)
        page.locator("#pad canvas").wait_for()
        page.wait_for_timeout(2000)
        browser.close()
    paths = [each.removeprefix(url.rstrip("/")) for each in asked if each.startswith(url)]
    return [each for each in paths if each != "/" and not each.startswith("/gradio_api")]


def processor_seconds(process: int) -> float:
    """What a process has taken of all cores so far, on Linux."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


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


async def sample_processes(process: int, samples: list[Sample]) -> None:
    began = time.perf_counter()
    while True:
        samples.append(
            Sample(
                time.perf_counter() - began,
                resident_megabytes(process),
                processor_seconds(process),
                time.process_time(),
            )
        )
        await asyncio.sleep(1)


async def train_alone(url: str, layout: Layout, times: int) -> list[float]:
    """Seconds of a training on a server that does nothing else."""
    room = Class([])
    for _ in range(times):
        page = VisitedPage(url, layout, uuid.uuid4().hex[:11])
        await page.open([])
        await Visitor(0, page, [], room).train()
        page.close()
        await asyncio.sleep(1)
    return [each.seconds for each in room.ledger.trainings]


async def hold_class(
    url: str, process: int, assets: list[str], visitors: int, minutes: float
) -> dict[str, Any]:
    web = WebClient(url)
    layout = Layout(json.loads((await web.get("/config")).body))
    web.close()
    random = np.random.default_rng(0)
    drawings = [grow_drawings(DRAWINGS, random) for _ in range(visitors)]
    await train_alone(url, layout, 1)  # loads what is loaded once
    idle = await train_alone(url, layout, IDLE_TRAININGS)
    room = Class(drawings)
    samples: list[Sample] = []
    sampling = asyncio.create_task(sample_processes(process, samples))
    until = time.perf_counter() + minutes * 60
    stays = [
        Visitor(number, VisitedPage(url, layout, uuid.uuid4().hex[:11]), own, room).stay(
            number < TRAINERS, assets, ARRIVAL * number / visitors, until
        )
        for number, own in enumerate(drawings)
    ]
    await asyncio.gather(*stays)
    sampling.cancel()
    idle += await train_alone(url, layout, IDLE_TRAININGS)
    return summarize(room, idle, samples, visitors, minutes)


def summarize(
    room: Class, idle: list[float], samples: list[Sample], visitors: int, minutes: float
) -> dict[str, Any]:
    """The row of the report."""
    ledger = room.ledger
    trained = [each.seconds for each in ledger.trainings]
    settled, end = memory_growth(samples)
    took = samples[-1].at - samples[0].at
    trainings = statistics.median(trained) if trained else float("nan")
    return {
        "visitors": visitors,
        "minutes": minutes,
        "faults": dict(ledger.faults),
        "page_seconds": percentile(ledger.pages, 0.95),
        "predictions_while_training": describe([e for e in ledger.predictions if e.training]),
        "predictions_otherwise": describe([e for e in ledger.predictions if not e.training]),
        "waits_after_pen_up": describe(ledger.waits),
        "gallery": describe(ledger.gallery),
        "predictions_per_second": len(ledger.predictions) / took,
        "trainings": len(trained),
        "training_seconds": trainings,
        "training_seconds_idle": statistics.median(idle),
        "slowdown": trainings / statistics.median(idle) - 1,
        "memory_settled_mb": settled,
        "memory_last_mb": end,
        "growth": end / settled - 1,
        "server_cores": (samples[-1].server - samples[0].server) / took,
        "visitors_cores": (samples[-1].visitors - samples[0].visitors) / took,
        "megabytes": [round(sample.megabytes, 1) for sample in samples],
    }


def judge(row: dict[str, Any]) -> list[Bar]:
    return [
        Bar("errors, lost and swapped answers", sum(row["faults"].values()), 0),
        Bar(
            "prediction while a training runs, p95",
            row["predictions_while_training"]["p95"],
            GOAL_LATENCY,
            " ms",
        ),
        Bar("training slowed by the class", 100 * row["slowdown"], 100 * GOAL_SLOWDOWN, " %"),
        Bar("memory's growth", 100 * row["growth"], 100 * GOAL_GROWTH, " %"),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=30)
    parser.add_argument("--minutes", type=float, default=5)
    options = parser.parse_args()
    with serve_process(APP) as (url, process):
        assets = list_requests(url)
        row = asyncio.run(hold_class(url, process, assets, options.visitors, options.minutes))
    told = {name: value for name, value in row.items() if name != "megabytes"}
    print_table(["measured", "value"], [[name, str(value)] for name, value in told.items()])
    for bar in judge(row):
        print(bar.verdict())
    print(f"written to {write_report('classroom', [row])}")


if __name__ == "__main__":
    main()
