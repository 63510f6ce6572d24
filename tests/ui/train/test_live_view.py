from typing import Any

import numpy as np
import pytest

from mnist_demo import Dataset, load_checkpoint, strokes_to_digit
from mnist_demo.ui.train import live_view as watch_module
from mnist_demo.ui.train.live_view import LiveView, is_open
from tests.ui.conftest import Strokes
from tests.ui.english import english


@pytest.fixture(autouse=True)
def _look_always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_module, "LOOK_EVERY", 0)


def test_it_shows_two_test_digits_of_each_label(bundled: Dataset) -> None:
    watch = LiveView(bundled, None)
    watch(load_checkpoint("robust_cnn").model, 0)
    seen = english(watch.describe())
    assert len(seen["pictures"]) == len(seen["tiles"]) == 20
    labels = [int(tile["alt"].removeprefix("label ")[0]) for tile in seen["tiles"]]
    assert labels == [digit for digit in range(10) for _ in range(2)]
    right = sum(tile["right"] for tile in seen["tiles"])
    assert right > 15
    assert seen["summary"] == f"{right} of 20 right"
    for tile, label in zip(seen["tiles"], labels, strict=True):
        assert tile["right"] == (tile["answer"] == str(label))


def test_the_drawing_is_followed_over_the_epochs(bundled: Dataset, seven: Strokes) -> None:
    watch = LiveView(bundled, strokes_to_digit(seven))
    for epoch in range(4):
        watch(load_checkpoint("robust_cnn").model, epoch / 2)
    series = watch.describe()["series"]
    assert [epochs for epochs, _ in series["7"]] == [0, 0.5, 1, 1.5]
    assert all(share > 0.9 for _, share in series["7"])
    assert set(series) <= set("0123456789")
    assert watch.describe()["drawing"].startswith("data:image/png")


def test_without_a_drawing_there_is_no_chart(bundled: Dataset) -> None:
    watch = LiveView(bundled, None)
    watch(load_checkpoint("softmax").model, 1)
    assert watch.describe()["series"] == {}
    assert watch.describe()["drawing"] is None


@pytest.mark.parametrize(
    ("name", "count"), [("softmax", 10), ("mlp", 20), ("simple_cnn", 20), ("fast_cnn", 20)]
)
def test_first_weights_are_pictures(name: str, count: int, bundled: Dataset) -> None:
    watch = LiveView(bundled, None)
    watch(load_checkpoint(name).model, 1)
    assert len(watch.describe()["weights"]) == count


def test_it_does_not_look_too_often(bundled: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_module, "LOOK_EVERY", 60)
    seen: list[Any] = []

    def answer(model: Any, digits: Any) -> Any:
        seen.append(model)
        return np.full((len(digits), 10), 0.1)

    monkeypatch.setattr(watch_module, "predict_probabilities", answer)
    watch = LiveView(bundled, None)
    for _ in range(3):
        watch(load_checkpoint("softmax").model, 1)
    assert len(seen) == 1


@pytest.mark.parametrize("value", [None, {}, {"open": 1}, {"open": "true"}, [True], "open"])
def test_only_open_is_open(value: Any) -> None:
    assert not is_open(value)
    assert is_open({"open": True})
