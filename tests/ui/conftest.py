"""A library on the embedded digits, and a small drawing."""

import pytest

from mnist_demo.ui.library import Library

Strokes = list[list[list[float]]]


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp("no_mnist"))


@pytest.fixture
def seven() -> Strokes:
    return [[[70, 60], [205, 60], [125, 235]]]
