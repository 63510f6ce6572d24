"""What watching costs: a training on the page, in Chromium, against the same on the command line.

    python -m benchmarks.streaming [--rounds N]

Seconds from the press of Train until the page says that it is done, against the command line's own
loop with its progress bar, from the making of the trainer to its last evaluation; in turn, the app
and the command line each in a process of its own. The page is shown four times a second; server and
browser share the machine's cores.
"""

import argparse
import contextlib
import io
import statistics
import time
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks.report import load_mnist, print_table, write_report
from benchmarks.server import APP, serve
from mnist_demo import Trainer, evaluate, get_recipe
from mnist_demo.cli.train import follow
from tests.browser.chromium import launch_chromium

EPOCHS = {"softmax": 20, "simple_cnn": 1}
GOAL = 0.1


def on_command_line(name: str) -> float:
    dataset = load_mnist()
    recipe = replace(get_recipe(name), epochs=EPOCHS[name])
    started = time.perf_counter()
    trainer = Trainer(recipe, dataset)
    with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
        follow(trainer)
    evaluate(trainer.model, dataset.test_images, dataset.test_labels)
    return time.perf_counter() - started


def prepare(page: Page, url: str, name: str) -> None:
    """Open the Train tab with the recipe chosen and its epochs set."""
    page.goto(url)
    page.get_by_role("tab", name="Train", exact=True).click()
    page.locator("#recipe input").click()
    page.get_by_role("option", name=name, exact=True).click()
    page.locator("#settings > button").click()
    page.wait_for_timeout(1000)
    epochs = page.get_by_label("Epochs", exact=False).first
    epochs.fill(str(EPOCHS[name]))
    epochs.press("Tab")
    page.wait_for_timeout(500)
    expect(epochs).to_have_value(str(EPOCHS[name]))


def on_page(page: Page) -> float:
    started = time.perf_counter()
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.locator("#progress .line")).to_contain_text("Done", timeout=300_000)
    return time.perf_counter() - started


def measure(
    name: str, rounds: int, browser: Browser, url: str, command_line: Executor
) -> dict[str, Any]:
    pairs = []
    for _ in range(rounds + 1):
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        prepare(page, url, name)
        watched = on_page(page)
        page.close()
        pairs.append((watched, command_line.submit(on_command_line, name).result()))
    pairs = pairs[1:]  # the first round is slower than all others, on either side
    return {
        "recipe": name,
        "epochs": EPOCHS[name],
        "n": rounds,
        "page_seconds": statistics.median(page for page, _ in pairs),
        "command_line_seconds": statistics.median(line for _, line in pairs),
        "cost": statistics.median(page / line for page, line in pairs) - 1,
        "goal": GOAL,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with (
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as command_line,
        serve(APP) as url,
        sync_playwright() as playwright,
    ):
        browser = launch_chromium(playwright)
        rows = [measure(name, rounds, browser, url, command_line) for name in EPOCHS]
        browser.close()
    print_table(
        ["recipe", "epochs", "page, s", "command line, s", "watching costs"],
        [
            [
                row["recipe"],
                str(row["epochs"]),
                f"{row['page_seconds']:.2f}",
                f"{row['command_line_seconds']:.2f}",
                f"{row['cost']:.1%}",
            ]
            for row in rows
        ],
    )
    print(f"written to {write_report('streaming', rows)}")


if __name__ == "__main__":
    main()
