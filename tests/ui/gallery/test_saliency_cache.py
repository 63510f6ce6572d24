from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from mnist_demo import load_checkpoint
from mnist_demo.digits.mnist_format import Digit
from mnist_demo.ui.components.sections import picture_saliency
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.compute.test_set import take_digit
from mnist_demo.ui.compute.torch_thread import TorchThread
from mnist_demo.ui.gallery import saliency_cache as module
from mnist_demo.ui.gallery.saliency_cache import SaliencyCache

BLANK: Digit = np.zeros((28, 28), dtype=np.float32)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The labels of all pictures that were made."""
    labels: list[Any] = []

    def make(_: TorchThread, __: Digit, ___: Any, wanted: Sequence[int]) -> tuple[str, ...]:
        labels.append(wanted)
        return tuple(str(label) for label in wanted)

    monkeypatch.setattr(module, "picture_saliency", make)
    return labels


@pytest.mark.parametrize("name", ["softmax", "simple_cnn"])
def test_remembered_pictures_are_the_same(name: str, store: ModelStore) -> None:
    cache, model = SaliencyCache(store), store.model(name, {})
    for index in (3, 8):
        digit, label = take_digit(store.dataset(), index)
        expected = picture_saliency(store.compute.torch_thread, digit, model.model, [label, 1])
        for _ in range(2):
            assert cache.pictures(model, index, digit, [label, 1]) == expected


def test_a_class_at_one_digit_has_it_made_once(store: ModelStore, made: list[Any]) -> None:
    cache, model = SaliencyCache(store), store.model("softmax", {})
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: cache.pictures(model, 5, BLANK, [5, 6]), range(8)))
    assert made == [[5, 6]]


def test_models_and_digits_are_told_apart(store: ModelStore, made: list[Any]) -> None:
    cache = SaliencyCache(store)
    for label, (name, index) in enumerate([("softmax", 1), ("softmax", 2), ("mlp", 1)]):
        assert cache.pictures(store.model(name, {}), index, BLANK, [label]) == (str(label),)


def test_a_visitor_s_own_model_is_never_remembered(store: ModelStore, made: list[Any]) -> None:
    cache = SaliencyCache(store)
    cache.pictures(store.model("softmax", {}), 5, BLANK, [0])
    user_models = load_checkpoint("softmax")  # by the name of a shipped one
    for label in (1, 2):
        assert cache.pictures(user_models, 5, BLANK, [label]) == (str(label),)


def test_what_was_asked_for_last_is_kept(
    store: ModelStore, made: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    cache, model = SaliencyCache(store), store.model("softmax", {})
    for index in (0, 1, 2, 0, 3, 0, 1):
        cache.pictures(model, index, BLANK, [index])
    assert made == [[0], [1], [2], [3], [1]]
