"""Each example runs as its first lines say, from an empty folder, without MNIST and a network."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client, handle_file  # type: ignore[import-untyped]
from PIL import Image, ImageDraw

from mnist_demo import load_checkpoint
from tests.serving import free_port

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted(path.stem for path in (ROOT / "examples").glob("*.py"))
OPENED = re.compile(r"http://127\.0\.0\.1:\d+")


def _environment(folder: Path) -> dict[str, str]:
    ours = {"PYTHONPATH": str(ROOT), "MNIST_DEMO_DATA": str(folder / "no_data")}
    return os.environ | ours | {"GRADIO_ANALYTICS_ENABLED": "False"}


def _run(name: str, folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", f"examples.{name}", *arguments],
        cwd=folder,
        env=_environment(folder),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@contextmanager
def _served(folder: Path, *command: str) -> Iterator[str]:
    """A page that is served while this lasts: its address."""
    with subprocess.Popen(
        [sys.executable, "-u", *command],
        cwd=folder,
        env=_environment(folder)
        | {"GRADIO_SERVER_PORT": str(free_port()), "GRADIO_NUM_PORTS": "1"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        try:
            yield next(found[0] for line in process.stdout if (found := OPENED.search(line)))
        finally:
            process.terminate()


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_says_how_it_is_run_and_is_short(name: str) -> None:
    text = (ROOT / "examples" / f"{name}.py").read_text(encoding="utf-8")
    assert re.match(rf'"""[A-Z][^\n]+\.\n\n(    .*\n)*    python -m examples\.{name}\b', text)
    assert len(text.splitlines()) < 80


def test_every_example_is_run_here() -> None:
    tests = {name.removeprefix("test_") for name in globals() if name.startswith("test_")}
    assert set(EXAMPLES) <= tests


@pytest.mark.slow
def test_train(tmp_path: Path) -> None:
    told = _run("train", tmp_path)
    assert re.search(r"epoch 2: test accuracy \d+\.\d+%", told)
    checkpoint = load_checkpoint(tmp_path / "models" / "example.safetensors")
    assert checkpoint.recipe.name == "fast_cnn"


@pytest.mark.slow
def test_custom_recipe(tmp_path: Path) -> None:
    told = _run("custom_recipe", tmp_path)
    labels, answers = (re.findall(r"\d", line) for line in told.splitlines()[-2:])
    assert len(labels) == len(answers) == 10
    assert sum(map(str.__eq__, labels, answers)) >= 6


@pytest.mark.slow
def test_predict_strokes(tmp_path: Path) -> None:
    lines = _run("predict_strokes", tmp_path).splitlines()
    assert "####" in "".join(lines[:14]).replace("*", "#")
    assert {line.split()[1] for line in lines[14:]} == {"4"}


@pytest.mark.slow
def test_minimal_app(tmp_path: Path) -> None:
    seven = Image.new("RGBA", (280, 280))
    ImageDraw.Draw(seven).line([(70, 60), (205, 60), (125, 235)], fill="black", width=16)
    seven.save(tmp_path / "seven.png")
    blank: dict[str, Any] = {"background": None, "layers": [], "composite": None}
    with _served(tmp_path, "-m", "examples.minimal_app") as url:
        client = Client(url, verbose=False)
        drawn = blank | {"composite": handle_file(tmp_path / "seven.png")}
        answer = client.predict(drawn, api_name="/read")
        assert answer["label"] == "7"
        assert len(answer["confidences"]) == 10
        assert not client.predict(blank, api_name="/read")


@pytest.mark.slow  # the page starts in many other tests
@pytest.mark.slow
def test_api_client(tmp_path: Path) -> None:
    with _served(tmp_path, str(ROOT / "app.py")) as url:
        told = _run("api_client", tmp_path, url)
    assert told.startswith("It reads a 4, with ")
    assert re.search(r"epoch 2: test accuracy \d+\.\d+%\n$", told)
