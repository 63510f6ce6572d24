"""Networks of texts that were drawn at random, brought all the way."""

import runpy
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from mnist_demo import (
    RECIPES,
    Dataset,
    Recipe,
    StepEvent,
    Trainer,
    evaluate,
    export_script,
    load_checkpoint,
    save_checkpoint,
    strokes_to_digit,
)
from mnist_demo.models.activations import (
    digit_weights,
    first_weights,
    has_hidden_layer,
    hidden_layers,
    last_hidden,
)
from mnist_demo.models.calibration import scale_logits
from mnist_demo.models.checkpoints import read_checkpoint
from mnist_demo.models.saliency import saliency
from mnist_demo.networks.introspection import describe_layers
from mnist_demo.networks.notation import Limits, parse_layers
from mnist_demo.training.processes.pool import WorkerPool
from mnist_demo.training.processes.remote_trainer import RemoteTrainer
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.draw.explanation import describe_explanation
from mnist_demo.ui.draw.explanation.look import Look
from mnist_demo.ui.draw.model_comparison import describe_model_comparison
from mnist_demo.ui.train.live_view import LiveView
from tests.conftest import quick
from tests.networks.texts import random_text
from tests.training.runs import cut, weights_of

TEXTS = [
    "conv 4, norm, tanh, avgpool, conv 4 5x5 stride 2, gelu, dropout 0.2, linear 20, norm, sigmoid",
    "linear 12, norm, relu, dropout 0.5, linear 12, tanh",
    "normalize, waves 8 7x7 stride 3, relu, pool, conv 6 2x2 valid, norm, pool, linear 10 xavier",
    "avgpool 28x28",
    "pool 4x4, norm",
    *map(random_text, range(40, 60)),
]


@pytest.fixture(params=quick(*TEXTS[:4], of=TEXTS))
def text(request: pytest.FixtureRequest) -> str:
    written: str = request.param
    return written


@pytest.fixture
def recipe(text: str) -> Recipe:
    return replace(RECIPES["simple_cnn"], layers=text, epochs=1, batch_size=32)


@pytest.fixture(scope="module")
def small(bundled: Dataset) -> Dataset:
    return cut(bundled, 200, 60)


@pytest.fixture(scope="module")
def seven() -> np.ndarray:
    return strokes_to_digit([[[70, 60], [205, 60], [125, 235]]])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModelStore]:
    store = ModelStore(tmp_path_factory.mktemp("no_mnist"))
    yield store
    store.compute.close()


def _trained(recipe: Recipe, dataset: Dataset) -> Trainer:
    trainer = Trainer(recipe, dataset, seed=3, device="cpu")
    list(trainer.run())
    return trainer


def _save(path: Path, recipe: Recipe) -> Path:
    fields: dict[str, Any] = {"seed": 3, "dataset": "x", "metrics": {}}
    return save_checkpoint(path, recipe.build(3), recipe=recipe, **fields)


