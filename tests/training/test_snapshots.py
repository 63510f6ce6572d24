"""A run's weights as they were: what is kept of them, how much, and how one goes on from there."""

import itertools
import math
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import nn

from mnist_demo import RECIPES, Dataset, EpochEvent, Recipe, build_network, export_script
from mnist_demo.training.events import summarize
from mnist_demo.training.snapshots import (
    FEW,
    LARGEST,
    MOST,
    Snapshot,
    Snapshots,
    halve_weights,
    restore,
)
from mnist_demo.training.trainer import Trainer
from tests.training.runs import go, losses_of, make_trainer, steps_of, weights_of


def _snapshot(step: int, size: int = 8) -> Snapshot:
    """Of so many bytes."""
    return Snapshot(step, step / 4, 0.0, 0.0, {}, {"w": torch.zeros(size // 2).half()})


def _steps(kept: Snapshots, run: int) -> list[int]:
    return [each.step for each in kept.of(run)]


class TestWeights:
    def test_a_network_answers_as_it_did(self, recipe: Recipe, small: Dataset) -> None:
        trainer = make_trainer(recipe, small)
        go(trainer, 2)
        snapshot = trainer.take_snapshot()
        assert snapshot is not None
        go(trainer, 3)  # which changes nothing of it
        again = make_trainer(recipe, small)
        go(again, 2)
        model = restore(recipe, trainer.seed, snapshot)
        images = small.test_images.float().div(255).unsqueeze(1)
        with torch.inference_mode():
            torch.testing.assert_close(
                model(images), again.model.eval()(images), rtol=0.05, atol=0.02
            )

    def test_they_take_half_of_the_bytes(self, recipe: Recipe, small: Dataset) -> None:
        trainer = make_trainer(recipe, small)
        whole = sum(each.nbytes for each in trainer.model.state_dict().values())
        snapshot = trainer.take_snapshot()
        assert snapshot is not None
        assert whole / 2 <= snapshot.size < whole / 2 + 100  # counters are no floats

    def test_what_is_too_large_stays_large_and_finite(self) -> None:
        model = nn.Linear(2, 2)
        with torch.no_grad():
            model.weight.copy_(torch.tensor([[1e6, -1e9], [65504.0, 1e-9]]))
        weights = halve_weights(model)
        assert weights is not None
        assert weights["weight"].tolist() == [[LARGEST, -LARGEST], [LARGEST, 0]]

    def test_their_sum_may_be_infinite(self) -> None:
        model = nn.Linear(2, 1)
        with torch.no_grad():
            model.weight.fill_(3e38)
        weights = halve_weights(model)
        assert weights is not None
        assert weights["weight"].tolist() == [[LARGEST, LARGEST]]

    @pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
    def test_of_weights_that_are_no_numbers_there_is_none(self, value: float) -> None:
        model = nn.Linear(2, 2)
        with torch.no_grad():
            model.bias[0] = value
        assert halve_weights(model) is None

    def test_what_is_no_weight_stays_as_it_is(self) -> None:
        model = nn.BatchNorm1d(2)
        model.register_buffer("mask", torch.tensor([0.0, -math.inf]))
        model.num_batches_tracked = torch.tensor(70_000)
        weights = halve_weights(model)
        assert weights is not None
        assert weights["num_batches_tracked"].item() == 70_000
        assert weights["mask"].tolist() == [0, -math.inf]


class TestWhatIsKept:
    @pytest.mark.parametrize("count", [1, 2, MOST, MOST + 1, 100, 1000])
    def test_few_of_a_run_and_evenly_over_its_steps(self, count: int) -> None:
        kept = Snapshots()
        for step in range(count):
            kept.add(1, _snapshot(step))
            assert _steps(kept, 1)[0] == 0
            assert _steps(kept, 1)[-1] == step
        steps = _steps(kept, 1)
        assert len(steps) == min(count, MOST)
        gaps = [after - before for before, after in itertools.pairwise(steps)]
        assert max(gaps, default=0) <= 4 * count / MOST + 1

    def test_a_step_is_kept_once(self) -> None:
        kept = Snapshots()
        for step in (0, 5, 5, 3, 7):
            kept.add(1, _snapshot(step))
        assert _steps(kept, 1) == [0, 5, 7]

    @pytest.mark.parametrize("size", [100, 1000, 10_000, 60_000, 150_000])
    def test_all_runs_together_never_take_more_than_may_be(self, size: int) -> None:
        kept = Snapshots(max_bytes=100_000)
        for run in range(1, 6):
            for step in range(50):
                kept.add(run, _snapshot(step, size))
                assert kept.size <= 100_000
        newest = _steps(kept, 5)
        assert len(newest) == min(MOST, 100_000 // size) or len(newest) >= FEW
        assert newest[-1:] == ([49] if size <= 100_000 else [])

    def test_the_oldest_run_is_thinned_first_and_then_goes_whole(self) -> None:
        kept = Snapshots(max_bytes=80)  # ten of them
        for run in (1, 2, 3):
            for step in range(8):
                kept.add(run, _snapshot(step))
        assert [len(kept.of(run)) for run in (1, 2, 3)] == [2, 2, 6]
        assert _steps(kept, 1) == [0, 7]
        for step in range(8):
            kept.add(4, _snapshot(step))
        assert [len(kept.of(run)) for run in (1, 2, 3, 4)] == [2, 2, 2, 4]
        for step in range(8):
            kept.add(5, _snapshot(step))
        assert [len(kept.of(run)) for run in (1, 2, 3, 4, 5)] == [0, 2, 2, 2, 4]

    def test_the_others_are_forgotten(self) -> None:
        kept = Snapshots()
        for run in (1, 2, 3):
            kept.add(run, _snapshot(1))
        kept.keep([1, 3])
        kept.forget(3)
        assert [len(kept.of(run)) for run in (1, 2, 3)] == [1, 0, 0]
        assert kept.size == 8


class TestGoingOn:
    def test_the_images_that_come_next_are_those_of_the_run(self, small: Dataset) -> None:
        """Plain SGD remembers nothing: but for the half precision it is the same training."""
        recipe = replace(RECIPES["softmax"], batch_size=16, epochs=3)
        trainer = make_trainer(recipe, small)
        go(trainer, 5)
        start = trainer.take_snapshot()
        assert start is not None
        rest = losses_of(trainer)
        forked = Trainer(recipe, small, device="cpu", start=start)
        assert (forked.steps_done, forked.epochs_done) == (5, 1)
        assert forked.started_from == 5
        assert losses_of(forked) == pytest.approx(rest, rel=1e-2)
        torch.testing.assert_close(
            weights_of(forked.model), weights_of(trainer.model), atol=1e-3, rtol=0
        )

    def test_every_recipe_goes_on(self, recipe: Recipe, small: Dataset) -> None:
        recipe = replace(recipe, epochs=2)
        trainer = make_trainer(recipe, small)
        go(trainer, 2)
        start = trainer.take_snapshot()
        assert start is not None
        events = list(Trainer(recipe, small, device="cpu", start=start).run())
        assert next(event.step for event in steps_of(events)) == 3
        first, last = (event for event in events if isinstance(event, EpochEvent))
        assert math.isnan(first.train_loss)  # another run did half of it
        assert math.isfinite(last.train_loss)
        assert summarize([first, last])["train_loss_by_epoch"] == [None, last.train_loss]

    def test_the_schedule_and_the_settings_are_those_of_the_step(self, small: Dataset) -> None:
        recipe = replace(RECIPES["fast_cnn"], batch_size=16, epochs=2)
        trainer = make_trainer(recipe, small)
        go(trainer, 3)
        trainer.change("weight_decay", 0.25)
        start = trainer.take_snapshot()
        assert start is not None
        forked = Trainer(recipe, small, device="cpu", start=start)
        (rate, other) = (go(each, 1)[0].learning_rate for each in (trainer, forked))
        assert rate == other
        assert forked.settings["weight_decay"] == 0.25
        assert [change.name for change in forked.changes] == ["weight_decay"]

    def test_no_script_makes_it_again(self, bundled: Dataset) -> None:
        recipe = replace(RECIPES["softmax"], batch_size=1000, epochs=1)
        trainer = make_trainer(recipe, bundled)
        go(trainer, 1)
        start: Any = trainer.take_snapshot()
        forked = Trainer(recipe, bundled, device="cpu", start=start)
        go(forked, 1)
        with pytest.raises(ValueError, match="after 1 steps"):
            export_script(forked, 0.5)


def test_a_texts_network_is_restored() -> None:
    recipe = replace(RECIPES["softmax"], layers="linear 20, norm, relu, linear 10")
    weights = halve_weights(build_network(str(recipe.layers)))
    assert weights is not None
    model = restore(recipe, 0, Snapshot(1, 0.1, 0, 0, {}, weights))
    assert not model.training
