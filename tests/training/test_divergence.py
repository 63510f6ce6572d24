import math
from dataclasses import replace

import pytest
import torch

from mnist_demo import RECIPES, Dataset, DivergedEvent, StepEvent, Trainer
from mnist_demo.training.events import Event
from mnist_demo.training.training import KEEP_EVERY
from tests.training.runs import cut, go, make_trainer, steps_of, weights_of

BATCH = 8
TOO_FAST = replace(  # each step makes the weights 99 times as large, whatever the images
    RECIPES["softmax"], optimizer="sgd", learning_rate=100.0, weight_decay=1.0, batch_size=BATCH
)


def _diverge(dataset: Dataset) -> tuple[Trainer, list[Event]]:
    trainer = make_trainer(TOO_FAST, dataset)
    return trainer, list(trainer.run(5))


class TestDivergence:
    """After a few steps the loss is no number any more."""

    @pytest.fixture
    def finite(self, tiny: Dataset) -> int:
        """How many steps have a loss that is one."""
        _, events = _diverge(tiny)
        return len(steps_of(events))

    @pytest.fixture(params=["at a step", "at the epoch's end"])
    def dataset(self, request: pytest.FixtureRequest, finite: int, tiny: Dataset) -> Dataset:
        return tiny if request.param == "at a step" else cut(tiny, BATCH * finite)

    def test_a_loss_that_is_not_finite_ends_the_run(self, finite: int, dataset: Dataset) -> None:
        trainer, events = _diverge(dataset)
        assert [type(event) for event in events] == [*[StepEvent] * finite, DivergedEvent]
        assert all(math.isfinite(event.loss) for event in steps_of(events))
        last = events[-1]
        assert isinstance(last, DivergedEvent)
        assert not math.isfinite(last.loss)
        assert last.learning_rate == 100
        assert trainer.diverged

    def test_weights_whose_loss_was_finite_are_kept(self, finite: int, dataset: Dataset) -> None:
        trainer, _ = _diverge(dataset)
        assert weights_of(trainer.model).isfinite().all()
        before = make_trainer(TOO_FAST, dataset)
        last = finite - 1
        assert last > KEEP_EVERY, "none were kept but the first"
        go(before, last - last % KEEP_EVERY)
        assert torch.equal(weights_of(trainer.model), weights_of(before.model))

    def test_nothing_more_comes_after_it(self, tiny: Dataset) -> None:
        trainer, _ = _diverge(tiny)
        weights = weights_of(trainer.model)
        assert list(trainer.run(3)) == []
        assert list(trainer.run()) == []
        assert torch.equal(weights_of(trainer.model), weights)

    def test_it_is_said_where(self, finite: int, tiny: Dataset) -> None:
        last = _diverge(tiny)[1][-1]
        assert isinstance(last, DivergedEvent)
        assert (last.epoch, last.step) == (1, finite + 1)

    def test_its_step_is_one_that_the_epoch_has(self, finite: int, tiny: Dataset) -> None:
        trainer, events = _diverge(cut(tiny, BATCH * finite))
        last = events[-1]
        assert isinstance(last, DivergedEvent)
        assert last.step <= trainer.steps_per_epoch
