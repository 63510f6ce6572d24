"""A library on the bundled digits, and a small drawing."""

from typing import Any

import pytest

from mnist_demo.ui.compute.model_store import ModelStore

Strokes = Any  # a list of strokes, which are lists of points [x, y]


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> ModelStore:
    return ModelStore(tmp_path_factory.mktemp("no_mnist"))


@pytest.fixture
def seven() -> Strokes:
    return [[[70, 60], [205, 60], [125, 235]]]
