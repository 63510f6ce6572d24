"""Images per second of each recipe: `Trainer` against a bare loop, and the tutorials' own loops.

    python -m benchmarks.throughput [RECIPE ...] [--rounds N] [--device NAME]

The bare loop (benchmarks/bare_loop.py) has the same network, layout, precision and optimizer, and
no more than it needs. The tutorial's network and loop (benchmarks/tutorials.py) are theirs to the
letter. Watched is a trainer that tells each layer's activations at every step; what that takes,
once in as long as the Train tab waits to show them, is what watching costs. All take turns of a few
steps, in one thread, as a training beside others has (`python -m benchmarks.contention`). On a CPU
that thread's processor time counts, which others lengthen little. What the page itself costs is
measured by benchmarks/streaming.py.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import torch

from benchmarks.bare_loop import run_bare
from benchmarks.report import load_mnist, print_table, write_report
from benchmarks.tutorials import TUTORIALS, run_tutorial
from mnist_demo import RECIPES, Dataset, Recipe, Trainer, choose_device, evaluate, get_recipe
from mnist_demo.ui.train.controller import SHOW_EVERY

GOAL = 0.05  # what the trainer may cost of a bare loop's speed; and what watching may
COLUMNS = {
    "bare_images_per_second": ",.0f",
    "trainer_images_per_second": ",.0f",
    "trainer_cost": ".1%",
    "watching_cost": ".1%",
    "evaluation_share": ".1%",
    "trainer_to_tutorial": ".2f",
}
# Of a turn: some milliseconds. All turns together are less than an epoch.
STEPS = {"softmax": 9, "mlp": 10, "simple_cnn": 1, "deep_cnn": 1, "fast_cnn": 2, "robust_cnn": 1}
WARM_UP = 3  # turns that are not counted

Clock = Callable[[], float]


def make_loops(
    recipe: Recipe, dataset: Dataset, device: torch.device
) -> dict[str, Iterator[object]]:
    """Those that take turns, by name; each yields after a step."""
    untested = replace(  # evaluation is measured by itself
        dataset, test_images=dataset.test_images[:1], test_labels=dataset.test_labels[:1]
    )

    def train(watch_every: float | None) -> Iterator[object]:
        return Trainer(recipe, untested, device=device, watch_every=watch_every).run()

    loops: dict[str, Iterator[object]] = {
        "bare": run_bare(recipe, dataset, device),
        "trainer": train(watch_every=None),
        "watched": train(watch_every=0),
    }
    if recipe.name in TUTORIALS:
        loops["tutorial"] = run_tutorial(recipe, device)
    return loops


def take_turns(
    loops: dict[str, Iterator[object]], steps: int, rounds: int, clock: Clock
) -> dict[str, list[float]]:
    """Seconds of each turn, by the loop's name."""
    seconds: dict[str, list[float]] = {name: [] for name in loops}
    for _ in range(WARM_UP + rounds):
        for name, loop in loops.items():
            started = clock()
            for _ in range(steps):
                next(loop)
            seconds[name].append(clock() - started)
    return {name: turns[WARM_UP:] for name, turns in seconds.items()}


def measure(recipe: Recipe, rounds: int, dataset: Dataset, device: torch.device) -> dict[str, Any]:
    # Images that have to be drawn first, or are held out, change nothing of a step.
    recipe = replace(recipe, uci_digits=0, synthetic_digits=0, non_digits=0, calibration_split=0)
    clock = time.thread_time if device.type == "cpu" else time.perf_counter
    steps = STEPS[recipe.name]
    turns = take_turns(make_loops(recipe, dataset, device), steps, rounds, clock)
    speeds = {
        f"{name}_images_per_second": steps * recipe.batch_size / statistics.median(seconds)
        for name, seconds in turns.items()
    }

    def ratio(one: str, other: str) -> float:
        return statistics.median(a / b for a, b in zip(turns[one], turns[other], strict=True))

    row: dict[str, Any] = {"recipe": recipe.name, "n": rounds, "steps": steps, **speeds}
    row["trainer_cost"] = ratio("trainer", "bare") - 1
    watched, plain = (statistics.median(turns[each]) / steps for each in ("watched", "trainer"))
    row["watching_cost"] = (watched - plain) / max(SHOW_EVERY, plain)
    if "tutorial" in turns:
        row["trainer_to_tutorial"] = ratio("tutorial", "trainer")
    seconds = time_evaluation(recipe, dataset, device, clock)
    trained = len(dataset.train_labels) / speeds["trainer_images_per_second"]
    return {**row, "evaluation_share": seconds / trained, "load": os.getloadavg()[0]}


def time_evaluation(recipe: Recipe, dataset: Dataset, device: torch.device, clock: Clock) -> float:
    """Seconds for 10,000 test images."""
    trainer = Trainer(recipe, dataset, device=device)
    images, labels = dataset.test_images, dataset.test_labels
    evaluate(trainer.model, images[:500], labels[:500], precision=trainer.precision)
    started = clock()
    evaluate(trainer.model, images, labels, precision=trainer.precision)
    return clock() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recipes", nargs="*", default=list(RECIPES), metavar="RECIPE")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--device")
    options = parser.parse_args()
    torch.set_num_threads(1)
    dataset, device = load_mnist(), choose_device(options.device)
    rows = []
    for name in options.recipes:
        rows.append(measure(get_recipe(name), options.rounds, dataset, device))
        print(rows[-1], flush=True)
    print(
        f"images per second, medians; costs are medians of pairs, of which {GOAL:.0%} is the goal"
    )
    print_table(
        ["recipe", "bare", "trainer", "cost", "watching", "evaluation", "tutorial"],
        [
            [
                row["recipe"],
                *(f"{row.get(name, float('nan')):{how}}" for name, how in COLUMNS.items()),
            ]
            for row in rows
        ],
    )
    print(f"written to {write_report('throughput', rows, device)}")


if __name__ == "__main__":
    main()
