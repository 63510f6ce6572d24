"""Recipes of one's own, with networks that the package does not know, brought all the way."""

import base64
import functools
import runpy
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from mnist_demo import (
    RECIPES,
    Dataset,
    EpochEvent,
    Recipe,
    StepEvent,
    Trainer,
    evaluate,
    export_script,
    load_checkpoint,
    predict_probabilities,
    register_recipe,
    save_checkpoint,
    strokes_to_digit,
)
from mnist_demo.models import calibration
from mnist_demo.models.ablation import rank_parts, switched_off
from mnist_demo.models.activations import (
    digit_weights,
    first_weights,
    has_hidden_layer,
    hidden_layers,
    last_hidden,
    look_again,
)
from mnist_demo.models.calibration import calibrate
from mnist_demo.models.checkpoints import write_checkpoint
from mnist_demo.models.saliency import saliency
from mnist_demo.networks.introspection import count_parameters, describe_layers
from mnist_demo.training.processes.pool import WorkerPool
from mnist_demo.training.processes.remote_trainer import RemoteTrainer
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.draw.explanation import describe_explanation
from mnist_demo.ui.draw.explanation.look import Look
from mnist_demo.ui.draw.model_comparison import describe_model_comparison
from mnist_demo.ui.gallery.neighbours import Neighbours
from mnist_demo.ui.gallery.reasons import describe_reasons
from mnist_demo.ui.gallery.saliency_cache import SaliencyCache
from mnist_demo.ui.page import build_app
from mnist_demo.ui.serving.settings import Settings
from mnist_demo.ui.train.live_view import LiveView
from mnist_demo.ui.train.network_builder import describe_network, read_text
from mnist_demo.ui.train.recipe_form import describe_recipe
from mnist_demo.ui.train.report import describe_report
from mnist_demo.ui.train.run_actions import act_on_runs
from tests.conftest import quick
from tests.foreign import FOREIGN, Constant, Dropped, losses, make_recipe
from tests.training.runs import cut, losses_of, weights_of
from tests.ui.english import english
from tests.ui.train.driving import finish_session, train


@pytest.fixture(params=quick(*list(FOREIGN)[:2], of=FOREIGN))
def recipe(request: pytest.FixtureRequest) -> Recipe:
    return FOREIGN[request.param]


@pytest.fixture(scope="module")
def small(bundled: Dataset) -> Dataset:
    return cut(bundled, 200, 60)


@pytest.fixture(scope="module")
def seven() -> np.ndarray:
    return strokes_to_digit([[[70, 60], [205, 60], [125, 235]]])


@pytest.fixture
def registered(recipe: Recipe, monkeypatch: pytest.MonkeyPatch) -> Recipe:
    """A recipe that is in RECIPES for this test."""
    monkeypatch.setitem(RECIPES, recipe.name, recipe)  # and put back as it was
    return register_recipe(recipe)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModelStore]:
    store = ModelStore(tmp_path_factory.mktemp("no_mnist"))
    yield store
    store.compute.close()


class OneThread(WorkerPool):
    """With several, the last digits depend on how busy the machine is: see thread_tuner.py."""

    def threads(self) -> int:
        return 1


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    pool = OneThread()
    yield pool
    pool.close()


def _trained(recipe: Recipe, dataset: Dataset) -> Trainer:
    trainer = Trainer(recipe, dataset, seed=3, device="cpu")
    list(trainer.run())
    return trainer


def _save(trainer: Trainer, path: Path) -> Path:
    fields: dict[str, Any] = {"seed": 3, "dataset": "x", "metrics": {}}
    return save_checkpoint(path, trainer.model, recipe=trainer.recipe, **fields)


