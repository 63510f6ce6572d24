from typing import Any

import pytest

from mnist_demo import RECIPES
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.train.lesson_editor import edit_lesson
from mnist_demo.ui.train.links import MAX_SET_UPS, read_link
from mnist_demo.ui.train.recipe_form import FIELDS, show_recipe
from tests.ui.english import english


def _form(name: str, **changes: Any) -> dict[str, Any]:
    shown = show_recipe(RECIPES[name], RECIPES[name].seed) | changes
    return {each: shown[each] for each in ("recipe", *FIELDS)}


def _edit(editor: Any, **form: Any) -> Any:
    return english(edit_lesson(ModelStore(), editor, **form)["editor"])


def test_set_ups_are_added_and_make_a_link() -> None:
    editor = _edit({}, **_form("softmax", epochs=2))
    editor = _edit(editor, **_form("mlp", train_images=600))
    assert editor["names"] == ["softmax, epochs 2", "mlp, 600 images"]
    link = read_link(editor["parameters"])
    assert [(each.recipe.name, each.recipe.epochs) for each in link.set_ups] == [
        ("softmax", 2),
        ("mlp", 10),
    ]


def test_one_is_removed() -> None:
    editor = _edit(_edit({}, **_form("softmax")), **_form("mlp"))
    editor = _edit(editor | {"remove": 0}, **_form("mlp"))
    assert editor["names"] == ["mlp"]
    assert editor["parameters"] == {"recipe": "mlp"}


def test_what_cannot_be_added_is_told() -> None:
    editor = _edit({}, **_form("softmax"))
    for form, words in (
        (_form("softmax"), "in the lesson already"),
        (_form("softmax", epochs=2.5), "Epochs must be a whole number"),
    ):
        told = _edit(editor, **form)
        assert words in told["message"]
        assert told["names"] == ["softmax"]
    for seed in range(1, MAX_SET_UPS + 1):
        editor = _edit(editor, **_form("softmax", seed=seed))
    assert "at most" in editor["message"]
    assert len(editor["names"]) == MAX_SET_UPS


@pytest.mark.parametrize(
    "editor", [None, [1], {"set_ups": 5}, {"set_ups": [None], "remove": 7}, {"remove": "x"}]
)
def test_a_browser_can_send_anything(editor: Any) -> None:
    assert _edit(editor, **_form("mlp"))["names"] in ([], ["mlp"], ["fast_cnn"])
