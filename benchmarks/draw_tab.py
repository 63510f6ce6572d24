"""How fast the answer follows the pen, in Chromium.

    python -m benchmarks.draw_tab [--rounds N]

A 7 is drawn in about a second, at 60 moves a second. Measured are the answers a second while the
pen is down, and the milliseconds from pointer-up until the answer to the whole drawing stands on
the page: with all panels folded, and with one open. Server and browser share the machine.
"""

import argparse
import itertools
import statistics
from typing import Any

from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.report import print_table, write_report
from benchmarks.server import APP, serve
from tests.browser.chromium import launch_chromium

SEVEN = [(70, 60), (205, 60), (125, 235)]
MOVES = 30  # of each of its two sides
PAUSE = 1000 / 60  # milliseconds between two moves
GOAL_MILLISECONDS, GOAL_ANSWERS = 60, 10
PANELS = ("model-comparison", "explanation")  # open, one at a time

# An answer that differs from the last one writes its sentence anew, so the last change is seen; how
# many answers come, also those that are the same, is counted by the requests that have ended.
WATCH = """() => {
  window.answers = [];
  window.lifted = null;
  document.querySelector('#pad canvas').addEventListener('pointerdown', () => {
    window.answers = [];
    performance.clearResourceTimings();
  });
  document.querySelector('#pad canvas').addEventListener('pointerup', () => {
    window.lifted = performance.now();
  });
  new MutationObserver(() => window.answers.push(performance.now())).observe(
    document.querySelector('#prediction .sentence'), { childList: true },
  );
}"""


def draw(page: Page) -> dict[str, float]:
    """Draw a 7: answers a second until the pen is lifted, milliseconds from then to the last."""
    page.locator("#pad canvas").scroll_into_view_if_needed()
    box = page.locator("#pad canvas").bounding_box()
    assert box is not None
    unit = box["width"] / 280
    page.mouse.move(box["x"] + SEVEN[0][0] * unit, box["y"] + SEVEN[0][1] * unit)
    page.mouse.down()
    started = page.evaluate("performance.now()")
    for (x0, y0), (x1, y1) in itertools.pairwise(SEVEN):
        for step in range(1, MOVES + 1):
            x, y = x0 + (x1 - x0) * step / MOVES, y0 + (y1 - y0) * step / MOVES
            page.mouse.move(box["x"] + x * unit, box["y"] + y * unit)
            page.wait_for_timeout(PAUSE)
    page.mouse.up()
    page.wait_for_timeout(600)
    answers, lifted = page.evaluate("[window.answers, window.lifted]")
    ended = page.evaluate(
        "performance.getEntriesByType('resource').map((request) => request.responseEnd)"
    )
    expect(page.locator("#prediction .digit")).to_have_text("7")
    page.keyboard.press("Escape")
    page.wait_for_timeout(300)
    during = [at for at in ended if at <= lifted]
    return {
        "answers_per_second": len(during) / (lifted - started) * 1000,
        "milliseconds": answers[-1] - lifted,
    }


def measure(page: Page, url: str, panel: str | None, rounds: int) -> dict[str, Any]:
    page.goto(url)
    page.locator("#pad canvas").wait_for()
    if panel:
        page.locator(f"#{panel} summary").click()
    page.evaluate(WATCH)
    draws = [draw(page) for _ in range(rounds + 2)][2:]  # the first load the models
    return {
        "open": panel or "nothing",
        "n": rounds,
        "answers_per_second": statistics.median(each["answers_per_second"] for each in draws),
        "milliseconds": statistics.median(each["milliseconds"] for each in draws),
        "milliseconds_worst": max(each["milliseconds"] for each in draws),
        "goal_milliseconds": GOAL_MILLISECONDS,
        "goal_answers_per_second": GOAL_ANSWERS,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    with serve(APP) as url, sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        rows = [measure(page, url, panel, rounds) for panel in (None, *PANELS)]
        browser.close()
    print_table(
        ["panel open", "answers a second", "ms from pointer-up, median", "worst"],
        [
            [
                row["open"],
                f"{row['answers_per_second']:.1f}",
                f"{row['milliseconds']:.0f}",
                f"{row['milliseconds_worst']:.0f}",
            ]
            for row in rows
        ],
    )
    print(f"written to {write_report('draw_tab', rows)}")


if __name__ == "__main__":
    main()
