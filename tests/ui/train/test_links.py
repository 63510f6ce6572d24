import random
from dataclasses import replace
from typing import Any

import pytest

from mnist_demo import RECIPES, Dataset, Recipe
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.train.address import write_address
from mnist_demo.ui.train.links import (
    HIDEABLE,
    MAX_QUESTION,
    MAX_SET_UPS,
    TABS,
    read_link,
    write_link,
    write_set_ups,
)
from mnist_demo.ui.train.recipe_form import DEFAULT_RECIPE, FIELDS, show_recipe
from tests.ui.english import english


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_as_it_is_needs_its_name_alone(name: str) -> None:
    recipe = RECIPES[name]
    assert write_link(recipe, recipe.seed) == {"recipe": name}
    (set_up,) = read_link({"recipe": name}).set_ups
    assert (set_up.recipe, set_up.seed) == (recipe, recipe.seed)


@pytest.mark.parametrize(
    "changes",
    [
        {"learning_rate": 1e-5, "epochs": 3},
        {"optimizer": "adam", "learning_rate": 0.1 + 0.2},
        {"train_images": 600, "excluded_digit": 0, "label_noise": 0.25},
        {"augmentation": "handwriting", "schedule": "one_cycle", "label_smoothing": 0.1},
        {"batch_size": 10, "weight_decay": 0.01},
        {"layers": "conv 16 5x5 valid, relu, pool, dropout 0.25, linear 30, sigmoid, linear 10"},
    ],
)
@pytest.mark.parametrize("seed", [0, 7])
def test_a_set_up_comes_back_as_it_was(changes: dict[str, Any], seed: int) -> None:
    recipe = replace(RECIPES["softmax"], **changes)
    parameters = write_link(recipe, seed)
    assert all(isinstance(value, str) for value in parameters.values())
    link = read_link(parameters)
    assert not link.errors
    assert (link.set_ups[0].recipe, link.set_ups[0].seed) == (recipe, seed)


def test_without_parameters_it_is_the_page_as_it_is() -> None:
    link = read_link({"unknown": "1", "__theme": "dark"})
    assert [each.recipe for each in link.set_ups] == [RECIPES[DEFAULT_RECIPE]]
    assert (link.tab, link.question, link.hidden, link.errors) == (None, "", (), ())


def test_a_lesson_holds_several_set_ups_named_by_what_differs() -> None:
    link = read_link(
        {
            "recipe": "softmax",
            "learning_rate": "0.0002,0.02,20",
            "epochs": "1",
            "question": "Which will win?",
            "hide": "settings,layers",
            "tab": "train",
        }
    )
    assert [each.recipe.learning_rate for each in link.set_ups] == [0.0002, 0.02, 20]
    assert {each.recipe.epochs for each in link.set_ups} == {1}
    assert [english(each.name) for each in link.set_ups] == [
        "learning rate 0.0002",
        "learning rate 0.02",
        "learning rate 20",
    ]
    assert (link.question, link.hidden, link.tab) == (
        "Which will win?",
        ("settings", "layers"),
        "train",
    )


def test_several_things_may_differ() -> None:
    link = read_link({"recipe": "softmax,mlp", "seed": "1,2"})
    assert [(each.recipe.name, each.seed, english(each.name)) for each in link.set_ups] == [
        ("softmax", 1, "softmax, seed 1"),
        ("mlp", 2, "mlp, seed 2"),
    ]


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"recipe": "nonsense"}, "recipe must be one of softmax"),
        ({"epochs": "two"}, "Epochs must be a number, not 'two'"),
        ({"epochs": "1.5"}, "Epochs must be a number, not '1.5'"),
        ({"epochs": "0"}, "Epochs must be a whole number"),
        ({"learning_rate": "nan"}, "Learning rate must be"),
        ({"learning_rate": "none"}, "Learning rate is empty"),
        ({"optimizer": "<script>"}, "Optimizer must be one of"),
        ({"seed": "-1"}, "Seed must be"),
        ({"epochs": "1,2", "seed": "1,2,3"}, "epochs has 2 values where others have 3"),
        ({"seed": ",".join("1" * (MAX_SET_UPS + 1))}, f"at most {MAX_SET_UPS} set-ups"),
        ({"layers": "conv 3, convv 5"}, "Layer 2, 'convv 5': there is no layer 'convv'"),
        ({"layers": ""}, "a layer is missing here"),
        ({"layers": "linear 20000, linear 20000"}, "at most 2,000,000"),
        ({"tab": "secret"}, f"tab must be one of {', '.join(TABS)}"),
        ({"hide": "recipe,secret"}, "not 'secret'"),
        ({"epochs": "9" * 5000}, "Epochs must be"),
    ],
)
def test_what_is_not_valid_is_told_and_the_rest_is_used(
    parameters: dict[str, str], words: str
) -> None:
    link = read_link({"question": "Why?"} | parameters)
    assert len(link.errors) == 1
    assert words in english(link.errors[0])
    assert len(english(link.errors[0])) < 200
    assert link.question == "Why?"
    assert link.set_ups[0].recipe == RECIPES[DEFAULT_RECIPE]
    assert set(link.hidden) <= set(HIDEABLE)


