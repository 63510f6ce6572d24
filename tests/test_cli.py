import hashlib
import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
from PIL import Image, ImageDraw

from mnist_demo import (
    RECIPES,
    Dataset,
    Trainer,
    __version__,
    evaluate,
    load_checkpoint,
    picture_to_digit,
    predict_probabilities,
    save_checkpoint,
    shipped_checkpoints,
)
from mnist_demo.__main__ import main
from mnist_demo.cli import train
from mnist_demo.data import mnist as data
from mnist_demo.data.bundled_digits import bundled_digits
from mnist_demo.data.synthetic_digits import draw_digits
from mnist_demo.models import calibration
from mnist_demo.training.events import Event, StepEvent

DEFAULT_MODEL = "robust_cnn"  # what `predict` reads with where it is told nothing

Output = pytest.CaptureFixture[str]
ROOT = Path(__file__).parents[1]
PROGRAM = (sys.executable, "-m", "mnist_demo")


@pytest.fixture(autouse=True)
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MNIST_DEMO_DATA", str(tmp_path / "no_data"))
    monkeypatch.chdir(tmp_path)


def _run(*arguments: str) -> int:
    try:
        return main(list(arguments))
    except SystemExit as stop:
        return int(stop.code or 0)


def _train(*arguments: str) -> int:
    return _run("train", *arguments, "--no-download", "--device", "cpu")


def _page(image: np.ndarray) -> Image.Image:
    """A white page on which a 28x28 digit stands in black."""
    page = Image.new("L", (400, 500), 255)
    large = Image.fromarray(255 - image).resize((224, 224), Image.Resampling.BICUBIC)
    page.paste(large, (80, 120))
    return page


@pytest.fixture
def pictures(bundled: Dataset, tmp_path: Path) -> dict[str, int]:
    """A picture of each digit, PNG and JPEG by turns: names and labels."""
    labels = {}
    for digit in range(10):
        first = int((bundled.test_labels == digit).nonzero()[0])
        path = tmp_path / f"{digit} drawn.{'jpg' if digit % 2 else 'png'}"
        _page(bundled.test_images[first].numpy()).save(path)
        labels[str(path)] = digit
    return labels


def test_training_writes_a_checkpoint_and_reports(tmp_path: Path, capsys: Output) -> None:
    assert _train("softmax", "--epochs", "1", "--output", "mine", "--seed", "5") == 0
    checkpoint = load_checkpoint(tmp_path / "mine.safetensors")
    assert checkpoint.recipe == replace(RECIPES["softmax"], epochs=1)
    assert (checkpoint.seed, checkpoint.dataset) == (5, "bundled digits")
    out, err = capsys.readouterr()
    accuracy = f"{checkpoint.metrics['test_accuracy']:.2%}"
    assert re.search(rf"epoch 1: train loss \d\.\d+, test loss \d\.\d+, .* {accuracy}", out)
    assert "softmax, 7,850 parameters, on cpu" in out
    assert re.search(r"data +bundled digits, 4,000 training images", out)
    assert re.search(r"epochs +1 of 1, seed 5", out)
    assert re.search(r"images a second", out)
    assert re.search(rf"test accuracy +{accuracy} of 1,000 images", out)
    assert re.search(r"saved +mine\.safetensors", out)
    assert "no download was asked for" in err
    assert "\r" not in out + err  # no bar where nobody watches
    assert not (tmp_path / "mine.unfinished").exists()


def test_training_with_the_same_seed_gives_the_same_model(tmp_path: Path) -> None:
    for name in ("first", "second"):
        assert _train("softmax", "--epochs", "1", "--seed", "5", "--output", name) == 0
    first, second = (
        load_checkpoint(tmp_path / f"{name}.safetensors") for name in ("first", "second")
    )
    for weights, same in zip(first.model.parameters(), second.model.parameters(), strict=True):
        assert weights.equal(same)


def test_a_model_goes_to_the_folder_of_models(tmp_path: Path) -> None:
    assert _train("softmax", "--epochs", "1") == 0
    checkpoint = load_checkpoint(tmp_path / "models" / "softmax.safetensors")
    assert checkpoint.seed == RECIPES["softmax"].seed


