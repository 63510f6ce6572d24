"""Data flows one way, top to bottom; only the page knows gradio."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import mnist_demo

PACKAGE = Path(mnist_demo.__file__).parent
HOUSE = [
    "devices",
    "files",
    "mnist_format",
    "strokes",
    "drawings",
    "pictures",
    "data",
    "templates",
    "handwriting",
    "nothings",
    "augmentation",
    "architectures",
    "evaluation",
    "events",
    "recipes",
    "training_images",
    "optimization",
    "training",
    "messages",
    "team",
    "worker",
    "workers",
    "remote_training",
    "script_sections",
    "script_header",
    "script_training",
    "take_home",
    "checkpoints",
    "inference",
    "insight",
    "readings",
    "perturbations",
    "calibration",
    "saving",
    "__main__",
]
MODULES = sorted(path.stem for path in PACKAGE.glob("*.py") if path.stem != "__init__")


def _imports(path: Path) -> set[str]:
    """All that a file imports, wherever in it, as dotted names down to what is taken from them."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports by a relative name"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _floors(path: Path) -> set[str]:
    """The files of the package that a file imports; "" where it imports the package as a whole."""
    names = [name.split(".") for name in _imports(path)]
    inside = [parts[1:] for parts in names if parts[0] == "mnist_demo"]
    known = {*HOUSE, "ui"}
    return {parts[0] if parts and parts[0] in known else "" for parts in inside}


def test_every_file_has_its_floor() -> None:
    assert set(MODULES) == set(HOUSE)


@pytest.mark.parametrize("module", HOUSE)
def test_a_file_imports_only_from_files_above_it(module: str) -> None:
    above = HOUSE[: HOUSE.index(module)]
    assert _floors(PACKAGE / f"{module}.py") <= set(above)


@pytest.mark.parametrize("module", [*MODULES, "__init__"])
def test_no_file_outside_the_page_imports_gradio_or_the_page(module: str) -> None:
    path = PACKAGE / f"{module}.py"
    assert "ui" not in _floors(path)
    assert not {name.split(".")[0] for name in _imports(path)} & {"gradio", "gradio_client"}


# What messages.py unpickles comes through a pipe from a process that was started for it.
@pytest.mark.parametrize("module", [*(set(MODULES) - {"messages"}), "__init__"])
def test_no_file_reads_pickles(module: str) -> None:
    imported = _imports(PACKAGE / f"{module}.py")
    assert not {name.split(".")[0] for name in imported} & {"pickle", "joblib", "dill"}
    assert "torch.load(" not in (PACKAGE / f"{module}.py").read_text(encoding="utf-8")


def test_the_page_is_not_imported_from_the_command_line() -> None:
    for path in (PACKAGE / "ui").rglob("*.py"):
        assert "__main__" not in _floors(path), path.name


def test_all_public_names_are_there() -> None:
    for name in mnist_demo.__all__:
        assert hasattr(mnist_demo, name)
    promised = {
        *("load_dataset", "Dataset", "RECIPES", "Trainer", "evaluate", "Evaluation"),
        *("save_checkpoint", "load_checkpoint", "Checkpoint", "StepEvent", "EpochEvent"),
        *("strokes_to_digit", "picture_to_digit", "predict_probabilities"),
    }
    assert promised <= set(mnist_demo.__all__)


def test_importing_the_package_is_silent_and_leaves_slow_packages_out() -> None:
    program = "import json, sys, mnist_demo; sys.stderr.write(json.dumps(list(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=PACKAGE.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == ""
    imported = json.loads(done.stderr)
    assert "mnist_demo.training" in imported
    assert not {"gradio", "torchvision", "sklearn", "matplotlib"} & set(imported)
