"""Training as a generator of events."""

import copy
import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mnist_demo.data.augmentation import AUGMENTATIONS
from mnist_demo.data.dataset import Dataset
from mnist_demo.data.non_digits import NON_DIGIT
from mnist_demo.networks.architectures import SeededDropout
from mnist_demo.training.devices import choose_device, has_fast_bfloat16
from mnist_demo.training.evaluation import FLOAT32, evaluate, to_input
from mnist_demo.training.events import DivergedEvent, EpochEvent, Event, StepEvent
from mnist_demo.training.optimization import make_optimizer, one_cycle
from mnist_demo.training.recipes import BOUNDS, Recipe
from mnist_demo.training.training_set import ExtraDigits, Labelled, make_training_set


class Training(Protocol):
    """What a training tells of itself, wherever it is computed: see `Trainer` and `RemoteTrainer`.

    steps_done: in all epochs. seconds: of training, without evaluations. learning_rates: how many
    steps were done before each was used for the first time. threads: see `Trainer`.
    """

    recipe: Recipe
    dataset: Dataset
    seed: int
    device: torch.device
    extra_digits: ExtraDigits | None
    calibration_split: Labelled
    images_per_epoch: int
    steps_per_epoch: int
    model: nn.Module
    seconds: float
    diverged: bool
    learning_rates: list[tuple[int, float]]
    threads: set[int]

    @property
    def steps_done(self) -> int: ...


