"""A training for the API: what it does, as reports that can be sent."""

from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing, closing
from itertools import zip_longest
from typing import Any

from mnist_demo.training.events import EpochEvent, Event, StepEvent
from mnist_demo.training.processes.remote_trainer import RemoteTrainer
from mnist_demo.training.recipes import Recipe
from mnist_demo.training.trainer import check_single, count_steps
from mnist_demo.training.training_set import count_training_images
from mnist_demo.ui.compute.budget import Budget, BudgetClock
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.compute.queue import Job
from mnist_demo.ui.compute.streaming import stream
from mnist_demo.ui.i18n.translate import pick_language
from mnist_demo.ui.train.training_log import log_training

SHOW_EVERY = 0.2  # seconds


async def stream_training(
    store: ModelStore, budget: Budget, job: Job, recipe: Recipe, seed: int
) -> AsyncGenerator[dict[str, Any]]:
    """Train, and yield what the endpoint `train` does; `job` is told how long it takes."""
    clock = BudgetClock(budget)
    trainers: list[RemoteTrainer] = []

    def work(check: Callable[[], None]) -> Iterator[Event]:
        dataset, pool = store.dataset(), store.compute.pool
        used = recipe.for_dataset(dataset)
        trainer = RemoteTrainer(used, dataset, pool=pool, seed=seed, check_cancelled=check)
        with closing(trainer):
            limits = clock.begin(0)
            trainers.append(trainer)
            yield from log_training(trainer, trainer.run(**limits))

    async with aclosing(stream(work, SHOW_EVERY)) as arriving:
        async for events in arriving:
            job.check()
            if not trainers:
                yield {"event": "starting"}
                continue
            done = trainers[0].steps_done
            steps_left = trainers[0].recipe.epochs * trainers[0].steps_per_epoch - done
            job.seconds_left = clock.seconds_left(done, steps_left)
            for report in report_all(events):
                yield report
    if spent := trainers[0].spent:
        message = budget.describe_exhausted(spent, by_api=True)
        yield {"event": "budget", "message": pick_language(message)}


async def check_batches(store: ModelStore, recipe: Recipe) -> None:
    """Raises ValueError where a batch is none that can be trained on; the data set, which tells
    that, may have to be loaded first."""

    def check(_: Callable[[], None]) -> Iterator[None]:
        images = count_training_images(recipe, store.dataset())
        count_steps(recipe, images)
        check_single(recipe, images)
        return iter(())

    async with aclosing(stream(check, SHOW_EVERY)) as waiting:
        async for _ in waiting:
            pass


def report_all(events: Sequence[Event]) -> Iterator[dict[str, Any]]:
    """Of the steps only the last before another event, or of all."""
    for event, following in zip_longest(events, events[1:]):
        if not isinstance(event, StepEvent) or not isinstance(following, StepEvent):
            yield _report(event)


def _report(event: Event) -> dict[str, Any]:
    match event:
        case StepEvent():
            return {
                "event": "step",
                "epoch": event.epoch,
                "step": event.step,
                "steps_per_epoch": event.steps_per_epoch,
                "loss": event.loss,
                "seconds": event.seconds,
            }
        case EpochEvent():
            return {
                "event": "epoch",
                "epoch": event.epoch,
                "train_loss": event.train_loss,
                "test_loss": event.test.loss,
                "test_accuracy": event.test.accuracy,
                "seconds": event.seconds,
            }
        case _:
            return {"event": "diverged", "epoch": event.epoch, "step": event.step}
