import errno
import json
import os
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from mnist_demo import (
    RECIPES,
    Checkpoint,
    Dataset,
    Recipe,
    Trainer,
    load_checkpoint,
    save_checkpoint,
    shipped_checkpoints,
)
from mnist_demo.models import checkpoints

METRICS = {"epochs": 2, "test_accuracy": 0.5, "train_loss_by_epoch": [1.25, 0.1 + 0.2]}
SOFTMAX = RECIPES["softmax"]


def _save(path: Path, model: nn.Module | None = None, recipe: Recipe = SOFTMAX) -> Path:
    return save_checkpoint(
        path,
        model or recipe.build(seed=3),
        recipe=recipe,
        seed=3,
        dataset="some digits",
        metrics=METRICS,
    )


def _good_metadata() -> dict[str, Any]:
    return {
        "recipe": "softmax",
        "changes": {"epochs": 2},
        "seed": 3,
        "dataset": "some digits",
        "metrics": METRICS,
        "versions": {"format": 1, "python": "3", "torch": "2"},
    }


def _write(path: Path, metadata: Any, tensors: dict[str, Tensor] | None = None) -> Path:
    weights = SOFTMAX.build(seed=3).state_dict() if tensors is None else tensors
    save_file(weights, path, metadata={"mnist_demo": json.dumps(metadata)})
    return path


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory of shipped checkpoints."""
    directory = tmp_path / "checkpoints"
    directory.mkdir()
    monkeypatch.setattr(checkpoints, "CHECKPOINTS", directory)
    return directory


@pytest.mark.parametrize("name", RECIPES)
def test_what_is_saved_is_loaded(name: str, tmp_path: Path) -> None:
    recipe = replace(RECIPES[name], epochs=2, batch_size=7, weight_decay=0.25, drop_last=False)
    model = recipe.build(seed=3)
    path = _save(tmp_path / "mine.safetensors", model, recipe)
    loaded = load_checkpoint(path)
    assert loaded.name == "mine"
    assert loaded.recipe == recipe
    assert loaded.seed == 3
    assert loaded.dataset == "some digits"
    assert loaded.metrics == METRICS
    assert loaded.versions["torch"] == torch.__version__
    for (key, weights), (same_key, same) in zip(
        model.state_dict().items(), loaded.model.state_dict().items(), strict=True
    ):
        assert key == same_key
        assert torch.equal(weights, same)


@pytest.mark.parametrize("name", RECIPES)
def test_a_loaded_model_is_ready_to_answer(name: str, tmp_path: Path) -> None:
    model = RECIPES[name].build(seed=3).to(memory_format=torch.channels_last).train()
    loaded = load_checkpoint(_save(tmp_path / "mine", model, RECIPES[name])).model
    images = torch.rand(5, 1, 28, 28)
    assert not any(module.training for module in loaded.modules())
    assert {parameter.device.type for parameter in loaded.parameters()} == {"cpu"}
    torch.testing.assert_close(loaded(images), model.eval()(images))


def test_saving_leaves_the_model_alone(tmp_path: Path) -> None:
    model = SOFTMAX.build(seed=3).train()
    before = model.state_dict()["classifier.weight"].clone()
    _save(tmp_path / "mine", model)
    assert model.training
    assert torch.equal(model.state_dict()["classifier.weight"], before)


def test_two_loads_share_no_weights(tmp_path: Path) -> None:
    path = _save(tmp_path / "mine")
    first, second = load_checkpoint(path).model, load_checkpoint(path).model
    with torch.no_grad():
        first.state_dict()["classifier.weight"].zero_()
    assert second.state_dict()["classifier.weight"].abs().sum() > 0


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("mine", "mine.safetensors"),
        ("mine.safetensors", "mine.safetensors"),
        ("mine.2", "mine.2.safetensors"),
        ("new/folders/mine", "new/folders/mine.safetensors"),
    ],
)
def test_the_suffix_and_the_folders_are_made(given: str, written: str, tmp_path: Path) -> None:
    assert _save(tmp_path / given) == tmp_path / written
    assert (tmp_path / written).is_file()


def test_a_path_may_be_a_string(tmp_path: Path) -> None:
    path = save_checkpoint(
        str(tmp_path / "mine"),
        SOFTMAX.build(0),
        recipe=SOFTMAX,
        seed=0,
        dataset="",
        metrics={},
    )
    assert load_checkpoint(str(path)).recipe == SOFTMAX


def test_nothing_but_the_file_is_written(tmp_path: Path) -> None:
    _save(tmp_path / "mine")
    _save(tmp_path / "mine")
    assert os.listdir(tmp_path) == ["mine.safetensors"]


def test_a_saved_file_is_as_open_as_others(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    mode = _save(tmp_path / "mine").stat().st_mode
    assert oct(mode) == oct((tmp_path / "other").stat().st_mode)


def test_the_old_file_stays_where_saving_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _save(tmp_path / "mine")
    before = path.read_bytes()

    def find_no_room(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", find_no_room)
    with pytest.raises(OSError, match="No space left"):
        _save(tmp_path / "mine")
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["mine.safetensors"]


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_metrics_that_are_not_finite_are_not_saved(number: float, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="JSON"):
        save_checkpoint(
            tmp_path / "mine",
            SOFTMAX.build(0),
            recipe=SOFTMAX,
            seed=0,
            dataset="",
            metrics={"test_loss": number},
        )
    assert os.listdir(tmp_path) == []


def test_the_test_writes_files_that_are_good(tmp_path: Path) -> None:
    loaded = load_checkpoint(_write(tmp_path / "mine", _good_metadata()))
    assert loaded.recipe == replace(SOFTMAX, epochs=2)


def _assert_refused(path: Path, reason: str) -> None:
    with pytest.raises(ValueError, match="is not a checkpoint of this demo") as caught:
        load_checkpoint(path)
    assert str(path) in str(caught.value)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("share", [0, 0.001, 0.01, 0.5, 0.999])
def test_a_truncated_file_is_refused(share: float, tmp_path: Path) -> None:
    path = _save(tmp_path / "mine")
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    _assert_refused(path, "")


@pytest.mark.parametrize("content", [b"not a checkpoint", b"\x00" * 5000, b"\xff" * 5000, b"{}"])
def test_other_bytes_are_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "other.safetensors"
    path.write_bytes(content)
    _assert_refused(path, "")


class _Trap:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return (os.mkdir, (str(self.path),))


@pytest.mark.parametrize("write", [pickle.dumps, torch.save])
def test_a_pickle_is_refused_and_not_opened(write: Any, tmp_path: Path) -> None:
    path, sprung = tmp_path / "trap.safetensors", tmp_path / "sprung"
    if write is torch.save:
        torch.save({"weights": _Trap(sprung)}, path)
    else:
        path.write_bytes(pickle.dumps(_Trap(sprung)))
    _assert_refused(path, "")
    assert not sprung.exists()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda weights: {},
        lambda weights: {"classifier.weight": weights["classifier.weight"]},
        lambda weights: weights | {"extra": torch.zeros(1)},
        lambda weights: weights | {"classifier.bias": torch.zeros(11)},
        lambda weights: weights | {"classifier.weight": torch.zeros(784, 10)},
        lambda weights: {f"module.{key}": tensor for key, tensor in weights.items()},
    ],
)
def test_weights_of_other_shapes_or_names_are_refused(
    spoil: Callable[[dict[str, Tensor]], dict[str, Tensor]], tmp_path: Path
) -> None:
    weights = spoil(SOFTMAX.build(seed=3).state_dict())
    path = _write(tmp_path / "mine", _good_metadata(), weights)
    _assert_refused(path, "its weights do not fit its recipe's network")


def test_weights_that_do_not_fit_their_type_are_refused(tmp_path: Path) -> None:
    """They are finite in the file, and infinite in the network."""
    weights = SOFTMAX.build(seed=3).state_dict()
    weights["classifier.bias"] = torch.full((10,), 1e300, dtype=torch.float64)
    _assert_refused(_write(tmp_path / "mine", _good_metadata(), weights), "not finite")


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_weights_that_are_not_finite_are_refused(number: float, tmp_path: Path) -> None:
    weights = SOFTMAX.build(seed=3).state_dict()
    weights["classifier.bias"] = torch.full((10,), number)
    _assert_refused(_write(tmp_path / "mine", _good_metadata(), weights), "")


BAD_CHANGES: dict[str, tuple[dict[str, Any], str]] = {
    "out of range": ({"epochs": 0}, "epochs must be"),
    "another type": ({"learning_rate": "fast"}, "learning_rate must be"),
    "infinite": ({"learning_rate": float("inf")}, "Infinity"),
    "another optimizer": ({"optimizer": "magic"}, "optimizer must be"),
    "no field": ({"colour": "red"}, "colour"),
    "half a sign for a field": ({"\ud800": 1}, "'\\ud800'"),
    "the network": ({"architecture": "os.system"}, ""),
    "a huge layer": ({"layers": "conv 99999999"}, "its filters must be a whole number"),
    "a layer that is none": ({"layers": "os.system"}, "there is no layer 'os.system'"),
    "layers that are no text": ({"layers": ["conv"]}, "layers must be a text"),
    "layers of nothing": ({"layers": None}, "layers must be a text"),
    "no layers": ({"layers": ""}, "needs its network"),
    "the name": ({"name": "nonsense"}, "name"),
    "no truth value": ({"drop_last": "no"}, "drop_last"),
    "another schedule": ({"schedule": "magic"}, "schedule must be one of"),
    "another precision": ({"precision": "float8"}, "precision must be one of"),
    "another augmentation": ({"augmentation": "os.system"}, "augmentation must be one of"),
    "a list for a name": ({"augmentation": ["none"]}, "augmentation must be one of"),
    "a name of another type": ({"schedule": {"one_cycle": 1}}, "schedule must be one of"),
    "too many drawings": ({"synthetic_digits": 10**9}, "synthetic_digits must be"),
    "half an image": ({"calibration_split": 0.5}, "calibration_split must be"),
    "all of it smoothed": ({"label_smoothing": 1}, "label_smoothing must be"),
}


def test_bad_changes_are_refused(tmp_path: Path, subtests: pytest.Subtests) -> None:
    for kind in BAD_CHANGES:
        with subtests.test(kind=kind):
            changes, reason = BAD_CHANGES[kind]
            _assert_refused(
                _write(tmp_path / "mine", _good_metadata() | {"changes": changes}), reason
            )


@pytest.mark.parametrize("key", _good_metadata())
def test_missing_metadata_is_refused_and_named(key: str, tmp_path: Path) -> None:
    metadata = {name: value for name, value in _good_metadata().items() if name != key}
    _assert_refused(_write(tmp_path / "mine", metadata), key)


BAD_METADATA: dict[str, tuple[Any, str]] = {
    "unknown recipe": (_good_metadata() | {"recipe": "nonsense"}, "'nonsense'"),
    "recipe of another type": (_good_metadata() | {"recipe": ["softmax"]}, ""),
    "newer format": (_good_metadata() | {"versions": {"format": 2}}, "its format is 2"),
    "no format": (_good_metadata() | {"versions": {}}, "format"),
    "NaN among the metrics": (_good_metadata() | {"metrics": {"test_loss": float("nan")}}, ""),
    "metrics of another type": (_good_metadata() | {"metrics": 0.9}, "metrics"),
    "seed of another type": (_good_metadata() | {"seed": "many"}, "seed"),
    "data set of another type": (_good_metadata() | {"dataset": {"name": "MNIST"}}, "dataset"),
    "many metrics": (_good_metadata() | {"metrics": {"a": [0] * 10**6}}, "header has"),
    "a long data set": (_good_metadata() | {"dataset": "x" * 101}, "data set"),
    "signs that are not seen": (_good_metadata() | {"dataset": "a\u202eb"}, "data set"),
    "half a sign": (_good_metadata() | {"dataset": "\ud800"}, "data set"),
    "a list": ([1, 2], ""),
    "a number": (5, ""),
    "nothing": (None, ""),
}


def test_bad_metadata_is_refused(tmp_path: Path, subtests: pytest.Subtests) -> None:
    for kind in BAD_METADATA:
        with subtests.test(kind=kind):
            metadata, reason = BAD_METADATA[kind]
            _assert_refused(_write(tmp_path / "mine", metadata), reason)


@pytest.mark.parametrize("metadata", [None, {"format": "pt"}, {"mnist_demo": "{"}])
def test_files_of_other_programs_are_refused(
    metadata: dict[str, str] | None, tmp_path: Path
) -> None:
    path = tmp_path / "mine"
    save_file(SOFTMAX.build(seed=3).state_dict(), path, metadata=metadata)
    _assert_refused(path, "")


def _with_metrics(**metrics: Any) -> Checkpoint:
    return Checkpoint("mine", SOFTMAX.build(seed=3), SOFTMAX, 3, "some digits", metrics)


class TestThreshold:
    @pytest.mark.parametrize("value", [0.01, 0.5, 0.999])
    def test_it_is_kept_with_the_model(self, value: float, tmp_path: Path) -> None:
        metadata = _good_metadata() | {"metrics": {"temperature": 1.5, "threshold": value}}
        assert load_checkpoint(_write(tmp_path / "mine", metadata)).threshold == value

    def test_a_model_that_was_not_calibrated_has_none(self, tmp_path: Path) -> None:
        assert load_checkpoint(_save(tmp_path / "mine")).threshold is None
        assert _with_metrics().threshold is None

    def test_what_is_no_confidence_counts_as_none(
        self, tmp_path: Path, subtests: pytest.Subtests
    ) -> None:
        for value in [
            *(0.0, 1.0, -0.5, 2.5, 1e300, 0, 1, 10**400, True, False, None),
            *("0.5", "", [0.5], [], {"threshold": 0.5}),
        ]:
            with subtests.test(value=value):
                assert _with_metrics(threshold=value).threshold is None
                metadata = _good_metadata() | {"metrics": {"threshold": value}}
                assert load_checkpoint(_write(tmp_path / "mine", metadata)).threshold is None

    @pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
    def test_what_is_no_number_counts_as_none(self, value: float, tmp_path: Path) -> None:
        assert _with_metrics(threshold=value).threshold is None
        metadata = _good_metadata() | {"metrics": {"threshold": value}}
        _assert_refused(_write(tmp_path / "mine", metadata), "")


def test_a_name_means_a_shipped_checkpoint(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _save(shipped / "softmax")
    _save(shipped.parent / "softmax", recipe=RECIPES["mlp"])
    (shipped.parent / "softmax").write_bytes(b"something else")
    monkeypatch.chdir(shipped.parent)
    assert load_checkpoint("softmax").recipe == SOFTMAX
    assert load_checkpoint("softmax.safetensors").recipe == RECIPES["mlp"]
    assert load_checkpoint(shipped.parent / "softmax.safetensors").recipe == RECIPES["mlp"]


@pytest.mark.parametrize("name", ["nonsense", "", ".", "..", "../checkpoints/softmax", "a\0b"])
def test_what_is_not_there_is_refused_with_what_is(
    name: str, shipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _save(shipped / "softmax")
    _save(shipped / "mlp", recipe=RECIPES["mlp"])
    monkeypatch.chdir(shipped.parent)
    with pytest.raises(ValueError, match="softmax, mlp") as caught:
        load_checkpoint(name)
    assert "there is no checkpoint" in str(caught.value)


def test_where_nothing_is_shipped_a_name_is_refused(shipped: Path) -> None:
    assert shipped_checkpoints() == []
    with pytest.raises(ValueError, match="there is no checkpoint 'softmax'"):
        load_checkpoint("softmax")


def test_shipped_checkpoints_come_in_the_order_of_the_recipes(shipped: Path) -> None:
    for name in ("zebra", "deep_cnn", "softmax", "apple", "mlp"):
        (shipped / f"{name}.safetensors").touch()
    (shipped / "README.md").touch()
    assert shipped_checkpoints() == ["softmax", "mlp", "deep_cnn", "apple", "zebra"]


def test_each_tutorial_has_its_shipped_checkpoint() -> None:
    assert {"softmax", "mlp", "simple_cnn", "deep_cnn"} <= set(shipped_checkpoints())


@pytest.mark.parametrize("name", shipped_checkpoints())
def test_a_shipped_checkpoint_is_its_recipe_unchanged(name: str) -> None:
    checkpoint = load_checkpoint(name)
    assert checkpoint.name == name
    assert checkpoint.recipe == RECIPES[name]
    assert checkpoint.seed == RECIPES[name].seed
    assert checkpoint.dataset == "MNIST"
    assert len(checkpoint.metrics["train_loss_by_epoch"]) == RECIPES[name].epochs
    assert len(checkpoint.metrics["digit_accuracy"]) == 10
    assert (checkpoint.threshold is not None) is bool(checkpoint.recipe.calibration_split)


def test_numbers_of_numpy_are_numbers(tmp_path: Path, tiny: Dataset) -> None:
    numbers: dict[str, Any] = {"epochs": np.int64(2), "learning_rate": np.float32(0.125)}
    seed: Any = np.int32(3)
    trainer = Trainer(replace(RECIPES["softmax"], **numbers), tiny, seed=seed)
    path = save_checkpoint(
        tmp_path / "mine",
        trainer.model,
        recipe=trainer.recipe,
        seed=trainer.seed,
        dataset=tiny.name,
        metrics={},
    )
    checkpoint = load_checkpoint(path)
    assert checkpoint.recipe.changes() == {"epochs": 2, "learning_rate": 0.125}
    assert checkpoint.seed == 3
