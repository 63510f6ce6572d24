import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from mnist_demo import RECIPES, Dataset, LayersError, Recipe, get_recipe
from mnist_demo.data.augmentation import AUGMENTATIONS
from mnist_demo.training.recipes import BOUNDS, CHOICES, FEW, HYPERPARAMETERS, OPTIONAL

SOFTMAX = RECIPES["softmax"]

TUTORIALS: dict[str, dict[str, Any]] = {
    "softmax": {
        "layers": "linear 10",
        "optimizer": "sgd",
        "learning_rate": 0.02,
        "momentum": 0,
        "weight_decay": 0,
        "batch_size": 64,
        "epochs": 10,
        "drop_last": True,
        "published_accuracy": (0.905,),
        "published_cost": (),
    },
    "mlp": {
        "layers": "linear 512, sigmoid, linear 256, sigmoid, linear 10",
        "optimizer": "sgd",
        "learning_rate": 0.01,
        "momentum": 0.5,
        "weight_decay": 0,
        "batch_size": 32,
        "epochs": 10,
        "drop_last": False,
        "published_accuracy": (),
        "published_cost": (),
    },
    "simple_cnn": {
        "layers": "conv 32, relu, pool, conv 64, relu, pool, linear 10 xavier",
        "optimizer": "adam",
        "learning_rate": 0.001,
        "momentum": 0,
        "weight_decay": 0,
        "batch_size": 100,
        "epochs": 15,
        "drop_last": True,
        "seed": 777,
        "published_accuracy": (0.9831, 0.9879),
        "published_cost": ((1, (0.2256, 0.2239)), (15, (0.00648, 0.00601))),
    },
    "deep_cnn": {
        "layers": "conv 16 5x5 valid, relu, conv 32 5x5 valid, relu, pool, "
        "conv 64 5x5 valid, relu, pool, linear 100, relu, linear 10",
        "optimizer": "adam",
        "learning_rate": 0.0002,
        "momentum": 0,
        "weight_decay": 0,
        "batch_size": 100,
        "epochs": 10,
        "drop_last": True,
        "published_accuracy": (),
        "published_cost": (),
    },
}

OURS: dict[str, dict[str, Any]] = {
    "fast_cnn": {
        "schedule": "one_cycle",
        "label_smoothing": 0.1,
        "precision": "bfloat16",
        "epochs": 1,
        "calibration_split": 0,
    },
    "robust_cnn": {
        "schedule": "one_cycle",
        "precision": "bfloat16",
        "augmentation": "handwriting",
        "ema_decay": 0.9995,
        "uci_digits": 2,
        "synthetic_digits": 40_000,
        "non_digits": 12_000,
        "calibration_split": 5_000,
    },
}

# What the tutorials know nothing of.
PLAIN = {
    "schedule": "constant",
    "label_smoothing": 0,
    "ema_decay": 0,
    "precision": "float32",
    "augmentation": "none",
    "train_images": None,
    "excluded_digit": None,
    "label_noise": 0,
    "uci_digits": 0,
    "synthetic_digits": 0,
    "non_digits": 0,
    "calibration_split": 0,
}

TITLES = {
    "softmax": ["MNIST Dataset - Softmax Regression Model", "2024"],
    "mlp": ["MLP with MNIST"],
    "simple_cnn": ["MNIST 분류하기 with Simple CNN", "Lab10-2: MNIST CNN", "2022"],
    "deep_cnn": ["파이토치로 CNN 모델을 구현해보자", "2021"],
}

BEYOND = {
    "train_images": [0, 99, 60_001, 600.0],
    "excluded_digit": [-1, 10, 0.5],
    "label_noise": [-0.1, 1.1],
    "learning_rate": [0, -0.1, 101],
    "momentum": [-0.1, 1],
    "weight_decay": [-1e-9, 1.5],
    "label_smoothing": [-0.1, 0.6],
    "ema_decay": [-0.1, 1],
    "batch_size": [0, -1, 10_001, 1.5, 64.0],
    "epochs": [0, -1, 1_001, 0.5, 10.0],
    "uci_digits": [-1, 11, 1.5],
    "synthetic_digits": [-1, 100_001, 0.5],
    "non_digits": [-1, 100_001, 0.5],
    "calibration_split": [-1, 10_001, 0.1],
    "seed": [-1, 2**32, 0.5],
}
NEVER = [float("nan"), float("inf"), -float("inf"), True, False, "1", None, [1], 10**400]


def _weights(model: nn.Module) -> torch.Tensor:
    return torch.cat([parameter.detach().flatten() for parameter in model.parameters()])


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_lies_under_its_own_name(name: str) -> None:
    assert get_recipe(name) is RECIPES[name]
    assert RECIPES[name].name == name
    assert RECIPES[name].source


