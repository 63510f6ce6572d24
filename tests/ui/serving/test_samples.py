from typing import Any

import numpy as np
import pytest

from mnist_demo import Checkpoint
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.serving.samples import draw_samples


@pytest.fixture
def model(store: ModelStore) -> Checkpoint:
    return store.model("softmax", {})


@pytest.mark.parametrize("filters", [(), (True,), (False, 7)], ids=str)
def test_a_seed_draws_the_same_digits_each_time(
    filters: tuple[Any, ...], store: ModelStore, model: Checkpoint
) -> None:
    first, again, other = (
        draw_samples(store, model, 10, seed, *filters).indices for seed in (5, 5, 6)
    )
    assert first == again
    assert first != other


def test_all_test_digits_can_be_drawn_and_none_twice(store: ModelStore, model: Checkpoint) -> None:
    drawn = {index for seed in range(60) for index in draw_samples(store, model, 200, seed).indices}
    assert drawn == set(range(len(store.dataset().test_labels)))
    assert len(set(draw_samples(store, model, 200, 0).indices)) == 200


def test_more_are_drawn_after_the_same_first(store: ModelStore, model: Checkpoint) -> None:
    more = draw_samples(store, model, 50, 1).indices
    assert draw_samples(store, model, 10, 1).indices == more[:10]


@pytest.mark.parametrize("digit", [None, 0, 8, 9])
@pytest.mark.parametrize("only_mistakes", [False, True])
def test_filters_leave_what_passes_them(
    only_mistakes: bool, digit: int | None, store: ModelStore, model: Checkpoint
) -> None:
    samples = draw_samples(store, model, 200, 0, only_mistakes, digit)
    labels = store.dataset().test_labels.numpy()
    answers = store.test_probabilities(model).argmax(axis=1)
    wanted = [
        index
        for index in range(len(labels))
        if (digit is None or labels[index] == digit)
        and not (only_mistakes and labels[index] == answers[index])
    ]
    assert samples.found == len(wanted) > 0
    assert len(samples.indices) == min(200, len(wanted))
    assert set(samples.indices) <= set(wanted)
    assert samples.total == len(labels)
    assert samples.right == (labels == answers).sum()
    assert samples.probabilities is store.test_probabilities(model)


def test_a_model_without_mistakes_leaves_none_to_draw(
    store: ModelStore, model: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    perfect = np.eye(10, dtype=np.float32)[store.dataset().test_labels.numpy()]
    monkeypatch.setattr(store, "test_probabilities", lambda _: perfect)
    samples = draw_samples(store, model, 10, 0, only_mistakes=True)
    assert samples.indices == []
    assert samples.found == 0
    assert samples.right == samples.total


def test_a_bad_value_is_refused_and_named(
    store: ModelStore, model: Checkpoint, subtests: pytest.Subtests
) -> None:
    for name, value in [
        *(("count", value) for value in (0, -1, 201, 1.5, None, "10", True, float("nan"))),
        *(("seed", value) for value in (-1, 2**32, 0.5, None, "1")),
        *(("digit", value) for value in (-1, 10, 1.5, "1", True)),
    ]:
        with subtests.test(name=name, value=value):
            values: dict[str, Any] = {"count": 10, "seed": 0, "digit": None} | {name: value}
            with pytest.raises(ValueError, match=f"{name} must be a whole number") as caught:
                draw_samples(
                    store, model, values["count"], values["seed"], only_digit=values["digit"]
                )
            assert repr(value) in str(caught.value)


@pytest.mark.parametrize("count", [1, 200])
def test_the_bounds_themselves_are_drawn(count: int, store: ModelStore, model: Checkpoint) -> None:
    assert len(draw_samples(store, model, count, 2**32 - 1).indices) == count
