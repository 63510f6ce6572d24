"""A run's script does what the run did."""

import ast
import os
import runpy
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from mnist_demo import RECIPES, Dataset, Recipe, StepEvent, Trainer, evaluate
from mnist_demo.data.mnist import data_directory
from mnist_demo.export.script import export_script
from mnist_demo.training.setting_changes import SETTABLE, SettingChange
from mnist_demo.training.training_set import ExtraDigits
from tests.conftest import quick
from tests.training.runs import cut, go

ROOT = Path(__file__).parents[2]
OURS: dict[str, Any] = {
    "uci_digits": 0,
    "synthetic_digits": 20,
    "non_digits": 10,
    "calibration_split": 20,
}

# Recipe and changes: each part of a script is there in one of them and left out in another.
VARIANTS: dict[str, tuple[str, dict[str, Any]]] = {
    **{name: (name, OURS if RECIPES[name].synthetic_digits else {}) for name in RECIPES},
    "momentum and decay": ("mlp", {"weight_decay": 0.01, "drop_last": True}),
    "adam and decay": ("simple_cnn", {"weight_decay": 0.01, "excluded_digit": 3}),
    "adamw without decay": ("deep_cnn", {"optimizer": "adamw", "label_smoothing": 0.1}),
    "cycles with a rest": ("mlp", {"schedule": "one_cycle", "epochs": 3}),
    "bfloat16": ("mlp", {"precision": "bfloat16"}),
    "augmented": ("softmax", {"augmentation": "handwriting"}),
    "noise": ("softmax", {"label_noise": 0.25}),
    "fewer": ("softmax", {"train_images": 100, "excluded_digit": 0, "label_noise": 0.1}),
    "alone": (
        "robust_cnn",
        {**OURS, "synthetic_digits": 0, "non_digits": 0, "augmentation": "none"},
    ),
    "uci_digits": ("softmax", {"uci_digits": 1, "batch_size": 200}),
    "dropping": ("simple_cnn", {"layers": "linear 20, relu, dropout 0.1, linear 10"}),
    "dropping non_digits": (
        "robust_cnn",
        {**OURS, "layers": "dropout 0.1, linear 20, norm, relu, dropout 0.3, linear 10"},
    ),
    "non_digits": ("softmax", {"non_digits": 20, "label_smoothing": 0.1}),
}


CHANGED = {"learning_rate": 0.005, "weight_decay": 0.3, "label_smoothing": 0.2, "dropout": 0.6}


def make_recipe(variant: str) -> Recipe:
    """With batches that leave a rest on 150 images."""
    name, changes = VARIANTS[variant]
    return replace(RECIPES[name], **{"batch_size": 32, "epochs": 2, **changes})


def _idx(values: np.ndarray) -> bytes:
    sizes = b"".join(size.to_bytes(4, "big") for size in values.shape)
    return (0x0800 + values.ndim).to_bytes(4, "big") + sizes + values.astype(np.uint8).tobytes()


@pytest.fixture(scope="module")
def small(bundled: Dataset) -> Dataset:
    return replace(cut(bundled, 150, 60), name="MNIST")


