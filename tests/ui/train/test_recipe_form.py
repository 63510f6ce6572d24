from dataclasses import replace
from typing import Any

import gradio as gr
import pytest

from mnist_demo import RECIPES
from mnist_demo.networks.introspection import count_parameters
from mnist_demo.training.recipes import CHOICES, OPTIONAL
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.compute.test_set import NO_DIGIT
from mnist_demo.ui.i18n.translate import TranslatedError, translate
from mnist_demo.ui.train.network_builder import describe_network
from mnist_demo.ui.train.recipe_form import (
    DEFAULT_RECIPE,
    EXPERIMENTS,
    FIELDS,
    SETTINGS,
    check_fields,
    choose_recipe,
    describe_recipe,
    describe_setting,
    edit_layers,
    read_recipe,
    read_values,
    recipe_choice,
    recipe_form,
    reset_fields,
    show_recipe,
)
from mnist_demo.ui.validation import format_number
from tests.ui.english import english


def _form(shown: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """What the form sends that shows this, with some values changed."""
    assert changes.keys() <= {*FIELDS}
    return {name: shown[name] for name in ("recipe", *FIELDS)} | changes


def _settings(name: str, **changes: Any) -> dict[str, Any]:
    return _form(show_recipe(RECIPES[name], RECIPES[name].seed), **changes)


@pytest.mark.parametrize("name", RECIPES)
def test_the_filled_in_values_are_the_recipe(name: str) -> None:
    recipe, seed = read_recipe(**_settings(name))
    assert recipe == RECIPES[name]
    assert recipe.changes() == {}
    assert seed == RECIPES[name].seed


CHANGES = {
    "optimizer": "sgd",
    "learning_rate": 0.5,
    "batch_size": 7,
    "epochs": 3,
    "momentum": 0.25,
    "weight_decay": 0.125,
    "label_smoothing": 0.05,
    "schedule": "one_cycle",
    "train_images": 1000,
    "label_noise": 0.2,
    "excluded_digit": 0,
    "augmentation": "handwriting",
}


@pytest.mark.parametrize("name", RECIPES)
def test_changed_values_are_changes(name: str) -> None:
    recipe, seed = read_recipe(**_settings(name, **CHANGES, seed=42))
    assert {key: getattr(recipe, key) for key in CHANGES} == CHANGES
    assert seed == 42


def test_the_seed_is_no_change_of_the_recipe() -> None:
    assert read_recipe(**_settings("mlp", seed=42)) == (RECIPES["mlp"], 42)


BAD = [
    ("optimizer", "magic"),
    ("schedule", "magic"),
    ("augmentation", "magic"),
    ("learning_rate", 0),
    ("learning_rate", float("nan")),
    ("batch_size", 1.5),
    ("epochs", 1001),
    ("momentum", 1),
    ("weight_decay", -0.1),
    ("label_smoothing", 0.6),
    ("seed", -1),
    ("train_images", 99),
    ("label_noise", 1.1),
    ("excluded_digit", 10),
    *((name, "x") for name in (*SETTINGS, *EXPERIMENTS)),
    *((name, [1]) for name in (*SETTINGS, *EXPERIMENTS)),
    *((name, None) for name in (*SETTINGS, *EXPERIMENTS) if name not in OPTIONAL),
]


def test_a_bad_value_is_refused_and_named(subtests: pytest.Subtests) -> None:
    for name, value in BAD:
        with subtests.test(name=name, value=value):
            with pytest.raises(TranslatedError) as caught:
                read_recipe(**_settings("softmax", **{name: value}))
            for language, told in caught.value.words.items():
                assert told.startswith(translate(name)[language])
                assert value is None or format_number(value) in told
                assert "None" not in told
                assert "e-" not in told


@pytest.mark.parametrize("images", [None, 60_000])
def test_all_images_and_no_digit_left_out_are_none(images: int | None) -> None:
    recipe, _ = read_recipe(**_settings("mlp", train_images=images, excluded_digit=NO_DIGIT))
    assert recipe == RECIPES["mlp"]


def test_no_field_comes_empty() -> None:
    assert None not in show_recipe(RECIPES["softmax"], 1).values()


def test_a_changed_recipe_is_shown_and_read_back() -> None:
    recipe = replace(RECIPES["softmax"], excluded_digit=None, train_images=600, label_noise=0.5)
    assert read_recipe(**_form(show_recipe(recipe, 42))) == (recipe, 42)


def test_a_network_of_ones_own_is_trained_as_the_recipe_is() -> None:
    recipe, _ = read_recipe(**_settings("mlp", layers={"text": "Conv 8,relu,  pool"}))
    assert recipe == replace(RECIPES["mlp"], layers="conv 8, relu, pool, linear 10")
    shown = english(show_recipe(recipe, seed=0))
    assert shown["facts"] == (
        "A network with layers of your own, trained as mlp is. 15,770 parameters: the numbers that "
        "training adjusts."
    )


def test_what_is_said_of_the_recipe_follows_its_network() -> None:
    asked = {"text": "linear 5", "asked": 3}
    edited = english(edit_layers("mlp", asked))
    assert edited["layers"]["asked"] == 3
    assert "3,985 parameters" in edited["facts"]
    own = edit_layers("mlp", {"text": RECIPES["mlp"].layers, "asked": 4})
    assert own["facts"] == describe_recipe(RECIPES["mlp"])
    nonsense: Any
    for nonsense in ({"text": "convv"}, {}, None, [], {"text": 5}, {"text": "x" * 10_000}):
        assert edit_layers("mlp", nonsense).keys() == {"layers"}
    assert edit_layers(["x"], asked).keys() == {"layers"}


def test_an_unknown_recipe_is_refused() -> None:
    with pytest.raises(ValueError, match="no recipe 'nonsense'"):
        read_recipe(**_settings("softmax") | {"recipe": "nonsense"})


@pytest.mark.parametrize("name", RECIPES)
def test_what_is_not_in_the_form_is_kept(name: str) -> None:
    recipe, _ = read_recipe(**_settings(name, epochs=2, learning_rate=0.5))
    assert recipe.changes().keys() <= {"epochs", "learning_rate"}
    assert recipe.calibration_split == RECIPES[name].calibration_split
    assert recipe.precision == RECIPES[name].precision


def _choose(store: ModelStore, name: Any, **form: Any) -> dict[str, Any]:
    """What the form shows where that recipe is chosen after another."""
    filled = form.pop("recipe", "mlp" if name == "softmax" else "softmax")
    form = _settings(filled, **form)
    return choose_recipe(store, name, filled, **{each: form[each] for each in EXPERIMENTS})


def test_an_unknown_recipe_fills_in_nothing_and_is_told() -> None:
    with pytest.raises(gr.Error, match="no recipe 'nonsense'"):
        _choose(ModelStore(), "nonsense")


def test_a_recipe_that_is_left_as_it_was_fills_in_nothing() -> None:
    assert _choose(ModelStore(), "mlp", recipe="mlp", train_images=600) == {}


def test_another_recipe_leaves_the_data_as_it_was_spoilt() -> None:
    shown = _choose(ModelStore(), "mlp", recipe="softmax", train_images=600, label_noise=0.5)
    assert not shown.keys() & {"train_images", "label_noise"}
    assert shown["excluded_digit"] == NO_DIGIT
    assert set(SETTINGS) <= shown.keys()


def test_a_recipes_own_augmentation_goes_with_it() -> None:
    assert _choose(ModelStore(), "mlp", recipe="robust_cnn")["augmentation"] == "none"
    assert _choose(ModelStore(), "robust_cnn", recipe="mlp")["augmentation"] == "handwriting"


@pytest.mark.parametrize("names", [SETTINGS, EXPERIMENTS])
def test_each_fold_is_reset_alone(names: tuple[str, ...]) -> None:
    own = _settings("mlp")
    assert reset_fields(names, ModelStore(), "mlp") == {name: own[name] for name in names}


def test_all_that_is_wrong_is_told_at_its_field() -> None:
    values = _settings("softmax", epochs=2.5, learning_rate=None, momentum=0.5, optimizer="adam")
    errors = english(check_fields(read_values(values)))
    assert errors.keys() == {"epochs", "learning_rate", "momentum"}
    assert errors["epochs"].endswith("not 2.5")
    assert errors["learning_rate"].startswith("Learning rate is empty")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1e-6, "0.000001"),
        (60_000, "60,000"),
        (2.5, "2.5"),
        (0.0, "0"),
        (1e300, "1 x 10^300"),
        (10**4000, "1 x 10^4000"),
    ],
)
def test_a_number_is_written_as_people_do(value: float, written: str) -> None:
    assert format_number(value) == written


