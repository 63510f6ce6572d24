from dataclasses import replace
from typing import Any

import gradio as gr
import pytest

from mnist_demo import RECIPES, Dataset
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.train.address import adapt_to_dataset, open_address, write_address
from mnist_demo.ui.train.links import read_link
from mnist_demo.ui.train.recipe_form import DEFAULT_RECIPE, FIELDS, read_recipe, show_recipe

TABS, LINK, LESSON, TRAIN, RECIPE = range(5)  # of what an opened address fills in


def _form(name: str, **changes: Any) -> list[Any]:
    recipe = replace(RECIPES[name], **changes)
    return [name, *show_recipe(recipe, recipe.seed)[2:]]


def test_the_address_is_what_the_form_holds(store: ModelStore) -> None:
    assert write_address(store, read_link({}), *_form("mlp", epochs=3)) == {
        "parameters": {"recipe": "mlp", "epochs": "3"}
    }


def test_a_form_that_is_not_valid_leaves_the_address(store: ModelStore) -> None:
    form = _form("mlp")
    form[1 + FIELDS.index("epochs")] = 0
    assert write_address(store, read_link({}), *form) == gr.skip()


def test_a_lesson_stays_in_the_address_while_it_is_followed(store: ModelStore) -> None:
    lesson = read_link({"recipe": "softmax,mlp", "question": "?"})
    for name in ("softmax", "mlp"):
        assert write_address(store, lesson, *_form(name)) == {"parameters": None}
    left = write_address(store, lesson, *_form("mlp", epochs=3))
    assert left == {"parameters": {"recipe": "mlp", "epochs": "3"}}


def test_an_opened_address_fills_in_all(store: ModelStore) -> None:
    opened = open_address(
        store, "?recipe=mlp&epochs=2&seed=5&tab=train&question=Why%3F&hide=layers"
    )
    assert opened[TABS]["selected"] == "train"
    assert opened[LESSON]["question"] == "Why?"
    assert opened[LESSON]["hidden"] == ["layers"]
    assert opened[TRAIN]["interactive"]
    recipe, seed = read_recipe(opened[RECIPE], *opened[RECIPE + 3 :])
    assert (recipe, seed) == (replace(RECIPES["mlp"], epochs=2), 5)


def test_a_question_about_several_set_ups_is_answered_before_training(store: ModelStore) -> None:
    opened = open_address(store, "?recipe=mlp,softmax&question=Which%3F")
    assert not opened[TRAIN]["interactive"]
    assert len(opened[LINK].set_ups) == 2
    assert open_address(store, "?recipe=mlp,softmax")[TRAIN]["interactive"]


@pytest.mark.parametrize("search", ["", "?", None, 5, ["x"], "?&&==", "?__theme=dark"])
def test_an_empty_address_is_the_page_as_it_is(search: Any) -> None:
    store = ModelStore()  # no data yet
    opened = open_address(store, search)
    assert opened[TABS] == gr.skip()
    assert all(part == gr.skip() for part in opened[RECIPE:])
    assert opened[LESSON] == {"hidden": []}


def test_a_wrong_part_is_told(store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(gr, "Warning", told.append)
    opened = open_address(store, "?recipe=%3Cb%3E&tab=train")
    assert opened[RECIPE] == DEFAULT_RECIPE
    assert opened[TABS]["selected"] == "train"
    assert "'&lt;b&gt;'" in told[0]  # a toast shows HTML


@pytest.fixture
def later(tiny: Dataset, monkeypatch: pytest.MonkeyPatch) -> ModelStore:
    """A store whose data set, of few images, is not there yet."""
    monkeypatch.setattr("mnist_demo.ui.compute.model_store.load_dataset", lambda _: tiny)
    return ModelStore()


def _epochs(opened: list[Any]) -> Any:
    return opened[FIELDS.index("epochs") - len(FIELDS)]


class TestFewImages:
    """Where there are few, a recipe may take more epochs of its own."""

    @pytest.mark.parametrize("search", ["", "?recipe=fast_cnn"])
    def test_a_page_opened_later_shows_them_and_is_left_alone(
        self, search: str, later: ModelStore
    ) -> None:
        later.dataset()
        opened = open_address(later, search)
        assert _epochs(opened) == RECIPES["fast_cnn"].epochs_of_few
        link = opened[LINK]
        assert all(part == gr.skip() for part in adapt_to_dataset(later, search, link))

    @pytest.mark.parametrize("search", ["", "?recipe=fast_cnn"])
    def test_a_page_opened_before_shows_them_as_soon_as_that_is_known(
        self, search: str, later: ModelStore
    ) -> None:
        link = open_address(later, search)[LINK]
        assert link.set_ups[0].recipe == RECIPES["fast_cnn"]
        assert _epochs(adapt_to_dataset(later, search, link)) == 10

    @pytest.mark.parametrize("search", ["?epochs=1", "?recipe=mlp", "?recipe=fast_cnn&epochs=7"])
    def test_what_a_link_asks_for_is_kept(self, search: str, later: ModelStore) -> None:
        link = open_address(later, search)[LINK]
        assert all(part == gr.skip() for part in adapt_to_dataset(later, search, link))
        assert open_address(later, search)[LINK] == link

    def test_a_link_leaves_them_out(self, later: ModelStore) -> None:
        later.dataset()
        for epochs, written in ((10, {}), (1, {"epochs": "1"})):
            shown = write_address(later, read_link({}), *_form("fast_cnn", epochs=epochs))
            assert shown == {"parameters": {"recipe": "fast_cnn"} | written}