class TestTraining:
    @pytest.mark.parametrize(
        "changes", [{}, {"precision": "bfloat16", "ema_decay": 0.9}], ids=["plain", "averaged"]
    )
    def test_it_is_trained_and_goes_on_where_it_was_stopped(
        self, changes: dict[str, Any], recipe: Recipe, small: Dataset
    ) -> None:
        recipe = replace(recipe, **changes)
        whole = _trained(recipe, small)
        stopped = Trainer(recipe, small, seed=3, device="cpu")
        run = stopped.run()
        assert isinstance(next(run), StepEvent)
        run.close()  # type: ignore[attr-defined]
        resumed = Trainer(recipe, small, seed=3, device="cpu")
        resumed.load_state_dict(stopped.state_dict())
        list(resumed.run())
        assert torch.equal(weights_of(resumed.model), weights_of(whole.model))

    def test_its_script_does_the_run_again(
        self, recipe: Recipe, bundled: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        trainer = _trained(replace(recipe, train_images=200), bundled)
        dataset = trainer.dataset
        accuracy = evaluate(trainer.model, dataset.test_images, dataset.test_labels).accuracy
        path = tmp_path / "script.py"
        path.write_text(export_script(trainer, accuracy), encoding="utf-8")
        monkeypatch.setattr(sys, "argv", [str(path)])
        with torch.random.fork_rng(devices=[]):
            weights = runpy.run_path(str(path))["model"].state_dict()
        assert weights.keys() == trainer.model.state_dict().keys()
        for name, tensor in trainer.model.state_dict().items():
            assert torch.equal(weights[name], tensor), name

    @pytest.mark.slow
    def test_another_process_does_the_same(self, small: Dataset) -> None:
        recipe = replace(RECIPES["mlp"], layers=TEXTS[0], epochs=1)
        pool = WorkerPool()
        try:
            there = RemoteTrainer(recipe, small, seed=3, device="cpu", pool=pool)
            events = list(there.run())
        finally:
            pool.close()
        assert there.draws
        torch.testing.assert_close(
            weights_of(there.model), weights_of(_trained(recipe, small).model)
        )
        assert len(events) == 200 // 32 + 2

    @pytest.mark.parametrize("layers", ["linear 20, norm", "conv 3 28x28 valid, norm"])
    @pytest.mark.parametrize("batch_size", [1, 199])
    def test_a_batch_of_one_that_a_norm_cannot_take_is_refused_before_it_comes(
        self, layers: str, batch_size: int, small: Dataset
    ) -> None:
        recipe = replace(RECIPES["mlp"], layers=layers, batch_size=batch_size)
        with pytest.raises(ValueError, match="make a batch of one"):
            Trainer(recipe, small)
        Trainer(replace(recipe, layers="conv 3, norm"), small)
        Trainer(replace(recipe, batch_size=50), small)


class TestCheckpoint:
    def test_its_file_opens_again(self, recipe: Recipe, tmp_path: Path) -> None:
        loaded = load_checkpoint(_save(tmp_path / "mine", recipe))
        assert loaded.recipe == recipe
        assert torch.equal(weights_of(loaded.model), weights_of(recipe.build(3)))

    def test_a_recipe_that_is_not_registered_is_in_its_file(self, tmp_path: Path) -> None:
        recipe = Recipe(
            "mine", layers=TEXTS[0], optimizer="adam", learning_rate=0.01, batch_size=9, epochs=2
        )
        loaded = load_checkpoint(_save(tmp_path / "mine", recipe))
        assert loaded.recipe == recipe

    def test_a_file_keeps_its_layers_where_the_recipe_gets_others(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = _save(tmp_path / "mine", RECIPES["softmax"])
        later = replace(RECIPES["softmax"], layers="linear 20, relu")
        monkeypatch.setitem(RECIPES, "softmax", later)
        assert load_checkpoint(path).recipe.layers == "linear 10"

    def test_a_reader_sets_its_own_limits(self, tmp_path: Path) -> None:
        content = _save(tmp_path / "mine", RECIPES["mlp"]).read_bytes()
        with pytest.raises(ValueError, match="at most 100,000 are allowed"):
            read_checkpoint(content, "mine", limits=Limits(9, 100_000, 10**9, 10**9))


class TestLookInside:
    """Whatever the network is made of."""

    def test_its_layers_and_activations(self, recipe: Recipe, seven: np.ndarray) -> None:
        model = recipe.build(1)
        layers, described = parse_layers(recipe.layers), describe_layers(model)
        weighted = [
            each.name for each in layers if each.kind in ("conv", "waves", "linear", "norm")
        ]
        assert [each.name for each in described] == weighted
        computing = [each for each in layers if each.kind in ("conv", "waves", "linear")]
        hidden = hidden_layers(model, seven)
        assert [each.layer.name for each in hidden] == [each.name for each in computing[:-1]]
        assert all(np.isfinite(each.activations).all() for each in hidden)
        pictures = digit_weights(model)
        assert pictures is None or pictures.shape == (10, 28, 28)
        assert np.isfinite(first_weights(model)).all()
        last = last_hidden(model, np.stack([seven, seven]))
        assert last.shape[0] == 2
        np.testing.assert_allclose(last[0], last[1], rtol=1e-5)
        assert has_hidden_layer(model) or len(weighted) == 1

    def test_the_ink_that_counted(self, recipe: Recipe, seven: np.ndarray) -> None:
        """With smooth layers the values add up, however few steps."""
        model = recipe.build(1).eval()
        values = saliency(model, seven, 3)
        assert values.shape == (28, 28)
        assert np.isfinite(values).all()
        if {each.kind for each in parse_layers(recipe.layers)} <= {"linear", "conv", "avgpool"}:
            with torch.inference_mode():
                images = torch.from_numpy(np.stack([np.zeros_like(seven), seven]))[:, None]
                blank, drawn = model(images)[:, 3]
            assert float(values.sum()) == pytest.approx(float(drawn - blank), abs=1e-4)

    def test_its_logits_can_be_scaled(self, recipe: Recipe) -> None:
        model = recipe.build(1).eval()
        images = torch.rand(3, 1, 28, 28)
        before = model(images)
        assert scale_logits(model, 2.0)
        torch.testing.assert_close(model(images), before / 2, rtol=1e-3, atol=1e-4)

    def test_the_page_shows_it(
        self, recipe: Recipe, small: Dataset, store: ModelStore, seven: np.ndarray, tmp_path: Path
    ) -> None:
        checkpoint = load_checkpoint(_save(tmp_path / "mine", recipe))
        live = LiveView(small, seven)
        live(checkpoint.model, 1)
        assert live.describe()["tiles"]
        for hidden in hidden_layers(checkpoint.model, seven):
            look = Look(hidden.layer.name, {hidden.layer.name: (0,)}, find=True)
            shown = describe_explanation(store.compute, seven, look, [checkpoint], checkpoint)
            assert shown["off"] == {hidden.layer.name: [0]}
        assert len(describe_model_comparison(store.compute, seven, [checkpoint], checkpoint)) == 1
