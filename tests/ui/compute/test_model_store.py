import gc
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnist_demo import Checkpoint, Dataset, load_checkpoint, shipped_checkpoints
from mnist_demo.models.inference import predict_probabilities
from mnist_demo.models.precomputed import compute_predictions, save_precomputed
from mnist_demo.ui.compute import model_store as module
from mnist_demo.ui.compute.model_store import DEFAULT_MODEL, ModelStore

FILES = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
]


@pytest.fixture
def on_tiny(tiny: Dataset, monkeypatch: pytest.MonkeyPatch) -> ModelStore:
    monkeypatch.setattr(module, "load_dataset", lambda _: tiny)
    return ModelStore()


def test_a_damaged_file_is_made_up_for_by_the_bundled_digits(tmp_path: Path) -> None:
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name in FILES:
        (raw / name).write_bytes(b"nonsense")
    dataset = ModelStore(tmp_path).dataset()
    assert dataset.name == "bundled digits"
    for words in (str(raw / FILES[0]), "delete it"):
        assert words in dataset.cause
        assert words not in dataset.notice


def test_why_data_is_missing_is_for_the_log_alone(tmp_path: Path) -> None:
    dataset = ModelStore(tmp_path).dataset()
    assert dataset.name == "bundled digits"
    for words in ("could not be fetched", str(tmp_path), "urlopen"):
        assert words in dataset.cause
        assert words not in dataset.notice


def test_what_is_loaded_is_told_without_waiting(on_tiny: ModelStore, tiny: Dataset) -> None:
    assert on_tiny.loaded is None
    on_tiny.dataset()
    assert on_tiny.loaded is tiny


