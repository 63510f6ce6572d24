import math
from dataclasses import replace

import pytest
import torch

from mnist_demo import RECIPES, Dataset, DivergedEvent, StepEvent, Trainer
from mnist_demo.training.events import Event
from tests.training.runs import cut, go, make_trainer, steps_of, weights_of


class TestDivergence:
    """At this rate the third step leaves weights with which the loss is no number any more."""

    TOO_FAST = replace(
        RECIPES["deep_cnn"], optimizer="sgd", learning_rate=100.0, batch_size=32, drop_last=True
    )

    def _diverge(self, dataset: Dataset) -> tuple[Trainer, list[Event]]:
        trainer = make_trainer(self.TOO_FAST, dataset)
        return trainer, list(trainer.run(5))

    @pytest.mark.parametrize("images", [512, 96], ids=["at a step", "at the epoch's end"])
    def test_a_loss_that_is_not_finite_ends_the_run(self, images: int, tiny: Dataset) -> None:
        trainer, events = self._diverge(cut(tiny, images))
        assert [type(event) for event in events] == [*[StepEvent] * 3, DivergedEvent]
        assert all(math.isfinite(event.loss) for event in steps_of(events))
        last = events[-1]
        assert isinstance(last, DivergedEvent)
        assert not math.isfinite(last.loss)
        assert last.learning_rate == 100
        assert trainer.diverged

    @pytest.mark.parametrize("images", [512, 96], ids=["at a step", "at the epoch's end"])
    def test_the_last_weights_whose_loss_was_finite_are_kept(
        self, images: int, tiny: Dataset
    ) -> None:
        trainer, _ = self._diverge(cut(tiny, images))
        assert weights_of(trainer.model).isfinite().all()
        before = make_trainer(self.TOO_FAST, cut(tiny, images))
        go(before, 2)
        assert torch.equal(weights_of(trainer.model), weights_of(before.model))

    def test_nothing_more_comes_after_it(self, tiny: Dataset) -> None:
        trainer, _ = self._diverge(tiny)
        weights = weights_of(trainer.model)
        assert list(trainer.run(3)) == []
        assert list(trainer.run()) == []
        assert torch.equal(weights_of(trainer.model), weights)

    def test_it_is_said_where(self, tiny: Dataset) -> None:
        last = self._diverge(tiny)[1][-1]
        assert isinstance(last, DivergedEvent)
        assert (last.epoch, last.step) == (1, 4)

    def test_its_step_is_one_that_the_epoch_has(self, tiny: Dataset) -> None:
        trainer, events = self._diverge(cut(tiny, 96))
        last = events[-1]
        assert isinstance(last, DivergedEvent)
        assert last.step <= trainer.steps_per_epoch
