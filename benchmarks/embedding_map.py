"""How fast the Gallery's map moves in Chromium, and how long it takes to make one.

    python -m benchmarks.embedding_map [--frames N] [--repeats N]

Moving: the map of all 10,000 test digits is panned, zoomed, and turned into another model's; each
frame draws all points. Then a second model's map stands beside it, and a pointer wanders over the
first one: what it points at is marked on both. Measured are the milliseconds from frame to frame,
and those that the page's own script takes of each. Server and browser share the machine.

Making: of copies of the shipped models, as if visitors had trained them: the seconds until a rough
map (PCA) and until the map (t-SNE) are there, by a server that does nothing else; and the seconds
that processors took for it, which other programs of the machine change less. Their predictions are
known before, as the Gallery shows them without a map too.

"purity" is the share of the ten points nearest to a point that have its label: of the server's map,
and of the one that scikit-learn made beforehand.
"""

import argparse
import os
import statistics
import time
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from playwright.sync_api import Page, sync_playwright
from tqdm import tqdm

from benchmarks.report import load_mnist, print_table, write_report
from benchmarks.server import APP, serve
from mnist_demo import load_checkpoint, shipped_checkpoints
from mnist_demo.models.maps import Map, count_mixing
from mnist_demo.models.precomputed import load_map, precomputed_path
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.gallery.map_maker import MapMaker
from tests.browser.chromium import launch_chromium

# Times what the page does in each frame, from before its own script.
WATCH_FRAMES = """
const plain = window.requestAnimationFrame.bind(window);
window.frameWork = [];
window.requestAnimationFrame = (callback) => plain((time) => {
  const began = performance.now();
  callback(time);
  window.frameWork.push(performance.now() - began);
});
window.plainFrame = plain;
"""
# Presses a key, or moves the pointer, in each of so many frames; the milliseconds between them, and
# of script in each.
DO = """([keys, frames]) => new Promise((resolve) => {
  const stage = document.querySelector('#map .stage');
  const { left, top, width, height } = stage.getBoundingClientRect();
  const point = (at) => {
    const [clientX, clientY] = [left + width * (at % 60) / 60, top + height * (at % 47) / 47];
    stage.dispatchEvent(new PointerEvent('pointermove', { clientX, clientY, bubbles: true }));
  };
  const times = [];
  window.frameWork = [];
  const next = (time) => {
    times.push(time);
    if (times.length > frames) {
      const between = times.slice(1).map((each, at) => each - times[at]);
      resolve({ between, work: window.frameWork });
      return;
    }
    const key = keys[times.length % keys.length];
    if (key) stage.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    else point(times.length);
    window.plainFrame(next);
  };
  window.plainFrame(next);
})"""
CHANGE_MAP = """() => new Promise((resolve) => {
  const buttons = [...document.querySelectorAll('#map .which button')];
  const times = [];
  window.frameWork = [];
  buttons.find((one) => one.getAttribute('aria-pressed') === 'false').click();
  const next = (time) => {
    times.push(time);
    if (time - times[0] < 900) window.plainFrame(next);
    else {
      const between = times.slice(1).map((each, at) => each - times[at]);
      resolve({ between, work: window.frameWork });
    }
  };
  window.plainFrame(next);
})"""
PAN = ["ArrowLeft"] * 5 + ["ArrowRight"] * 5
ZOOM = ["+"] * 6 + ["-"] * 6


def measure_frames(url: str, frames: int, page: Page) -> list[dict[str, Any]]:
    page.add_init_script(WATCH_FRAMES)
    page.goto(f"{url}?tab=gallery&gallery_model=robust_cnn&gallery_other=softmax")
    page.locator("#tiles .tile").first.wait_for(timeout=300_000)
    page.locator("#map summary").click()
    page.locator("#map .which button").nth(2).wait_for(timeout=300_000)
    page.locator("#map .beside").click()  # one map, as large as it gets
    page.locator("#map .stage").scroll_into_view_if_needed()
    page.wait_for_timeout(3000)
    changes = [page.evaluate(CHANGE_MAP) for _ in range(max(1, frames // 50))]
    change = {
        name: [time for each in changes for time in each[name]] for name in ("between", "work")
    }
    measured = {
        "panned": page.evaluate(DO, [PAN, frames]),
        "zoomed": page.evaluate(DO, [ZOOM, frames]),
        "turned into another": change,
    }
    page.locator("#map .beside").click()
    page.wait_for_timeout(2000)
    measured["pointed at, two side by side"] = page.evaluate(DO, [[None], frames])
    return [
        {"part": "moving", "what": what, "n": len(each["between"]), "load": os.getloadavg()[0]}
        | {name: _quantiles(each[name]) for name in ("between", "work")}
        for what, each in measured.items()
    ]


def _quantiles(times: list[float]) -> dict[str, float]:
    return {"median": statistics.median(times), "p95": float(np.quantile(times, 0.95))}


def measure_making(repeats: int) -> list[dict[str, Any]]:
    dataset, store = load_mnist(), ModelStore()
    store.dataset()
    labels = dataset.test_labels.numpy()
    rows = []
    for name in tqdm(shipped_checkpoints()):
        load, rough, whole, processor = os.getloadavg()[0], [], [], []
        for _ in range(repeats):
            copy = replace(load_checkpoint(name), name="own")
            maker, worked, started = MapMaker(store), time.process_time(), time.perf_counter()
            made = []
            for each in maker.make(copy):
                made.append((each, time.perf_counter() - started))
            rough.append(made[0][1])
            whole.append(made[-1][1])
            processor.append(time.process_time() - worked)
        model = load_checkpoint(name).model
        shipped = load_map(precomputed_path(name, dataset, "maps"), model, dataset)
        row = {"part": "making", "what": name, "n": repeats, "load": load}
        row |= {"rough": statistics.median(rough), "whole": statistics.median(whole)}
        row |= {
            "threads": torch.get_num_threads(),
            "worst": max(whole),
            "processor": statistics.median(processor),
        }
        row |= {"purity": _purity(made[-1][0], labels)}
        rows.append(row | {"purity_shipped": shipped is not None and _purity(shipped, labels)})
    store.compute.close()
    return rows


def _purity(drawn: Map, labels: Any) -> float:
    mixing = count_mixing(drawn, labels)
    return float(mixing.trace() / mixing.sum())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=300)
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    making = measure_making(arguments.repeats)
    with serve(APP) as url, sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        moving = measure_frames(url, arguments.frames, page)
        browser.close()
    print_table(
        ["what", "ms a frame, median", "p95", "of script, median", "p95", "frames", "load"],
        [
            [
                row["what"],
                *(f"{row[name][each]:.1f}" for name in ("between", "work") for each in row[name]),
                str(row["n"]),
                f"{row['load']:.1f}",
            ]
            for row in moving
        ],
    )
    print_table(
        [
            "own copy of",
            "s to PCA",
            "s to t-SNE",
            "worst",
            "s of processors",
            "purity",
            "shipped",
            "n",
            "load",
        ],
        [
            [
                row["what"],
                *(f"{row[name]:.1f}" for name in ("rough", "whole", "worst", "processor")),
                *(f"{row[name]:.3f}" for name in ("purity", "purity_shipped")),
                str(row["n"]),
                f"{row['load']:.1f}",
            ]
            for row in making
        ],
    )
    print(f"written to {write_report('embedding_map', moving + making)}")


if __name__ == "__main__":
    main()