def test_a_question_is_cut() -> None:
    assert len(read_link({"question": "x" * 1000}).question) == MAX_QUESTION


@pytest.mark.parametrize(
    ("parameters", "words", "used"),
    [
        ({"learning_rate": "0.1,x,3"}, "not 'x'", {"learning_rate": [0.1, 0.02, 3]}),
        ({"epochs": "1,2", "seed": "1,2,3"}, "epochs has 2 values", {"epochs": [10, 10, 10]}),
        ({"epochs": "0", "momentum": "0.5"}, "Epochs", {"epochs": [10], "momentum": [0.5]}),
        ({"momentum": "0.5", "optimizer": "adam"}, "is for sgd", {"optimizer": ["adam"]}),
        (
            {"layers": "linear 9;x"},
            "no layer 'x'",
            {"layers": ["linear 9, linear 10", "linear 10"]},
        ),
        ({"recipe": "softmax,magic", "epochs": "3"}, "recipe must be", {"epochs": [3, 3]}),
        (
            {"epochs": ",".join(map(str, range(1, MAX_SET_UPS + 3)))},
            "at most",
            {"epochs": [*range(1, MAX_SET_UPS + 1)]},
        ),
    ],
)
def test_a_bad_value_costs_that_value_alone(
    parameters: dict[str, str], words: str, used: dict[str, list[Any]]
) -> None:
    link = read_link({"recipe": "softmax"} | parameters)
    assert [words in english(error) for error in link.errors] == [True]
    for name, values in used.items():
        assert [getattr(each.recipe, name) for each in link.set_ups] == values


def test_the_number_of_all_images_stands_for_all() -> None:
    assert read_link({"train_images": "60000"}).set_ups == read_link({}).set_ups


def test_an_optimizer_with_a_momentum_of_its_own_takes_the_recipes_away() -> None:
    link = read_link({"recipe": "mlp", "optimizer": "adam"})
    assert not link.errors
    assert link.set_ups[0].recipe.momentum == 0


def test_the_set_ups_of_a_link_are_named_in_words() -> None:
    link = read_link({"augmentation": "none,handwriting", "schedule": "one_cycle,constant"})
    assert [english(each.name) for each in link.set_ups] == [
        "schedule rises, then falls, not augmented",
        "schedule stays the same, augmented",
    ]


def test_networks_are_parted_by_semicolons() -> None:
    link = read_link({"recipe": "mlp", "layers": "linear 9, relu;linear 9, tanh", "epochs": "1,2"})
    assert not link.errors
    assert [english(each.name) for each in link.set_ups] == [
        "epochs 1, network linear 9, relu, linear 10",
        "epochs 2, network linear 9, tanh, linear 10",
    ]


VALUES: dict[str, list[Any]] = {
    "optimizer": ["sgd", "adam", "adamw"],
    "schedule": ["constant", "one_cycle"],
    "learning_rate": [1e-6, 0.1 + 0.2, 0.02, 100],
    "batch_size": [1, 64, 10_000],
    "epochs": [1, 10, 1000],
    "weight_decay": [0, 1e-5, 1],
    "label_smoothing": [0, 0.1, 0.5],
    "train_images": [100, 600, None],
    "label_noise": [0, 1 / 3, 1],
    "excluded_digit": [0, 9, None],
    "augmentation": ["none", "handwriting"],
    "layers": ["linear 10", "conv 8, relu, pool, linear 10", "norm, tanh, linear 9, linear 10"],
}


def _draw_set_up(chance: random.Random) -> tuple[Recipe, int]:
    recipe = RECIPES[chance.choice([*RECIPES])]
    names = chance.sample([*VALUES], chance.randrange(len(VALUES)))
    recipe = replace(recipe, momentum=0.0, **{name: chance.choice(VALUES[name]) for name in names})
    return recipe, chance.choice([recipe.seed, 0, 2**32 - 1])


@pytest.mark.parametrize("dataset", [None, "tiny"])
def test_a_link_of_any_set_ups_gives_these(
    dataset: str | None, tiny: Dataset, store: ModelStore
) -> None:
    """Of a link and of the copies made at each of its set-ups."""
    chance, data = random.Random(0), tiny if dataset else None
    store = ModelStore() if dataset is None else store
    for _ in range(200):
        set_ups = [_draw_set_up(chance) for _ in range(chance.randint(1, MAX_SET_UPS))]
        parameters = write_set_ups(set_ups, data)
        link = read_link(parameters, data)
        assert not link.errors
        read = [(each.recipe, each.seed) for each in link.set_ups]
        assert read == (set_ups if len(set(map(repr, set_ups))) > 1 else set_ups[:1])
        for recipe, seed in read:
            shown = show_recipe(recipe, seed)
            form = {name: shown[name] for name in ("recipe", *FIELDS)}
            written = write_address(store, link, **form)["address"]["parameters"]
            assert read_link(written, data) == link
