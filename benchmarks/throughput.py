"""Images per second of each tutorial's recipe, against its own loop; and what events cost.

    python -m benchmarks.throughput [RECIPE ...] [--rounds N] [--device NAME]

The tutorial's network and loop (benchmarks/tutorials.py) are theirs to the letter. The bare loop is
ours without events: the same batches and mathematics as `Trainer`, and nothing else. All take
turns, some hundred steps each. The stream is the trainer as the Train tab consumes it: in a
process of its own, shown four times a second; benchmarks/streaming.py measures the whole page. All
other loops run in one thread: see mnist_demo/ui/compute/torch_thread.py.
"""

import argparse
import asyncio
import itertools
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
import torch.nn.functional as F

from benchmarks.report import load_mnist, print_table, write_report
from benchmarks.tutorials import TUTORIALS, run_tutorial
from mnist_demo import RECIPES, Dataset, Recipe, Trainer, choose_device, evaluate, get_recipe
from mnist_demo.training.processes.pool import WorkerPool
from mnist_demo.training.processes.remote_trainer import RemoteTrainer
from mnist_demo.training.training import copy_tensors
from mnist_demo.ui.compute.streaming import stream
from mnist_demo.ui.compute.torch_thread import TorchThread
from mnist_demo.ui.train.controller import SHOW_EVERY
from mnist_demo.ui.train.session import TrainingSession

COLUMNS = {
    "tutorial_images_per_second": ",.0f",
    "trainer_images_per_second": ",.0f",
    "trainer_to_tutorial": ".2f",
    "events_cost": ".1%",
    "streaming_cost": ".1%",
    "evaluation_share": ".1%",
}
POOL = WorkerPool()
TORCH = TorchThread(pool=POOL)  # whose first thread starts with the first call
STEPS = {"softmax": 900, "mlp": 900, "simple_cnn": 200, "deep_cnn": 200}  # below an epoch


def run_bare(recipe: Recipe, steps: int, device: torch.device, dataset: Dataset) -> float:
    """Images per second of the trainer's steps without its events, in one function."""
    trainer = Trainer(recipe, dataset, device=device)
    images, labels = dataset.train_images.to(device), dataset.train_labels.to(device)
    model, optimizer = trainer.model, trainer.optimizer
    weights = list(model.state_dict().values())
    kept = [weight.clone() for weight in weights]
    started = time.perf_counter()
    done = 0
    while done < steps:
        order = torch.randperm(len(images), device=device)
        for batch in order.split(recipe.batch_size)[: steps - done]:
            loss = F.cross_entropy(
                model(images[batch].to(torch.float32).div_(255).unsqueeze(1)), labels[batch]
            )
            loss.item()
            copy_tensors(kept, weights)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            done += 1
    return steps * recipe.batch_size / (time.perf_counter() - started)


def run_trainer(recipe: Recipe, steps: int, device: torch.device, dataset: Dataset) -> float:
    """Images per second of `Trainer`, every event consumed, as the command line does."""
    trainer = Trainer(recipe, _without_test(dataset), device=device)
    started = time.perf_counter()
    for _ in itertools.islice(trainer.run(), steps):
        pass
    return steps * recipe.batch_size / (time.perf_counter() - started)


def run_stream(recipe: Recipe, steps: int, device: torch.device, dataset: Dataset) -> float:
    """Images per second as the Train tab consumes them: followed, charted, shown."""
    run = TrainingSession(
        1, "benchmark", RemoteTrainer(recipe, _without_test(dataset), pool=POOL, device=device)
    )

    async def show() -> None:
        async for _ in stream(lambda _: run.resume(max_steps=steps), SHOW_EVERY):
            run.progress()

    started = time.perf_counter()
    asyncio.run(show())
    return steps * recipe.batch_size / (time.perf_counter() - started)


def _without_test(dataset: Dataset) -> Dataset:
    """Evaluation is measured by itself."""
    return replace(
        dataset, test_images=dataset.test_images[:1], test_labels=dataset.test_labels[:1]
    )


def evaluation_share(recipe: Recipe, dataset: Dataset, images_per_second: float) -> float:
    """What evaluating 10,000 test images costs, as a share of an epoch's training."""
    trainer = Trainer(recipe, dataset)
    images, labels = dataset.test_images, dataset.test_labels
    evaluate(trainer.model, images, labels, precision=trainer.precision)
    started = time.perf_counter()
    evaluate(trainer.model, images, labels, precision=trainer.precision)
    seconds = time.perf_counter() - started
    return seconds / (trainer.images_per_epoch / images_per_second)


def measure(recipe: Recipe, rounds: int, dataset: Dataset, device: torch.device) -> dict[str, Any]:
    steps = STEPS[recipe.name]
    loops: dict[str, Callable[[int], float]] = {
        "tutorial": lambda steps: TORCH.call(run_tutorial, recipe, steps, device),
        "bare": lambda steps: TORCH.call(run_bare, recipe, steps, device, dataset),
        "trainer": lambda steps: TORCH.call(run_trainer, recipe, steps, device, dataset),
        "stream": lambda steps: run_stream(recipe, steps, device, dataset),
    }
    for loop in loops.values():
        loop(steps // 10)  # the first steps are slower than all others
    speeds: dict[str, list[float]] = {name: [] for name in loops}
    for _ in range(rounds):
        for name, loop in loops.items():
            speeds[name].append(loop(steps))

    def ratio(one: str, other: str) -> float:
        return statistics.median(a / b for a, b in zip(speeds[one], speeds[other], strict=True))

    row: dict[str, Any] = {
        f"{name}_images_per_second": statistics.median(speeds[name]) for name in loops
    }
    return {
        "recipe": recipe.name,
        "n": rounds,
        "steps": steps,
        **row,
        "trainer_to_tutorial": ratio("trainer", "tutorial"),
        "events_cost": 1 - ratio("trainer", "bare"),
        "streaming_cost": 1 - ratio("stream", "trainer"),
        "evaluation_share": TORCH.call(
            evaluation_share, recipe, dataset, statistics.median(speeds["trainer"])
        ),
    }


def measure_ours(recipe: Recipe, dataset: Dataset, device: torch.device) -> dict[str, Any]:
    """Speed and share of evaluation alone: no tutorial has this recipe."""
    run_trainer(recipe, 10, device, dataset)
    speed = run_trainer(recipe, 100, device, dataset)
    share = evaluation_share(recipe, dataset, speed)
    return {
        "recipe": recipe.name,
        "n": 1,
        "steps": 100,
        "trainer_images_per_second": speed,
        "evaluation_share": share,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recipes", nargs="*", default=list(RECIPES), metavar="RECIPE")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--device")
    options = parser.parse_args()
    dataset, device = TORCH.call(load_mnist), choose_device(options.device)
    rows = [
        measure(get_recipe(name), options.rounds, dataset, device)
        if name in TUTORIALS
        else TORCH.call(measure_ours, get_recipe(name), dataset, device)
        for name in options.recipes
    ]
    print("images per second, medians; costs and shares are medians of pairs")
    print_table(
        ["recipe", "tutorial", "ours", "times", "events cost", "streaming costs", "evaluation"],
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
