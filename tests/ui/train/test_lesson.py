from dataclasses import replace
from typing import Any

import pytest

from mnist_demo import RECIPES
from mnist_demo.digits.stroke_files import Drawing
from mnist_demo.ui.i18n.translate import translate
from mnist_demo.ui.train.lesson import (
    choose_set_up,
    describe_lesson,
    follow_training,
    read_choice,
    take_guess,
    update_lesson,
)
from mnist_demo.ui.train.lessons import LESSONS
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


def test_without_a_question_and_with_one_set_up_there_is_no_card() -> None:
    link = read_link({"recipe": "softmax", "hide": "settings"})
    assert describe_lesson(link, (), None, 0) == {"hidden": ["settings"]}


def test_several_set_ups_are_shown_without_a_question_too() -> None:
    link = read_link({"recipe": "softmax,mlp"})
    card = english(describe_lesson(link, (), None, 0))
    assert (card["choices"], card["asks"]) == (["softmax", "mlp"], False)
    assert card["line"].startswith("2 set-ups to compare")
    runs = tuple(replace(run, recipe=RECIPES[run.recipe.name]) for run in (SOFTMAX, MLP))
    card = english(describe_lesson(link, runs, None, 0))
    assert card["line"] == "All are trained: softmax reads most digits right."


def test_a_question_about_one_set_up_needs_no_guess() -> None:
    card = describe_lesson(read_link({"recipe": "mlp", "question": "Why?"}), (), None, 0)
    assert (card["question"], card["asks"], card["choices"]) == ("Why?", False, [])


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_of_ours_says_what_to_try_and_what_was_learnt(name: str) -> None:
    question = {"question": "Which?"}
    card = english(describe_lesson(read_link(LESSONS[name] | question), (), None, 0))
    assert card["guide"]["try"] == english(translate(f"lesson_{name}_try"))
    assert card["guide"].keys() == {"try", "look", "learnt"}
    other = read_link(LESSONS[name] | question | {"epochs": "7"})
    assert describe_lesson(other, (), None, 0)["guide"] is None


def test_before_the_guess_the_set_ups_are_named() -> None:
    card = english(describe_lesson(LINK, (), None, 0))
    assert card["question"] == "Which will win?"
    assert card["choices"] == ["softmax", "mlp", "simple_cnn"]
    assert (card["guess"], card["asks"]) == (None, True)
    assert card["line"].startswith("Your guess")


def test_after_it_the_runs_fill_in_what_came_of_each() -> None:
    card = english(describe_lesson(LINK, (SOFTMAX, CNN), 1, 1))
    assert card["choices"] == ["softmax: 90.00%", "mlp", "simple_cnn: 98.00%"]
    assert card["line"].startswith("You guessed: mlp.")


def test_a_run_that_was_paused_counts_as_none_until_it_is_done() -> None:
    link = read_link({"recipe": "softmax,mlp", "epochs": "1"})
    paused = replace(MLP, ended=False)
    card = english(describe_lesson(link, (SOFTMAX, paused), None, 0))
    assert card["left"] == [1]
    assert card["choices"] == ["softmax: 90.00%", "mlp: 50.00% so far"]
    assert card["line"].startswith("2 set-ups to compare")
    for runs in ((SOFTMAX, MLP), (SOFTMAX, MLP, replace(paused, number=3))):
        card = english(describe_lesson(link, runs, None, 0))
        assert (card["left"], card["choices"][1]) == ([], "mlp: 50.00%")


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
    "changes",
    [
        {"metrics": {"test_accuracy": 0.6, "setting_changes": [[10, "learning_rate", 1e-6]]}},
        {"metrics": {"test_accuracy": 0.6, "started_from_step": 10}},
        {"metrics": {"test_accuracy": 0.6, "epochs": 2}},
        {"user_digits": (Drawing(7, (((1.0, 1.0), (2.0, 2.0)),)),)},
    ],
)
def test_what_is_not_the_set_up_itself_judges_no_guess(changes: dict[str, Any]) -> None:
    other = replace(CNN, number=9, **changes)
    card = english(describe_lesson(LINK, (SOFTMAX, MLP, other), 0, 0))
    assert card["left"] == [2]
    card = english(describe_lesson(LINK, (SOFTMAX, MLP, CNN, other), 0, 0))
    assert card["left"] == []
    assert card["choices"][2] == "simple_cnn: 98.00%"


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


def test_a_guess_frees_the_button_and_chooses_nothing() -> None:
    shown = take_guess(LINK, {"guess": 2, "chosen": 0}, ())
    assert (shown["lesson"]["guess"], shown["lesson"]["chosen"]) == (2, 0)
    assert shown["train"]["interactive"]
    assert shown.keys() == {"lesson", "train", "status"}


def test_a_chosen_set_up_fills_in_the_form() -> None:
    shown = choose_set_up(LINK, {"guess": 0, "chosen": 2}, ())
    assert (shown["lesson"]["guess"], shown["lesson"]["chosen"]) == (0, 2)
    assert shown["recipe"] == "simple_cnn"
    assert shown["address"]["parameters"] == LINK.parameters


@pytest.mark.parametrize(
    ("chosen", "runs", "following"),
    [
        (0, (SOFTMAX,), 1),
        (0, (SOFTMAX, MLP), 2),  # of which there is a run already is passed over
        (2, (SOFTMAX, MLP, CNN), None),  # the last one
        (2, (MLP, CNN), None),  # it goes on, not back
        (1, (SOFTMAX,), None),  # its training was refused
    ],
)
def test_after_one_set_up_the_next_is_trained(
    chosen: int, runs: tuple[RunRecord, ...], following: int | None
) -> None:
    sent = {"guess": 1, "chosen": chosen, "training_all": True}
    card = follow_training(LINK, sent, runs)["lesson"]
    assert card["training_all"] == card.get("next", False) == (following is not None)
    assert card["chosen"] == (chosen if following is None else following)


def test_one_training_alone_is_followed_by_none() -> None:
    card = follow_training(LINK, {"guess": 1, "chosen": 0}, (SOFTMAX,))["lesson"]
    assert not card["training_all"]
    assert "next" not in card


def test_after_a_run_the_card_keeps_the_guess() -> None:
    assert update_lesson(LINK, {"guess": 2, "chosen": 2}, (CNN,))["lesson"]["guess"] == 2
    assert update_lesson(Link(LINK.set_ups[:1]), None, (CNN,)) == {"lesson": {"hidden": []}}
