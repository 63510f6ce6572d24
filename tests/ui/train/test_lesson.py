from dataclasses import replace
from typing import Any

import pytest

from mnist_demo import RECIPES
from mnist_demo.ui.train.lesson import choose_set_up, describe_lesson, read_choice, update_lesson
from mnist_demo.ui.train.links import Link, read_link
from mnist_demo.ui.train.run_store import RunRecord
from tests.ui.english import english

LINK = read_link({"recipe": "softmax,mlp,simple_cnn", "epochs": "1", "question": "Which will win?"})


def _run(number: int, recipe: str, accuracy: float) -> RunRecord:
    changed = replace(RECIPES[recipe], epochs=1)
    metrics = {"test_accuracy": accuracy}
    return RunRecord(
        number, f"run {number}", changed, changed.seed, "", metrics, {"number": number}
    )


SOFTMAX, MLP, CNN = _run(1, "softmax", 0.9), _run(2, "mlp", 0.5), _run(3, "simple_cnn", 0.98)


def test_without_a_question_there_is_no_card() -> None:
    link = read_link({"recipe": "softmax,mlp", "hide": "settings"})
    assert describe_lesson(link, (), None, 0) == {"hidden": ["settings"]}


def test_before_the_guess_the_set_ups_are_named() -> None:
    card = english(describe_lesson(LINK, (), None, 0))
    assert card["question"] == "Which will win?"
    assert card["choices"] == ["softmax", "mlp", "simple_cnn"]
    assert (card["guess"], card["line"]) == (None, "")


def test_after_it_the_runs_fill_in_what_came_of_each() -> None:
    card = english(describe_lesson(LINK, (SOFTMAX, CNN), 1, 1))
    assert card["choices"] == ["softmax: 90.00%", "mlp", "simple_cnn: 98.00%"]
    assert card["line"].startswith("You guessed: mlp.")


@pytest.mark.parametrize(
    ("guess", "line"), [(2, "You guessed it."), (1, "You guessed mlp; simple_cnn has won")]
)
def test_when_all_are_done_the_guess_is_judged(guess: int, line: str) -> None:
    assert english(describe_lesson(LINK, (SOFTMAX, MLP, CNN), guess, 0))["line"].startswith(line)


def test_the_newest_run_counts_and_others_do_not() -> None:
    other_seed = replace(CNN, seed=5)
    from_file = replace(CNN, curves={})
    better = replace(MLP, number=9, metrics={"test_accuracy": 0.75})
    card = english(describe_lesson(LINK, (MLP, other_seed, from_file, better), 0, 0))
    assert card["choices"] == ["softmax", "mlp: 75.00%", "simple_cnn"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"guess": 2, "chosen": 1}, (2, 1)),
        ({"guess": 3, "chosen": -1}, (None, 0)),
        ({"guess": "1", "chosen": None}, (None, 0)),
        ({"guess": 1.5, "chosen": [1]}, (None, 0)),
        (None, (None, 0)),
        ([1], (None, 0)),
    ],
)
def test_a_browser_can_say_anything(value: Any, expected: tuple[int | None, int]) -> None:
    assert read_choice(LINK, value) == expected


def test_a_chosen_set_up_fills_in_the_form_and_frees_the_button() -> None:
    shown = choose_set_up(LINK, {"guess": 0, "chosen": 2}, ())
    assert (shown["lesson"]["guess"], shown["lesson"]["chosen"]) == (0, 2)
    assert shown["train"]["interactive"]
    assert shown["recipe"] == "simple_cnn"


def test_after_a_run_the_card_keeps_the_guess() -> None:
    assert update_lesson(LINK, {"guess": 2, "chosen": 2}, (CNN,))["lesson"]["guess"] == 2
    assert update_lesson(Link(LINK.set_ups), None, (CNN,)) == {"lesson": {"hidden": []}}
