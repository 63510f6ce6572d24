"""Short runs, and what is in them."""

from dataclasses import replace

import torch
from torch import Tensor, nn

from mnist_demo import Dataset, Recipe, StepEvent, Trainer
from mnist_demo.training.events import Event


def cut(dataset: Dataset, train: int, test: int = 20) -> Dataset:
    return replace(
        dataset,
        train_images=dataset.train_images[:train],
        train_labels=dataset.train_labels[:train],
        test_images=dataset.test_images[:test],
        test_labels=dataset.test_labels[:test],
    )


def make_trainer(recipe: Recipe, dataset: Dataset, seed: int = 0) -> Trainer:
    return Trainer(recipe, dataset, seed=seed, device="cpu")


def steps_of(events: list[Event]) -> list[StepEvent]:
    return [event for event in events if isinstance(event, StepEvent)]


def losses_of(trainer: Trainer, epochs: int | None = None) -> list[float]:
    return [event.loss for event in steps_of(list(trainer.run(epochs)))]


def go(trainer: Trainer, steps: int) -> list[StepEvent]:
    """Run that many steps and stop."""
    events: list[StepEvent] = []
    run = trainer.run(1000)
    while len(events) < steps:
        event = next(run)
        if isinstance(event, StepEvent):
            events.append(event)
    run.close()  # type: ignore[attr-defined]
    return events


def weights_of(model: nn.Module) -> Tensor:
    return torch.cat([parameter.detach().flatten() for parameter in model.parameters()]).clone()


def logits_of(event: StepEvent) -> Tensor:
    assert isinstance(event._answers, tuple)
    return event._answers[0]


def labels_of(event: StepEvent) -> Tensor:
    assert isinstance(event._answers, tuple)
    return event._answers[1]
