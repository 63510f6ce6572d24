"""A class on one server: everybody draws, three train in turn, all look through the Gallery.

    python -m benchmarks.classroom [--visitors 30] [--minutes 5]

Pages ask for the next answer when the server has told them to; after each training all of them ask
by the other clock, the fixed one that they had before, so that one run shows both.

Visitors come over real HTTP, with the requests that Chromium sends: see visited_page.py, and
visitors.py for what they do. Every answer to a drawing is held against the one that this process
computed before. Server and visitors share the machine; what the visitors take of it is measured.
The training of an idle server comes before and after, in the same run.
"""

import argparse
import asyncio
import itertools
import json
import os
import time
import uuid
from typing import Any

import numpy as np
from playwright.sync_api import Request, sync_playwright

from benchmarks.class_costs import measure_costs, processor_seconds
from benchmarks.class_report import Sample, judge, summarize
from benchmarks.growing_drawings import grow_drawings
from benchmarks.report import print_table, read_report, write_report
from benchmarks.server import APP, resident_megabytes, serve_process
from benchmarks.visited_page import Layout, VisitedPage
from benchmarks.visitors import TOLD, Class, Visitor
from benchmarks.web_client import WebClient
from mnist_demo.ui.compute.model_store import ModelStore
from tests.browser.chromium import launch_chromium

DRAWINGS = 3  # of each visitor, again and again; all digits are drawn by four of them
TRAINERS = 3
ARRIVAL = 10.0  # seconds in which all come
SETTLING = 5.0  # seconds until what they do then is counted, and the first one trains
IDLE_TRAININGS = 2  # before the class, and as many after it


def list_requests(url: str) -> list[str]:
    """The scripts, styles and the like that Chromium asks for with the page."""
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        asked: list[Request] = []
        page.on("request", lambda request: asked.append(request))
        page.goto(url)
        page.locator("#pad canvas").wait_for()
        page.wait_for_timeout(2000)
        browser.close()
    paths = [
        each.url.removeprefix(url.rstrip("/"))
        for each in asked
        if each.url.startswith(url) and each.method == "GET"
    ]
    return [each for each in paths if each != "/" and not each.startswith("/gradio_api")]


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
    load, _, _ = os.getloadavg()
    web = WebClient(url)
    layout = Layout(json.loads((await web.get("/config")).body))
    web.close()
    random = np.random.default_rng(0)
    digits = itertools.cycle(range(10))
    store = ModelStore()
    drawings = [
        await grow_drawings(store, itertools.islice(digits, DRAWINGS), random)
        for _ in range(visitors)
    ]
    store.compute.close()
    await train_alone(url, layout, 1)  # loads what is loaded once
    idle = await train_alone(url, layout, IDLE_TRAININGS)
    costs = await measure_costs(url, process, layout, assets, drawings[0])
    room = Class(drawings)
    samples: list[Sample] = []
    sampling = asyncio.create_task(sample_processes(process, samples))
    until = time.perf_counter() + minutes * 60
    stays = [
        Visitor(number, VisitedPage(url, layout, uuid.uuid4().hex[:11]), user_models, room).stay(
            number < TRAINERS, assets, ARRIVAL * number / visitors, until
        )
        for number, user_models in enumerate(drawings)
    ]
    asyncio.get_running_loop().call_later(ARRIVAL + SETTLING, setattr, room, "clock", TOLD)
    await asyncio.gather(*stays)
    sampling.cancel()
    idle += await train_alone(url, layout, IDLE_TRAININGS)
    return summarize(room, idle, samples, visitors, minutes) | {"costs": costs, "load_before": load}


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
    before = read_report("classroom") or {"rows": []}
    rows = [row, *(each for each in before["rows"] if each["visitors"] != row["visitors"])]
    rows.sort(key=lambda each: each["visitors"])
    print(f"written to {write_report('classroom', rows)}")


if __name__ == "__main__":
    main()
