import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mnist_demo import Checkpoint, load_checkpoint, shipped_checkpoints
from mnist_demo.models.activations import last_hidden
from mnist_demo.models.precomputed import compute_predictions
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.gallery import neighbours as module
from mnist_demo.ui.gallery.neighbours import Neighbours


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(module, "SEARCHED", 200)
    return 200


@pytest.fixture
def neighbours(store: ModelStore) -> Neighbours:
    return Neighbours(store)


@pytest.mark.parametrize("name", shipped_checkpoints())
@pytest.mark.usefixtures("few")
def test_they_are_the_nearest_of_those_that_are_searched(
    name: str, store: ModelStore, neighbours: Neighbours
) -> None:
    model = store.model(name, {})
    images = store.dataset().train_images[:200].numpy() / np.float32(255)
    features = last_hidden(model.model, images)
    features /= np.linalg.norm(features, axis=1, keepdims=True)
    exact = features @ features[17]
    indices, cosines = neighbours.nearest(model, images[17], 8)
    assert indices[0] == 17  # the digit itself
    assert max(indices) < 200
    np.testing.assert_allclose(cosines, exact[indices], atol=2e-3)
    np.testing.assert_allclose(cosines, np.sort(exact)[::-1][:8], atol=2e-3)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["softmax", "simple_cnn"])
def test_those_that_are_shipped_need_no_search(
    name: str, store: ModelStore, neighbours: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, dataset = store.model(name, {}), store.dataset()
    searched = neighbours.of_test_digit(model, 17)
    precomputed = compute_predictions(model.model, dataset)
    monkeypatch.setattr(store, "precomputed", {model: precomputed}.get)
    quick = Neighbours(store)
    monkeypatch.setattr(quick, "_compute_directions", None)
    assert quick.knows(model)
    assert not quick.knows(load_checkpoint(name))
    indices, cosines = quick.of_test_digit(model, 17)
    assert indices == searched[0]
    np.testing.assert_allclose(cosines, searched[1], atol=1e-3)


def test_no_more_are_searched_than_there_are(store: ModelStore, neighbours: Neighbours) -> None:
    assert neighbours.count() == len(store.dataset().train_labels)


@pytest.mark.usefixtures("few")
def test_a_model_is_computed_once_in_parts(
    store: ModelStore, neighbours: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mnist_demo.ui.compute.resources.PART", 5)
    parts: list[int] = []

    def counted(model: Any, digits: Any) -> Any:
        parts.append(len(digits) if digits.ndim == 3 else 0)
        return last_hidden(model, digits)

    monkeypatch.setattr(module, "compact_hidden", counted)
    model, digit = load_checkpoint("mlp"), np.ones((28, 28), dtype=np.float32)  # not the shipped
    assert not neighbours.knows(model)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: neighbours.nearest(model, digit, 3), range(4)))
    assert found == [found[0]] * 4
    assert sorted(parts) == [0] * 4 + [5] * 40
    assert neighbours.knows(model)


@pytest.mark.parametrize(("room_for", "kept"), [(0, 1), (1, 1), (3, 3)])
def test_the_models_used_last_are_kept_as_far_as_there_is_room(
    store: ModelStore,
    neighbours: Neighbours,
    few: int,
    monkeypatch: pytest.MonkeyPatch,
    room_for: int,
    kept: int,
) -> None:
    digit = np.ones((28, 28), dtype=np.float32)
    softmax = load_checkpoint("softmax")
    size = few * last_hidden(softmax.model, digit).size * np.dtype(np.float16).itemsize
    monkeypatch.setattr(module, "MAX_BYTES", room_for * size)
    models = [replace(softmax, name=str(number)) for number in range(kept + 1)]
    for model in (*models[:-1], models[0], models[-1]):
        neighbours.nearest(model, digit, 1)
    by_use = [*models[1:-1], models[0], models[-1]]
    assert [model for model in by_use if neighbours.knows(model)] == by_use[-kept:]


@pytest.mark.usefixtures("few")
def test_a_model_that_its_visitor_dropped_is_not_kept(neighbours: Neighbours) -> None:
    model = load_checkpoint("softmax")
    still_there: weakref.ref[Checkpoint] = weakref.ref(model)
    neighbours.nearest(model, np.ones((28, 28), dtype=np.float32), 1)
    del model
    gc.collect()
    assert still_there() is None


@pytest.mark.usefixtures("few")
def test_a_known_model_does_not_wait_for_one_that_is_computed(
    store: ModelStore, neighbours: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    digit = np.ones((28, 28), dtype=np.float32)
    known, other = store.model("softmax", {}), store.model("mlp", {})
    neighbours.nearest(known, digit, 1)
    begun, resume = threading.Event(), threading.Event()
    compute_in_parts = neighbours._compute_directions

    def slow(checkpoint: Checkpoint) -> Any:
        begun.set()
        assert resume.wait(30)
        return compute_in_parts(checkpoint)

    monkeypatch.setattr(neighbours, "_compute_directions", slow)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(neighbours.nearest, other, digit, 1)
        assert begun.wait(30)
        assert neighbours.nearest(known, digit, 1)
        assert not waiting.done()
        resume.set()
        assert waiting.result()
