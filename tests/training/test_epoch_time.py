"""How long an epoch would take is measured, in a moment."""

import math
import time
from dataclasses import replace
from typing import Any

import pytest

from mnist_demo import RECIPES, Dataset, Trainer
from mnist_demo.networks.notation import parse_layers
from mnist_demo.training.epoch_time import NUMBERS, cut_batch, measure_epoch
from mnist_demo.training.training_set import count_training_images, make_training_set


@pytest.mark.parametrize("name", RECIPES)
def test_it_takes_a_moment_for_every_recipe(name: str, bundled: Dataset) -> None:
    list(measure_epoch(RECIPES[name], bundled))  # the first use of torch's threads
    started = time.monotonic()
    seconds = list(measure_epoch(RECIPES[name], bundled))
    assert len(seconds) > 1
    assert min(seconds) > 0
    assert time.monotonic() - started < 10


def test_an_epoch_of_ten_times_the_steps_takes_longer(bundled: Dataset) -> None:
    short, long = (
        list(measure_epoch(replace(RECIPES["simple_cnn"], train_images=count), bundled))[-1]
        for count in (300, 3_000)
    )
    assert long > 2 * short


@pytest.mark.parametrize(
    "layers", ["conv 600 1x1, linear 10", "relu, " * 50 + "linear 10", "conv 60, conv 60"]
)
def test_neither_time_nor_memory_runs_away(layers: str, bundled: Dataset) -> None:
    recipe = replace(RECIPES["softmax"], layers=layers, batch_size=4_000)
    numbers = sum(math.prod(layer.output_shape) for layer in parse_layers(recipe.layers))
    assert 2 <= cut_batch(recipe) * numbers <= NUMBERS
    started = time.monotonic()
    assert min(measure_epoch(recipe, bundled)) > 0
    assert time.monotonic() - started < 20


def test_a_batch_of_more_images_than_there_are_is_counted_as_these(bundled: Dataset) -> None:
    recipe = replace(RECIPES["mlp"], layers="linear 10", batch_size=10_000)
    assert len(list(measure_epoch(recipe, bundled))) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"train_images": 500, "excluded_digit": 3},
        {"uci_digits": 1, "synthetic_digits": 20, "non_digits": 8, "calibration_split": 100},
    ],
)
def test_images_are_counted_without_making_them(changes: dict[str, Any], bundled: Dataset) -> None:
    recipe = replace(RECIPES["softmax"], **changes)
    images, _, _ = make_training_set(recipe, bundled, seed=0)
    assert count_training_images(recipe, bundled) == len(images)
    assert Trainer(recipe, bundled).images_per_epoch == len(images)


def test_what_cannot_be_trained_is_an_error(bundled: Dataset) -> None:
    with pytest.raises(ValueError, match="batch_size 9,000 is more than"):
        next(measure_epoch(replace(RECIPES["softmax"], batch_size=9_000), bundled))