@pytest.fixture(scope="module")
def folder(small: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`small` as torchvision would have fetched it."""
    root = tmp_path_factory.mktemp("mnist")
    raw = root / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name, values in {
        "train-images-idx3": small.train_images,
        "train-labels-idx1": small.train_labels,
        "t10k-images-idx3": small.test_images,
        "t10k-labels-idx1": small.test_labels,
    }.items():
        (raw / f"{name}-ubyte").write_bytes(_idx(values.numpy()))
    return root


@dataclass
class Watched:
    """A trainer, and the losses of each epoch so far."""

    trainer: Trainer
    losses: dict[int, list[float]]

    def run(self, steps: int | None = None) -> None:
        """That many steps, or to the recipe's end."""
        events = self.trainer.run() if steps is None else go(self.trainer, steps)
        for event in events:
            if isinstance(event, StepEvent):
                self.losses.setdefault(event.epoch, []).append(event.loss)

    @property
    def accuracy(self) -> float:
        dataset = self.trainer.dataset
        return evaluate(self.trainer.model, dataset.test_images, dataset.test_labels).accuracy

    def script(self) -> str:
        return export_script(self.trainer, self.accuracy)

    @property
    def repeated(self) -> dict[int, list[float]]:
        """The losses that its script shall have: of a run that diverged up to the step whose
        weights it went back to."""
        left = self.trainer.kept_step + 1 if self.trainer.diverged else self.trainer.steps_done
        found: dict[int, list[float]] = {}
        for epoch, losses in self.losses.items():
            if left > 0:
                found[epoch] = losses[:left]
            left -= len(losses)
        return found

    @property
    def report(self) -> list[str]:
        """What its script shall print."""
        epochs = self.repeated.items()
        return [
            *(f"epoch {epoch}: loss {sum(each) / len(each):.6f}" for epoch, each in epochs),
            f"test accuracy {self.accuracy:.2%}; the run that this repeats: {self.accuracy:.2%}",
        ]


def watch(recipe: Recipe, dataset: Dataset, **options: Any) -> Watched:
    return Watched(Trainer(recipe, dataset, device="cpu", **{"seed": 5, **options}), {})


def head_of(script: str) -> str:
    """Its docstring, in one line."""
    return " ".join(str(ast.get_docstring(ast.parse(script))).split())


Check = Callable[[Watched], dict[str, Any]]


@pytest.fixture
def check(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Check:
    """Does a run's script here; the losses and weights that come of it must be the run's."""

    def do(watched: Watched) -> dict[str, Any]:
        path = tmp_path / "script.py"
        path.write_text(watched.script(), encoding="utf-8")
        monkeypatch.setattr(sys, "argv", [str(path), "--data", str(folder)])
        with torch.random.fork_rng(devices=[]):
            done = runpy.run_path(str(path))
        assert capsys.readouterr().out.splitlines() == watched.report
        weights = watched.trainer.model.state_dict()
        assert done["model"].state_dict().keys() == weights.keys()
        for name, tensor in done["model"].state_dict().items():
            assert torch.equal(tensor, weights[name]), name
        assert done["losses"] == list(watched.repeated.values())[-1]
        assert done["accuracy"] == watched.accuracy
        return done

    return do


@pytest.mark.parametrize("variant", quick("softmax", "fast_cnn", "robust_cnn", of=VARIANTS))
def test_a_script_repeats_its_run(variant: str, small: Dataset, check: Check) -> None:
    watched = watch(make_recipe(variant), small)
    watched.run()
    check(watched)


@pytest.mark.parametrize("name", RECIPES)
@pytest.mark.parametrize("steps", [3, 6])
@pytest.mark.slow
def test_a_run_that_was_stopped_on_the_way(
    steps: int, name: str, small: Dataset, check: Check
) -> None:
    watched = watch(make_recipe(name), small)
    watched.run(steps)
    check(watched)


def test_a_run_that_went_on_past_its_end(small: Dataset, check: Check) -> None:
    watched = watch(make_recipe("cycles with a rest"), small)
    watched.run()
    watched.run(7)
    assert "done % cycle" in watched.script()
    check(watched)


@pytest.mark.parametrize("variant", ["softmax", "fast_cnn"])
def test_a_learning_rate_that_was_changed(variant: str, small: Dataset, check: Check) -> None:
    watched = watch(make_recipe(variant), small)
    for steps, rate in [(2, 0.5), (1, 0.25), (3, 0.125)]:
        watched.trainer.learning_rate = 99.0  # and back before it was used
        watched.trainer.learning_rate = rate
        watched.run(steps)
    check(watched)


@pytest.mark.parametrize("variant", ["dropping", "dropping non_digits"])
def test_settings_that_were_changed_on_the_way(variant: str, small: Dataset, check: Check) -> None:
    watched = watch(make_recipe(variant), small)
    watched.run(1)
    for name, value in CHANGED.items():
        watched.trainer.change(name, value)
        watched.run(1)
    watched.trainer.dropout = 0.25
    watched.run()
    for name in CHANGED:
        assert f"{name} changed during the run" in head_of(watched.script())
    check(watched)


@pytest.mark.parametrize("name", SETTABLE)
def test_a_setting_that_was_set_before_the_first_step(
    name: str, small: Dataset, check: Check
) -> None:
    watched = watch(make_recipe("dropping"), small)
    watched.trainer.change(name, CHANGED[name])
    watched.run()
    assert f"{name} set to {CHANGED[name]} before the first step" in head_of(watched.script())
    check(watched)


def test_a_change_before_a_step_that_diverged(small: Dataset, check: Check) -> None:
    watched = watch(make_recipe("dropping"), small)
    watched.run(3)
    for name in ("label_smoothing", "dropout"):
        watched.trainer.change(name, CHANGED[name])
    watched.run(1)
    watched.trainer.end_diverged(float("nan"))
    check(watched)


def test_one_learning_rate_that_was_set_before_the_first_step(small: Dataset, check: Check) -> None:
    watched = watch(make_recipe("softmax"), small)
    watched.trainer.learning_rate = 0.25
    watched.run()
    assert "LEARNING_RATE = 0.25" in watched.script()
    assert "learning_rate set to 0.25" in head_of(watched.script())
    check(watched)


@pytest.mark.parametrize("variant", ["softmax", "robust_cnn", "uci_digits"])
@pytest.mark.slow
def test_own_digits(variant: str, small: Dataset, check: Check) -> None:
    watched = watch(make_recipe(variant), small, extra_digits=_own_digits(11))
    watched.run()
    check(watched)


class TestDivergence:
    """A script ends with the weights that its run went back to.

    That step's images have moved the means of batch norm, though not the weights.
    """

    @pytest.mark.parametrize("name", ["softmax", "fast_cnn"])
    def test_at_a_step(self, name: str, small: Dataset, check: Check) -> None:
        """Each step makes the weights 99 times as large."""
        recipe = replace(make_recipe(name), optimizer="sgd", schedule="constant", epochs=20)
        watched = watch(replace(recipe, learning_rate=100.0, weight_decay=1.0), small)
        watched.run()
        assert watched.trainer.diverged
        assert "not finite" in watched.script()
        check(watched)

    @pytest.mark.parametrize("steps", [1, 4, 6], ids=["at once", "after an epoch", "in one"])
    def test_found_by_an_evaluation(self, steps: int, small: Dataset, check: Check) -> None:
        watched = watch(make_recipe("fast_cnn"), small)
        watched.run(steps)
        watched.trainer.end_diverged(float("nan"))
        check(watched)


@pytest.mark.parametrize("fast", [True, False])
def test_bfloat16_is_used_where_the_run_had_it(
    fast: bool, small: Dataset, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("training.trainer", "export.facts"):
        monkeypatch.setattr(f"mnist_demo.{module}.has_fast_bfloat16", lambda device: fast)
    watched = watch(make_recipe("fast_cnn"), small)
    watched.run(3)
    assert ("bfloat16" in watched.script()) is fast
    check(watched)


@pytest.mark.parametrize("kind", ["cuda", "mps"])
@pytest.mark.slow
def test_without_the_runs_processor_the_cpu_does_it(
    kind: str, small: Dataset, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("training.trainer", "export.facts"):
        monkeypatch.setattr(f"mnist_demo.{module}.has_fast_bfloat16", lambda device: True)
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    monkeypatch.setattr("torch.backends.mps.is_available", lambda: False)
    watched = watch(make_recipe("robust_cnn"), small)
    watched.run(2)
    watched.trainer.device = torch.device(kind)
    script = watched.script()
    assert f'DEVICE = "{kind}"' in script
    for line in ("images.to(DEVICE), labels.to(DEVICE)", "model.to(DEVICE)", "model.eval().cpu()"):
        assert line in script
    assert check(watched)["DEVICE"] == "cpu"


def write_untrained(recipe: Recipe, dataset: Dataset, **options: Any) -> str:
    """The script of a run of which only the number of steps is known: nothing is trained."""
    trainer = watch(recipe, dataset, **options).trainer
    trainer.epochs_done = recipe.epochs
    return export_script(trainer, 0.5)


@pytest.fixture(scope="module")
def scripts(small: Dataset) -> dict[str, str]:
    return {variant: write_untrained(make_recipe(variant), small) for variant in VARIANTS}


class TestText:
    def test_they_are_as_clean_as_this_project(
        self, scripts: dict[str, str], small: Dataset, tmp_path: Path
    ) -> None:
        changing = watch(make_recipe("dropping non_digits"), small, extra_digits=_own_digits(40))
        changing.trainer.changes += [
            SettingChange(step, name, step / 1e5) for step in range(1, 8) for name in SETTABLE
        ]
        changing.trainer.epochs_done, changing.trainer.diverged = 5, True
        changing.trainer.device = torch.device("cuda")
        texts = {**scripts, "changing": export_script(changing.trainer, 0.5)}
        for name, text in texts.items():
            (tmp_path / f"{name.replace(' ', '_')}.py").write_text(text, encoding="utf-8")
        ruff = [sys.executable, "-m", "ruff"]
        settings = ["--config", str(ROOT / "pyproject.toml"), "--no-cache"]
        ours = ["--config", "lint.isort.known-first-party = ['mnist_demo']"]
        for command in (["check", *ours], ["format", "--diff"]):
            done = subprocess.run(
                [*ruff, *command, *settings, str(tmp_path)],
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr

    def test_they_import_this_project_only_where_its_images_are_used(
        self, scripts: dict[str, str], subtests: pytest.Subtests
    ) -> None:
        for variant in VARIANTS:
            with subtests.test(variant=variant):
                needed = {
                    "argparse",
                    "numpy",
                    "torch",
                    "torch.nn.functional",
                    "torchvision.datasets",
                }
                standard = {"base64", "collections", "copy", "itertools", "math", "zlib"}
                recipe = make_recipe(variant)
                ours = recipe.uci_digits or recipe.synthetic_digits or recipe.non_digits
                imported = _imports(scripts[variant])
                assert needed <= imported
                assert bool({each for each in imported if each.startswith("mnist_demo")}) is bool(
                    ours
                )
                assert {
                    each for each in imported - needed - standard if "mnist_demo" not in each
                } == set()
                assert ("beside app.py" in scripts[variant]) is bool(ours)

    def test_nothing_is_imported_or_defined_that_is_not_used(
        self, scripts: dict[str, str], subtests: pytest.Subtests
    ) -> None:
        for variant in VARIANTS:
            with subtests.test(variant=variant):
                tree = ast.parse(scripts[variant])
                used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
                defined = [
                    node for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef)
                ]
                assert {each.name for each in defined} <= used

    def test_a_plain_one_is_short(self, scripts: dict[str, str]) -> None:
        assert len(scripts["softmax"].splitlines()) < 95
        for part in ("weight_decay", "momentum", "autocast", "channels_last", "step_seed"):
            assert part not in scripts["softmax"]

    def test_the_head_says_where_it_comes_from(
        self, scripts: dict[str, str], subtests: pytest.Subtests
    ) -> None:
        for variant in VARIANTS:
            with subtests.test(variant=variant):
                head = head_of(scripts[variant])
                recipe = make_recipe(variant)
                assert recipe.source in head
                assert "50.00% of the 60 test images" in head
                assert f"train_{recipe.name}.py" in head
                for name, value in recipe.changes().items():
                    assert f"{name} {value} (recipe: " in head

    def test_no_text_breaks_out_of_the_head(self, small: Dataset) -> None:
        source = 'a\\b """\nraise SystemExit\n"""'
        text = write_untrained(replace(RECIPES["softmax"], batch_size=32, source=source), small)
        assert " ".join(source.split()) in head_of(text)
        assert "raise SystemExit" not in ast.unparse(ast.parse(text).body[1:])  # type: ignore[arg-type]

    def test_own_digits_are_packed_small(self, small: Dataset) -> None:
        recipe = make_recipe("softmax")
        user_models = (
            small.train_images[:50].numpy() / np.float32(255),
            small.train_labels[:50].numpy(),
        )
        more = len(write_untrained(recipe, small, extra_digits=user_models)) - len(
            write_untrained(recipe, small)
        )
        assert more < 50 * 28 * 28 / 2


def _own_digits(count: int) -> ExtraDigits:
    digits = np.random.default_rng(3).random((count, 28, 28), dtype=np.float32)
    return digits, np.arange(count) % 10


def _imports(script: str) -> set[str]:
    nodes = list(ast.walk(ast.parse(script)))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}


class TestRefusals:
    def test_a_run_without_a_step(self, small: Dataset) -> None:
        with pytest.raises(ValueError, match="no step"):
            export_script(watch(make_recipe("softmax"), small).trainer, 0.5)

    @pytest.mark.parametrize("accuracy", [-0.1, 1.1, float("nan")])
    def test_an_accuracy_that_is_none(self, accuracy: float, small: Dataset) -> None:
        watched = watch(make_recipe("softmax"), small)
        watched.run(1)
        with pytest.raises(ValueError, match="test_accuracy must be"):
            export_script(watched.trainer, accuracy)

    def test_images_that_a_script_cannot_find(self, small: Dataset) -> None:
        watched = watch(make_recipe("softmax"), replace(small, name="mine"))
        watched.run(1)
        with pytest.raises(ValueError, match="'mine'"):
            watched.script()


def test_the_bundled_digits_come_from_this_project(bundled: Dataset, check: Check) -> None:
    watched = watch(replace(RECIPES["softmax"], epochs=1), bundled)
    watched.run()
    text = watched.script()
    assert "torchvision" not in text
    assert "MNIST(" not in text
    check(watched)


@pytest.mark.slow
def test_it_runs_where_this_project_is_not(small: Dataset, folder: Path, tmp_path: Path) -> None:
    watched = watch(make_recipe("fast_cnn"), small)
    watched.run()
    assert _run_alone(watched, folder, tmp_path) == watched.report


def test_on_mnist_it_reaches_what_the_run_did(mnist: Dataset, tmp_path: Path) -> None:
    watched = watch(RECIPES["fast_cnn"], mnist, seed=0)
    watched.run()
    assert watched.accuracy > 0.985
    assert _run_alone(watched, data_directory(), tmp_path) == watched.report


def _run_alone(watched: Watched, folder: Path, tmp_path: Path) -> list[str]:
    """What the script prints in a process that does not find this project."""
    path = tmp_path / "script.py"
    path.write_text(watched.script(), encoding="utf-8")
    done = subprocess.run(
        # Absolute, for the script runs in another folder than the tests.
        [sys.executable, "-I", "-W", "error", str(path), "--data", str(folder.resolve())],
        cwd=tmp_path,
        env={**os.environ, "OMP_NUM_THREADS": str(torch.get_num_threads())},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()
