"""How fast the Gallery turns a page and opens a digit, in Chromium.

    python -m benchmarks.gallery_tab [--rounds N]

Measured are the milliseconds from a click on "Next" until the tiles of the next page stand in the
page, and from a click on a tile until the probabilities of all shipped models for that digit do.
The models have read the test images before. Server and browser share the machine.
"""

import argparse
import statistics
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.report import print_table, write_report
from benchmarks.server import APP, serve
from tests.browser.chromium import launch_chromium

WARM = 3  # rounds before those that count: the first load the models

# Clicks, and waits until what is shown has changed: the milliseconds between, on the page's clock.
CLICK = """([clicked, shown]) => new Promise((resolve) => {
  const target = document.querySelector(shown);
  const before = target.textContent;
  const started = performance.now();
  new MutationObserver((_, observer) => {
    if (target.textContent === before) return;
    observer.disconnect();
    target.getBoundingClientRect(); // it is laid out too
    resolve(performance.now() - started);
  }).observe(target, { childList: true, subtree: true, characterData: true });
  document.querySelector(clicked).click();
})"""
NEXT = ("#tiles .next", "#tiles .tiles")
TILE = "#tiles li:nth-child({number}) button"


def measure(page: Page, url: str, rounds: int) -> list[dict[str, Any]]:
    page.goto(url)
    page.locator("#pad canvas").wait_for()
    page.get_by_role("tab", name="Gallery", exact=True).click()
    page.locator("#tiles .tile").first.wait_for(timeout=300_000)
    page.locator("#detail h2").wait_for(state="attached")
    turned, opened = [], []
    for number in range(1, rounds + WARM + 1):
        turned.append(page.evaluate(CLICK, NEXT))
        tile = TILE.format(number=number % 60 + 1)
        opened.append(page.evaluate(CLICK, (tile, "#detail h2")))
        page.locator("#reasons .card:not(.late) figure").nth(9).wait_for(timeout=300_000)
        page.keyboard.press("Escape")
        page.locator("#detail .card").wait_for(state="hidden")
    return [
        {
            "what": what,
            "n": rounds,
            "milliseconds": statistics.median(times[WARM:]),
            "milliseconds_worst": max(times[WARM:]),
        }
        for what, times in (("next page", turned), ("a digit's probabilities", opened))
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    with serve(APP) as url, sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        rows = measure(page, url, rounds)
        browser.close()
    print_table(
        ["what", "milliseconds, median", "worst", "n"],
        [
            [
                row["what"],
                f"{row['milliseconds']:.0f}",
                f"{row['milliseconds_worst']:.0f}",
                str(row["n"]),
            ]
            for row in rows
        ],
    )
    print(f"written to {write_report('gallery_tab', rows)}")


if __name__ == "__main__":
    main()