@pytest.mark.parametrize("name", FIELDS)
def test_a_setting_is_described_without_a_raw_word(name: str) -> None:
    values = CHOICES.get(name, (0.5, 3))
    for value in (*values, *([None] if name in OPTIONAL else [])):
        words = english(describe_setting(name, value))
        assert "_" not in words
        assert "None" not in words


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_is_described_with_its_size(name: str) -> None:
    described = describe_recipe(RECIPES[name])
    assert f"{count_parameters(RECIPES[name].build(seed=0)):,} parameters" in english(described)
    chosen = _choose(ModelStore(), name)
    assert (chosen["facts"], chosen["layers"]) == (described, describe_network(RECIPES[name]))
    assert "recipe" not in chosen  # the visitor may have chosen another one meanwhile


def test_the_form_starts_with_what_it_fills_in() -> None:
    with gr.Blocks(analytics_enabled=False):
        choice, facts = recipe_choice()
        form = recipe_form(ModelStore(), choice, facts)
    assert {name: field.value for name, field in form.inputs().items()} == _settings(choice.value)
    assert choice.value == DEFAULT_RECIPE == "fast_cnn"
    assert facts.value == describe_recipe(RECIPES[choice.value])
    assert [name for name, _ in choice.choices] == list(RECIPES)


@pytest.mark.parametrize("name", RECIPES)
def test_it_fills_in_what_the_data_set_takes(name: str, store: ModelStore) -> None:
    dataset = store.dataset()
    chosen = _choose(store, name) | {"recipe": name}
    recipe, _ = read_recipe(**_form(chosen))
    assert recipe == RECIPES[name].for_dataset(dataset)
    assert recipe.changes(dataset) == {}
