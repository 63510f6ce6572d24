"""The curves of models under attack, as they are kept and shipped."""

from pathlib import Path

import numpy as np
import pytest
from torch import nn

from mnist_demo import Dataset, load_checkpoint, shipped_checkpoints
from mnist_demo.data.bundled_digits import bundled_digits
from mnist_demo.models.adversarial import count_right
from mnist_demo.models.attack_curves import (
    DIGITS,
    STRENGTHS,
    AttackCurves,
    load_attack_curves,
    save_attack_curves,
)
from mnist_demo.models.precomputed import precomputed_path

FEW = np.array([0.0, 0.1, 0.3])
SOME = 40  # digits, of which one may be read otherwise on another machine


def _models(*names: str) -> dict[str, nn.Module]:
    return {name: load_checkpoint(name).model for name in names or shipped_checkpoints()}


def _check_shipped(dataset: Dataset) -> None:
    models = _models()
    shipped = load_attack_curves(precomputed_path("attack_curves", dataset), models, dataset)
    assert shipped, "they do not fit: python -m benchmarks.attack_curves"
    assert {*shipped} == {(one, other) for one in models for other in models}
    digits = dataset.test_images[:DIGITS].numpy() / np.float32(255)
    labels = dataset.test_labels[:DIGITS].numpy()
    for attacked, reader in (("softmax", "mlp"), ("simple_cnn", "simple_cnn")):
        right = count_right(models[attacked], [models[reader]], digits, labels, FEW)[0]
        curve = np.interp(FEW, STRENGTHS, shipped[attacked, reader])
        np.testing.assert_allclose(right / DIGITS, curve, atol=0.006)
    for curve in shipped.values():
        assert curve.shape == STRENGTHS.shape
        assert curve[0] > 0.88


def test_the_shipped_ones_of_the_bundled_digits_are_those_of_the_shipped_models() -> None:
    _check_shipped(bundled_digits())


def test_the_shipped_ones_of_mnist_are_those_of_the_shipped_models(mnist: Dataset) -> None:
    _check_shipped(mnist)


def _some_curves(models: dict[str, nn.Module]) -> AttackCurves:
    random = np.random.default_rng(0)
    return {
        (one, other): random.random(len(STRENGTHS), dtype=np.float32)
        for one in models
        for other in models
    }


def test_what_is_written_is_read(tiny: Dataset, tmp_path: Path) -> None:
    models = _models("softmax", "mlp")
    curves, path = _some_curves(models), tmp_path / "new" / "curves"
    save_attack_curves(path, curves, models, tiny)
    read = load_attack_curves(path, models, tiny)
    assert {*read} == {*curves}
    assert all(np.array_equal(read[pair], curves[pair]) for pair in curves)


@pytest.mark.parametrize("what", ["missing", "damaged", "other models", "other digits"])
def test_what_does_not_fit_is_passed_over(what: str, tiny: Dataset, tmp_path: Path) -> None:
    models, path = _models("softmax", "mlp"), tmp_path / "curves"
    save_attack_curves(path, _some_curves(models), models, tiny)
    dataset = tiny
    if what == "missing":
        path.unlink()
    elif what == "damaged":
        path.write_bytes(path.read_bytes()[:100])
    elif what == "other models":
        models = _models("softmax", "fast_cnn")
    else:
        dataset = bundled_digits()
    assert load_attack_curves(path, models, dataset) == {}
