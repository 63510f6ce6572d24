"""What a training is, wherever it is computed."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import torch
from torch import Tensor

from mnist_demo.data.dataset import Dataset
from mnist_demo.training.devices import choose_device
from mnist_demo.training.events import DivergedEvent
from mnist_demo.training.recipes import BOUNDS, Recipe
from mnist_demo.training.setting_changes import SETTABLE, SettingChange, first_settings
from mnist_demo.training.snapshots import Snapshot, halve_weights
from mnist_demo.training.training_set import ExtraDigits, Labelled

# Steps between the weights that a diverging run goes back to: kept at each step, they took 7 % of
# the training of `mlp`.
KEEP_EVERY = 8


def _settable(name: str) -> property:
    """An attribute: what `change` sets."""

    def set_value(training: "Training", value: float) -> None:
        training.change(name, value)

    return property(lambda training: training.settings.get(name), set_value)


class Training:
    """One model trained by one recipe, wherever that is computed: see `Trainer`, `RemoteTrainer`.

    device: see `choose_device`. extra_digits: a visitor's, float32 (n, 28, 28) in [0, 1], and their
    labels, to train on beside the data set's. check_cancelled: called now and then, for others to
    compute; what it raises ends the work; settable at any time. seconds: of training, without
    evaluations. wall_seconds: by the clock, while it ran. threads: with how many steps were
    computed, which changes their last digits. spent: the limit that ended the last run, "steps" or
    "seconds", where one did. started_from: the step of another run whose weights this one began
    with, see `Trainer`; None: it began with random ones.

    learning_rate, weight_decay, label_smoothing, dropout: settable at any time; the next step uses
    them. Of a learning rate with a schedule: its highest. dropout: the share of each dropout layer,
    None where they differ or there is none. settings: these by name, without dropout where there is
    no layer of it. changes: of these, each once a step was done with it.

    Raises ValueError where the seed is out of bounds or the device is not there.
    """

    calibration_split: Labelled  # the images held out of the data set
    images_per_epoch: int
    steps_per_epoch: int
    draws: bool  # whether its network draws random numbers in training, as dropout does
    spent: str | None = None
    started_from: int | None = None
    learning_rate = _settable("learning_rate")
    weight_decay = _settable("weight_decay")
    label_smoothing = _settable("label_smoothing")
    dropout = _settable("dropout")

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
        self.settings = first_settings(recipe, self.model)
        self._first_settings = self.settings.copy()
        self.changes: list[SettingChange] = []
        self._tensors = list(self.model.state_dict().values())  # all tensors that a step changes
        self._finite = self._tensors  # as they were at a step whose loss was finite

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

    def change(self, name: str, value: float) -> None:
        """Set one of `settings`, from the next step on. Raises ValueError where the value is out of
        its bounds, or the run has no such setting."""
        if name not in self.settings:
            raise ValueError(
                f"{name} cannot be changed in this run of {self.recipe.name}, but "
                f"{', '.join(self.settings)}; dropout needs a network with a layer of it, such as "
                "'dropout 0.3'"
            )
        self.settings[name] = SETTABLE[name].check(name, value)

    def take_snapshot(self) -> Snapshot | None:
        """Its model as it is now; None where that has weights which are no finite numbers."""
        weights = halve_weights(self.model)
        if weights is None:
            return None
        epochs = self.steps_done / self.steps_per_epoch
        times = self.seconds, self.wall_seconds
        return Snapshot(self.steps_done, epochs, *times, self.settings.copy(), weights)

    def _start_from(self, snapshot: Snapshot) -> None:
        """Be as far as the run that it is of was then, with its weights."""
        self.model.load_state_dict(snapshot.weights)
        self.epochs_done, self._steps_done = divmod(snapshot.step, self.steps_per_epoch)
        self.seconds, self.wall_seconds = snapshot.seconds, snapshot.wall_seconds
        self.settings = dict(snapshot.settings)
        self.started_from = snapshot.step

    def _note_changes(self, settings: Mapping[str, Any]) -> None:
        """That the next step is done with these, all of them."""
        used = self._first_settings | {each.name: each.value for each in self.changes}
        self.changes += [
            SettingChange(self.steps_done, name, value)
            for name, value in settings.items()
            if value != used[name]
        ]

    @property
    def kept_step(self) -> int:
        """Counted from 0, the last step before which its weights were kept, to go back to."""
        return max(0, self.steps_done - 1) // KEEP_EVERY * KEEP_EVERY

    def end_diverged(self, loss: float, step: int | None = None) -> DivergedEvent:
        """End the run and go back to the weights that were kept last, whose loss was finite.

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