class Trainer:
    """Trains one model by one recipe; all that a run needs to be stopped and gone on with.

    The same recipe, data set, seed and machine give the same losses to the last digit, also where
    the run was stopped in between. `device`: see `choose_device`. `extra_digits`: a visitor's,
    float32 (n, 28, 28) in [0, 1], and their labels, to train on beside the data set's.
    `check_cancelled`: called now and then while digits are drawn and during evaluations, for
    others to compute; what it raises ends the work.

    Raises ValueError where the recipe leaves no whole batch, or the device is not there.
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
    ) -> None:
        BOUNDS["seed"].check("seed", seed)
        self.recipe = recipe
        self.dataset = dataset
        self.seed = seed
        self.device = choose_device(device)
        self.extra_digits = extra_digits
        self.check_cancelled = check_cancelled  # settable at any time
        images, labels, self.calibration_split = make_training_set(
            recipe, dataset, seed, extra_digits, check_cancelled
        )
        self.images_per_epoch = len(images)
        self.steps_per_epoch = count_steps(recipe, len(images))
        # The layout that the CPU's convolutions are fastest in.
        self.model = recipe.build(seed).to(self.device).to(memory_format=torch.channels_last)
        self.optimizer = make_optimizer(recipe, self.model)
        self.epochs_done = 0
        self.seconds = 0.0
        self.diverged = False
        self.threads: set[int] = set()  # with how many steps were computed; it changes last digits
        self._dropouts = [each for each in self.model.modules() if isinstance(each, SeededDropout)]
        self._learning_rate = recipe.learning_rate
        # How many steps were done before each learning rate was used for the first time.
        self.learning_rates = [(0, recipe.learning_rate)]
        self._images = images.to(self.device)
        self._labels = labels.to(self.device)
        bfloat16 = recipe.precision == "bfloat16" and has_fast_bfloat16(self.device)
        self.precision = torch.autocast(self.device.type, torch.bfloat16) if bfloat16 else FLOAT32
        self._steps_done = 0  # in the epoch under way
        self._loss_sum = 0.0  # likewise
        self._state = list(self.model.state_dict().values())
        self._finite = [tensor.clone() for tensor in self._state]

    @property
    def dataset_name(self) -> str:
        """What it is trained on, for people."""
        return name_training_set(self.dataset, self.extra_digits)

    @property
    def steps_done(self) -> int:
        """In all epochs."""
        return self.epochs_done * self.steps_per_epoch + self._steps_done

    @property
    def learning_rate(self) -> float:
        """Settable at any time; the next step uses it. The schedule's highest, where it has one."""
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        BOUNDS["learning_rate"].check("learning_rate", value)
        self._learning_rate = value

    def run(self, epochs: int | None = None) -> Iterator[Event]:
        """Train, and yield an event after each step and each epoch.

        epochs: how many to finish; an interrupted one is gone on with and is the first of them.
        None: as many as the recipe has left, or all of its epochs again where none are left.

        Close the iterator to stop; call again to go on. Once diverged, a run yields nothing more.
        """
        if epochs is None:
            epochs = self.recipe.epochs - self.epochs_done
            epochs = epochs if epochs > 0 else self.recipe.epochs
        BOUNDS["epochs"].check("epochs", epochs)
        return self._run(epochs)

    def state_dict(self) -> dict[str, Any]:
        """All that `load_state_dict` needs for another trainer to go on with this run as it would
        itself: numbers, lists, and tensors on the CPU, none of which a step changes."""
        kept = {name: getattr(self, name) for name in _KEPT}
        weights = self.model.state_dict()
        return {
            "model": {name: _take_off(tensor) for name, tensor in weights.items()},
            "optimizer": _take_off_all(self.optimizer.state_dict()),
            "finite": [_take_off(tensor) for tensor in self._finite],
            **copy.deepcopy(kept),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over a run. Of the same recipe, data set, seed and own digits, or it is another."""
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        copy_tensors(self._finite, state["finite"])
        for name in _KEPT:
            setattr(self, name, copy.deepcopy(state[name]))

    def _run(self, epochs: int) -> Iterator[Event]:
        for _ in range(epochs):
            if self.diverged:
                return
            yield from self._run_epoch()

    def _run_epoch(self) -> Iterator[Event]:
        epoch = self.epochs_done + 1
        batches = self._shuffle(epoch).split(self.recipe.batch_size)
        while self._steps_done < self.steps_per_epoch:
            started = time.perf_counter()
            logits, labels, loss = self._step(batches[self._steps_done])
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
                (logits, labels),
            )
        test = evaluate(
            self.model,
            self.dataset.test_images,
            self.dataset.test_labels,
            between_batches=self.check_cancelled,
            precision=self.precision,
        )
        if not math.isfinite(test.loss):  # the last step of all went too far
            yield self.end_diverged(test.loss)
            return
        train_loss = self._loss_sum / self.steps_per_epoch
        self.epochs_done, self._steps_done, self._loss_sum = epoch, 0, 0.0
        yield EpochEvent(epoch, train_loss, test, self.seconds)

    def _shuffle(self, epoch: int) -> Tensor:
        """The order of the images, drawn from seed and epoch alone: a stop loses nothing."""
        order = np.random.default_rng((self.seed, epoch)).permutation(len(self._images))
        return torch.from_numpy(order).to(self.device)

    def _step(self, batch: Tensor) -> tuple[Tensor, Tensor, float]:
        self.threads.add(torch.get_num_threads())
        labels = self._labels[batch]
        images = to_input(self._images[batch])
        if self.recipe.augmentation != "none":
            generator = torch.Generator().manual_seed(self._step_seed())
            images = AUGMENTATIONS[self.recipe.augmentation](images, generator)
        for dropout in self._dropouts:
            dropout.seed = self._step_seed()
        with self.precision:
            logits = self.model(images)
        logits = logits.float()
        loss = self._loss(logits, labels)
        value = loss.item()
        if math.isfinite(value):
            copy_tensors(self._finite, self._state)
            if self._learning_rate != self.learning_rates[-1][1]:
                self.learning_rates.append((self.steps_done, self._learning_rate))
            for group in self.optimizer.param_groups:
                group["lr"] = self._learning_rate * self._schedule()
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
        return logits.detach(), labels, value

    def _step_seed(self) -> int:
        """For what is random in this step, drawn from seed, epoch and step alone."""
        state = np.random.SeedSequence((self.seed, self.epochs_done, self._steps_done))
        return int(state.generate_state(1)[0])

    def _loss(self, logits: Tensor, labels: Tensor) -> Tensor:
        """Mean cross-entropy; what is no digit shall be answered by all ten alike."""
        smoothing = self.recipe.label_smoothing
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
        return one_cycle(
            self.steps_done % total, total
        )  # going on after the end is a cycle of its own

    def end_diverged(self, loss: float, step: int | None = None) -> DivergedEvent:
        """End the run and go back to the last weights with a finite loss.

        `run` does so by itself; who stops a run and then finds its loss not finite, calls this.
        """
        self.diverged = True
        copy_tensors(self._state, self._finite)
        step = self._steps_done if step is None else step
        return DivergedEvent(self.epochs_done + 1, step, loss, self.learning_rate)


# Of a trainer's attributes, those that tell how far it is.
_KEPT = (
    "epochs_done",
    "seconds",
    "diverged",
    "threads",
    "learning_rates",
    "_learning_rate",
    "_steps_done",
    "_loss_sum",
)


def copy_tensors(targets: Iterable[Tensor], sources: Iterable[Tensor]) -> None:
    """Each source into its target, wherever either lies."""
    for target, source in zip(targets, sources, strict=True):
        target.copy_(source)


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


def name_training_set(dataset: Dataset, extra_digits: ExtraDigits | None) -> str:
    """What a model is trained on, for people."""
    if extra_digits is None:
        return dataset.name
    return f"{dataset.name} and {len(extra_digits[0])} own digits"


def count_steps(recipe: Recipe, images: int) -> int:
    """The steps of one epoch. Raises BatchSizeError where there is not one whole batch for it."""
    whole, rest = divmod(images, recipe.batch_size)
    steps = whole if recipe.drop_last or not rest else whole + 1
    if steps == 0:
        raise BatchSizeError(recipe.batch_size, images)
    return steps
