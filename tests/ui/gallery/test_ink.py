from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from mnist_demo import load_checkpoint
from mnist_demo.mnist_format import Digit
from mnist_demo.ui.digits import take_digit
from mnist_demo.ui.gallery import ink as module
from mnist_demo.ui.gallery.ink import Ink
from mnist_demo.ui.library import Library
from mnist_demo.ui.panels.inside import picture_saliency

BLANK: Digit = np.zeros((28, 28), dtype=np.float32)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The labels of all pictures that were made."""
    labels: list[Any] = []

    def make(_: Digit, __: Any, wanted: Sequence[int]) -> tuple[str, ...]:
        labels.append(wanted)
        return tuple(str(label) for label in wanted)

    monkeypatch.setattr(module, "picture_saliency", make)
    return labels


@pytest.mark.parametrize("name", ["softmax", "simple_cnn"])
def test_remembered_pictures_are_the_same(name: str, library: Library) -> None:
    ink, model = Ink(library), library.model(name, {})
    for index in (3, 8):
        digit, label = take_digit(library.dataset(), index)
        expected = picture_saliency(digit, model.model, [label, 1])
        for _ in range(2):
            assert ink.pictures(model, index, digit, [label, 1]) == expected


def test_a_class_at_one_digit_has_it_made_once(library: Library, made: list[Any]) -> None:
    ink, model = Ink(library), library.model("softmax", {})
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: ink.pictures(model, 5, BLANK, [5, 6]), range(8)))
    assert made == [[5, 6]]


def test_models_and_digits_are_told_apart(library: Library, made: list[Any]) -> None:
    ink = Ink(library)
    for label, (name, index) in enumerate([("softmax", 1), ("softmax", 2), ("mlp", 1)]):
        assert ink.pictures(library.model(name, {}), index, BLANK, [label]) == (str(label),)


def test_a_visitor_s_own_model_is_never_remembered(library: Library, made: list[Any]) -> None:
    ink = Ink(library)
    ink.pictures(library.model("softmax", {}), 5, BLANK, [0])
    own = load_checkpoint("softmax")  # by the name of a shipped one
    for label in (1, 2):
        assert ink.pictures(own, 5, BLANK, [label]) == (str(label),)


def test_what_was_asked_for_last_is_kept(
    library: Library, made: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    ink, model = Ink(library), library.model("softmax", {})
    for index in (0, 1, 2, 0, 3, 0, 1):
        ink.pictures(model, index, BLANK, [index])
    assert made == [[0], [1], [2], [3], [1]]
