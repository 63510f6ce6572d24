"""How long an epoch takes, against what the page says before the training: see epoch_time.py.

    python -m benchmarks.epoch_time [--rounds N] [--threads N]

It is measured as the page's builder does. It and a training take turns, which goes on for SECONDS,
or for an epoch where that is shorter, and counts for as many steps as an epoch has: nobody has to
wait for an epoch of robust_cnn.
"""

import argparse
import itertools
import os
import statistics
from dataclasses import replace
from typing import Any

import torch

from benchmarks.report import load_mnist, print_table, write_report
from mnist_demo import RECIPES, Dataset, Recipe, StepEvent, Trainer
from mnist_demo.training.epoch_time import measure_epoch
from mnist_demo.training.trainer import count_steps
from mnist_demo.training.training_set import count_training_images

SECONDS = 6.0
OWN = {  # as visitors build them
    "wide mlp": "linear 1000, relu, dropout 0.2, linear 10",
    "deep cnn": "conv 16, norm, relu, conv 16, norm, relu, pool, conv 32, norm, relu, pool",
    "large filters": "conv 8 7x7, relu, pool, conv 16 5x5, relu, pool, linear 64, relu",
}


def all_recipes() -> list[Recipe]:
    own = [replace(RECIPES["simple_cnn"], name=name, layers=text) for name, text in OWN.items()]
    return [*RECIPES.values(), *own]


def estimate(recipe: Recipe, dataset: Dataset) -> float:
    *_, seconds = measure_epoch(recipe, dataset)
    return seconds


def train_for_a_while(recipe: Recipe, dataset: Dataset) -> float:
    """Seconds of an epoch, evaluations left out."""
    steps = count_steps(recipe, count_training_images(recipe, dataset))
    # Images that have to be drawn first change nothing of a step.
    few = replace(recipe, uci_digits=0, synthetic_digits=0, calibration_split=0)
    trainer = Trainer(replace(few, non_digits=100 if recipe.non_digits else 0), dataset)
    for _ in itertools.takewhile(lambda event: isinstance(event, StepEvent), trainer.run(1)):
        if trainer.seconds > SECONDS:
            break
    return trainer.seconds / trainer.steps_done * steps


def measure(recipe: Recipe, rounds: int, dataset: Dataset) -> dict[str, Any]:
    pairs = [(estimate(recipe, dataset), train_for_a_while(recipe, dataset)) for _ in range(rounds)]
    return {
        "recipe": recipe.name,
        "n": rounds,
        "estimate": statistics.median(said for said, _ in pairs),
        "seconds": statistics.median(seconds for _, seconds in pairs),
        "ratio": statistics.median(said / seconds for said, seconds in pairs),
        "threads": torch.get_num_threads(),
        "load": os.getloadavg()[0],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    dataset = load_mnist()
    rows = []
    for recipe in all_recipes():
        rows.append(measure(recipe, options.rounds, dataset))
        print(rows[-1], flush=True)
    columns = {"recipe": "", "estimate": ".1f", "seconds": ".1f", "ratio": ".2f"}
    print_table(
        list(columns), [[f"{row[key]:{how}}" for key, how in columns.items()] for row in rows]
    )
    print(f"written to {write_report('epoch_time', rows)}")


if __name__ == "__main__":
    main()
