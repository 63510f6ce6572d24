"""What each step from fast_cnn to the sprint of time_to_99 brought, and what else was tried.

    python -m benchmarks.fast_steps [--rounds N]

By validation: all train on images before the last 5,000 training images, and are tested on those.
In one thread, whose processor time counts, which others lengthen little.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from benchmarks.muon import Muon
from benchmarks.record import train_record
from benchmarks.report import load_mnist, print_table, write_report
from benchmarks.time_to_99 import FAST, SPRINT, SPRINT_BETAS
from mnist_demo import Dataset, Recipe, evaluate
from mnist_demo.networks.modules import CosineWaves
from mnist_demo.training.devices import has_fast_bfloat16
from mnist_demo.training.evaluation import FLOAT32, to_input
from mnist_demo.training.optimization import one_cycle

VALIDATION = 5_000
CPU = torch.device("cpu")
OWN_BETAS = (0.9, 0.999)


def norm_momentum(model: nn.Module, _: Tensor) -> None:
    for norm in _norms(model):
        norm.momentum = 0.3


def norm_scale(model: nn.Module, _: Tensor) -> None:
    for norm in _norms(model):
        norm.weight.requires_grad_(False)


def _norms(model: nn.Module) -> Iterator[nn.BatchNorm2d]:
    return (module for module in model.modules() if isinstance(module, nn.BatchNorm2d))


def whiten(model: nn.Module, images: Tensor) -> None:
    """Filters by which patches of the images have a deviation of 1, and their negatives.

    Page, "How to train your ResNet", 2018.
    """
    waves = next(module for module in model.modules() if isinstance(module, CosineWaves))
    side, count = waves.kernel_size[0], waves.out_channels // 2
    digits = (to_input(images[:500]) - 0.1307) / 0.3081
    patches = F.unfold(digits, side, stride=4).transpose(1, 2).reshape(-1, side**2)
    patches = patches[torch.randperm(len(patches))[:5_000]]
    variances, directions = torch.linalg.eigh(patches.T @ patches / len(patches))
    filters = (directions.T / (variances[:, None] + 5e-3).sqrt()).flip(0)[:count]
    filters = torch.cat([filters, -filters]).reshape(waves.weight.shape)
    waves.weight.data.copy_(filters)


@dataclass(frozen=True)
class Try:
    """One way to train. prepare: changes a new network, once it sees the training images.
    averaged: from which share of the steps on the weights are averaged. last_batches: how large
    those of the second half are."""

    what: str
    recipe: Recipe = SPRINT
    betas: tuple[float, float] = SPRINT_BETAS
    prepare: Callable[[nn.Module, Tensor], None] | None = None
    muon: float = 0.0
    averaged: float = 1.0
    last_batches: int = 0
    verdict: str = "no"


NARROW = FAST.layers.replace("waves 24", "waves 16").replace("conv 64", "conv 48")
TRIES = (
    Try("1. `fast_cnn`, all images", FAST, OWN_BETAS, verdict="as shipped"),
    Try("2. 1 on 36,000 images", replace(FAST, train_images=36_000), OWN_BETAS, verdict="no: 3"),
    Try("3. 1 on 24,000 images", SPRINT, OWN_BETAS, verdict="yes"),
    Try("4. 3 with AdamW's betas (0.7, 0.9): the sprint", verdict="yes"),
    Try("4 with AdamW's betas (0.8, 0.95)", betas=(0.8, 0.95)),
    Try("4 on 22,000 images", replace(SPRINT, train_images=22_000)),
    Try("4 with a learning rate of 0.015", replace(SPRINT, learning_rate=0.015)),
    Try("4 in batches of 160", replace(SPRINT, batch_size=160, learning_rate=0.012)),
    Try("4, narrower, on 30,000 images", replace(SPRINT, layers=NARROW, train_images=30_000)),
    Try("4 with batch norm's momentum 0.3", prepare=norm_momentum),
    Try("4 with batch norm's scale fixed at 1", prepare=norm_scale),
    Try("4 with whitening filters from 5,000 patches", prepare=whiten),
    Try("4 with Muon for the two convolutions", muon=0.15),
    Try("4 with the weights of the last third averaged", averaged=0.67),
    Try("4 in batches of 256 in the second half", last_batches=256),
)


def train(trial: Try, dataset: Dataset, seed: int) -> tuple[float, nn.Module]:
    """Seconds, and the trained network."""
    recipe, started = trial.recipe, time.thread_time()
    images, labels = (each[: recipe.train_images] for each in _training_part(dataset))
    torch.manual_seed(seed)
    model = recipe.build(seed)
    if trial.prepare:
        trial.prepare(model, images)
    precision = torch.autocast("cpu", torch.bfloat16) if has_fast_bfloat16(CPU) else FLOAT32
    optimizers = _optimizers(trial, model)
    rates = [optimizer.param_groups[0]["lr"] for optimizer in optimizers]
    averaged = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.97), use_buffers=True)
    batches = _split(trial, len(images), seed)
    for step, batch in enumerate(batches):
        with precision:
            logits = model(to_input(images[batch]))
        loss = F.cross_entropy(
            logits.float(), labels[batch], label_smoothing=recipe.label_smoothing
        )
        for optimizer, rate in zip(optimizers, rates, strict=True):
            optimizer.param_groups[0]["lr"] = rate * one_cycle(step, len(batches))
            optimizer.zero_grad()
        loss.backward()
        for optimizer in optimizers:
            optimizer.step()
        if step >= trial.averaged * len(batches):
            averaged.update_parameters(model)
    return time.thread_time() - started, averaged if trial.averaged < 1 else model


def _training_part(dataset: Dataset) -> tuple[Tensor, Tensor]:
    return dataset.train_images[:-VALIDATION], dataset.train_labels[:-VALIDATION]


def _split(trial: Try, count: int, seed: int) -> list[Tensor]:
    """Whole batches in a seeded order, as `Trainer` has them."""
    order = torch.from_numpy(np.random.default_rng((seed, 1)).permutation(count))
    size = trial.recipe.batch_size
    half = count // 2 // size * size if trial.last_batches else count
    parts = [(order[:half], size), (order[half:], trial.last_batches or size)]
    return [batch for part, size in parts for batch in part.split(size) if len(batch) == size]


def _optimizers(trial: Try, model: nn.Module) -> list[torch.optim.Optimizer]:
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    filters = [weight for weight in weights if weight.dim() == 4 and trial.muon]
    others = [weight for weight in weights if not any(weight is each for each in filters)]
    adamw = torch.optim.AdamW(
        others, trial.recipe.learning_rate, trial.betas, weight_decay=0.0, fused=True
    )
    return [adamw, Muon(filters, trial.muon)] if filters else [adamw]


def time_record(dataset: Dataset, seed: int) -> float:
    images, labels = _training_part(dataset)
    part = replace(dataset, train_images=images, train_labels=labels)
    started = time.thread_time()
    for _ in train_record(part, seed, CPU):
        pass
    return time.thread_time() - started


def measure(rounds: int, dataset: Dataset) -> list[dict[str, Any]]:
    validation = dataset.train_images[-VALIDATION:], dataset.train_labels[-VALIDATION:]
    train(TRIES[-1], dataset, 0)  # the first run of a process is slower than all others
    record: list[float] = []
    runs: dict[Try, list[tuple[float, float]]] = {trial: [] for trial in TRIES}
    for seed in range(1_000, 1_000 + rounds):  # not those that time_to_99 has
        record.append(time_record(dataset, seed))
        for trial in TRIES:
            seconds, model = train(trial, dataset, seed)
            runs[trial].append((seconds, evaluate(model, *validation).accuracy))
            print(seed, record[-1], trial.what, runs[trial][-1], flush=True)
    return [_summarize(trial, runs[trial], record) for trial in TRIES]


def _summarize(trial: Try, runs: list[tuple[float, float]], record: list[float]) -> dict[str, Any]:
    seconds, accuracies = zip(*runs, strict=True)
    return {
        "what": trial.what,
        "n": len(runs),
        "ratio": statistics.median(map(lambda a, b: a / b, seconds, record)),
        "accuracy_mean": statistics.mean(accuracies),
        "accuracy_lowest": min(accuracies),
        "verdict": trial.verdict,
        "load": os.getloadavg()[1],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    torch.set_num_threads(1)
    rows = measure(options.rounds, load_mnist())
    print_table(
        ["what", "of the record's time", "validation accuracy", "lowest"],
        [
            [
                row["what"],
                f"{row['ratio']:.3f}",
                f"{row['accuracy_mean']:.3%}",
                f"{row['accuracy_lowest']:.2%}",
            ]
            for row in rows
        ],
    )
    print(f"written to {write_report('fast_steps', rows)}")


if __name__ == "__main__":
    main()
