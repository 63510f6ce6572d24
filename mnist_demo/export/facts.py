"""What a script has to know of the run that it repeats."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from torch.nn.parameter import is_lazy

from mnist_demo.training.devices import has_fast_bfloat16
from mnist_demo.training.recipes import Recipe
from mnist_demo.training.seeded_random import SeededRandom
from mnist_demo.training.setting_changes import SETTABLE
from mnist_demo.training.training import Training


@dataclass(frozen=True, eq=False)
class Facts:
    """Of a run that has done a step. test_accuracy: of its model, in [0, 1]."""

    trainer: Training
    test_accuracy: float

    @property
    def recipe(self) -> Recipe:
        return self.trainer.recipe

    @property
    def is_mnist(self) -> bool:
        return self.trainer.dataset.name == "MNIST"

    @property
    def on_cpu(self) -> bool:
        return self.trainer.device.type == "cpu"

    @property
    def in_bfloat16(self) -> bool:
        """Whether it was: a processor without it ignores what the recipe says."""
        return self.recipe.precision == "bfloat16" and has_fast_bfloat16(self.trainer.device)

    @property
    def seeds_steps(self) -> bool:
        """Whether anything in a step is random."""
        return self.recipe.augmentation != "none" or self.trainer.draws

    @cached_property
    def is_lazy(self) -> bool:
        """Whether layers take their sizes from the first images."""
        if self.recipe.layers:
            return False
        with SeededRandom(0):
            return any(map(is_lazy, self.recipe.make_network().parameters()))

    def values(self, name: str) -> dict[int, float]:
        """Each value of a setting that a step was done with, by how many steps were done before;
        of dropout without the network's own."""
        first = {} if name == "dropout" else {0: float(getattr(self.recipe, name))}
        changes = (each for each in self.trainer.changes if each.name == name)
        return first | {each.step: float(each.value) for each in changes}

    @property
    def changed(self) -> list[str]:
        """The settings that the training loop changes. What was set before the first step stands
        in the line that sets it, save for dropout, which stands in the network's lines."""
        changes = self.trainer.changes
        names = {each.name for each in changes if each.step or each.name == "dropout"}
        return [name for name in SETTABLE if name in names]

    @property
    def steps(self) -> int:
        """How many are repeated: of a run that diverged up to the one whose weights it went back
        to, and in that one they do not move."""
        trainer = self.trainer
        return trainer.kept_step + 1 if trainer.diverged else trainer.steps_done

    @property
    def epochs(self) -> int:
        """The number of the last epoch that is repeated, from 1 on."""
        return (self.steps - 1) // self.trainer.steps_per_epoch + 1

    @property
    def last_steps(self) -> int:
        """How many steps of it are."""
        return (self.steps - 1) % self.trainer.steps_per_epoch + 1

    @property
    def leaves_some(self) -> bool:
        """Whether images are left over in an epoch."""
        trainer = self.trainer
        return trainer.steps_per_epoch * self.recipe.batch_size < trainer.images_per_epoch

    @property
    def is_scheduled(self) -> bool:
        return self.recipe.schedule == "one_cycle"

    @property
    def counts_steps(self) -> bool:
        """Whether something follows the number of the steps that are done."""
        return bool(self.changed) or self.is_scheduled or self.recipe.ema_decay > 0

    @property
    def smoothing(self) -> str:
        """The argument of cross_entropy for it; empty where there is none."""
        if "label_smoothing" in self.changed:
            return "label_smoothing=label_smoothing"
        share = self.values("label_smoothing")[0]
        return f"label_smoothing={share!r}" if share else ""

    def made_here(self) -> Iterator[str]:
        """What of its images only this package can make."""
        if not self.is_mnist:
            yield "the bundled digits"
        if self.recipe.uci_digits:
            yield "scikit-learn's digits in MNIST's format"
        if self.recipe.synthetic_digits:
            yield "synthetic digits"
        if self.recipe.non_digits:
            yield "non-digits"
