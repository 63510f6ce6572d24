"""Back through the training: milliseconds of a slider step, and bytes of a run's moments; by one
core.

    python -m benchmarks.playback [--rounds N]

Of each recipe, the server's whole answer to another place of the slider: the network as it was, the
twenty watched digits, a drawing, the first weights and as many test images as there is time for, as
JSON; by the clock, and in processor time, which programs beside it do not change. Its moments are
those of a run of 300 reports, whose weights are the shipped model's: what they are makes no
difference to the time. The sessions of a class hold six runs each, one of each recipe.
"""

import argparse
import json
import os
import statistics
import time
from typing import Any

import numpy as np
import torch

from benchmarks.class_report import percentile
from benchmarks.report import load_mnist, print_table, write_report
from mnist_demo import RECIPES, load_checkpoint, predict_probabilities
from mnist_demo.data.synthetic_digits import sample_strokes
from mnist_demo.training.snapshots import (
    MAX_BYTES,
    MOST,
    Snapshot,
    Snapshots,
    halve_weights,
    restore,
)
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.train.playback import TESTED, Playback
from mnist_demo.ui.train.run_store import RunRecord

REPORTS = 300  # of a run: a minute, at five a second
GOAL = 50  # milliseconds of a step, median
PUPILS = 30


class VisitorSession:
    """What the page's part looks up of a session: no run is under way."""

    kept = True

    def __init__(self, snapshots: Snapshots) -> None:
        self.snapshots = snapshots


def take_run(number: int, name: str, kept: Snapshots) -> int:
    """A run of that recipe; the bytes of one of its moments."""
    weights = halve_weights(load_checkpoint(name).model)
    assert weights is not None
    for step in range(REPORTS):
        copy = {key: each.clone() for key, each in weights.items()}
        kept.add(number, Snapshot(step, step / REPORTS, step / 5, step / 5, {}, copy))
    return kept.of(number)[-1].size


def time_taking(name: str, rounds: int) -> float:
    """Milliseconds of processor time for one moment, which a training report costs the server."""
    model, times = load_checkpoint(name).model, []
    for _ in range(rounds):
        used = time.process_time()
        halve_weights(model)
        times.append(time.process_time() - used)
    return statistics.median(times) * 1000


def count_changed(name: str) -> int:
    """How many of the first thousand test images are read as another digit in half precision."""
    shipped = load_checkpoint(name)
    weights = halve_weights(shipped.model)
    assert weights is not None
    half = restore(RECIPES[name], 0, Snapshot(0, 0, 0, 0, {}, weights))
    images = load_mnist().test_images[:1000].numpy() / np.float32(255)
    read, other = (
        predict_probabilities(model, images).argmax(axis=1) for model in (shipped.model, half)
    )
    return int((read != other).sum())


def measure(name: str, rounds: int, store: ModelStore) -> dict[str, Any]:
    kept = Snapshots()
    size = take_run(1, name, kept)
    run = RunRecord(1, name, RECIPES[name], 0, "", {})
    session: Any = VisitorSession(kept)
    strokes = [np.asarray(each).tolist() for each in sample_strokes(7, np.random.default_rng(0))]
    playback, steps = Playback(store), [each.step for each in kept.of(1)]

    def move(step: int) -> dict[str, Any]:
        asked = {"run": 1, "step": step}
        shown = playback.show(session, (run,), {"strokes": strokes}, asked)
        json.dumps(shown)
        return shown

    move(steps[0])  # the network is built once
    times: list[float] = []
    processor: list[float] = []
    tested: list[int] = []
    for number in range(rounds):
        playback._confusions.clear()  # else it finds what it has read before
        started, used = time.perf_counter(), time.process_time()
        shown = move(steps[number % len(steps)])
        processor.append((time.process_time() - used) * 1000)
        times.append((time.perf_counter() - started) * 1000)
        cells = shown["tested"]["matrix"]["cells"]
        tested.append(sum(int(cell["count"] or 0) for cell in cells))
    return {
        "recipe": name,
        "moment_bytes": size,
        "moments": len(steps),
        "taking_milliseconds": time_taking(name, rounds),
        "changed_answers": count_changed(name),
        "run_bytes": kept.size,
        "milliseconds": statistics.median(times),
        "milliseconds_p95": percentile(times, 0.95),
        "processor_milliseconds": statistics.median(processor),
        "processor_milliseconds_p95": percentile(processor, 0.95),
        "n": rounds,
        "goal": GOAL,
        "tested_at_once": statistics.median(tested),
        "tested": TESTED,
    }


def measure_class() -> dict[str, Any]:
    """What a class keeps when each has trained all recipes."""
    held = []
    for _ in range(PUPILS):
        kept = Snapshots()
        for number, name in enumerate(RECIPES, 1):
            take_run(number, name, kept)
        held.append(kept)
    return {
        "pupils": PUPILS,
        "bytes": sum(kept.size for kept in held),
        "most_bytes": PUPILS * MAX_BYTES,
        "of_each_run": [len(held[0].of(number)) for number in range(1, len(RECIPES) + 1)],
        "most_moments": MOST,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=90)
    rounds = parser.parse_args().rounds
    torch.set_num_threads(1)
    load_mnist()
    store = ModelStore()
    store.dataset()
    load = os.getloadavg()[0]
    rows = [measure(name, rounds, store) for name in RECIPES]
    store.compute.close()
    rows.append(measure_class() | {"load_before": load})
    print_table(
        ["recipe", "ms, median", "p95", "moments", "MB"],
        [
            [
                row["recipe"],
                f"{row['milliseconds']:.1f}",
                f"{row['milliseconds_p95']:.1f}",
                str(row["moments"]),
                f"{row['run_bytes'] / 1e6:.2f}",
            ]
            for row in rows[:-1]
        ],
    )
    print(f"written to {write_report('playback', rows)}")


if __name__ == "__main__":
    main()