def test_each_hyperparameter_reaches_the_recipe(tmp_path: Path) -> None:
    settings = {
        "epochs": 2,
        "learning_rate": 0.125,
        "batch_size": 100,
        "momentum": 0.25,
        "weight_decay": 0.0625,
        "schedule": "one_cycle",
        "label_smoothing": 0.125,
        "augmentation": "handwriting",
        "train_images": 400,
        "excluded_digit": 0,
        "label_noise": 0.5,
    }
    options = [
        text
        for name, value in settings.items()
        for text in (f"--{name.replace('_', '-')}", str(value))
    ]
    assert _train("softmax", *options, "--output", "mine") == 0
    assert load_checkpoint(tmp_path / "mine.safetensors").recipe.changes() == settings


LAYERS = "conv 3 5x5 stride 2, norm, relu, dropout 0.2"


def test_a_network_is_told_as_text(tmp_path: Path, capsys: Output) -> None:
    options = ["--layers", LAYERS, "--epochs", "1", "--batch-size", "400"]
    assert _train("mlp", *options, "--optimizer", "adam", "--output", "mine") == 0
    assert f"  layers         {LAYERS}, linear 10\n" in capsys.readouterr().out
    checkpoint = load_checkpoint(tmp_path / "mine.safetensors")
    assert checkpoint.recipe.layers == f"{LAYERS}, linear 10"
    assert (checkpoint.recipe.name, checkpoint.recipe.optimizer) == ("mlp", "adam")
    assert [*dict(checkpoint.model.named_children())][:2] == ["conv", "norm"]


def test_a_network_alone_is_trained_as_simple_cnn(tmp_path: Path, capsys: Output) -> None:
    assert _train("--layers", "linear 10", "--epochs", "1", "--batch-size", "400") == 0
    recipe = load_checkpoint(tmp_path / "models" / "simple_cnn.safetensors").recipe
    assert recipe.changes() == {"layers": "linear 10", "epochs": 1, "batch_size": 400}
    command = ["--layers", "linear 10, relu", "--epochs", "1", "--batch-size", "400"]
    assert _train(*command) == 2  # there is one already
    assert "--force overwrites it" in capsys.readouterr().err


def test_few_images_take_more_epochs_unless_it_is_told_how_many(
    tiny: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.setattr("mnist_demo.cli.data_options.load_dataset", lambda *_, **__: tiny)
    recipe = RECIPES["fast_cnn"]
    assert _train("fast_cnn", "--output", "mine") == 0
    assert "So few images take 10 epochs; --epochs" in capsys.readouterr().out
    used = load_checkpoint(tmp_path / "mine.safetensors").recipe
    assert used == replace(recipe, epochs=10)
    assert _train("fast_cnn", "--epochs", "1", "--output", "mine", "--force") == 0
    assert "So few images" not in capsys.readouterr().out
    assert load_checkpoint(tmp_path / "mine.safetensors").recipe == recipe


def test_another_optimizer_drops_the_momentum_of_the_recipes(tmp_path: Path) -> None:
    options = ["--optimizer", "adamw", "--epochs", "1", "--batch-size", "4000"]
    assert _train("mlp", *options, "--output", "mine") == 0
    recipe = load_checkpoint(tmp_path / "mine.safetensors").recipe
    assert (recipe.optimizer, recipe.momentum) == ("adamw", 0)


@contextmanager
def _stopped(number: int, step: int = 10) -> Iterator[None]:
    """After that step of the second epoch this process gets that signal."""
    run = Trainer.run

    def stop(self: Trainer, epochs: int | None = None) -> Iterator[Event]:
        for event in run(self, epochs):
            if isinstance(event, StepEvent) and (event.epoch, event.step) == (2, step):
                signal.raise_signal(number)
            yield event

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Trainer, "run", stop)
        yield


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_training_keeps_what_was_learnt(
    number: int, status: int, tmp_path: Path, capsys: Output
) -> None:
    with _stopped(number):
        assert _train("softmax", "--output", "mine") == status
    assert load_checkpoint(tmp_path / "mine.safetensors").metrics["epochs"] == 1
    out = capsys.readouterr().out
    assert "Stopped." in out
    assert re.search(r"epochs +1 of 10", out)
    assert "the same command with --resume goes on" in out


