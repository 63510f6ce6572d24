"""The house: who may import from whom, which names there are, and who knows gradio."""

import ast
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import mnist_demo

PACKAGE = Path(mnist_demo.__file__).parent
# Everything imports only from what stands above it: the packages by their order here, and within
# one the files, or the folders, by theirs.
HOUSE = {
    "": ["prerequisites", "arguments", "bounds", "files", "paths"],
    "digits": [
        *("mnist_format", "strokes", "stroke_files", "picture_files", "ink_maps", "surroundings"),
        *("picture_candidates", "pictures", "segmentation", "perturbations"),
    ],
    "data": [
        *("dataset", "bundled_digits", "mnist", "augmentation"),
        *("uci_digits", "stroke_templates", "digit_parts", "synthetic_digits"),
        *("non_digit_templates", "non_digits"),
    ],
    "networks": ["modules", "layers", "notation", "naming", "building", "introspection"],
    "training": [
        *("devices", "seeded_random", "evaluation", "layer_activity", "events", "recipes"),
        *("training_set", "setting_changes", "snapshots", "training", "optimization"),
        "periodic_tests",
        *("trainer", "epoch_time"),
        *("processes.version", "processes.messages", "processes.thread_tuner", "processes.worker"),
        *("processes.worker_process", "processes.pool", "processes.remote_trainer"),
    ],
    "models": [
        *("checkpoints", "inference", "numbers", "saliency", "activations", "neighbours"),
        *("embedding", "maps", "precomputed", "calibration", "saving", "adversarial"),
        *("ablation", "convolution_sums", "attack_curves"),
    ],
    "export": ["facts", "source", "header", "network", "sections", "training_loop", "script"],
    ".ui": ["gradio_internals"],
    "ui.i18n": [
        *("english", "korean", "preferred_language", "translate", "numerals", "labels"),
        "durations",
    ],
    "ui": ["errors", "validation", "wiring", "link_parameters"],
    "ui.compute": [
        *("torch_thread", "batching", "pacing", "resources", "streaming", "model_store"),
        *("test_set", "queue", "budget"),
    ],
    "ui.components": [
        *("custom_html", "png", "sections", "panel", "notice", "sketchpad", "tiles"),
        *("confusion_matrix", "plot", "heading", "connection", "share_link"),
    ],
    "ui.draw": [
        *("drawing_link", "examples", "prediction_card", "predict", "preprocessing"),
        "model_comparison",
        *("explanation.look", "explanation.sheets", "explanation.sums", "explanation"),
        *("robustness", "fool_it", "replay", "label_bar", "my_handwriting"),
        *("handlers", "tab"),
    ],
    "ui.train": [
        *("curves", "training_log", "errors", "network_builder", "recipe_form", "form_marks"),
        *("links", "run_store", "progress", "lessons", "lesson_editor", "lesson", "address"),
        "charts",
        *(
            "runs_table",
            "run_actions",
            "watched_digits",
            "live_view",
            "report",
            "league",
            "session",
            "session_status",
            "new_run",
            "played_run",
            "playback.drawing_curve",
            "playback",
            "save_moment",
            "buttons",
            "handlers",
        ),
        *("controller", "set_up_trainer", "stand_again", "finishing", "tab"),
    ],
    "ui.gallery": [
        *("look_in_gallery", "selection", "view_state", "view_link", "summary", "agreement"),
        "detail",
        *("attack_reader", "attack_curves"),
        *(
            "view_outputs",
            "neighbours",
            "saliency_cache",
            "reasons",
            "map",
            "map_maker",
            "handlers",
        ),
        *("map_handlers", "tab"),
    ],
    "ui.serving": [
        *("settings", "logs", "samples", "request_filter", "predict_route", "presence"),
        "early_scripts",
        *(
            "response_cache",
            "checked_blocks",
            "training_stream",
            "api",
            "revision",
            "status",
            "shutdown",
        ),
        *("addresses", "health", "launch", "server"),
    ],
    "ui.": ["taking_over", "page"],
    "cli": ["data_options", "train", "evaluate", "predict", "serve"],
}
ORDER = [f"{room.strip('.')}.{file}".strip(".") for room, files in HOUSE.items() for file in files]


def _name(path: Path) -> str:
    """A file's dotted name below the package; of a component that of its folder."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


FILES = {_name(path): path for path in PACKAGE.rglob("*.py")}
# A package's own __init__.py says what it holds, and no more.
MODULES = {name: path for name, path in FILES.items() if len(ast.parse(path.read_bytes()).body) > 1}


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


def _from_the_house(path: Path) -> set[str]:
    """The files of the package that a file imports; "" where it imports the package as a whole."""
    inside = [name.split(".")[1:] for name in _imports(path) if name.split(".")[0] == "mnist_demo"]
    return {
        next((".".join(parts[:at]) for at in (4, 3, 2, 1) if ".".join(parts[:at]) in ORDER), "")
        for parts in inside
    }


def test_every_file_has_its_place() -> None:
    assert sorted(MODULES.keys() - {"", "__main__"}) == sorted(ORDER)


@pytest.mark.parametrize("room", HOUSE)
def test_a_file_imports_only_from_files_above_it(room: str) -> None:
    for file in HOUSE[room]:
        name = f"{room.strip('.')}.{file}".strip(".")
        above = set(ORDER[: ORDER.index(name)])
        assert _from_the_house(MODULES[name]) - above - {""} == set(), name


def test_no_file_outside_the_page_imports_gradio_or_the_page() -> None:
    for name, path in MODULES.items():
        if name.split(".")[0] != "ui":
            imported = _imports(path)
            assert not {each.split(".")[0] for each in imported} & {"gradio", "gradio_client"}, name
            if name != "cli.serve":  # tests/test_without_gradio.py: not before it is called
                assert not [each for each in imported if each.startswith("mnist_demo.ui")], name


def test_no_file_reads_pickles() -> None:
    """But messages.py, to which they come through a pipe from a process that was started for it."""
    for name, path in MODULES.items():
        if name != "training.processes.messages":
            imported = {each.split(".")[0] for each in _imports(path)}
            assert not imported & {"pickle", "joblib", "dill"}, name
            assert "torch.load(" not in path.read_text(encoding="utf-8"), name


def test_no_two_classes_have_one_name() -> None:
    names = Counter(
        node.name
        for path in MODULES.values()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    )
    assert [name for name, count in names.items() if count > 1] == []


def test_the_page_is_not_imported_from_the_command_line() -> None:
    for name, path in MODULES.items():
        assert "mnist_demo.__main__" not in " ".join(_imports(path)), name


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
    assert "mnist_demo.training.trainer" in imported
    assert not {"gradio", "torchvision", "sklearn", "matplotlib"} & set(imported)
