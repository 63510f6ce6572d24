from dataclasses import replace
from typing import Any

import gradio as gr
import pytest

from mnist_demo import RECIPES, Dataset
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.train.address import adapt_to_dataset, open_address, open_lesson, write_address
from mnist_demo.ui.train.links import read_link
from mnist_demo.ui.train.recipe_form import DEFAULT_RECIPE, FIELDS, read_recipe, show_recipe
from tests.ui.english import english


def _form(name: str, **changes: Any) -> dict[str, Any]:
    recipe = replace(RECIPES[name], **changes)
    shown = show_recipe(recipe, recipe.seed)
    return {name: shown[name] for name in ("recipe", *FIELDS)}


def test_the_address_is_what_the_form_holds(store: ModelStore) -> None:
    assert write_address(store, read_link({}), **_form("mlp", epochs=3)) == {
        "address": {"parameters": {"recipe": "mlp", "epochs": "3"}}
    }


def test_a_form_that_is_not_valid_leaves_the_address(store: ModelStore) -> None:
    assert write_address(store, read_link({}), **_form("mlp") | {"epochs": 0}) == {}


def test_a_lesson_stays_in_the_address_while_it_is_followed(store: ModelStore) -> None:
    lesson = read_link({"recipe": "softmax,mlp", "question": "?"})
    for name in ("softmax", "mlp"):
        written = write_address(store, lesson, **_form(name))
        assert written == {"address": {"parameters": {"recipe": "softmax,mlp"}}}
    left = write_address(store, lesson, **_form("mlp", epochs=3))
    assert left == {"address": {"parameters": {"recipe": "mlp", "epochs": "3"}}}


def test_an_opened_address_fills_in_all(store: ModelStore) -> None:
    search = "?recipe=mlp&epochs=2&seed=5&tab=train&question=Why%3F&hide=layers"
    opened = open_address(store, search)
    assert opened["tabs"]["selected"] == "train"
    assert opened["lesson"]["question"] == "Why?"
    assert opened["lesson"]["hidden"] == ["layers"]
    assert opened["train"]["interactive"]
    recipe, seed = read_recipe(**{name: opened[name] for name in ("recipe", *FIELDS)})
    assert (recipe, seed) == (replace(RECIPES["mlp"], epochs=2), 5)


def test_a_question_about_several_set_ups_is_answered_before_training(store: ModelStore) -> None:
    opened = open_address(store, "?recipe=mlp,softmax&question=Which%3F")
    assert not opened["train"]["interactive"]
    assert len(opened["link"].set_ups) == 2
    assert open_address(store, "?recipe=mlp,softmax")["train"]["interactive"]


@pytest.mark.parametrize(
    "search", ["?recipe=fast_cnn&epochs=1", "?left_out=3", "?train_images=60000", ""]
)
def test_a_set_up_that_is_found_again_has_the_address_that_was_opened(
    search: str, store: ModelStore
) -> None:
    opened = open_address(store, search)
    link = opened["link"]
    first = link.set_ups[0]
    shown = show_recipe(first.recipe, first.seed)
    form = {name: shown[name] for name in ("recipe", *FIELDS)}
    assert write_address(store, link, **form)["address"]["parameters"] == link.parameters
    changed = write_address(store, link, **form | {"seed": 99})["address"]["parameters"]
    assert changed["seed"] == "99"


def test_a_lesson_opened_on_the_page_is_what_its_address_is(store: ModelStore) -> None:
    search = "?tab=train&recipe=mlp,softmax&question=Which%3F"
    opened = open_lesson(store, {"search": search})
    assert "tabs" not in opened
    assert opened["link"] == open_address(store, search)["link"]
    assert english(opened["status"]["line"]).startswith("First make your guess")
    assert open_lesson(store, [search])["link"].parameters == {}


@pytest.mark.parametrize("search", ["", "?", None, 5, ["x"], "?&&==", "?__theme=dark"])
def test_an_empty_address_is_the_page_as_it_is(search: Any) -> None:
    opened = open_address(ModelStore(), search)  # no data yet
    assert opened.keys() == {"link", "lesson", "train"}
    assert opened["lesson"] == {"hidden": []}


def test_a_wrong_part_is_told(store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(gr, "Warning", told.append)
    opened = open_address(store, "?recipe=%3Cb%3E&tab=train")
    assert opened["recipe"] == DEFAULT_RECIPE
    assert opened["tabs"]["selected"] == "train"
    assert "'&lt;b&gt;'" in told[0]  # a toast shows HTML


@pytest.fixture
def later(tiny: Dataset, monkeypatch: pytest.MonkeyPatch) -> ModelStore:
    """A store whose data set, of few images, is not there yet."""
    monkeypatch.setattr("mnist_demo.ui.compute.model_store.load_dataset", lambda _: tiny)
    return ModelStore()


class TestFewImages:
    """Where there are few, a recipe may take more epochs of its own."""

    @pytest.mark.parametrize("search", ["", "?recipe=fast_cnn"])
    def test_a_page_opened_later_shows_them_and_is_left_alone(
        self, search: str, later: ModelStore
    ) -> None:
        later.dataset()
        opened = open_address(later, search)
        assert opened["epochs"] == RECIPES["fast_cnn"].epochs_of_few
        assert adapt_to_dataset(later, search, opened["link"], **_form("fast_cnn")) == {}

    @pytest.mark.parametrize("search", ["", "?recipe=fast_cnn"])
    def test_a_page_opened_before_shows_them_as_soon_as_that_is_known(
        self, search: str, later: ModelStore
    ) -> None:
        link = open_address(later, search)["link"]
        assert link.set_ups[0].recipe == RECIPES["fast_cnn"]
        adapted = adapt_to_dataset(later, search, link, **_form("fast_cnn"))
        assert adapted["epochs"] == 10

    @pytest.mark.parametrize(
        "form", [("mlp", {}), ("fast_cnn", {"learning_rate": 0.5}), ("fast_cnn", {"batch_size": 7})]
    )
    def test_what_the_visitor_has_chosen_by_then_is_kept(
        self, form: tuple[str, dict[str, Any]], later: ModelStore
    ) -> None:
        link = open_address(later, "")["link"]
        name, changes = form
        adapted = adapt_to_dataset(later, "", link, **_form(name, **changes))
        assert adapted.keys() == {"link"}
        assert adapted["link"] != link

    @pytest.mark.parametrize("search", ["?epochs=1", "?recipe=mlp", "?recipe=fast_cnn&epochs=7"])
    def test_what_a_link_asks_for_is_kept(self, search: str, later: ModelStore) -> None:
        link = open_address(later, search)["link"]
        assert adapt_to_dataset(later, search, link, **_form("fast_cnn")) == {}
        assert open_address(later, search)["link"] == link

    def test_a_link_leaves_them_out(self, later: ModelStore) -> None:
        later.dataset()
        link = read_link({"recipe": "mlp"}, later.loaded)
        written: dict[int, dict[str, str]] = {10: {}, 1: {"epochs": "1"}}
        for epochs, parameters in written.items():
            shown = write_address(later, link, **_form("fast_cnn", epochs=epochs))
            assert shown["address"]["parameters"] == {"recipe": "fast_cnn"} | parameters