def test_the_speed_is_that_of_all_steps(tmp_path: Path, capsys: Output) -> None:
    with _stopped(signal.SIGINT, step=25):
        assert _train("softmax", "--epochs", "3", "--output", "mine") == 130
    out = capsys.readouterr().out
    seconds = float(re.findall(r"time +([\d.]+) s", out)[0])
    speed = float(re.findall(r"([\d,]+) images a second", out)[0].replace(",", ""))
    steps = len(bundled_digits().train_labels) // RECIPES["softmax"].batch_size
    images = (steps + 25) * RECIPES["softmax"].batch_size
    assert images / (seconds + 0.06) <= speed <= images / max(seconds - 0.06, 0.01)


def test_what_ended_while_it_was_measured_is_measured_again_and_not_trained(
    tmp_path: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ("softmax", "--epochs", "2", "--output", "mine")
    with monkeypatch.context() as patch:
        patch.setattr(train, "measure_confidence", Mock(side_effect=SystemError))
        with pytest.raises(SystemError):
            _train(*arguments)
    assert _train(*arguments, "--resume") == 0
    assert re.search(r"epochs +2 of 2", capsys.readouterr().out)
    assert load_checkpoint(tmp_path / "mine.safetensors").metrics["epochs"] == 2


def test_a_stopped_training_goes_on_as_if_it_had_not_been(tmp_path: Path, capsys: Output) -> None:
    arguments = ("softmax", "--epochs", "3", "--output")
    assert _train(*arguments, "whole") == 0
    with _stopped(signal.SIGINT):
        assert _train(*arguments, "mine") == 130
    assert _train(*arguments, "mine", "--resume") == 0
    whole, mine = (load_checkpoint(f"{name}.safetensors") for name in ("whole", "mine"))
    for key in ("train_loss_by_epoch", "test_accuracy_by_epoch", "test_loss", "epochs"):
        assert mine.metrics[key] == whole.metrics[key]
    for one, other in zip(whole.model.parameters(), mine.model.parameters(), strict=True):
        assert one.equal(other)
    capsys.readouterr()
    assert _train(*arguments, "mine", "--resume") == 2
    assert "there is no mine.unfinished to go on with" in capsys.readouterr().err


def test_only_the_same_training_goes_on(tmp_path: Path, capsys: Output) -> None:
    arguments = ("softmax", "--output", "mine")
    with _stopped(signal.SIGINT):
        assert _train(*arguments) == 130
    for other, told in (
        (("--seed", "7"), "of softmax, seed 0, bundled digits, not of softmax, seed 7, bundled"),
        (("--epochs", "3"), "not of softmax, epochs 3, seed 0"),
    ):
        capsys.readouterr()
        assert _train(*arguments, "--resume", *other) == 2
        assert told in capsys.readouterr().err
    (tmp_path / "mine.unfinished").write_bytes(b"no more")
    assert _train(*arguments, "--resume") == 2
    assert "mine.unfinished is damaged" in capsys.readouterr().err


def test_a_second_stop_ends_the_last_tests_and_keeps_the_model(
    tmp_path: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    def measure(*_: Any, **__: Any) -> dict[str, float]:
        signal.raise_signal(signal.SIGINT)
        raise AssertionError

    monkeypatch.setattr("mnist_demo.cli.train.measure_confidence", measure)
    with _stopped(signal.SIGINT):
        assert _train("softmax", "--output", "mine") == 130
    assert load_checkpoint(tmp_path / "mine.safetensors").metrics["epochs"] == 1
    assert "test accuracy  " not in capsys.readouterr().out


def test_nothing_is_overwritten_unless_that_is_asked_for(tmp_path: Path, capsys: Output) -> None:
    arguments = ("softmax", "--epochs", "1", "--output", "mine")
    assert _train(*arguments) == 0
    before = (tmp_path / "mine.safetensors").read_bytes()
    assert _train(*arguments, "--seed", "5") == 2
    assert "mine.safetensors is there already; --force overwrites" in capsys.readouterr().err
    assert (tmp_path / "mine.safetensors").read_bytes() == before
    assert _train(*arguments, "--seed", "5", "--force") == 0
    assert load_checkpoint("mine.safetensors").seed == 5


@pytest.mark.parametrize("output", ["", ".", "./", "/", "..", "new/", "there"])
def test_an_output_that_is_no_file_is_told_before_the_training(
    output: str, tmp_path: Path, capsys: Output
) -> None:
    (tmp_path / "there").mkdir()
    assert _train("softmax", "--output", output) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert f"--output {output!r} is a folder; name a file in it, such as " in line
    assert line.endswith("softmax.safetensors")


def test_where_nobody_reads_on_what_was_learnt_is_kept(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    with subprocess.Popen(
        [*PROGRAM, "train", "softmax", "--no-download", "--output", str(tmp_path / "mine")],
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"MNIST_DEMO_DATA": str(tmp_path)},
    ) as process:
        os.close(writing)
        os.close(reading)
        _, err = process.communicate(timeout=120)
    assert process.returncode == 141
    assert "Traceback" not in err
    assert "Exception" not in err
    assert load_checkpoint(tmp_path / "mine.safetensors").metrics["epochs"] == 1


def test_a_training_that_diverges_says_so_and_keeps_finite_weights(
    tmp_path: Path, capsys: Output
) -> None:
    options = ["--optimizer", "sgd", "--learning-rate", "100", "--batch-size", "32"]
    assert _train("deep_cnn", *options, "--output", "mine") == 1
    assert re.search(r"step \d+: the loss is (nan|inf).*below 100", capsys.readouterr().out)
    model = load_checkpoint(tmp_path / "mine.safetensors").model
    assert all(weights.isfinite().all() for weights in model.parameters())


class TestCalibration:
    """Training by a recipe that holds out images."""

    @pytest.fixture(autouse=True)
    def small(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(calibration, "DRAWINGS", 100)
        for name in ("softmax", "deep_cnn"):
            calibration_split = replace(
                RECIPES[name], calibration_split=100, epochs=1, learning_rate=0.1
            )
            monkeypatch.setitem(RECIPES, name, replace(calibration_split, optimizer="sgd"))

    def test_temperature_and_threshold_are_kept_with_the_model(self, tmp_path: Path) -> None:
        assert _train("softmax", "--epochs", "2", "--output", "mine") == 0
        checkpoint = load_checkpoint(tmp_path / "mine.safetensors")
        assert 0.05 <= checkpoint.metrics["temperature"] <= 20
        assert checkpoint.threshold == checkpoint.metrics["threshold"]
        drawn, _ = draw_digits(100, calibration.DRAWING_SEED)
        calibration_split = bundled_digits().train_images[-100:].numpy()
        images = np.concatenate([calibration_split, drawn]) / np.float32(255)
        confidence = predict_probabilities(checkpoint.model, images).max(axis=1)
        assert (confidence >= checkpoint.threshold).mean() == pytest.approx(0.99, abs=0.01)

    def test_what_is_told_and_kept_is_that_of_the_calibrated_model(
        self, tmp_path: Path, bundled: Dataset, capsys: Output
    ) -> None:
        assert _train("softmax", "--output", "mine") == 0
        checkpoint = load_checkpoint(tmp_path / "mine.safetensors")
        result = evaluate(checkpoint.model, bundled.test_images, bundled.test_labels)
        assert checkpoint.metrics["test_accuracy"] == result.accuracy
        assert checkpoint.metrics["test_loss"] == pytest.approx(result.loss)
        assert len(checkpoint.metrics["train_loss_by_epoch"]) == 1
        assert re.search(rf"test accuracy +{result.accuracy:.2%}", capsys.readouterr().out)

    def test_a_training_that_is_stopped_is_calibrated_all_the_same(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def stop(self: Trainer, epochs: int | None = None) -> Iterator[Event]:
            raise KeyboardInterrupt

        monkeypatch.setattr(Trainer, "run", stop)
        assert _train("softmax", "--output", "mine") == 130
        metrics = load_checkpoint(tmp_path / "mine.safetensors").metrics
        assert metrics["epochs"] == 0
        assert {"temperature", "threshold"} <= metrics.keys()

    def test_what_diverged_is_not_calibrated(self, tmp_path: Path) -> None:
        options = ["--learning-rate", "100", "--batch-size", "32"]
        assert _train("deep_cnn", *options, "--output", "mine") == 1
        checkpoint = load_checkpoint(tmp_path / "mine.safetensors")
        assert checkpoint.threshold is None
        assert "temperature" not in checkpoint.metrics


def test_without_held_out_images_nothing_is_calibrated(tmp_path: Path) -> None:
    assert _train("softmax", "--epochs", "1", "--output", "mine") == 0
    checkpoint = load_checkpoint(tmp_path / "mine.safetensors")
    assert checkpoint.threshold is None
    assert not {"temperature", "threshold"} & checkpoint.metrics.keys()


def test_predict_prints_digit_probability_and_name(
    pictures: dict[str, int], capsys: Output
) -> None:
    assert _run("predict", *pictures) == 0
    model = load_checkpoint(DEFAULT_MODEL).model
    right = 0
    for line, (name, label) in zip(
        capsys.readouterr().out.splitlines(), pictures.items(), strict=True
    ):
        probabilities = predict_probabilities(model, picture_to_digit(Image.open(name)))[0]
        answer, probability, printed_name = line.split(maxsplit=2)
        assert int(answer) == probabilities.argmax()
        assert probability == f"{probabilities.max():.1%}"
        assert printed_name == name
        right += int(answer) == label
    assert right >= 8


def test_predict_says_where_it_is_not_sure(
    pictures: dict[str, int], tmp_path: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = next(iter(pictures))
    path = save_checkpoint(
        tmp_path / "mine",
        load_checkpoint("softmax").model,
        recipe=RECIPES["softmax"],
        seed=0,
        dataset="MNIST",
        metrics={"threshold": 0.99999999},
    )
    for options in ((), ("--number",)):
        assert _run("predict", name, "--model", str(path), *options) == 0
        assert capsys.readouterr().out.endswith(f"{name}  (not sure)\n")
    monkeypatch.setattr("mnist_demo.models.checkpoints.NON_DIGIT", 1.1)
    assert _run("predict", name) == 0
    assert capsys.readouterr().out.endswith(f"{name}  (this does not look like a digit)\n")


def test_predict_reads_the_standard_input(
    pictures: dict[str, int], capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, label = next(iter(pictures.items()))
    for content, status, told in (
        (Path(name).read_bytes(), 0, f"{label}  "),
        (b"no picture", 2, ""),
        (b"", 2, ""),
    ):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        assert _run("predict", "-") == status
        out, err = capsys.readouterr()
        assert out.startswith(told)
        assert ("- is not a picture that can be read" in err) == bool(status)


def test_the_version_is_told(capsys: Output) -> None:
    assert _run("--version") == 0
    assert capsys.readouterr().out == f"mnist-demo {__version__}\n"


def test_predict_reads_a_number(capsys: Output) -> None:
    picture = Image.new("L", (300, 200), 255)
    pen = ImageDraw.Draw(picture)
    for x in (60, 130, 200):
        pen.line((x, 30, x, 170), 0, 14)
    picture.save("number.png")
    assert _run("predict", "--number", "number.png") == 0
    text, probability, name = capsys.readouterr().out.split()
    assert (text, name) == ("111", "number.png")
    assert 0 < float(probability.rstrip("%")) <= 100


def test_predict_uses_the_model_it_is_told(
    pictures: dict[str, int], tmp_path: Path, capsys: Output
) -> None:
    name = next(iter(pictures))
    digit = picture_to_digit(Image.open(name))
    assert _train("softmax", "--epochs", "1", "--output", "mine") == 0
    for model in ("softmax", str(tmp_path / "mine.safetensors")):
        capsys.readouterr()
        assert _run("predict", name, "--model", model) == 0
        expected = predict_probabilities(load_checkpoint(model).model, digit).max()
        assert f"{expected:.1%}" in capsys.readouterr().out


def test_evaluate_prints_each_shipped_model(bundled: Dataset, capsys: Output) -> None:
    assert _run("evaluate", "--no-download", "--device", "cpu") == 0
    heading, columns, *lines, seen = capsys.readouterr().out.splitlines()
    assert heading.startswith("bundled digits, 1,000 test images")
    assert columns.split() == ["model", "accuracy", "loss", "parameters", *map(str, range(10))]
    assert [line.split()[0] for line in lines] == shipped_checkpoints()
    assert seen.startswith("Seen in training")
    assert seen.endswith(", ".join(shipped_checkpoints()))
    for line in lines:
        name, accuracy, loss, _, *shares = line.split()
        result = evaluate(load_checkpoint(name).model, bundled.test_images, bundled.test_labels)
        assert accuracy == f"{result.accuracy:.2%}"
        assert loss == f"{result.loss:.5f}"
        assert shares == [f"{share:.1%}" for share in result.digit_accuracy]


def test_evaluate_prints_the_models_that_are_named(tmp_path: Path, capsys: Output) -> None:
    assert _train("softmax", "--epochs", "1", "--output", "mine") == 0
    capsys.readouterr()
    assert _run("evaluate", "mlp", "mine.safetensors", "--no-download") == 0
    _, _, *lines, seen = capsys.readouterr().out.splitlines()
    assert seen.endswith(": mlp")  # own models have not seen them
    assert [(line.split()[0], line.split()[3]) for line in lines] == [
        ("mlp", "535,818"),
        ("mine", "7,850"),
    ]


def test_evaluate_reads_mnist(
    mnist: Dataset, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.setattr("mnist_demo.cli.data_options.load_dataset", lambda *_, **__: mnist)
    assert _run("evaluate", "softmax", "--device", "cpu") == 0
    out, err = capsys.readouterr()
    assert "MNIST, 10,000 test images" in out
    assert f"{load_checkpoint('softmax').metrics['test_accuracy']:.2%}" in out
    assert err == ""


BAD_ARGUMENTS: dict[str, tuple[list[str], str]] = {
    "no command": ([], "train|evaluate|predict|serve"),
    "unknown command": (["paint"], "'paint'"),
    "unknown option": (["train", "softmax", "--colour", "red"], "--colour"),
    "no recipe": (["train"], "RECIPE"),
    "unknown recipe": (["train", "nonsense"], "softmax, mlp, simple_cnn, deep_cnn"),
    "no such layer": (["train", "--layers", "relu, convv 3"], "layer 2, 'convv 3': there is no"),
    "layers of nothing": (["train", "mlp", "--layers", ""], "needs its network"),
    "too large a layer": (["train", "mlp", "--layers", "conv 99999999"], "from 1 to 2,000"),
    "no epochs": (["train", "softmax", "--epochs", "0"], "epochs must be"),
    "negative epochs": (["train", "softmax", "--epochs", "-1"], "epochs must be"),
    "half an epoch": (["train", "softmax", "--epochs", "0.5"], "'0.5'"),
    "endless epochs": (["train", "softmax", "--epochs", "1" + "0" * 400], "epochs must be"),
    "learning rate NaN": (["train", "softmax", "--learning-rate", "nan"], "learning_rate must be"),
    "learning rate inf": (["train", "softmax", "--learning-rate", "inf"], "learning_rate must be"),
    "learning rate in words": (["train", "softmax", "--learning-rate", "fast"], "'fast'"),
    "empty batch": (["train", "softmax", "--batch-size", "0"], "batch_size must be"),
    "momentum 1": (["train", "softmax", "--momentum", "1"], "momentum must be"),
    "momentum for Adam": (["train", "simple_cnn", "--momentum", "0.5"], "momentum 0.5 is for sgd"),
    "weight decay -1": (["train", "softmax", "--weight-decay", "-1"], "weight_decay must be"),
    "unknown optimizer": (["train", "softmax", "--optimizer", "magic"], "sgd, adam, adamw"),
    "seed -1": (["train", "softmax", "--seed", "-1"], "seed must be"),
    "unknown device": (["train", "softmax", "--device", "nonsense"], "auto"),
    "nobody's home": (["train", "softmax", "--output", "~no-one-of-this-name/x"], "no such home"),
    "evaluate, unknown name": (["evaluate", "nonsense"], "one of softmax, mlp"),
    "evaluate, unknown device": (["evaluate", "--device", "nonsense"], "auto"),
    "evaluate, another file": (["evaluate", "text.png"], "is not a checkpoint"),
    "predict nothing": (["predict"], "PICTURE"),
    "predict, no such file": (["predict", "missing.png"], "there is no file missing.png"),
    "predict, no picture": (["predict", "text.png"], "text.png is not a picture"),
    "predict, empty file": (["predict", "empty.png"], "empty.png is not a picture"),
    "predict, a folder": (["predict", "."], ".: Is a directory"),
    "predict, blank": (["predict", "blank.png"], "blank.png: no digit was found"),
    "predict, half a PNG": (["predict", "half.png"], "half.png"),
    "predict, half a JPEG": (["predict", "half.jpg"], "half.jpg"),
    "predict, one pixel": (["predict", "pixel.png"], "pixel.png: the picture has only 1 x 1"),
    "predict, unknown model": (["predict", "digit.png", "--model", "nonsense"], "'nonsense'"),
    "serve, a port in words": (["serve", "--port", "high"], "--port: 'high' is not a port"),
    "serve, unknown option": (["serve", "--colour", "red"], "--colour"),
    "predict, another file": (["predict", "digit.png", "--model", "text.png"], "not a checkpoint"),
}


@pytest.fixture
def bad_files(tmp_path: Path) -> None:
    (tmp_path / "text.png").write_text("not a picture, not a checkpoint")
    (tmp_path / "empty.png").touch()
    Image.new("L", (300, 300), 255).save(tmp_path / "blank.png")
    Image.new("L", (1, 1)).save(tmp_path / "pixel.png")
    digit = Image.effect_noise((300, 300), 10)
    ImageDraw.Draw(digit).line([(150, 50), (150, 250)], fill=0, width=30)
    digit.save(tmp_path / "digit.png")
    for name in ("half.png", "half.jpg"):
        digit.save(tmp_path / name)
        content = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(content[: len(content) // 2])


@pytest.mark.usefixtures("bad_files")
def test_what_is_wrong_is_told_in_one_line(capsys: Output, subtests: pytest.Subtests) -> None:
    for kind in BAD_ARGUMENTS:
        with subtests.test(kind=kind):
            arguments, expected = BAD_ARGUMENTS[kind]
            assert _run(*arguments) == 2
            out, err = capsys.readouterr()
            assert out == ""
            assert expected in err
            assert len(err.splitlines()) == 1
            assert err.startswith("python -m mnist_demo")


def test_a_batch_larger_than_the_data_is_told_at_last(capsys: Output) -> None:
    assert _train("softmax", "--batch-size", "5000") == 2
    notice, error = capsys.readouterr().err.splitlines()
    assert "5,000 of its 70,000 digits are used" in notice
    assert "batch_size 5,000 is more than the 4,000 training images" in error


def test_a_damaged_data_file_is_told_in_one_line(
    tmp_path: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    (raw / "labels").write_bytes(b"damaged")
    good = data._RawFile("labels", 7, 0, hashlib.md5(b"other", usedforsecurity=False).hexdigest())
    monkeypatch.setattr(data, "_RAW_FILES", (good,))
    assert _run("evaluate", "softmax", "--data", str(tmp_path)) == 2
    (error,) = capsys.readouterr().err.splitlines()
    assert str(raw / "labels") in error
    assert "delete it" in error


@pytest.mark.parametrize("command", ["train", "evaluate"])
def test_a_folder_that_was_named_must_hold_mnist(
    command: str, tmp_path: Path, capsys: Output
) -> None:
    folder = str(tmp_path / "nowhere")
    assert _run(command, "softmax", "--data", folder, "--no-download") == 2
    (error,) = capsys.readouterr().err.splitlines()
    assert f"MNIST is not in {folder}" in error
    assert "without --data, bundled digits serve" in error


def test_pictures_before_a_bad_one_are_read(pictures: dict[str, int], capsys: Output) -> None:
    good = next(iter(pictures))
    assert _run("predict", good, "missing.png") == 2
    out, err = capsys.readouterr()
    assert good in out
    assert len(out.splitlines()) == len(err.splitlines()) == 1


def test_pictures_after_a_bad_one_are_read_too(
    pictures: dict[str, int], tmp_path: Path, capsys: Output
) -> None:
    first, last = list(pictures)[:2]
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / "photo.jpg").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")
    (tmp_path / "scan.png").write_bytes(b"%PDF-1.7\n")
    bad = [str(tmp_path / name) for name in ("notes.txt", "photo.jpg", "scan.png")]
    assert _run("predict", first, *bad, str(tmp_path), last) == 2
    out, err = capsys.readouterr()
    assert [line.split(maxsplit=2)[2] for line in out.splitlines()] == [first, last]
    assert len(err.splitlines()) == 4
    assert "notes.txt is not a picture that can be read" in err
    assert "photo.jpg is HEIC" in err
    assert "scan.png is PDF" in err


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_a_file_may_have_any_name(
    encoding: str, pictures: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    streams = [io.TextIOWrapper(io.BytesIO(), encoding, "strict") for _ in range(2)]
    monkeypatch.setattr(sys, "stdout", streams[0])
    monkeypatch.setattr(sys, "stderr", streams[1])
    content = Path(next(iter(pictures))).read_bytes()
    names = [os.fsdecode(name) for name in (b"latin-\xe9.png", "숫자.png".encode())]
    names += ["two\nlines.png", "\x1b[31mred.png"]
    for name in names:
        (tmp_path / name).write_bytes(content)
    gone = ["\udcff", "gone\nfor ever\x1b[2K"]
    assert _run("predict", *(str(tmp_path / name) for name in [*names, *gone])) == 2
    for stream, lines in zip(streams, (len(names), len(gone)), strict=True):
        stream.flush()
        told = stream.buffer.getvalue()
        assert len(told.splitlines()) == lines
        assert b"\x1b" not in told


def test_an_output_that_cannot_be_written_is_told_before_the_training(
    tmp_path: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a file").touch()
    steps: list[Any] = []
    step: Callable[..., Any] = Trainer._step

    def count(self: Trainer, *arguments: Any) -> Any:
        steps.append(arguments)
        return step(self, *arguments)

    monkeypatch.setattr(Trainer, "_step", count)
    assert _train("softmax", "--epochs", "1", "--output", str(tmp_path / "a file" / "mine")) == 2
    assert "a file" in capsys.readouterr().err
    assert not steps


@pytest.mark.parametrize("command", [[], ["train"], ["evaluate"], ["predict"], ["serve"]])
def test_help_is_given(command: list[str], capsys: Output) -> None:
    assert _run(*command, "--help") == 0
    out, err = capsys.readouterr()
    assert "usage: python -m mnist_demo" in out
    assert err == ""


@pytest.mark.parametrize("wrong", [["predict", "missing.png"], ["evaluate", "nothing"]])
def test_a_mistake_is_told_by_the_name_that_was_called(wrong: list[str], capsys: Output) -> None:
    assert main(wrong, "mnist-demo") == 2
    assert capsys.readouterr().err.startswith("mnist-demo: ")


def _in_a_process(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mnist_demo", *arguments],
        cwd=Path(data.__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_a_huge_picture_ends_the_process_with_one_line(tmp_path: Path) -> None:
    Image.new("1", (10_000, 10_000)).save(tmp_path / "huge.png")
    done = _in_a_process("predict", str(tmp_path / "huge.png"))
    assert done.returncode == 2
    assert done.stdout == ""
    assert "64 megapixels" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_process_reads_a_picture(pictures: dict[str, int]) -> None:
    done = _in_a_process("predict", *list(pictures)[:2])
    assert done.returncode == 0
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 2