class TestTraining:
    def test_the_same_seed_gives_the_same_losses_stopped_or_not(
        self, recipe: Recipe, small: Dataset
    ) -> None:
        whole, stopped = (Trainer(recipe, small, seed=3, device="cpu") for _ in range(2))
        expected = losses_of(whole)
        run, seen = stopped.run(), list[float]()
        while len(seen) < 3:
            event = next(run)
            seen += [event.loss] if isinstance(event, StepEvent) else []
        run.close()  # type: ignore[attr-defined]
        torch.rand(3)  # others draw
        another = Trainer(recipe, small, seed=3, device="cpu")
        another.load_state_dict(stopped.state_dict())
        assert [*seen, *losses_of(another)] == expected
        assert torch.equal(weights_of(another.model), weights_of(whole.model))

    def test_it_learns(self, recipe: Recipe, small: Dataset) -> None:
        losses = losses_of(Trainer(recipe, small, device="cpu"), 20)
        assert np.mean(losses[-4:]) < 0.9 * np.mean(losses[:4])

    @pytest.mark.slow
    def test_another_process_does_the_same(
        self, recipe: Recipe, small: Dataset, pool: WorkerPool
    ) -> None:
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            here = Trainer(recipe, small, seed=3, device="cpu")
            expected = losses_of(here)
        finally:
            torch.set_num_threads(threads)
        there = RemoteTrainer(recipe, small, seed=3, device="cpu", pool=pool)
        events = list(there.run())
        assert [event.loss for event in events if isinstance(event, StepEvent)] == expected
        assert isinstance(events[-1], EpochEvent)
        assert there.draws is here.draws

    def test_a_network_that_gives_no_ten_logits_is_refused(self, small: Dataset) -> None:
        wrong = make_recipe("wrong", functools.partial(nn.Conv2d, 1, 10, 3))
        with pytest.raises(ValueError, match=r"network of wrong makes \(2, 10, 26, 26\) of 2"):
            Trainer(wrong, small)

    def test_a_network_in_place_of_its_class_is_refused(self) -> None:
        with pytest.raises(ValueError, match="each time a new one"):
            make_recipe("made", Dropped())


