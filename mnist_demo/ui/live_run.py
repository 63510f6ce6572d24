"""One training as the page shows it: its curves, how far it is, and the model that comes of it."""

import copy
import math
from collections.abc import Iterator
from typing import Any

from mnist_demo.checkpoints import Checkpoint
from mnist_demo.training import (
    DivergedEvent,
    EpochEvent,
    Event,
    StepEvent,
    Trainer,
    evaluate,
    summarize,
)
from mnist_demo.ui.charts import Curve, describe_chart
from mnist_demo.ui.progress import describe_progress
from mnist_demo.ui.words import say


class LiveRun:
    """Follows the events of a trainer. Belongs to one visitor."""

    def __init__(self, name: str, trainer: Trainer) -> None:
        self.name = name
        self.trainer = trainer
        self.target = trainer.recipe.epochs  # epochs, when this run is done
        self.epochs: list[EpochEvent] = []
        self.epochs_seen = 0.0
        self.diverged: DivergedEvent | None = None
        self._loss = Curve(say("series_loss"))
        self._train_accuracy = Curve(say("series_train_accuracy"))
        self._test_accuracy = Curve(say("series_test_accuracy"), kind="dots")

    def go_on(self) -> Iterator[Event]:
        """Train to the target, following each event before it is passed on."""
        for event in self.trainer.run():
            self._follow(event)
            yield event

    def _follow(self, event: Event) -> None:
        match event:
            case StepEvent():
                self.epochs_seen = event.epoch - 1 + event.step / event.steps_per_epoch
                self._loss.add(self.epochs_seen, event.loss)
                self._train_accuracy.add(self.epochs_seen, event.accuracy)
            case EpochEvent():
                self.epochs.append(event)
                self._test_accuracy.add(event.epoch, event.test.accuracy)
            case DivergedEvent():
                self.diverged = event

    def charts(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The loss chart's value, and the accuracy chart's."""
        accuracy = [self._train_accuracy, self._test_accuracy]
        return describe_chart([self._loss], self.target), describe_chart(accuracy, self.target)

    def progress(self) -> dict[str, Any]:
        """How far the run is, for the progress bar."""
        steps_per_epoch = self.trainer.steps_per_epoch
        step = round(self.epochs_seen * steps_per_epoch)
        seconds = self.trainer.seconds
        left = seconds / max(step, 1) * (self.target * steps_per_epoch - step)
        epoch = min(self.target, math.floor(self.epochs_seen) + 1)
        speed = step * self.trainer.recipe.batch_size / seconds if seconds else 0
        facts = [
            (say("fact_epoch"), f"{epoch} / {self.target}"),
            (say("fact_step"), f"{step:,} / {self.target * steps_per_epoch:,}"),
            (say("fact_speed"), f"{speed:,.0f}"),
            (say("fact_left"), format_seconds(left)),
        ]
        line = say("train_running", epoch=epoch, epochs=self.target)
        return describe_progress(line, self.epochs_seen / self.target, facts)

    def checkpoint(self) -> Checkpoint:
        """The model as it is now; a copy, so that going on does not change it."""
        trainer = self.trainer
        model = copy.deepcopy(trainer.model).cpu().eval()
        dataset = trainer.dataset
        test = evaluate(model, dataset.test_images, dataset.test_labels)
        metrics = summarize(self.epochs) | {
            "epochs": round(self.epochs_seen, 3),
            "seconds": round(trainer.seconds, 3),
            "test_accuracy": test.accuracy,
            "test_loss": test.loss,
        }
        return Checkpoint(self.name, model, trainer.recipe, trainer.seed, dataset.name, metrics)

    def result(self, checkpoint: Checkpoint) -> dict[str, Any]:
        """What came of it, for the progress bar."""
        accuracy = checkpoint.metrics["test_accuracy"]
        values = {"accuracy": accuracy, "count": len(self.trainer.dataset.test_labels)}
        if self.diverged:
            line = say("train_diverged", learning_rate=self.diverged.learning_rate)
        elif self.epochs_seen < self.target:
            line = say("train_stopped", epochs=self.epochs_seen, **values)
        else:
            line = say("train_done", **values)
        facts = [
            (say("fact_accuracy"), f"{accuracy:.2%}"),
            (say("fact_loss"), f"{checkpoint.metrics['test_loss']:.4f}"),
            (say("fact_time"), format_seconds(self.trainer.seconds)),
        ]
        line = f"{line} {say('train_use', name=self.name)}"
        return describe_progress(line, min(1.0, self.epochs_seen / self.target), facts)


def format_seconds(seconds: float) -> str:
    """A time for people: 4.2 s, 1 min 05 s."""
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s"
