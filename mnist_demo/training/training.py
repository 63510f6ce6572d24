"""What a training is, wherever it is computed."""

from collections.abc import Callable, Iterable

import torch
from torch import Tensor

from mnist_demo.data.dataset import Dataset
from mnist_demo.training.devices import choose_device
from mnist_demo.training.events import DivergedEvent
from mnist_demo.training.recipes import BOUNDS, Recipe
from mnist_demo.training.training_set import ExtraDigits, Labelled


class Training:
    """One model trained by one recipe, wherever that is computed: see `Trainer`, `RemoteTrainer`.

    device: see `choose_device`. extra_digits: a visitor's, float32 (n, 28, 28) in [0, 1], and their
    labels, to train on beside the data set's. check_cancelled: called now and then, for others to
    compute; what it raises ends the work; settable at any time. seconds: of training, without
    evaluations. wall_seconds: by the clock, while it ran. learning_rates: how many steps were done
    before each was used for the first time. threads: with how many steps were computed, which
    changes their last digits. spent: the limit that ended the last run, "steps" or "seconds", where
    one did.

    Raises ValueError where the seed is out of bounds or the device is not there.
    """

    calibration_split: Labelled  # the images held out of the data set
    images_per_epoch: int
    steps_per_epoch: int
    draws: bool  # whether its network draws random numbers in training, as dropout does
    spent: str | None = None

    def __init__(
        self,
        recipe: Recipe,
        dataset: Dataset,
        seed: int,
        device: str | torch.device | None,
        extra_digits: ExtraDigits | None,
        check_cancelled: Callable[[], None] | None,
    ) -> None:
        self.recipe = recipe
        self.dataset = dataset
        self.seed: int = BOUNDS["seed"].check("seed", seed)
        self.device = choose_device(device)
        self.extra_digits = extra_digits
        self.check_cancelled = check_cancelled
        self.model = recipe.build(self.seed)
        self.epochs_done = 0
        self.seconds = 0.0
        self.wall_seconds = 0.0
        self.diverged = False
        self._steps_done = 0  # in the epoch under way
        self.threads: set[int] = set()
        self.learning_rates = [(0, recipe.learning_rate)]
        self._learning_rate = recipe.learning_rate
        self._tensors = list(self.model.state_dict().values())  # all tensors that a step changes
        self._finite = self._tensors  # as they were when a loss was finite

    @property
    def dataset_name(self) -> str:
        """What it is trained on, for people."""
        if self.extra_digits is None:
            return self.dataset.name
        return f"{self.dataset.name} and {len(self.extra_digits[0])} own digits"

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
        self._learning_rate = BOUNDS["learning_rate"].check("learning_rate", value)

    def end_diverged(self, loss: float, step: int | None = None) -> DivergedEvent:
        """End the run and go back to the last weights with a finite loss.

        `run` does so by itself; who stops a run and then finds its loss not finite, calls this.
        """
        self.diverged = True
        copy_tensors(self._tensors, self._finite)
        step = self._steps_done if step is None else step
        return DivergedEvent(self.epochs_done + 1, step, loss, self.learning_rate)


def copy_tensors(targets: Iterable[Tensor], sources: Iterable[Tensor]) -> None:
    """Each source into its target, wherever either lies."""
    for target, source in zip(targets, sources, strict=True):
        target.copy_(source)