@pytest.mark.parametrize("name", TUTORIALS)
def test_a_tutorial_keeps_its_row(name: str) -> None:
    row = TUTORIALS[name]
    assert {key: getattr(RECIPES[name], key) for key in row} == row


@pytest.mark.parametrize("name", TUTORIALS)
def test_a_tutorial_is_trained_as_it_was(name: str) -> None:
    assert {key: getattr(RECIPES[name], key) for key in PLAIN} == PLAIN


@pytest.mark.parametrize("name", OURS)
def test_our_own_recipe_keeps_its_row(name: str) -> None:
    row = OURS[name]
    assert {key: getattr(RECIPES[name], key) for key in row} == row
    assert RECIPES[name].source.startswith("ours: ")
    assert not RECIPES[name].published_accuracy
    assert not RECIPES[name].published_cost


@pytest.mark.parametrize("name", TITLES)
def test_a_tutorial_is_cited(name: str) -> None:
    for part in TITLES[name]:
        assert part in RECIPES[name].source


def test_the_tutorials_come_first_and_in_order() -> None:
    assert list(RECIPES) == [*TUTORIALS, *OURS]


def test_an_unknown_recipe_is_refused_with_the_valid_names() -> None:
    with pytest.raises(ValueError, match="'nonsense'") as caught:
        get_recipe("nonsense")
    for name in RECIPES:
        assert name in str(caught.value)


def test_a_value_out_of_bounds_is_refused_and_named(subtests: pytest.Subtests) -> None:
    for name in BOUNDS:
        for value in [*BEYOND[name], *NEVER]:
            if value is not None or name not in OPTIONAL:
                with subtests.test(name=name, value=value):
                    assert repr(value) in _refusal(name, value)


def test_the_bounds_themselves_are_allowed(subtests: pytest.Subtests) -> None:
    for name in BOUNDS:
        with subtests.test(name=name):
            bounds = BOUNDS[name]
            ends: list[Any] = [bounds.low, bounds.high]
            for value in ends:
                assert getattr(replace(SOFTMAX, **{name: value}), name) == value
                assert f"{bounds.high:,}" in _refusal(name, bounds.high + 1)


def _refusal(name: str, value: Any) -> str:
    with pytest.raises(ValueError, match=f"{name} must be") as caught:
        replace(SOFTMAX, **{name: value})
    return str(caught.value)


def test_the_choices_are_these() -> None:
    assert CHOICES == {
        "optimizer": ("sgd", "adam", "adamw"),
        "schedule": ("constant", "one_cycle"),
        "precision": ("float32", "bfloat16"),
        "augmentation": ("none", "handwriting"),
    }
    assert set(CHOICES["augmentation"]) == {"none", *AUGMENTATIONS}


def test_what_is_not_to_choose_is_refused_with_the_valid_names(subtests: pytest.Subtests) -> None:
    wrong: list[Any] = ["magic", "", None, 1, True]
    for name, value in itertools.product(CHOICES, wrong):
        with subtests.test(name=name, value=value):
            with pytest.raises(ValueError, match=f"{name} must be one of") as caught:
                replace(SOFTMAX, **{name: value})
            for word in (*CHOICES[name], repr(value)):
                assert word in str(caught.value)


def test_what_is_to_choose_is_allowed() -> None:
    for name, valid in CHOICES.items():
        changes: list[dict[str, Any]] = [{name: value} for value in valid]
        assert [getattr(replace(SOFTMAX, **change), name) for change in changes] == [*valid]


@pytest.mark.parametrize("optimizer", ["adam", "adamw"])
def test_momentum_is_refused_where_it_would_do_nothing(optimizer: str) -> None:
    with pytest.raises(ValueError, match=f"momentum 0.5 is for sgd; {optimizer}"):
        replace(RECIPES["mlp"], optimizer=optimizer)


@pytest.mark.parametrize("name", RECIPES)
def test_a_seed_draws_the_same_weights_each_time(name: str) -> None:
    recipe = RECIPES[name]
    assert torch.equal(_weights(recipe.build(5)), _weights(recipe.build(5)))


@pytest.mark.parametrize("name", RECIPES)
def test_seeds_draw_different_weights(name: str) -> None:
    recipe = RECIPES[name]
    assert not torch.equal(_weights(recipe.build(5)), _weights(recipe.build(6)))


@pytest.mark.parametrize("name", RECIPES)
def test_building_leaves_the_random_states_alone(name: str) -> None:
    torch_before, numpy_before = torch.get_rng_state(), np.random.get_state(legacy=False)["state"]
    RECIPES[name].build(seed=5)
    assert torch.equal(torch.get_rng_state(), torch_before)
    numpy_after = np.random.get_state(legacy=False)["state"]
    assert numpy_after["pos"] == numpy_before["pos"]
    assert np.array_equal(numpy_after["key"], numpy_before["key"])


