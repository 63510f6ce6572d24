import random
from typing import Any

import pytest

from mnist_demo import shipped_checkpoints
from mnist_demo.ui.compute.model_store import DEFAULT_MODEL, ModelStore
from mnist_demo.ui.gallery import handlers, view_link
from mnist_demo.ui.gallery.selection import ORDERS, SHOWN, View
from mnist_demo.ui.gallery.view_link import PARAMETERS, read_view, write_view
from mnist_demo.ui.gallery.view_state import GallerySettings
from tests.ui.english import english
from tests.ui.gallery.test_handlers import SETTINGS

FIRST = {name: SETTINGS[name] for name in view_link.SETTINGS} | {"model": DEFAULT_MODEL}


def test_the_gallery_as_it_is_at_first_needs_no_parameters(store: ModelStore) -> None:
    assert write_view(store, DEFAULT_MODEL, None, View()) == {}
    assert read_view({"tab": "gallery", "recipe": "mlp"}, store).settings == {}


def test_any_view_comes_back_as_it_was(store: ModelStore) -> None:
    chance, names = random.Random(0), [*shipped_checkpoints()]
    for _ in range(300):
        order = chance.choice(ORDERS)
        seed = chance.choice([0, 7, 2**32 - 1]) if order == "random" else 0
        label, prediction = (chance.choice([None, *range(10)]) for _ in range(2))
        view = View(order, seed, label, prediction, chance.choice(SHOWN))
        model, other = chance.choice(names), chance.choice([None, *names])
        parameters = write_view(store, model, other, view)
        assert parameters.keys() <= {*PARAMETERS}
        link = read_view(parameters, store)
        assert not link.errors
        settings = GallerySettings(**FIRST | {**link.settings}, user_models={})
        assert (settings.model, settings.other, settings.view()) == (model, other, view)


def test_a_visitors_own_model_and_a_seed_of_no_use_are_left_out(store: ModelStore) -> None:
    assert write_view(store, "my mlp", "my softmax", View(seed=7)) == {}


@pytest.mark.parametrize(
    ("parameter", "value", "words"),
    [
        ("gallery_model", "my mlp", "gallery_model must be one of softmax"),
        ("gallery_other", "", "gallery_other must be one of softmax"),
        ("gallery_order", "<b>" * 1000, "gallery_order must be one of hardest"),
        ("gallery_shown", "some", "gallery_shown must be one of all"),
        ("gallery_label", "10", "gallery_label must be one of 0, 1"),
        ("gallery_label", "-1", "gallery_label must be one of 0, 1"),
        ("gallery_prediction", "٣", "gallery_prediction must be one of 0, 1"),
        ("gallery_seed", "1.5", "gallery_seed must be a number, not '1.5'"),
        ("gallery_seed", "-1", "Seed must be a whole number from 0"),
        ("gallery_seed", "9" * 5000, "gallery_seed must be a number"),
        ("gallery_digit", "1e3", "gallery_digit must be a number"),
    ],
)
def test_a_bad_value_costs_that_value_alone(
    parameter: str, value: str, words: str, store: ModelStore
) -> None:
    good = {"gallery_label": "3", "gallery_shown": "wrong", "gallery_digit": "7"}
    link = read_view(good | {parameter: value}, store)
    assert [words in english(error) for error in link.errors] == [True]
    assert len(english(link.errors[0])) < 200
    kept = {"label": 3, "shown": "wrong", "digit": 7}
    kept.pop(parameter.removeprefix("gallery_"), None)
    assert {**link.settings} | ({} if link.digit is None else {"digit": link.digit}) == kept


@pytest.mark.parametrize("asked", [None, 3, {}, [], {"search": 3}, {"search": "?gallery_model"}])
def test_what_is_no_address_changes_nothing(asked: Any, store: ModelStore) -> None:
    assert handlers.open_view(store, asked).keys() == {"view"}


def test_an_opened_view_sets_what_it_names_and_shows_its_tab() -> None:
    store = ModelStore()  # no data yet
    search = "?tab=gallery&gallery_other=mlp&gallery_label=3&gallery_seed=x"
    opened = handlers.open_view(store, {"search": search})
    assert (opened["other"], opened["label"]) == ("mlp", 3)
    assert opened["tabs"]["selected"] == "gallery"
    assert opened["two_models"]["open"]
    assert "tabs" not in handlers.open_view(store, {"search": "?gallery_label=3"})


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    heard: list[str] = []
    monkeypatch.setattr("gradio.Warning", heard.append)
    return heard


def test_its_view_follows_and_what_was_wrong_is_told(store: ModelStore, told: list[str]) -> None:
    view = read_view({"gallery_label": "3", "gallery_order": "<i>"}, store)
    settings = FIRST | {"model": "softmax", "label": 3, "user_models": {}}
    *_, shown = handlers.follow_view(store, view, **settings)
    assert all("label 3," in tile["alt"]["en"] for tile in shown["tiles"]["tiles"])
    expected = {"gallery_model": "softmax", "gallery_label": "3"}
    assert shown["share"] == {"parameters": expected}
    assert len(told) == 1
    assert "not '&lt;i&gt;'" in told[0]


@pytest.mark.parametrize("digit", ["-1", "1000", "999999"])
def test_a_digit_that_is_not_there_is_told(digit: str, store: ModelStore, told: list[str]) -> None:
    view = read_view({"gallery_digit": digit}, store)
    assert handlers.open_linked_digit(store, view, "mlp", {}) == {}
    assert "gallery_digit must be a whole number from 0 to 999" in told[0]


def test_its_digit_is_opened(store: ModelStore) -> None:
    view = read_view({"gallery_digit": "7"}, store)
    opened = handlers.open_linked_digit(store, view, "mlp", {})
    assert (opened["index"], opened["model"], opened["opened"]) == (7, "mlp", True)
    assert handlers.open_linked_digit(store, view_link.ViewLink({}), "mlp", {}) == {}
