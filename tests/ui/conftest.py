"""A library on the embedded digits, and a small drawing."""

from typing import Any

import pytest

from mnist_demo.ui.library import Library

Strokes = Any  # a list of strokes, which are lists of points [x, y]


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp("no_mnist"))


@pytest.fixture
def seven() -> Strokes:
    return [[[70, 60], [205, 60], [125, 235]]]
