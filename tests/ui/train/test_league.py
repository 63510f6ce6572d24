from dataclasses import replace
from typing import Any

import pytest

from mnist_demo import RECIPES
from mnist_demo.networks.introspection import count_parameters
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.train.league import describe_league, update_league
from mnist_demo.ui.train.run_store import RunRecord, Runs
from tests.ui.english import english

# Of so many units, and so of 795 parameters for each and 10 more.
SMALL, MIDDLE, LARGE = 1, 2, 3


def _runs(*kinds: tuple[int, Any]) -> Runs:
    return tuple(
        RunRecord(
            number,
            f"run {number}",
            replace(RECIPES["softmax"], layers=f"linear {units}, relu, linear 10"),
            0,
            "",
            {"test_accuracy": accuracy},
        )
        for number, (units, accuracy) in enumerate(kinds, 1)
    )


def _league(*kinds: tuple[int, Any]) -> dict[str, Any]:
    league: dict[str, Any] = english(describe_league(_runs(*kinds), "MNIST"))
    return league


@pytest.mark.parametrize("name", RECIPES)
def test_the_parameters_are_those_of_the_network(name: str) -> None:
    recipe = RECIPES[name]
    runs = (RunRecord(1, name, recipe, 0, "", {"test_accuracy": 0.5}),)
    (entry,) = describe_league(runs, "MNIST")["runs"]
    assert entry["parameters"] == count_parameters(recipe.build(seed=0))
    assert entry["parameters_text"].replace(",", "") == str(entry["parameters"])


def test_runs_of_fewer_parameters_come_first() -> None:
    shown = _league((LARGE, 0.9), (SMALL, 0.5), (MIDDLE, 0.7))["runs"]
    assert [entry["number"] for entry in shown] == [2, 3, 1]


@pytest.mark.parametrize(
    ("kinds", "front"),
    [
        ([(LARGE, 0.9), (MIDDLE, 0.8), (SMALL, 0.7)], {1, 2, 3}),
        ([(LARGE, 0.9), (MIDDLE, 0.95), (SMALL, 0.7)], {2, 3}),
        ([(SMALL, 0.6), (SMALL, 0.7), (SMALL, 0.65)], {2}),
        ([(MIDDLE, 0.7), (SMALL, 0.7)], {2}),
        ([(SMALL, 0.7), (SMALL, 0.7)], {1}),
        ([(SMALL, 0.0)], {1}),
    ],
)
def test_on_the_front_is_what_none_of_as_few_parameters_beats(
    kinds: list[tuple[int, float]], front: set[int]
) -> None:
    shown = _league(*kinds)["runs"]
    assert {entry["number"] for entry in shown if entry["front"]} == front


def test_the_fewest_parameters_that_reach_the_goal_are_told() -> None:
    assert "No run" in _league()["best"]
    assert "No run" in _league((LARGE, 0.9799))["best"]
    best = _league((LARGE, 0.99), (MIDDLE, 0.98), (SMALL, 0.97))["best"]
    assert "“run 2”" in best
    assert "1,600" in best
    assert "98.00%" in best


@pytest.mark.parametrize("accuracy", [None, "0.99", True, float("nan"), -0.1, 1.5, [0.9]])
def test_a_run_whose_file_tells_no_accuracy_is_left_out(accuracy: Any) -> None:
    shown = _league((SMALL, accuracy), (MIDDLE, 0.9))["runs"]
    assert [entry["number"] for entry in shown] == [2]


def test_what_is_tested_on_other_images_is_not_compared_with_the_record(
    store: ModelStore,
) -> None:
    assert _league((SMALL, 0.9))["note"] == ""
    other = english(describe_league(_runs((SMALL, 0.9)), "the bundled digits"))
    assert "cannot be compared" in other["note"]
    shown = update_league(store, _runs((SMALL, 0.9)))
    assert bool(shown["note"]) == (store.dataset().name != "MNIST")
