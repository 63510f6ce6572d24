"""How fast the answer follows the pen, in Chromium.

    python -m benchmarks.draw_tab [--rounds N]

A 7 is drawn by a move in each of 60 frames of the screen; a number of three digits likewise, in
120. Measured are the frames and the answers a second while the pen is down, how long each is on the
page before it is shown, and the milliseconds from pointer-up until the answer to the whole drawing
stands there: with all panels folded; with one open and in sight; and with all of them open, in all
tabs, while a network trains. Server and browser share the machine.
"""

import argparse
import itertools
import statistics
from typing import Any

from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

from benchmarks.report import print_table, write_report
from benchmarks.server import APP, serve
from tests.browser.chromium import launch_chromium
from tests.browser.pen import SEVEN, Strokes
from tests.browser.train_tab import open_train, start

NUMBER: Strokes = [
    [(40, 80), (40, 200)],
    [(90, 80), (170, 80), (120, 200)],
    [(215, 80), (215, 200)],
]
DRAWINGS = {"7": SEVEN, "171": NUMBER}
MOVES = 30  # of each side of a stroke
GOAL_MILLISECONDS, GOAL_ANSWERS = 60, 40
PANELS = ("model-comparison", "explanation")  # open, one at a time
EVERYTHING = "all, while training"
SCREEN: ViewportSize = {"width": 1280, "height": 800}
WITH_PANEL: ViewportSize = {"width": 1280, "height": 1600}

# Each answer changes the card, the last one too where it differs. How many come is counted by the
# requests that have ended.
WATCH = """() => {
  window.shown = [];
  window.lifted = null;
  document.querySelector('#pad canvas').addEventListener('pointerup', () => {
    window.lifted = performance.now();
  });
  const spoken = document.querySelector('#prediction .spoken'); // later than all that is seen
  const isSeen = ({ target }) => !spoken.contains(target);
  new MutationObserver((changes) => {
    if (changes.some(isSeen)) window.shown.push(performance.now());
  }).observe(
    document.querySelector('#prediction'),
    { attributes: true, childList: true, characterData: true, subtree: true },
  );
}"""
# Playwright waits for the page at each move, which a hand does not: these come from within.
MOVE = """(points) => new Promise((resolve) => {
  const canvas = document.querySelector('#pad canvas');
  const started = performance.now();
  const move = () => {
    const [clientX, clientY] = points.shift();
    const pen = { pointerId: 1, pointerType: 'mouse', isPrimary: true, buttons: 1, bubbles: true };
    canvas.dispatchEvent(new PointerEvent('pointermove', { ...pen, clientX, clientY }));
    if (points.length > 0) requestAnimationFrame(move);
    else resolve((performance.now() - started) / 1000);
  };
  requestAnimationFrame(move);
})"""
UNFOLD = """() => {
  const folded = document.querySelectorAll('[role=tabpanel] details:not([open])');
  for (const fold of folded) if (fold.offsetParent !== null) fold.open = true;
}"""
ENDED = """() => performance.getEntriesByType('resource')
  .filter((request) => request.name.endsWith('/answer'))
  .map((request) => request.responseEnd)"""


def draw(page: Page, text: str) -> dict[str, float]:
    """Draw a number: answers a second while the pen is down, milliseconds from the last pointer-up
    to the last answer, and from each answer's end to its being shown."""
    page.locator("#pad canvas").scroll_into_view_if_needed()
    box = page.locator("#pad canvas").bounding_box()
    assert box is not None
    unit, down, frames = box["width"] / 280, 0.0, 0
    page.evaluate("window.shown = []; performance.clearResourceTimings()")
    for stroke in DRAWINGS[text]:
        page.mouse.move(box["x"] + stroke[0][0] * unit, box["y"] + stroke[0][1] * unit)
        page.mouse.down()
        points = [(box["x"] + x * unit, box["y"] + y * unit) for x, y in _points(stroke)]
        down += page.evaluate(MOVE, points)
        frames += len(points)
        page.mouse.move(*points[-1])
        page.mouse.up()
    page.wait_for_timeout(600)
    shown, lifted = page.evaluate("[window.shown, window.lifted]")
    answered = page.evaluate(ENDED)
    expect(page.locator("#prediction .digit")).to_have_text(text)
    page.keyboard.press("Escape")
    page.wait_for_timeout(300)
    delays = [min((at for at in shown if at >= end), default=end) - end for end in answered]
    return {
        "frames_per_second": frames / down,
        "answers_per_second": sum(at <= lifted for at in answered) / down,
        "milliseconds": shown[-1] - lifted,
        "milliseconds_to_show": statistics.median(delays),
    }


def _points(stroke: Any) -> list[tuple[float, float]]:
    return [
        (x0 + (x1 - x0) * step / MOVES, y0 + (y1 - y0) * step / MOVES)
        for (x0, y0), (x1, y1) in itertools.pairwise(stroke)
        for step in range(1, MOVES + 1)
    ]


def open_everything(page: Page) -> None:
    """Start a training that goes on until the page is left; unfold all there is in each tab."""
    open_train(page, "fast_cnn", Epochs="200")
    start(page)
    expect(page.locator("#progress .line")).to_contain_text("Training", timeout=60_000)
    for tab in ("Train", "Gallery", "Draw"):
        page.get_by_role("tab", name=tab, exact=True).click()
        page.wait_for_timeout(1000)
        page.evaluate(UNFOLD)
        page.wait_for_timeout(3000)  # all of it is there


def measure(page: Page, url: str, text: str, panel: str | None, rounds: int) -> dict[str, Any]:
    page.set_viewport_size(WITH_PANEL if panel in PANELS else SCREEN)
    page.goto(url)
    page.locator("#pad canvas").wait_for()
    if panel == EVERYTHING:
        open_everything(page)
    elif panel:
        page.locator(f"#{panel} summary").click()
    page.evaluate(WATCH)
    draws = [draw(page, text) for _ in range(rounds + 2)][2:]  # the first load the models
    medians = {name: statistics.median(each[name] for each in draws) for name in draws[0]}
    return {
        "drawing": text,
        "open": panel or "nothing",
        "n": rounds,
        **medians,
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
        page = browser.new_page()
        kinds = [*(("7", panel) for panel in (None, *PANELS, EVERYTHING)), ("171", None)]
        rows = [measure(page, url, text, panel, rounds) for text, panel in kinds]
        browser.close()
    print_table(
        [
            "drawing",
            "panel open",
            "frames a second",
            "answers",
            "ms to show",
            "ms from pointer-up",
            "worst",
        ],
        [
            [
                row["drawing"],
                row["open"],
                f"{row['frames_per_second']:.1f}",
                f"{row['answers_per_second']:.1f}",
                f"{row['milliseconds_to_show']:.1f}",
                f"{row['milliseconds']:.0f}",
                f"{row['milliseconds_worst']:.0f}",
            ]
            for row in rows
        ],
    )
    print(f"written to {write_report('draw_tab', rows)}")


if __name__ == "__main__":
    main()
