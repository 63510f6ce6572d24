from dataclasses import replace
from typing import Any

import pytest

from mnist_demo import Dataset, EpochEvent, Recipe, Trainer, evaluate
from mnist_demo.training.events import EvaluationEvent
from mnist_demo.training.periodic_tests import FEWEST, plan_tests
from tests.training.runs import steps_of, weights_of


@pytest.mark.parametrize(
    ("epochs", "steps", "images"), [(10, 600, 60_000), (15, 600, 60_000), (36, 10, 10_000)]
)
def test_a_long_run_is_tested_after_each_epoch(epochs: int, steps: int, images: int) -> None:
    assert plan_tests(10, epochs, steps, images, 10_000) is None


@pytest.mark.parametrize(
    ("epochs", "steps", "images", "every", "tested"),
    [
        (1, 468, 60_000, 47, 589),  # a single epoch
        (60, 4, 600, 24, 358),  # many, each shorter than its test
        (1, 1, 100, 1, FEWEST),
        (1000, 600, 600, 60_000, 5_000),
    ],
)
def test_a_short_one_is_tested_ten_times_on_as_many_images_as_it_can_bear(
    epochs: int, steps: int, images: int, every: int, tested: int
) -> None:
    plan = plan_tests(10, epochs, steps, images, 10_000)
    assert plan is not None
    assert plan.every == every
    assert len(range(0, 10_000, plan.stride)) == tested


def test_tests_within_a_run_change_nothing_of_it(softmax: Recipe, small: Dataset) -> None:
    recipe = replace(softmax, epochs=5)  # of four steps each
    plain, tested = (Trainer(recipe, small, device="cpu", tests=tests) for tests in (None, 10))
    steps = [[event.loss for event in steps_of(list(one.run()))] for one in (plain, tested)]
    assert steps[0] == steps[1]
    assert weights_of(plain.model).equal(weights_of(tested.model))
    assert plain.epochs_done == tested.epochs_done == 5


def test_tests_come_at_equal_distances_and_the_last_is_on_all_images(
    softmax: Recipe, small: Dataset
) -> None:
    trainer = Trainer(replace(softmax, epochs=5), small, device="cpu", tests=10)
    events: list[Any] = list(trainer.run())
    within = [event for event in events if isinstance(event, EvaluationEvent)]
    assert [4 * (event.epoch - 1) + event.step for event in within] == [*range(2, 20, 2)]
    (last,) = [event for event in events if isinstance(event, EpochEvent)]
    assert last is events[-1]
    assert last.test == evaluate(trainer.model, small.test_images, small.test_labels)
    clock = [event.wall_seconds for event in events]
    assert clock == sorted(clock)
    assert clock[-1] > last.seconds
