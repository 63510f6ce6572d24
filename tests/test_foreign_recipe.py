"""A recipe of one's own, with networks that the package does not know, brought all the way.

The networks stand here as in a user's module: the process that trains imports them from it.
"""

import functools
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

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
from mnist_demo.models.activations import (
    digit_weights,
    feature_maps,
    first_weights,
    has_hidden_layer,
    hidden_units,
    last_hidden,
)
from mnist_demo.models.calibration import calibrate
from mnist_demo.models.saliency import saliency
from mnist_demo.networks.introspection import count_parameters, describe_layers
from mnist_demo.training.processes.pool import WorkerPool
from mnist_demo.training.processes.remote_trainer import RemoteTrainer
from tests.training.runs import cut, losses_of, weights_of

HIDDEN = 24


def flat(images: Tensor) -> Tensor:
    """A helper, which a script has to take along."""
    return images.flatten(1)


class Dropped(nn.Module):
    """ReLU units and torch's own dropout."""

    def __init__(self, hidden: int = HIDDEN) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Linear(784, hidden), nn.ReLU(inplace=True), nn.Dropout(0.4))
        self.head = nn.Linear(hidden, 10)

    def forward(self, images: Tensor) -> Tensor:
        return self.head(self.body(flat(images)))


class Rows(nn.Module):
    """A GRU that reads a digit row by row, with dropout between its layers."""

    def __init__(self) -> None:
        super().__init__()
        self.gru = nn.GRU(28, 16, num_layers=2, dropout=0.2)  # (row, image, number)
        self.head = nn.Linear(16, 10)

    def forward(self, images: Tensor) -> Tensor:
        outputs, _ = self.gru(images.squeeze(1).transpose(0, 1))
        return self.head(outputs[-1])


class Attention(nn.Module):
    """A transformer layer over 16 patches, with a buffer that is infinite and an own parameter."""

    def __init__(self) -> None:
        super().__init__()
        self.patches = nn.Conv2d(1, 16, 7, stride=7)
        self.place = nn.Parameter(torch.randn(1, 16, 16) * 0.02)
        self.layer = nn.TransformerEncoderLayer(16, 2, 32, batch_first=True, activation="gelu")
        self.register_buffer("mask", torch.full((16, 16), -torch.inf).triu(1))
        self.head = nn.Linear(16, 10)

    def forward(self, images: Tensor) -> Tensor:
        tokens = self.patches(images).flatten(2).transpose(1, 2) + self.place
        return self.head(self.layer(tokens, src_mask=self.mask).mean(dim=1))