def test_building_does_not_depend_on_the_random_state() -> None:
    before = _weights(SOFTMAX.build(5))
    torch.rand(3)
    assert torch.equal(_weights(SOFTMAX.build(5)), before)


def test_threads_that_build_at_once_draw_the_weights_of_their_seeds() -> None:
    seeds = [*range(8)] * 4
    recipe = RECIPES["simple_cnn"]
    with ThreadPoolExecutor(8) as pool:
        at_once = list(pool.map(recipe.build, seeds))
    one_by_one = [recipe.build(seed) for seed in range(8)]
    for seed, model in zip(seeds, at_once, strict=True):
        assert torch.equal(_weights(model), _weights(one_by_one[seed]))


@pytest.mark.parametrize("name", RECIPES)
def test_an_unchanged_recipe_has_no_changes(name: str) -> None:
    assert RECIPES[name].changes() == {}


def test_changes_are_the_fields_that_differ() -> None:
    changed = replace(SOFTMAX, learning_rate=0.5, epochs=3, drop_last=False, batch_size=64)
    assert changed.changes() == {"learning_rate": 0.5, "epochs": 3, "drop_last": False}


def test_changes_rebuild_the_recipe() -> None:
    changed = replace(RECIPES["mlp"], optimizer="adamw", momentum=0.0, weight_decay=0.1)
    assert replace(RECIPES["mlp"], **changed.changes()) == changed  # type: ignore[arg-type]


class TestLayers:
    def test_they_are_a_change_however_they_are_written(self) -> None:
        changed = replace(SOFTMAX, layers="Linear 20,relu")
        assert changed.changes() == {"layers": "linear 20, relu, linear 10"}
        assert replace(changed, layers=" linear 10") == SOFTMAX

    def test_they_take_the_place_of_an_architecture(self) -> None:
        recipe = Recipe(
            "mine", nn.Identity, optimizer="sgd", learning_rate=0.1, batch_size=9, epochs=1
        )
        assert isinstance(recipe.build(0), nn.Identity)
        assert "classifier.weight" in replace(recipe, layers="linear 10").build(0).state_dict()

    def test_without_a_network_there_is_no_recipe(self) -> None:
        with pytest.raises(ValueError, match="needs its network"):
            replace(SOFTMAX, layers="")

    def test_a_wrong_text_is_refused_at_its_place(self) -> None:
        with pytest.raises(LayersError, match="layer 2, 'convv 3'") as caught:
            replace(SOFTMAX, layers="relu, convv 3")
        assert (caught.value.start, caught.value.end) == (6, 11)


@pytest.mark.parametrize("name", OPTIONAL)
def test_what_is_optional_may_be_none(name: str) -> None:
    values: dict[str, Any] = {name: 100 if name == "train_images" else 3}
    changed = replace(SOFTMAX, **values)
    assert changed.changes().keys() == {name}
    nothing: dict[str, Any] = {name: None}
    assert replace(changed, **nothing) == SOFTMAX


def test_each_hyperparameter_is_a_change() -> None:
    changes: dict[str, Any] = {
        "train_images": 600,
        "excluded_digit": 0,
        "label_noise": 0.2,
        "schedule": "one_cycle",
        "label_smoothing": 0.25,
        "precision": "bfloat16",
        "augmentation": "handwriting",
        "uci_digits": 1,
        "synthetic_digits": 20,
        "non_digits": 10,
        "calibration_split": 5,
    }
    changed = replace(SOFTMAX, **changes)
    assert changed.changes() == changes
    ours = replace(
        RECIPES["robust_cnn"], synthetic_digits=0, augmentation="none", schedule="constant"
    )
    assert ours.changes() == {"synthetic_digits": 0, "augmentation": "none", "schedule": "constant"}


def test_all_that_makes_a_training_is_a_hyperparameter() -> None:
    told = {"name", "architecture", "source", "seed", "published_accuracy", "published_cost"}
    told.add("epochs_of_few")  # where nobody says how many epochs
    assert set(Recipe.__dataclass_fields__) - told == set(HYPERPARAMETERS)


@pytest.mark.parametrize("name", RECIPES)
def test_few_images_may_take_more_epochs_and_nothing_else(name: str, tiny: Dataset) -> None:
    recipe = RECIPES[name]
    many = replace(tiny, train_labels=torch.zeros(FEW, dtype=torch.int64))
    assert recipe.for_dataset(many) == recipe.for_dataset(None) == recipe
    few = recipe.for_dataset(tiny)
    assert few == replace(recipe, epochs=recipe.epochs_of_few or recipe.epochs)
    assert few.changes(tiny) == {}
    assert few.changes() == ({"epochs": 10} if name == "fast_cnn" else {})  # what is stored
