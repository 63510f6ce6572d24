from dataclasses import replace
from typing import Any

import gradio as gr
import pytest

from mnist_demo import RECIPES
from mnist_demo.ui.train.address import open_address, write_address
from mnist_demo.ui.train.links import read_link
from mnist_demo.ui.train.recipe_form import DEFAULT_RECIPE, FIELDS, read_recipe, show_recipe

TABS, LINK, LESSON, TRAIN, RECIPE = range(5)  # of what an opened address fills in


def _form(name: str, **changes: Any) -> list[Any]:
    recipe = replace(RECIPES[name], **changes)
    return [name, *show_recipe(recipe, recipe.seed)[2:]]


def test_the_address_is_what_the_form_holds() -> None:
    assert write_address(read_link({}), *_form("mlp", epochs=3)) == {
        "parameters": {"recipe": "mlp", "epochs": "3"}
    }


def test_a_form_that_is_not_valid_leaves_the_address() -> None:
    form = _form("mlp")
    form[1 + FIELDS.index("epochs")] = 0
    assert write_address(read_link({}), *form) == gr.skip()


def test_a_lesson_stays_in_the_address_while_it_is_followed() -> None:
    lesson = read_link({"recipe": "softmax,mlp", "question": "?"})
    for name in ("softmax", "mlp"):
        assert write_address(lesson, *_form(name)) == {"parameters": None}
    left = write_address(lesson, *_form("mlp", epochs=3))
    assert left == {"parameters": {"recipe": "mlp", "epochs": "3"}}


def test_an_opened_address_fills_in_all() -> None:
    opened = open_address("?recipe=mlp&epochs=2&seed=5&tab=train&question=Why%3F&hide=layers")
    assert opened[TABS]["selected"] == "train"
    assert opened[LESSON]["question"] == "Why?"
    assert opened[LESSON]["hidden"] == ["layers"]
    assert opened[TRAIN]["interactive"]
    recipe, seed = read_recipe(opened[RECIPE], *opened[RECIPE + 3 :])
    assert (recipe, seed) == (replace(RECIPES["mlp"], epochs=2), 5)


def test_a_question_about_several_set_ups_is_answered_before_training() -> None:
    opened = open_address("?recipe=mlp,softmax&question=Which%3F")
    assert not opened[TRAIN]["interactive"]
    assert len(opened[LINK].set_ups) == 2
    assert open_address("?recipe=mlp,softmax")[TRAIN]["interactive"]


@pytest.mark.parametrize("search", ["", "?", None, 5, ["x"], "?&&==", "?__theme=dark"])
def test_an_empty_address_is_the_page_as_it_is(search: Any) -> None:
    opened = open_address(search)
    assert opened[TABS] == gr.skip()
    assert all(part == gr.skip() for part in opened[RECIPE:])
    assert opened[LESSON] == {"hidden": []}


def test_a_wrong_part_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(gr, "Warning", told.append)
    opened = open_address("?recipe=%3Cb%3E&tab=train")
    assert opened[RECIPE] == DEFAULT_RECIPE
    assert opened[TABS]["selected"] == "train"
    assert "'&lt;b&gt;'" in told[0]  # a toast shows HTML
