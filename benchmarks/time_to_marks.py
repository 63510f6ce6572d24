"""When the record recipe and fast_cnn first read 99 % and 99.5 % of the test images.

    python -m benchmarks.time_to_marks [--runs N] [--threads N] [--device NAME]

A fixed schedule: a run has as many epochs as MARKS tells for its mark, with the learning rate's one
cycle over all of them, and is tested TESTS times, evenly spaced; its first test that reaches the
mark counts. Tests are not counted in the seconds, which are those of time_to_99.
"""

import argparse
import os
import statistics
from typing import Any

import torch

from benchmarks.report import load_mnist, print_table, write_report
from benchmarks.time_to_99 import TRAININGS, follow
from mnist_demo import Dataset, choose_device

MARKS = {0.99: 1, 0.995: 4}  # a test accuracy, and the epochs of a run
TESTS = 10
NAMES = ("record", "record, our layout", "fast_cnn")


def reach(
    name: str, mark: float, runs: int, dataset: Dataset, device: torch.device
) -> dict[str, Any]:
    """Medians over the runs that reach the mark; and the best test of all, which says how near the
    others came."""
    firsts, best = [], 0.0
    for seed in range(runs):
        training = TRAININGS[name](dataset, seed, device, MARKS[mark])
        points = follow(training, dataset, device, TESTS)
        best = max(best, *(point.accuracy for point in points))
        firsts += [point for point in points if point.accuracy >= mark][:1]
    row = {
        "recipe": name,
        "mark": mark,
        "epochs": MARKS[mark],
        "n": runs,
        "reached": len(firsts),
        "best": best,
        "threads": torch.get_num_threads(),
        "load": os.getloadavg()[1],
    }
    if firsts:
        for key in ("seconds", "steps", "images"):
            row[key] = statistics.median(getattr(first, key) for first in firsts)
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--device")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    dataset, device = load_mnist(), choose_device(options.device)
    rows = []
    for mark in MARKS:
        for name in NAMES:
            rows.append(reach(name, mark, options.runs, dataset, device))
            print(rows[-1], flush=True)
    columns = ("recipe", "mark", "reached", "seconds", "steps", "images")
    print_table(list(columns), [[str(row.get(key, "")) for key in columns] for row in rows])
    print(f"written to {write_report('time_to_marks', rows, device)}")


if __name__ == "__main__":
    main()
