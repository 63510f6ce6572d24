"""Training as a generator of events."""

import copy
import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import astuple
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim.swa_utils import get_ema_multi_avg_fn

from mnist_demo.data.augmentation import AUGMENTATIONS
from mnist_demo.data.dataset import Dataset
from mnist_demo.data.non_digits import NON_DIGIT
from mnist_demo.training.devices import has_fast_bfloat16
from mnist_demo.training.evaluation import FLOAT32, Evaluation, evaluate, to_input
from mnist_demo.training.events import EpochEvent, EvaluationEvent, Event, StepEvent
from mnist_demo.training.layer_activity import Activities, watch_activity
from mnist_demo.training.optimization import make_optimizer, one_cycle
from mnist_demo.training.periodic_tests import plan_tests
from mnist_demo.training.recipes import BOUNDS, Recipe
from mnist_demo.training.seeded_random import SeededRandom, probe
from mnist_demo.training.setting_changes import (
    SettingChange,
    dropout_layers,
    rename_stored_changes,
)
from mnist_demo.training.snapshots import Snapshot
from mnist_demo.training.training import KEEP_EVERY, Training, copy_tensors
from mnist_demo.training.training_set import ExtraDigits, make_training_set


class Trainer(Training):
    """Trains one model by one recipe; all that a run needs to be stopped and resumed.

    The same recipe, data set, seed and machine give the same losses to the last digit, also where
    the run was stopped in between, and whatever random numbers other threads draw meanwhile.
    `check_cancelled` is called while digits are drawn and during evaluations. tests: None for one
    on all the test images after each epoch; else about how many there shall be in the recipe's
    epochs, in whose place come EvaluationEvents where `plan_tests` says so; an EpochEvent then
    comes at the end of `run` alone. watch_every: after how many seconds the StepEvent of the next
    step tells how large each layer's activations and gradients are; None: never. start: a snapshot
    of a run of the same recipe, data set and seed, in place of random weights: the images that come
    next, the schedule, the settings and what is drawn at random are those of its step. What it does
    not hold begins anew: the optimizer's means, as of momentum; with `ema_decay`, the weights that
    are averaged, which begin as their average; and the training loss of the epoch under way, which
    is NaN.

    Raises ValueError as `Training` does, and where the recipe leaves no whole batch, or its network
    does not give ten logits for each image, or cannot be trained on a batch of one that is left.
    """

    def __init__(
        self,
        recipe: Recipe,
        dataset: Dataset,
        *,
        seed: int = 0,
        device: str | torch.device | None = None,
        extra_digits: ExtraDigits | None = None,
        check_cancelled: Callable[[], None] | None = None,
        tests: int | None = None,
        watch_every: float | None = None,
        start: Snapshot | None = None,
    ) -> None:
        super().__init__(recipe, dataset, seed, device, extra_digits, check_cancelled)
        shape, self.draws = probe(recipe.build(self.seed))
        if shape != (2, 10):
            raise ValueError(
                f"the network of {recipe.name} makes {shape} of 2 images; it must make ten logits "
                "of each, (2, 10)"
            )
        images, labels, self.calibration_split = make_training_set(
            recipe, dataset, self.seed, extra_digits, check_cancelled
        )
        self.images_per_epoch = len(images)
        self.steps_per_epoch = count_steps(recipe, len(images))
        check_single(recipe, len(images))
        self._loss_sum = 0.0  # in the epoch under way
        if start:
            self._start_from(start)
            self._loss_sum = math.nan if self._steps_done else 0.0
        self._watch_every = watch_every
        self._watched_at = -math.inf
        self._tests = None
        if tests is not None:
            self._tests = plan_tests(
                tests, recipe.epochs, self.steps_per_epoch, len(images), len(dataset.test_labels)
            )
        self.model.to(self.device)
        # What is trained; `model` is its average where the recipe asks for one.
        self._trained = copy.deepcopy(self.model) if recipe.ema_decay else self.model
        self._dropouts = dropout_layers(self._trained)
        self.optimizer = make_optimizer(recipe, self._trained)
        self._images = images.to(self.device)
        self._labels = labels.to(self.device)
        bfloat16 = recipe.precision == "bfloat16" and has_fast_bfloat16(self.device)
        self.precision = torch.autocast(self.device.type, torch.bfloat16) if bfloat16 else FLOAT32
        self._tensors = _tensors_of(self.model)
        if self._trained is not self.model:
            self._tensors += _tensors_of(self._trained)
        self._finite = [tensor.clone() for tensor in self._tensors]

    def run(self, epochs: int | None = None) -> Iterator[Event]:
        """Train, and yield an event after each step and each epoch.

        epochs: how many to finish; an interrupted one is resumed and is the first of them.
        None: as many as the recipe has left, or all of its epochs again where none are left.

        Close the iterator to stop; call again to go on. Once diverged, a run yields nothing more.
        """
        return self._run(self.count_epochs(epochs))

    def count_epochs(self, epochs: int | None = None) -> int:
        """How many `run(epochs)` would finish."""
        if epochs is None:
            epochs = self.recipe.epochs - self.epochs_done
            epochs = epochs if epochs > 0 else self.recipe.epochs
        BOUNDS["epochs"].check("epochs", epochs)
        return epochs

    def state_dict(self) -> dict[str, Any]:
        """All that `load_state_dict` needs for another trainer to resume this run as it would
        itself: numbers, lists, and tensors on the CPU, none of which a step changes."""
        kept = {name: getattr(self, name) for name in _KEPT}
        return {
            "state": [_take_off(tensor) for tensor in self._tensors],
            "optimizer": _take_off_all(self.optimizer.state_dict()),
            "finite": [_take_off(tensor) for tensor in self._finite],
            "changes": [astuple(change) for change in self.changes],
            **copy.deepcopy(kept),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over a run of the same recipe, data set, seed and extra digits."""
        state = rename_stored_changes(state, self._first_settings)
        copy_tensors(self._tensors, state["state"])
        self.optimizer.load_state_dict(state["optimizer"])
        copy_tensors(self._finite, state["finite"])
        self.changes = [SettingChange(*change) for change in state["changes"]]
        for name in _KEPT:
            setattr(self, name, copy.deepcopy(state[name]))

    def _run(self, epochs: int) -> Iterator[Event]:
        self._clock_from = time.perf_counter() - self.wall_seconds
        last = self.epochs_done + epochs
        while self.epochs_done < last and not self.diverged:
            yield from self._run_epoch(is_last=self.epochs_done + 1 == last)

    def _read_clock(self) -> float:
        self.wall_seconds = time.perf_counter() - self._clock_from
        return self.wall_seconds

    def _run_epoch(self, *, is_last: bool) -> Iterator[Event]:
        epoch = self.epochs_done + 1
        batches = self._shuffle(epoch).split(self.recipe.batch_size)
        while self._steps_done < self.steps_per_epoch:
            started = time.perf_counter()
            logits, labels, loss, layers = self._watch_step(batches[self._steps_done])
            if not math.isfinite(loss):
                yield self.end_diverged(loss, self._steps_done + 1)
                return
            self._steps_done += 1
            self._loss_sum += loss
            self.seconds += time.perf_counter() - started
            yield StepEvent(
                epoch,
                self._steps_done,
                self.steps_per_epoch,
                loss,
                self.optimizer.param_groups[0]["lr"],
                self.seconds,
                self._read_clock(),
                (logits, labels),
                layers,
            )
            is_tested_anyway = is_last and self._steps_done == self.steps_per_epoch
            if self._tests and self._tests.is_due(self.steps_done) and not is_tested_anyway:
                part = self._test(self._tests.stride)
                yield EvaluationEvent(
                    epoch, self._steps_done, part, self.seconds, self._read_clock()
                )
        if self._tests and not is_last:
            self.epochs_done, self._steps_done, self._loss_sum = epoch, 0, 0.0
            return
        test = self._test()
        if not math.isfinite(test.loss):  # the last step of all went too far
            yield self.end_diverged(test.loss)
            return
        train_loss = self._loss_sum / self.steps_per_epoch
        self.epochs_done, self._steps_done, self._loss_sum = epoch, 0, 0.0
        yield EpochEvent(epoch, train_loss, test, self.seconds, self._read_clock())

    def _test(self, stride: int = 1) -> Evaluation:
        """On every so many of the test images."""
        return evaluate(
            self.model,
            self.dataset.test_images[::stride],
            self.dataset.test_labels[::stride],
            between_batches=self.check_cancelled,
            precision=self.precision,
        )

    def _shuffle(self, epoch: int) -> Tensor:
        """The order of the images, drawn from seed and epoch alone: a stop loses nothing."""
        order = np.random.default_rng((self.seed, epoch)).permutation(len(self._images))
        return torch.from_numpy(order).to(self.device)

    def _watch_step(self, batch: Tensor) -> tuple[Tensor, Tensor, float, Activities | None]:
        """A step, and what its layers did, where that is to be told."""
        every = self._watch_every
        if every is None or time.perf_counter() - self._watched_at < every:
            return (*self._step(batch), None)
        with watch_activity(self._trained, len(batch)) as layers:
            step = self._step(batch)
        self._watched_at = time.perf_counter()
        return (*step, layers)

    def _step(self, batch: Tensor) -> tuple[Tensor, Tensor, float]:
        self.threads.add(torch.get_num_threads())
        settings = self.settings.copy()  # another thread may set one while this step computes
        for layer in self._dropouts:
            if settings["dropout"] is not None:
                layer.share = settings["dropout"]
        labels = self._labels[batch]
        images = to_input(self._images[batch])
        if self.recipe.augmentation != "none":
            generator = torch.Generator().manual_seed(self._step_seed())
            images = AUGMENTATIONS[self.recipe.augmentation](images, generator)
        with self.precision, SeededRandom(self._step_seed()) if self.draws else nullcontext():
            logits = self._trained(images)
        logits = logits.float()
        loss = self._loss(logits, labels, settings["label_smoothing"])
        value = loss.item()
        if math.isfinite(value):
            if self.steps_done % KEEP_EVERY == 0:
                copy_tensors(self._finite, self._tensors)
            self._note_changes(settings)
            self._move(loss, settings)
        return logits.detach(), labels, value

    def _move(self, loss: Tensor, settings: Mapping[str, Any]) -> None:
        """Change the weights, so that the loss gets smaller."""
        for group in self.optimizer.param_groups:
            group["lr"] = settings["learning_rate"] * self._schedule()
            group["weight_decay"] = settings["weight_decay"]
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        if self._trained is not self.model:
            self._average()

    def _average(self) -> None:
        """An exponential moving average of the weights and batch statistics; of the first steps it
        forgets faster, or the initial weights would stay in it."""
        decay = min(self.recipe.ema_decay, (1 + self.steps_done) / (10 + self.steps_done))
        averaged, trained = (
            tuple(each for each in _tensors_of(model) if each.is_floating_point())
            for model in (self.model, self._trained)
        )
        get_ema_multi_avg_fn(decay)(averaged, trained, self.steps_done)

    def _step_seed(self) -> int:
        """For what is random in this step, drawn from seed, epoch and step alone."""
        state = np.random.SeedSequence((self.seed, self.epochs_done, self._steps_done))
        return int(state.generate_state(1)[0])

    def _loss(self, logits: Tensor, labels: Tensor, smoothing: float) -> Tensor:
        """Mean cross-entropy; with outlier exposure, where there are non-digits: those shall be
        answered by all ten digits alike.

        Hendrycks, Mazeika and Dietterich, "Deep Anomaly Detection with Outlier Exposure", 2019.
        """
        if not self.recipe.non_digits:
            return F.cross_entropy(logits, labels, label_smoothing=smoothing)
        digits = F.cross_entropy(
            logits, labels, label_smoothing=smoothing, ignore_index=NON_DIGIT, reduction="sum"
        )
        non_digits = -F.log_softmax(logits[labels == NON_DIGIT], dim=1).mean(dim=1).sum()
        return (digits + non_digits) / len(labels)

    def _schedule(self) -> float:
        if self.recipe.schedule == "constant":
            return 1.0
        total = self.recipe.epochs * self.steps_per_epoch
        return one_cycle(self.steps_done % total, total)  # after the end, a cycle of its own


# Of a trainer's attributes, those that say how far it is.
_KEPT = (
    "epochs_done",
    "seconds",
    "wall_seconds",
    "diverged",
    "threads",
    "settings",
    "_steps_done",
    "_loss_sum",
)


def _tensors_of(model: nn.Module) -> list[Tensor]:
    return list(model.state_dict().values())


def _take_off(tensor: Tensor) -> Tensor:
    """A copy on the CPU."""
    return tensor.detach().to("cpu", copy=True)


def _take_off_all(value: Any) -> Any:
    """The same dicts, lists and numbers, with copies of the tensors on the CPU."""
    match value:
        case Tensor():
            return _take_off(value)
        case dict():
            return {key: _take_off_all(each) for key, each in value.items()}
        case list():
            return [_take_off_all(each) for each in value]
    return value


class BatchSizeError(ValueError):
    """A batch holds more images than there are to train on."""

    def __init__(self, batch_size: int, images: int) -> None:
        super().__init__(batch_size, images)  # as they are, so that it can be pickled
        self.batch_size, self.images = batch_size, images

    def __str__(self) -> str:
        return (
            f"batch_size {self.batch_size:,} is more than the {self.images:,} training images; "
            "make it smaller"
        )


def count_steps(recipe: Recipe, images: int) -> int:
    """The steps of one epoch. Raises BatchSizeError where there is not one whole batch for it."""
    whole, rest = divmod(images, recipe.batch_size)
    steps = whole if recipe.drop_last or not rest else whole + 1
    if steps == 0:
        raise BatchSizeError(recipe.batch_size, images)
    return steps


def check_single(recipe: Recipe, images: int) -> None:
    """A norm of single numbers needs two images to have a deviation: better told now than at the
    end of an epoch."""
    rest = 0 if recipe.drop_last else images % recipe.batch_size
    if 1 not in (recipe.batch_size, rest):
        return
    try:
        probe(recipe.build(seed=0), images=1)
    except ValueError as error:
        raise ValueError(
            f"{images:,} images in batches of {recipe.batch_size:,} make a batch of one, on which "
            f"this network cannot be trained; choose another batch_size ({error})"
        ) from None