class TestOtherProcess:
    """What it cannot import is refused before it begins."""

    @pytest.mark.parametrize(
        "architecture", [lambda: Dropped(), functools.partial(lambda: Dropped())]
    )
    def test_a_lambda(self, architecture: Any, small: Dataset, pool: WorkerPool) -> None:
        with pytest.raises(ValueError, match="cannot import the network of mine"):
            RemoteTrainer(make_recipe("mine", architecture), small, pool=pool)

    def test_a_class_of_the_script_that_was_started(
        self, small: Dataset, pool: WorkerPool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class InScript(Dropped):
            pass

        InScript.__module__, InScript.__qualname__ = "__main__", "InScript"
        monkeypatch.setattr(sys.modules["__main__"], "InScript", InScript, raising=False)
        with pytest.raises(ValueError, match="script that was started; define it at the top of"):
            RemoteTrainer(make_recipe("mine", InScript), small, pool=pool)

    def test_a_module_that_it_does_not_find(
        self, small: Dataset, pool: WorkerPool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        gone = type(sys)("gone_from_here")
        monkeypatch.setitem(sys.modules, "gone_from_here", gone)
        gone.Net = type("Net", (Dropped,), {"__module__": "gone_from_here"})  # type: ignore[attr-defined]
        with pytest.raises(ValueError, match="No module named 'gone_from_here'"):
            RemoteTrainer(make_recipe("mine", gone.Net), small, pool=pool)


class TestCheckpoint:
    def test_it_is_saved_and_loaded(
        self, registered: Recipe, small: Dataset, tmp_path: Path, seven: np.ndarray
    ) -> None:
        changed = replace(registered, learning_rate=0.02)
        trainer = _trained(changed, small)
        loaded = load_checkpoint(_save(trainer, tmp_path / "mine"))
        assert loaded.recipe == changed
        expected = predict_probabilities(trainer.model, seven)
        np.testing.assert_array_equal(predict_probabilities(loaded.model, seven), expected)

    def test_one_that_is_not_registered_is_given(self, small: Dataset, tmp_path: Path) -> None:
        trained_by = replace(FOREIGN["dropped"], batch_size=16, weight_decay=0.1)
        path = _save(_trained(trained_by, small), tmp_path / "mine")
        with pytest.raises(ValueError, match=r"no recipe 'dropped'.*register_recipe\(\.\.\.\)"):
            load_checkpoint(path)
        with pytest.raises(ValueError, match="no recipe 'dropped'"):
            load_checkpoint(path, recipe=FOREIGN["rows"])
        assert load_checkpoint(path, recipe=FOREIGN["dropped"]).recipe == trained_by

    def test_one_of_another_recipe_s_name_is_not_saved(
        self, small: Dataset, tmp_path: Path
    ) -> None:
        impostor = Trainer(replace(FOREIGN["dropped"], name="mlp"), small)
        with pytest.raises(ValueError, match="another recipe 'mlp'"):
            _save(impostor, tmp_path / "mine")

    def test_one_without_weights_is_saved_and_loaded(self, tmp_path: Path) -> None:
        recipe = make_recipe("constant", Constant)
        fields: dict[str, Any] = {"seed": 3, "dataset": "x", "metrics": {}}
        path = save_checkpoint(tmp_path / "mine", Constant(), recipe=recipe, **fields)
        model = load_checkpoint(path, recipe).model
        assert predict_probabilities(model, np.zeros((28, 28))).tolist() == [
            [pytest.approx(0.1)] * 10
        ]


class TestRegister:
    def test_names_of_the_package_are_refused(self) -> None:
        with pytest.raises(ValueError, match="'mlp' is a recipe of the package"):
            register_recipe(replace(FOREIGN["dropped"], name="mlp"))

    @pytest.mark.parametrize("name", ["", "a,b", "../x", "my net", 7])
    def test_a_name_that_is_none_is_refused(self, name: Any) -> None:
        with pytest.raises(ValueError, match="must be a Python name"):
            register_recipe(replace(FOREIGN["dropped"], name=name))

    def test_a_later_one_takes_its_place(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(RECIPES, "dropped", FOREIGN["rows"])
        later = replace(FOREIGN["dropped"], epochs=7)
        assert register_recipe(later) is RECIPES["dropped"] is later
        assert list(RECIPES)[-1] == "dropped"


class TestInsight:
    """What a network offers is shown, and the rest is left out."""

    def test_nothing_fails(self, recipe: Recipe, seven: np.ndarray) -> None:
        model = recipe.build(seed=1)
        layers = describe_layers(model)
        assert sum(layer.parameters for layer in layers) == count_parameters(model)
        for layer in layers:
            assert -1 not in layer.output_shape
        assert len(last_hidden(model, np.stack([seven] * 4))) == 4
        assert first_weights(model).ndim == 3
        assert saliency(model, seven, 3).shape == (28, 28)
        assert np.abs(saliency(model, seven, 3)).max() > 0
        assert digit_weights(model) is None
        assert not any(module._forward_hooks for module in model.modules())

    def test_saliency_adds_up(self, recipe: Recipe, seven: np.ndarray) -> None:
        model = recipe.build(seed=1).eval()
        with torch.inference_mode():
            blank, drawn = (
                model(torch.from_numpy(image.copy())[None, None])[0]
                for image in (np.zeros_like(seven), seven)
            )
        changes = drawn - blank
        bounds = 0.15 * float(changes.abs().max())
        assert float(saliency(model, seven, 3).sum()) == pytest.approx(
            float(changes[3]), abs=bounds
        )

    def test_units_are_those_after_their_activation_function(self, seven: np.ndarray) -> None:
        model = FOREIGN["dropped"].build(seed=1)
        body = model.get_submodule("body").eval()
        with torch.inference_mode():
            made = body(torch.from_numpy(seven).reshape(1, -1))[0]
        *_, last = hidden_layers(model, seven)
        np.testing.assert_allclose(last.activations, made, atol=1e-6)
        np.testing.assert_allclose(last_hidden(model, seven)[0], made)

    @pytest.mark.parametrize(
        ("name", "maps"), [("shared", 2), ("lazy", 1), ("attention", 1), ("rows", 0)]
    )
    def test_each_convolution_has_its_maps(self, name: str, maps: int, seven: np.ndarray) -> None:
        model = FOREIGN[name].build(seed=1)
        shapes = [each.activations.ndim for each in hidden_layers(model, seven)]
        assert shapes.count(3) == maps
        assert (len(first_weights(model)) > 0) is (maps > 0)

    def test_parts_of_it_can_be_switched_off(self, recipe: Recipe, seven: np.ndarray) -> None:
        model = recipe.build(seed=1)
        for hidden in hidden_layers(model, seven):
            with switched_off(model, {hidden.module: [0]}):
                assert not look_again(model, seven, hidden).activations[0].any()
            assert np.isfinite(rank_parts(model, seven, 3, hidden.module, [0, 1], {})).all()

    def test_layers_say_what_they_are(self) -> None:
        names = {
            "rows": [("gru", "GRU", (28, 16)), ("head", "Linear", (10,))],
            "lazy": [
                ("0.0", "Conv2d", (4, 12, 12)),
                ("0.1", "BatchNorm2d", (4, 12, 12)),
                ("2.0", "Linear", (10,)),
            ],
            "shared": [
                ("first", "Conv2d", (10, 28, 28)),
                ("twice", "Conv2d", (10, 14, 14)),
                ("", "Shared", (10,)),
            ],
        }
        for name, expected in names.items():
            layers = describe_layers(FOREIGN[name].build(seed=1))
            assert [(each.name, each.type, each.output_shape) for each in layers] == expected

    def test_of_a_network_without_weights_only_the_pixels_are_left(self, seven: np.ndarray) -> None:
        model = Constant()
        assert describe_layers(model) == []
        assert hidden_layers(model, seven) == []
        assert digit_weights(model) is None
        assert first_weights(model).shape == (0, 28, 28)
        assert not has_hidden_layer(model)
        np.testing.assert_array_equal(last_hidden(model, seven), seven.reshape(1, -1))
        assert not saliency(model, seven, 3).any()

    @pytest.mark.parametrize(("name", "scaled"), [("dropped", True), ("shared", False)])
    def test_it_is_calibrated_with_or_without_a_temperature(
        self, name: str, scaled: bool, small: Dataset, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(calibration, "DRAWINGS", 100)
        trainer = _trained(replace(FOREIGN[name], calibration_split=40), small)
        before = weights_of(trainer.model)
        done = calibrate(trainer, trainer.model)
        assert (done.temperature != 1) is scaled
        assert torch.equal(weights_of(trainer.model), before) is not scaled
        assert 0 < done.threshold < 1


class TestScript:
    def test_it_does_the_run_again(
        self,
        recipe: Recipe,
        bundled: Dataset,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        trainer = _trained(replace(recipe, epochs=1, train_images=200), bundled)
        dataset = trainer.dataset
        accuracy = evaluate(trainer.model, dataset.test_images, dataset.test_labels).accuracy
        path = tmp_path / "script.py"
        path.write_text(export_script(trainer, accuracy), encoding="utf-8")
        with torch.random.fork_rng(devices=[]):
            weights = runpy.run_path(str(path))["model"].state_dict()
        assert f"test accuracy {accuracy:.2%}" in capsys.readouterr().out
        for name, tensor in trainer.model.state_dict().items():
            assert torch.equal(weights[name], tensor), name

    def test_what_has_no_source_is_refused(self, bundled: Dataset) -> None:
        mine = make_recipe("mine", lambda: Dropped(), epochs=1, train_images=100)
        with pytest.raises(ValueError, match="not defined at the top of"):
            export_script(_trained(mine, bundled), 0.5)

    def test_a_name_with_two_uses_is_refused(self, bundled: Dataset) -> None:
        mine = make_recipe("mine", losses, epochs=1, train_images=100)
        with pytest.raises(ValueError, match="uses the name losses"):
            export_script(_trained(mine, bundled), 0.5)


class TestPage:
    """Where a recipe is registered, the page offers and shows it like its own."""

    def test_it_can_be_chosen(self, registered: Recipe, store: ModelStore, tmp_path: Path) -> None:
        app = build_app(Settings(data=tmp_path), store)
        (choice,) = (each for each in app.blocks.values() if each.elem_id == "recipe")
        assert (registered.name, registered.name) in choice.choices  # type: ignore[attr-defined]
        facts = english(describe_recipe(registered))
        assert f"{count_parameters(registered.build(0)):,} parameters" in facts
        network = english(describe_network(registered))
        assert len(network["blocks"]) == len(describe_layers(registered.build(0)))
        assert not [block for block in network["blocks"] if "None" in str(block)]
        assert read_text(network) is None  # it is no text, so it stays the recipe's own

    def test_it_is_trained_and_shown_everywhere(
        self,
        registered: Recipe,
        store: ModelStore,
        seven: np.ndarray,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(calibration, "DRAWINGS", 100)
        session = train(store, {}, recipe=registered.name, train_images=200)
        model, compute = session.trainer.model, store.compute
        look = LiveView(store.dataset(), seven)
        look(model, 1)
        assert len(look.describe()["tiles"]) == 20
        done = finish_session(store, session, {})
        (run,) = done["runs"]
        checkpoint = done["user_models"][run.name]
        assert run.script.startswith(f'"""Trains {registered.name} on')
        assert describe_report(run, store.dataset(), store.test_probabilities(checkpoint))["lines"]
        content = base64.b64encode(write_checkpoint(checkpoint)).decode()
        action = {"kind": "open", "name": "again.safetensors", "content": content}
        opened = act_on_runs(
            compute.torch_thread, done["runs"], done["user_models"], {"action": action}
        )
        assert opened.newest
        assert opened.user_models[opened.newest].recipe == checkpoint.recipe
        assert describe_explanation(compute, seven, Look(find=True), [checkpoint], checkpoint)
        assert len(describe_model_comparison(compute, seven, [checkpoint], checkpoint)) == 1
        few = replace(store.dataset(), train_images=store.dataset().train_images[:100])
        monkeypatch.setattr(store, "_dataset", few)
        reasons = describe_reasons(
            store, Neighbours(store), SaliencyCache(store), 0, run.name, checkpoint
        )
        *_, last = reasons
        assert len(last["sections"]) == 2
        assert len(last["sections"][1]["pictures"]) == 8
