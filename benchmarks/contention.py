"""Steps a second of a training while other processes take part of the cores.

    python -m benchmarks.contention [--seconds S]

By one thread, by as many as there are cores, and as mnist_demo/training/processes/thread_tuner.py
chooses them. The others compute for 8 of 14 milliseconds, as a server does that answers a class.
The training is as polite towards them as mnist_demo/training/processes/worker.py.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch

from benchmarks.report import load_mnist, print_table, write_report
from mnist_demo import Dataset, StepEvent, Trainer, get_recipe
from mnist_demo.training.processes.thread_tuner import ThreadTuner
from mnist_demo.training.processes.worker import POLITENESS

RECIPES = ("softmax", "fast_cnn")
OTHERS = (0, 1, 2)
KINDS = ("one", "several", "tuned")
ALL_THREADS = torch.get_num_threads()
BUSY = """
import time
while True:
    ends = time.perf_counter() + 0.008
    while time.perf_counter() < ends:
        pass
    time.sleep(0.006)
"""


@contextmanager
def others(count: int) -> Iterator[None]:
    """So many other processes at work."""
    processes = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(count)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def count_steps(recipe: str, dataset: Dataset, seconds: float, threads: int | None) -> float:
    """Steps a second. threads: None for as many as the tuner finds best."""
    tuner = ThreadTuner(ALL_THREADS if threads is None else threads)
    steps = 0
    started = time.perf_counter()
    for event in Trainer(get_recipe(recipe), dataset, device="cpu").run(1000):
        if isinstance(event, StepEvent):
            steps += 1
        if threads is None:
            tuner.adapt() if isinstance(event, StepEvent) else tuner.start()
        if time.perf_counter() - started >= seconds:
            break
    return steps / (time.perf_counter() - started)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8)
    seconds = parser.parse_args().seconds
    dataset = load_mnist()
    os.nice(POLITENESS)
    rows: list[dict[str, Any]] = []
    for recipe in RECIPES:
        count_steps(recipe, dataset, 1, ALL_THREADS)  # the first steps are slower than all others
        for count in OTHERS:
            with others(count):
                one, several, tuned = (
                    count_steps(recipe, dataset, seconds, threads)
                    for threads in (1, ALL_THREADS, None)
                )
            rows.append(
                {"recipe": recipe, "others": count, "one": one, "several": several, "tuned": tuned}
            )
    print_table(
        ["recipe", "others", "one thread", f"{ALL_THREADS} threads", "tuned"],
        [
            [row["recipe"], str(row["others"]), *(f"{row[key]:.1f}" for key in KINDS)]
            for row in rows
        ],
    )
    print(f"written to {write_report('contention', rows)}")


if __name__ == "__main__":
    main()