def test_the_data_set_is_read_once_for_all_threads(
    tiny: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []

    def load(root: Path) -> Dataset:
        asked.append(root)
        time.sleep(0.05)
        return tiny

    monkeypatch.setattr(module, "load_dataset", load)
    store = ModelStore(tmp_path)
    assert asked == []
    with ThreadPoolExecutor(8) as pool:
        assert {*pool.map(lambda _: store.dataset(), range(8))} == {tiny}
    assert asked == [tmp_path]


def test_own_names_come_first_and_the_newest_before_all() -> None:
    model = load_checkpoint("softmax")
    user_models = {"my softmax": model, "my mlp": model}
    assert ModelStore().names(user_models) == ["my mlp", "my softmax", *shipped_checkpoints()]


def test_the_default_model_is_shipped() -> None:
    assert DEFAULT_MODEL == "robust_cnn"
    assert DEFAULT_MODEL in ModelStore().names({})


@pytest.mark.parametrize("name", shipped_checkpoints())
def test_a_shipped_model_is_loaded_once(name: str, store: ModelStore) -> None:
    model = store.model(name, {})
    assert model.name == name
    assert store.model(name, {}) is model


def test_an_own_model_is_found(store: ModelStore) -> None:
    user_models = {"my mlp": load_checkpoint("mlp")}
    assert store.model("my mlp", user_models) is user_models["my mlp"]


@pytest.mark.parametrize("name", ["nonsense", "", "../checkpoints/mlp", "my softmax"])
def test_an_unknown_model_is_refused_with_the_valid_names(name: str, store: ModelStore) -> None:
    user_models = {"my mlp": load_checkpoint("mlp")}
    with pytest.raises(ValueError, match="Choose one of") as caught:
        store.model(name, user_models)
    for valid in (repr(name), "my mlp", *shipped_checkpoints()):
        assert valid in str(caught.value)


def test_a_visitors_model_is_not_found_by_another(store: ModelStore) -> None:
    store.model("my mlp", {"my mlp": load_checkpoint("mlp")})
    with pytest.raises(ValueError, match="'my mlp'"):
        store.model("my mlp", {})


def test_each_models_answers_are_computed_once(
    on_tiny: ModelStore, tiny: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    softmax, mlp = (on_tiny.model(name, {}) for name in ("softmax", "mlp"))
    first, other = (on_tiny.test_probabilities(model) for model in (softmax, mlp))
    assert first.shape == other.shape == (len(tiny.test_labels), 10)
    np.testing.assert_allclose(first.sum(axis=1), 1, rtol=1e-5)
    assert not np.allclose(first, other)
    monkeypatch.setattr(module, "predict_probabilities", None)
    assert on_tiny.test_probabilities(softmax) is first
    assert on_tiny.test_probabilities(mlp) is other


def test_those_who_ask_at_once_make_it_compute_once(
    on_tiny: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed: list[int] = []

    def predict(_: Any, digits: Any) -> Any:
        computed.append(len(digits))
        time.sleep(0.001)
        return np.zeros((len(digits), 10), dtype=np.float32)

    monkeypatch.setattr(module, "predict_probabilities", predict)
    model = on_tiny.model("softmax", {})
    assert not on_tiny.has_answers(model)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: on_tiny.test_probabilities(model), range(8)))
    assert sum(computed) == len(on_tiny.dataset().test_labels)
    assert all(answers is found[0] for answers in found)
    assert on_tiny.has_answers(model)


def test_answers_are_those_to_the_test_images_in_order(on_tiny: ModelStore, tiny: Dataset) -> None:
    model = on_tiny.model("softmax", {})
    expected = model.model(tiny.test_images.float().div(255)[:, None]).softmax(1)
    np.testing.assert_allclose(
        on_tiny.test_probabilities(model), expected.detach().numpy(), rtol=1e-4, atol=1e-7
    )


def test_a_model_that_its_visitor_dropped_is_not_kept(on_tiny: ModelStore) -> None:
    model = load_checkpoint("softmax")
    still_there: weakref.ref[Checkpoint] = weakref.ref(model)
    on_tiny.test_probabilities(model)
    del model
    gc.collect()
    assert still_there() is None


@pytest.fixture
def with_precomputed(
    on_tiny: ModelStore, tiny: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> ModelStore:
    """PrecomputedPredictions of `softmax` are shipped, and nothing else can compute."""
    model = load_checkpoint("softmax").model
    save_precomputed(tmp_path / "softmax", compute_predictions(model, tiny), model, tiny)
    monkeypatch.setattr(module, "precomputed_path", lambda name, _: tmp_path / name)
    monkeypatch.setattr(module, "predict_probabilities", None)
    monkeypatch.setattr(on_tiny, "compute", None)
    return on_tiny


def test_shipped_answers_are_not_computed(with_precomputed: ModelStore, tiny: Dataset) -> None:
    softmax, mlp = (with_precomputed.model(name, {}) for name in ("softmax", "mlp"))
    assert with_precomputed.has_answers(softmax)
    assert not with_precomputed.has_answers(mlp)
    answers = with_precomputed.test_probabilities(softmax)
    images = tiny.test_images.numpy() / np.float32(255)
    expected = predict_probabilities(softmax.model, images)
    np.testing.assert_allclose(answers, expected, rtol=1e-4, atol=1e-7)
    np.testing.assert_array_equal(with_precomputed.test_answer(softmax, 17), answers[17])


def test_they_are_not_those_of_a_visitors_model_of_that_name(with_precomputed: ModelStore) -> None:
    user_models = load_checkpoint("softmax")
    assert not with_precomputed.ships(user_models)
    assert with_precomputed.precomputed(user_models) is None
    assert not with_precomputed.has_answers(user_models)


def test_one_answer_needs_no_others(
    on_tiny: ModelStore, tiny: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "predict_probabilities", None)
    model = on_tiny.model("mlp", {})
    images = tiny.test_images[17:18].numpy() / np.float32(255)
    expected = predict_probabilities(model.model, images)[0]
    np.testing.assert_allclose(on_tiny.test_answer(model, 17), expected, rtol=1e-4)
    assert not on_tiny.has_answers(model)
