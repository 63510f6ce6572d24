"""What each thing that a visitor does costs the server: milliseconds of its processor time.

Processor time is the same on a busy machine, or nearly: it tells what a class needs, whatever else
runs. One thing is done after the other, and nothing besides.
"""

import os
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path

from benchmarks.growing_drawings import UPDATES, GrowingDrawing
from benchmarks.visited_page import Layout, VisitedPage

TIMES = 10


def processor_seconds(process: int) -> float:
    """What a process has taken of all cores so far, on Linux."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def measure_costs(
    url: str, process: int, layout: Layout, assets: list[str], drawings: list[GrowingDrawing]
) -> dict[str, float]:
    """By what is done. The first of each is left out: it loads what is loaded once."""
    page = VisitedPage(url, layout, uuid.uuid4().hex[:11])
    await page.open([])

    async def load(_: int) -> None:
        other = VisitedPage(url, layout, uuid.uuid4().hex[:11])
        await other.open(assets)
        other.close()

    async def draw(number: int) -> None:
        drawing = drawings[number % len(drawings)]
        for update in range(1, UPDATES + 1):
            page.put("pad", drawing.states[update])
            await page.read()

    async def change_page(number: int) -> None:
        page.put("tiles", {"page": number + 2})
        await page.trigger("tiles", "change_page")

    async def open_digit(number: int) -> None:
        page.put("tiles", {"open": number})
        await page.trigger("tiles", "pick")
        await page.trigger("reasons", "ask")

    await page.trigger("tiles", "ask")
    costs = {
        "a page, with its files": await _cost(process, load),
        "an answer to a drawing": await _cost(process, draw) / UPDATES,
        "a page of the Gallery": await _cost(process, change_page),
        "a digit there, with its reasons": await _cost(process, open_digit),
    }
    page.close()
    return costs


async def _cost(process: int, work: Callable[[int], Awaitable[None]]) -> float:
    await work(0)
    before = processor_seconds(process)
    for number in range(1, TIMES + 1):
        await work(number)
    return 1000 * (processor_seconds(process) - before) / TIMES
