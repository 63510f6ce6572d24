"""The package alone does without Gradio; only the page asks for it."""

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

ROOT = Path(__file__).parents[1]
BLOCKED = """
import sys

PAGE = ("gradio", "gradio_client", "starlette", "orjson")

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in PAGE:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Missing())
from mnist_demo.__main__ import main
status = main(sys.argv[1:], "mnist-demo")
assert not [name for name in sys.modules if name.split(".")[0] in PAGE]
sys.exit(status)
"""


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", BLOCKED, *arguments],
        env={"PYTHONPATH": str(ROOT), "HOME": str(folder), "PATH": "", "MNIST_DEMO_DATA": "none"},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_it_trains_and_reads(tmp_path: Path) -> None:
    picture = Image.new("L", (200, 200), 255)
    ImageDraw.Draw(picture).line([(100, 40), (100, 160)], fill=0, width=16)
    picture.save(tmp_path / "one.png")
    options = ("--epochs", "1", "--no-download", "--output", "mine")
    trained = _run(tmp_path, "train", "softmax", *options)
    assert trained.returncode == 0, trained.stderr
    read = _run(tmp_path, "predict", "one.png", "--model", "fast_cnn")
    assert (read.returncode, read.stderr) == (0, "")
    assert read.stdout.startswith("1 ")


@pytest.mark.slow
def test_help_needs_no_gradio(tmp_path: Path) -> None:
    done = _run(tmp_path, "serve", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: mnist-demo serve")


@pytest.mark.slow
def test_who_asks_for_the_page_is_told_what_to_install(tmp_path: Path) -> None:
    done = _run(tmp_path, "serve")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("mnist-demo serve: the page needs gradio, which is not installed")
    assert "mnist-demo[ui]: pip install '.[ui]'" in line
