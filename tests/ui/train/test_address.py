from dataclasses import replace
from typing import Any

import gradio as gr
import pytest

from mnist_demo import RECIPES
from mnist_demo.ui.train.address import open_address, write_address
from mnist_demo.ui.train.links import read_link
from mnist_demo.ui.train.recipe_form import DEFAULT_RECIPE, FIELDS, read_recipe, show_recipe


def _form(name: str, **changes: Any) -> dict[str, Any]:
    recipe = replace(RECIPES[name], **changes)
    shown = show_recipe(recipe, recipe.seed)
    return {name: shown[name] for name in ("recipe", *FIELDS)}


def test_the_address_is_what_the_form_holds() -> None:
    assert write_address(read_link({}), **_form("mlp", epochs=3)) == {
        "address": {"parameters": {"recipe": "mlp", "epochs": "3"}}
    }


def test_a_form_that_is_not_valid_leaves_the_address() -> None:
    assert write_address(read_link({}), **_form("mlp") | {"epochs": 0}) == {}


def test_a_lesson_stays_in_the_address_while_it_is_followed() -> None:
    lesson = read_link({"recipe": "softmax,mlp", "question": "?"})
    for name in ("softmax", "mlp"):
        assert write_address(lesson, **_form(name)) == {"address": {"parameters": None}}
    left = write_address(lesson, **_form("mlp", epochs=3))
    assert left == {"address": {"parameters": {"recipe": "mlp", "epochs": "3"}}}


def test_an_opened_address_fills_in_all() -> None:
    opened = open_address("?recipe=mlp&epochs=2&seed=5&tab=train&question=Why%3F&hide=layers")
    assert opened["tabs"]["selected"] == "train"
    assert opened["lesson"]["question"] == "Why?"
    assert opened["lesson"]["hidden"] == ["layers"]
    assert opened["train"]["interactive"]
    recipe, seed = read_recipe(**{name: opened[name] for name in ("recipe", *FIELDS)})
    assert (recipe, seed) == (replace(RECIPES["mlp"], epochs=2), 5)


def test_a_question_about_several_set_ups_is_answered_before_training() -> None:
    opened = open_address("?recipe=mlp,softmax&question=Which%3F")
    assert not opened["train"]["interactive"]
    assert len(opened["link"].set_ups) == 2
    assert open_address("?recipe=mlp,softmax")["train"]["interactive"]


@pytest.mark.parametrize("search", ["", "?", None, 5, ["x"], "?&&==", "?__theme=dark"])
def test_an_empty_address_is_the_page_as_it_is(search: Any) -> None:
    opened = open_address(search)
    assert opened.keys() == {"link", "lesson", "train"}
    assert opened["lesson"] == {"hidden": []}


def test_a_wrong_part_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(gr, "Warning", told.append)
    opened = open_address("?recipe=%3Cb%3E&tab=train")
    assert opened["recipe"] == DEFAULT_RECIPE
    assert opened["tabs"]["selected"] == "train"
    assert "'&lt;b&gt;'" in told[0]  # a toast shows HTML