class Shared(nn.Module):
    """One convolution that is used twice, under two names, and random numbers of its own; the
    answer is an average: there is no linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, 10, 3, padding=1)
        self.twice = self.again = nn.Conv2d(10, 10, 3, padding=1, stride=2)
        self.scale = nn.Parameter(torch.ones(()))

    def forward(self, images: Tensor) -> Tensor:
        features = F.gelu(self.first(images.sub_(0.1)))
        if self.training:
            features = features + 0.01 * torch.randn_like(features)
        return self.again(F.gelu(self.twice(features))).mean(dim=(2, 3)) * self.scale


def make_lazy() -> nn.Module:
    """By a function, nested, of lazy layers."""
    return nn.Sequential(
        nn.Sequential(nn.LazyConv2d(4, 5, stride=2), nn.LazyBatchNorm2d(), nn.ReLU()),
        nn.Flatten(),
        nn.Sequential(nn.LazyLinear(10)),
    )


class Constant(nn.Module):
    """Nothing to be trained; an answer that does not depend on the image."""

    def forward(self, images: Tensor) -> Tensor:
        return torch.zeros(len(images), 10)


def make_recipe(name: str, architecture: Any, **changes: Any) -> Recipe:
    settings: dict[str, Any] = {"optimizer": "adam", "learning_rate": 0.01, "batch_size": 32}
    return Recipe(name=name, architecture=architecture, **{"epochs": 2, **settings, **changes})


FOREIGN = {
    recipe.name: recipe
    for recipe in (
        make_recipe("dropped", Dropped, calibration_split=40, source="a test"),
        make_recipe("fewer", functools.partial(Dropped, hidden=12)),
        make_recipe("rows", Rows),
        make_recipe("attention", Attention, augmentation="handwriting"),
        make_recipe("shared", Shared),
        make_recipe("lazy", make_lazy),
    )
}


@pytest.fixture(params=FOREIGN.values(), ids=list(FOREIGN))
def recipe(request: pytest.FixtureRequest) -> Recipe:
    return request.param


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

    def test_hidden_units_are_those_after_their_activation_function(
        self, seven: np.ndarray
    ) -> None:
        model = FOREIGN["dropped"].build(seed=1)
        units = hidden_units(model, seven, 5)
        assert units is not None
        body = model.get_submodule("body").eval()
        with torch.inference_mode():
            change = body(torch.from_numpy(seven).reshape(1, -1)) - body(torch.zeros(1, 784))
        np.testing.assert_allclose(units.activations, change[0, units.indices], atol=1e-6)
        np.testing.assert_allclose(
            last_hidden(model, seven)[0], body(torch.from_numpy(seven).reshape(1, -1))[0].detach()
        )

    @pytest.mark.parametrize("name", ["rows", "attention", "shared", "lazy"])
    def test_without_dense_units_over_the_pixels_there_are_none(
        self, name: str, seven: np.ndarray
    ) -> None:
        assert hidden_units(FOREIGN[name].build(seed=1), seven, 5) is None

    @pytest.mark.parametrize(
        ("name", "maps"), [("shared", 2), ("lazy", 1), ("attention", 1), ("rows", 0)]
    )
    def test_each_convolution_has_its_maps(self, name: str, maps: int, seven: np.ndarray) -> None:
        model = FOREIGN[name].build(seed=1)
        assert len(feature_maps(model, seven)) == maps
        assert (len(first_weights(model)) > 0) is (maps > 0)

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
        assert feature_maps(model, seven) == []
        assert hidden_units(model, seven, 5) is None
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
    def test_it_does_the_run_again(self, recipe: Recipe, bundled: Dataset, tmp_path: Path) -> None:
        trainer = _trained(replace(recipe, epochs=1, train_images=200), bundled)
        dataset = trainer.dataset
        accuracy = evaluate(trainer.model, dataset.test_images, dataset.test_labels).accuracy
        path = tmp_path / "script.py"
        path.write_text(export_script(trainer, accuracy), encoding="utf-8")
        program = (
            "import runpy, sys, torch; torch.set_num_threads(int(sys.argv[1]));"
            "torch.save(runpy.run_path(sys.argv[2])['model'].state_dict(), sys.argv[3])"
        )
        arguments = [str(torch.get_num_threads()), str(path), str(tmp_path / "weights")]
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert (
            f"test accuracy {accuracy:.2%}; the run that this repeats: {accuracy:.2%}"
            in done.stdout
        )
        weights = torch.load(tmp_path / "weights", weights_only=True)
        for name, tensor in trainer.model.state_dict().items():
            assert torch.equal(weights[name], tensor), name

    def test_what_has_no_source_is_refused(self, bundled: Dataset) -> None:
        mine = make_recipe("mine", lambda: Dropped(), epochs=1, train_images=100)
        with pytest.raises(ValueError, match="not defined at the top of"):
            export_script(_trained(mine, bundled), 0.5)

    def test_a_name_with_two_uses_is_refused(
        self, bundled: Dataset, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mine = make_recipe("mine", losses, epochs=1, train_images=100)
        with pytest.raises(ValueError, match="uses the name losses"):
            export_script(_trained(mine, bundled), 0.5)


class losses(Dropped):  # noqa: N801  # so that it has the name of something in a script
    pass
