"""A few images, and recipes with a few steps an epoch."""

from dataclasses import replace
from typing import Any

import pytest

from mnist_demo import RECIPES, Dataset, Recipe
from tests.conftest import quick
from tests.training.runs import cut

# Of what a recipe adds to the images, a little: the drawings alone would take a minute.
FEWER: dict[str, Any] = {
    "uci_digits": 0,
    "synthetic_digits": 40,
    "non_digits": 10,
    "calibration_split": 20,
}


@pytest.fixture(scope="module")
def small(tiny: Dataset) -> Dataset:
    return cut(tiny, 64)


@pytest.fixture(params=quick("softmax", "simple_cnn", "fast_cnn", of=RECIPES))
def recipe(request: pytest.FixtureRequest) -> Recipe:
    """Each recipe with a few steps an epoch: four on 64 images."""
    recipe = replace(RECIPES[request.param], batch_size=16)
    return replace(recipe, **FEWER) if recipe.synthetic_digits else recipe


@pytest.fixture
def softmax() -> Recipe:
    return replace(RECIPES["softmax"], batch_size=16)
