"""One training as the page shows it: its curves, and the model that comes of it."""

import copy
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import astuple
from typing import Any

from mnist_demo.models.calibration import measure_confidence
from mnist_demo.models.checkpoints import Checkpoint
from mnist_demo.training.evaluation import evaluate
from mnist_demo.training.events import (
    DivergedEvent,
    EpochEvent,
    EvaluationEvent,
    Event,
    StepEvent,
    score_steps,
    summarize,
)
from mnist_demo.training.layer_activity import Activities
from mnist_demo.training.processes.remote_trainer import RemoteTrainer
from mnist_demo.training.recipes import Recipe
from mnist_demo.training.snapshots import Snapshots
from mnist_demo.ui.compute.model_store import UserDigits
from mnist_demo.ui.compute.resources import PART
from mnist_demo.ui.i18n.translate import Translations
from mnist_demo.ui.train.curves import Curve
from mnist_demo.ui.train.live_view import LiveView
from mnist_demo.ui.train.recipe_form import describe_setting
from mnist_demo.ui.train.training_log import log_training

PLOT_EVERY = 0.1  # seconds
LAST_STEPS = 50  # whose mean is told as the training loss
END_WITHIN = 40.0  # seconds: longer than a remote trainer waits for a step


class TrainingSession:
    """Follows the events of a trainer. Belongs to one visitor.

    number: counts the visitor's runs from 1. asked: the recipe as it was asked for, where the
    trainer's is another. live_view: looks at the model now and then. snapshots: of all of the
    visitor's runs, to which this one adds its own. user_digits: the visitor's that are trained on.
    """

    def __init__(
        self,
        number: int,
        name: str,
        trainer: RemoteTrainer,
        asked: Recipe | None = None,
        snapshots: Snapshots | None = None,
        user_digits: UserDigits = (),
    ) -> None:
        self.number = number
        self.name = name
        self.trainer = trainer
        self.asked = asked or trainer.recipe
        self.user_digits = user_digits
        self.snapshots = snapshots or Snapshots()
        self.snapshots.forget(number)
        self._snapshot_at = -1  # the step of its newest
        self.target = trainer.recipe.epochs  # epochs, when this run is done
        while self.reached:  # it began where another one had ended
            self.target += trainer.recipe.epochs
        self.epochs: list[EpochEvent] = []
        self.epochs_seen = trainer.steps_done / trainer.steps_per_epoch
        self.diverged: DivergedEvent | None = None
        self.kept: Checkpoint | None = None  # what came of it; None while it goes on
        self.ended_by: Translations | None = (
            None  # what did, where nobody pressed Pause and it is not done
        )
        self.live_view: LiveView | None = None
        self._train = Curve()
        self._test = Curve()
        self._steps: list[StepEvent] = []  # not yet on the curves
        # Of the last steps: those of a whole epoch would be those of an older model, too.
        self._last_losses: deque[float] = deque(maxlen=LAST_STEPS)
        self._plotted_at = -math.inf
        self.layers: Activities = {}  # of the last step that was watched
        self._at_rest = threading.Event()
        self._at_rest.set()

    @property
    def resumable(self) -> bool:
        """Whether it can be gone on with: not what has diverged, nor what died with its process."""
        return self.diverged is None and not self.trainer.lost

    def rest(self, within: float = END_WITHIN) -> bool:
        """Wait until nothing trains any more: a step that was under way goes on to its end.

        within: seconds. Whether it is so then.
        """
        return self._at_rest.wait(within)

    @property
    def reached(self) -> bool:
        """Whether all epochs are done, the evaluation of the last one too."""
        return self.trainer.epochs_done >= self.target

    @property
    def ended(self) -> bool:
        """Whether it has had the epochs that it was asked for at first, or cannot have them."""
        return self.diverged is not None or self.trainer.epochs_done >= self.asked.epochs

    def resume(self, **limits: Any) -> Iterator[Event]:
        """Train to the target, following each event before it is passed on.

        limits: see `RemoteTrainer.run`.
        """
        self._at_rest.clear()
        self.kept = None
        self.ended_by = None
        self._look()
        self._keep_snapshot()
        try:
            events = self.trainer.run(self.target - self.trainer.epochs_done, **limits)
            for event in log_training(self.trainer, events):
                self._follow(event)
                yield event
        finally:
            self._plot_steps()
            self._at_rest.set()

    def _keep_snapshot(self) -> None:
        """Of the weights that came with the last events. Those of a run that diverged are of an
        earlier step than it is at."""
        step = self.trainer.steps_done
        if step == self._snapshot_at or self.trainer.diverged:
            return
        self._snapshot_at = step
        if snapshot := self.trainer.take_snapshot():
            self.snapshots.add(self.number, snapshot)

    def _follow(self, event: Event) -> None:
        self._keep_snapshot()
        if isinstance(event, StepEvent):
            self.epochs_seen = event.epoch - 1 + event.step / event.steps_per_epoch
            self._steps.append(event)
            self.layers = event.layers or self.layers
            if time.monotonic() - self._plotted_at >= PLOT_EVERY:
                self._plot_steps()
                self._look()
            return
        self._plot_steps()
        if isinstance(event, EpochEvent):
            self.epochs.append(event)
            self._plot_test(event.epoch * self.trainer.steps_per_epoch, event)
        elif isinstance(event, EvaluationEvent):
            self._plot_test((event.epoch - 1) * self.trainer.steps_per_epoch + event.step, event)
        else:
            self.diverged = event
        self._look()

    def _look(self) -> None:
        if self.live_view:
            self.live_view(self.trainer.model, self.epochs_seen)

    def _plot_steps(self) -> None:
        """Bring the curves up to the newest step: many at once, for they come by the thousand."""
        for event, scores in zip(self._steps, score_steps(self._steps), strict=True):
            step = (event.epoch - 1) * event.steps_per_epoch + event.step
            # Not the loss that is made small, which no test loss could be compared with.
            self._train.add(step, event.wall_seconds, scores.cross_entropy, scores.accuracy)
            self._last_losses.append(scores.cross_entropy)
        self._steps.clear()
        self._plotted_at = time.monotonic()

    def _plot_test(self, step: int, event: EpochEvent | EvaluationEvent) -> None:
        self._test.add(step, event.wall_seconds, event.test.loss, event.test.accuracy)

    def curves(self) -> dict[str, Any]:
        """The run's curves as they are now, for the charts.

        train, test: points [step, seconds, loss, accuracy]: seconds by the clock, loss the plain
        cross-entropy. marks: [step, words]: where a setting was changed, and to what.
        """
        return {
            "number": self.number,
            "name": self.name,
            "seed": self.trainer.seed,
            "steps_per_epoch": self.trainer.steps_per_epoch,
            "images_per_epoch": self.images_per_epoch(),
            "steps": self.target * self.trainer.steps_per_epoch,
            "train": list(self._train.points),
            "test": list(self._test.points),
            "marks": [
                [each.step, describe_setting(each.name, each.value)]
                for each in self.trainer.changes
            ],
        }

    def steps_left(self) -> int:
        """To the target."""
        return self.target * self.trainer.steps_per_epoch - self.trainer.steps_done

    def images_per_second(self) -> float:
        """Trained on so far, evaluation left out; 0 before the first step."""
        seconds = self.trainer.seconds
        return self.epochs_seen * self.images_per_epoch() / seconds if seconds else 0.0

    def images_per_epoch(self) -> int:
        """Those that are trained on: without the last ones, where they are not enough for a
        batch."""
        trainer = self.trainer
        return min(trainer.images_per_epoch, trainer.steps_per_epoch * trainer.recipe.batch_size)

    def checkpoint(self, between_batches: Callable[[], None] | None = None) -> Checkpoint:
        """The model as it is now; a copy, so that going on does not change it.

        between_batches: called now and then while it is evaluated.
        """
        trainer, dataset = self.trainer, self.trainer.dataset
        model = copy.deepcopy(trainer.model).cpu().eval()
        confidence = measure_confidence(
            trainer, model, ended=self.reached, between_batches=between_batches
        )
        images, labels = dataset.test_images, dataset.test_labels
        test = evaluate(model, images, labels, PART, between_batches)  # others wait for no more
        if not math.isfinite(test.loss):  # stopped after it diverged, before that was noticed
            self.diverged = trainer.end_diverged(test.loss)
            return self.checkpoint(between_batches)
        if trainer.steps_done and self._test.last_step() != trainer.steps_done:
            self._test.add(trainer.steps_done, trainer.wall_seconds, test.loss, test.accuracy)
        metrics = (
            summarize(self.epochs)
            | confidence
            | {
                "epochs": round(self.epochs_seen, 3),
                "seconds": round(trainer.seconds, 3),
                "wall_seconds": round(trainer.wall_seconds, 3),
                "train_cross_entropy": self._mean_training_loss(),
                "test_accuracy": test.accuracy,
                "test_loss": test.loss,
            }
        )
        if trainer.started_from is not None:
            metrics["started_from_step"] = trainer.started_from
        if changes := trainer.changes:
            metrics["setting_changes"] = [[*astuple(change)] for change in changes]
        return Checkpoint(
            self.name, model, trainer.recipe, trainer.seed, trainer.dataset_name, metrics
        )

    def _mean_training_loss(self) -> float | None:
        """Of the last steps: plain cross-entropy, as on the curve."""
        known = [loss for loss in self._last_losses if math.isfinite(loss)]
        return sum(known) / len(known) if known else None
