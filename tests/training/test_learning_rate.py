from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from mnist_demo import RECIPES, Dataset, Recipe, StepEvent
from mnist_demo.training.optimization import one_cycle
from mnist_demo.training.setting_changes import SettingChange
from tests.training.runs import go, make_trainer, steps_of, weights_of


class TestLearningRate:
    def test_it_is_the_recipes_until_it_is_set(self, recipe: Recipe, small: Dataset) -> None:
        trainer = make_trainer(recipe, small)
        assert trainer.learning_rate == recipe.learning_rate

    def test_the_next_step_uses_it(self, softmax: Recipe, small: Dataset) -> None:
        trainers = [make_trainer(softmax, small) for _ in range(2)]
        moves = []
        for trainer, factor in zip(trainers, (1, 2), strict=True):
            run = trainer.run(1)
            next(run)
            before = weights_of(trainer.model)
            trainer.learning_rate = factor * softmax.learning_rate
            event = next(run)
            assert isinstance(event, StepEvent)
            assert event.learning_rate == factor * softmax.learning_rate
            moves.append(weights_of(trainer.model) - before)
        torch.testing.assert_close(moves[1], 2 * moves[0], rtol=1e-3, atol=1e-7)

    def test_it_stays_set_over_epochs_and_stops(self, softmax: Recipe, small: Dataset) -> None:
        trainer = make_trainer(softmax, small)
        go(trainer, 2)
        trainer.learning_rate = 0.5
        assert {event.learning_rate for event in steps_of(list(trainer.run(2)))} == {0.5}

    @pytest.mark.parametrize("value", [0, -1, 101, float("nan"), float("inf"), "0.1", None, True])
    def test_bad_values_are_refused_and_change_nothing(
        self, value: Any, softmax: Recipe, small: Dataset
    ) -> None:
        trainer = make_trainer(softmax, small)
        with pytest.raises(ValueError, match="learning_rate must be"):
            trainer.learning_rate = value
        assert trainer.learning_rate == softmax.learning_rate


class TestOneCycle:
    @pytest.mark.parametrize("total", [1, 2, 3, 4, 5, 9, 10, 11, 100, 468, 937])
    def test_it_rises_and_then_falls_to_nearly_nothing(self, total: int) -> None:
        rates = [one_cycle(step, total) for step in range(total)]
        assert all(0 < rate <= 1 for rate in rates)
        top = rates.index(max(rates))
        assert rates[top] == 1
        assert rates[: top + 1] == sorted({*rates[: top + 1]})
        assert rates[top:] == sorted({*rates[top:]}, reverse=True)
        assert top == max(1, total // 5) - 1
        assert rates[-1] <= 1.3 / total

    def test_both_ways_are_straight(self) -> None:
        rates = np.array([one_cycle(step, 100) for step in range(100)])
        np.testing.assert_allclose(np.diff(rates[:20]), 1 / 20)
        np.testing.assert_allclose(np.diff(rates[19:]), -1 / 81)

    @pytest.fixture
    def scheduled(self) -> Recipe:
        """Twelve steps on 64 images."""
        return replace(RECIPES["softmax"], batch_size=16, schedule="one_cycle", epochs=3)

    def test_a_run_follows_it(self, scheduled: Recipe, small: Dataset) -> None:
        events = steps_of(list(make_trainer(scheduled, small).run()))
        expected = [scheduled.learning_rate * one_cycle(step, 12) for step in range(12)]
        assert [event.learning_rate for event in events] == expected

    def test_the_steps_move_by_it(self, scheduled: Recipe, small: Dataset) -> None:
        moves = []
        for recipe in (scheduled, replace(scheduled, schedule="constant")):
            trainer = make_trainer(recipe, small)
            before = weights_of(trainer.model)
            go(trainer, 1)
            moves.append(weights_of(trainer.model) - before)
        torch.testing.assert_close(moves[0], moves[1] * one_cycle(0, 12), rtol=1e-3, atol=1e-7)

    def test_going_on_after_the_end_is_a_cycle_of_its_own(
        self, scheduled: Recipe, small: Dataset
    ) -> None:
        trainer = make_trainer(scheduled, small)
        first = [event.learning_rate for event in steps_of(list(trainer.run()))]
        second = [event.learning_rate for event in steps_of(list(trainer.run()))]
        assert trainer.epochs_done == 6
        assert second == first

    @pytest.mark.parametrize("stop", [1, 4, 5, 11])
    def test_a_stopped_run_goes_on_where_the_schedule_was(
        self, stop: int, scheduled: Recipe, small: Dataset
    ) -> None:
        recipe = replace(scheduled, augmentation="handwriting", non_digits=6, label_smoothing=0.1)
        whole, stopped = make_trainer(recipe, small), make_trainer(recipe, small)
        expected = steps_of(list(whole.run()))
        seen = [*go(stopped, stop), *steps_of(list(stopped.run()))]
        assert [event.learning_rate for event in seen] == [
            event.learning_rate for event in expected
        ]
        assert [event.loss for event in seen] == [event.loss for event in expected]
        assert torch.equal(weights_of(whole.model), weights_of(stopped.model))

    def test_its_highest_rate_can_be_set_at_any_time(
        self, scheduled: Recipe, small: Dataset
    ) -> None:
        trainer = make_trainer(scheduled, small)
        go(trainer, 5)
        trainer.learning_rate = 0.5
        events = steps_of(list(trainer.run()))
        assert trainer.learning_rate == 0.5
        expected = [0.5 * one_cycle(step, 12) for step in range(5, 12)]
        assert [event.learning_rate for event in events] == expected

    def test_a_change_is_known_by_the_steps_before_it(
        self, scheduled: Recipe, small: Dataset
    ) -> None:
        trainer = make_trainer(scheduled, small)
        go(trainer, 5)
        trainer.learning_rate = 0.5
        trainer.learning_rate = 0.6  # never used: so it is none
        trainer.learning_rate = 0.25
        list(trainer.run(1))
        trainer.learning_rate = 0.25
        list(trainer.run(1))
        assert trainer.changes == [SettingChange(5, "learning_rate", 0.25)]
        assert trainer.steps_done == 12
