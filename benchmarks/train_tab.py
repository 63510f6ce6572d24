"""Many runs in one session: the server's memory, and how the charts move, in Chromium.

    python -m benchmarks.train_tab [--runs N] [--epochs N]

One visitor trains a recipe again and again. Measured are the server's memory after the third run
and after the last, how often a second the loss chart is drawn anew during the last run, and the
longest time between two frames of the page meanwhile. Server and browser share the machine.
"""

import argparse
import statistics
from typing import Any

from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.report import print_table, write_report
from benchmarks.server import APP, resident_megabytes, serve_process
from tests.browser.chromium import launch_chromium
from tests.browser.train_tab import open_train, start

RECIPE = "softmax"
SETTLED = 3  # runs, after which the memory is what it should stay
GOAL_GROWTH, GOAL_UPDATES, GOAL_FRAME = 0.1, 4, 100  # of memory, a second, milliseconds

WATCH = """() => {
  window.frames = [];
  window.updates = [];
  window.tasks = [];
  const tick = (at) => { window.frames.push(at); requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
  new MutationObserver(() => window.updates.push(performance.now())).observe(
    document.querySelector('#loss-chart .live'), { childList: true },
  );
  new PerformanceObserver((list) => {
    window.tasks.push(...list.getEntries().map((task) => task.duration));
  }).observe({ entryTypes: ['longtask'] });
}"""
READ = """() => {
  const gaps = (times) => times.slice(1).map((at, index) => at - times[index]);
  return { frames: gaps(window.frames), updates: gaps(window.updates), tasks: window.tasks };
}"""


def train(page: Page, number: int) -> None:
    start(page)
    expect(page.locator("#runs tbody tr")).to_have_count(number, timeout=300_000)
    expect(page.locator("#pause")).to_be_hidden()


def measure(runs: int, epochs: int) -> dict[str, Any]:
    with serve_process(APP) as (url, process), sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(url)
        page.locator("#pad canvas").wait_for()
        open_train(page, RECIPE, Epochs=str(epochs))
        memory = []
        for number in range(1, runs + 1):
            if number == runs:
                page.evaluate(WATCH)
            train(page, number)
            memory.append(resident_megabytes(process))
        seen = page.evaluate(READ)
        browser.close()
    settled = memory[min(SETTLED, runs) - 1]
    return {
        "recipe": RECIPE,
        "runs": runs,
        "epochs": epochs,
        "memory_settled_mb": settled,
        "memory_last_mb": memory[-1],
        "growth": memory[-1] / settled - 1,
        "goal_growth": GOAL_GROWTH,
        "updates_per_second": 1000 / statistics.median(seen["updates"]),
        "goal_updates": GOAL_UPDATES,
        "frame_milliseconds": statistics.median(seen["frames"]),
        "longest_frame_milliseconds": max(seen["frames"]),
        "longest_task_milliseconds": max(seen["tasks"], default=0),
        "goal_frame": GOAL_FRAME,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--epochs", type=int, default=3)
    options = parser.parse_args()
    row = measure(options.runs, options.epochs)
    print_table(["measured", "value"], [[name, str(value)] for name, value in row.items()])
    print(f"written to {write_report('train_tab', [row])}")


if __name__ == "__main__":
    main()
