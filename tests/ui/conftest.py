"""A library on the embedded digits, and a small drawing."""

import asyncio
from collections.abc import Iterator

import pytest

from mnist_demo.ui.library import Library

Strokes = list[list[list[float]]]


@pytest.fixture(scope="session", autouse=True)
def _no_loop_is_left_open() -> Iterator[None]:
    """Gradio makes event loops to make its locks with, and leaves them open."""
    make, made = asyncio.new_event_loop, []

    def make_and_remember() -> asyncio.AbstractEventLoop:
        made.append(make())
        return made[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio, "new_event_loop", make_and_remember)
        yield
    for loop in made:
        loop.close()


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp("no_mnist"))


@pytest.fixture
def seven() -> Strokes:
    return [[[70, 60], [205, 60], [125, 235]]]
