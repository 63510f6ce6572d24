"""README and docs name all there is, and nothing that is not: names, options, links, files."""

import os
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import mnist_demo
from mnist_demo import RECIPES, shipped_checkpoints
from mnist_demo.__main__ import main
from mnist_demo.networks.layers import KINDS
from mnist_demo.networks.notation import LIMITS, Limits
from mnist_demo.training.recipes import BOUNDS, CHOICES, HYPERPARAMETERS
from mnist_demo.ui.draw.drawing_link import DRAWING, MODEL
from mnist_demo.ui.gallery.selection import ORDERS, SHOWN
from mnist_demo.ui.gallery.view_link import PARAMETERS as VIEW_PARAMETERS
from mnist_demo.ui.i18n.translate import LANGUAGES
from mnist_demo.ui.page import build_app
from mnist_demo.ui.serving.request_filter import ANSWER, PRESENCE
from mnist_demo.ui.serving.settings import OPTIONS
from mnist_demo.ui.train.links import HIDEABLE, PARAMETERS, TABS
from mnist_demo.ui.validation import NETWORK_LIMITS

ROOT = Path(__file__).parents[1]
PACKAGE = Path(mnist_demo.__file__).parent
DOCUMENTS = [ROOT / "README.md", ROOT / "README.ko.md", *sorted((ROOT / "docs").glob("*.md"))]
ELSEWHERE = {
    "zero/wrappers.py",  # of the package `spaces`
    "mnist_demo/ui/i18n/german.py",  # which CONTRIBUTING.md adds
}
FILE = re.compile(r"(?<![\w/{*.-])(?:\.\./)?[\w./-]*\w\.(?:py|js|css|html|md|yaml|conf|json|txt)\b")
SOURCES = (".py", ".js", ".css", ".html")
CODE = re.compile(r"`([^`]+)`")


def _rows(heading: str, table: int = 0) -> dict[str, list[str]]:
    """The cells of a table of the reference, by the code in the first of each row."""
    text = (ROOT / "docs/REFERENCE.md").read_text(encoding="utf-8")
    part = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    tables = re.findall(r"(?:^\|.*\n)+", part, re.MULTILINE)
    rows = [line.strip("|").split("|") for line in tables[table].splitlines()[2:]]
    return {CODE.findall(first)[0]: [cell.strip() for cell in rest] for first, *rest in rows}


def _help(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit, match="0"):
        main([*arguments, "--help"])
    return capsys.readouterr().out


def _flags(text: str) -> set[str]:
    return set(re.findall(r"--[a-z][a-z-]*", text)) - {"--help"}


def test_every_public_name_is_documented() -> None:
    assert _rows("Python").keys() == {*mnist_demo.__all__}


def test_every_command_and_option_is_documented(capsys: pytest.CaptureFixture[str]) -> None:
    commands = {row.split()[0] for row in _rows("Command line")}
    (listed,) = re.findall(r"^  \{?([a-z|,]+)\}?$", _help(capsys), re.MULTILINE)
    assert commands == {*re.split("[|,]", listed)}
    told = {
        command: {flag for flag, (of, _) in _rows("Command line", 1).items() if command in of}
        for command in commands
    }
    told["train"] |= {
        f"--{name.replace('_', '-')}" for name in _rows("Hyper-parameters") if name != "recipe"
    }
    told["serve"] = {option.flag for option in OPTIONS}  # in HOSTING.md, see test_settings.py
    for command in commands:
        assert _flags(_help(capsys, command)) == told[command], command


def test_every_hyper_parameter_is_documented_with_its_values() -> None:
    rows = _rows("Hyper-parameters")
    assert rows.keys() == {*PARAMETERS}
    for name, (values, meaning) in rows.items():
        if name in BOUNDS:
            low, high = (float(text.replace(",", "")) for text in values.split(" to "))
            assert (low, high) == (BOUNDS[name].low, BOUNDS[name].high), name
            assert meaning
        else:
            valid = {"recipe": RECIPES, "layers": (), **CHOICES}[name]
            assert CODE.findall(values) == [*valid], name


def test_every_layer_is_documented() -> None:
    assert _rows("Networks as text") == {kind.usage: [kind.words] for kind in KINDS.values()}


def test_the_networks_of_the_recipes_are_documented() -> None:
    told = {name: CODE.findall(cell) for name, (cell,) in _rows("Networks as text", 1).items()}
    assert told == {name: [recipe.layers] for name, recipe in RECIPES.items()}


def test_the_limits_of_a_network_are_documented() -> None:
    text = " ".join((ROOT / "docs/REFERENCE.md").read_text(encoding="utf-8").split())
    assert Limits(200, 20_000_000, 2_000_000_000, 5_000_000) == LIMITS
    assert "200 layers, 20 million parameters, two billion multiplications and five million" in text
    assert Limits(60, 2_000_000, 100_000_000, 500_000) == NETWORK_LIMITS
    assert "60 layers, 2 million parameters, 100 million multiplications and half a million" in text


def test_every_parameter_of_a_link_is_documented_with_its_values() -> None:
    values = {name: CODE.findall(cells[0]) for name, cells in _rows("Links").items()}
    assert values == {
        "tab": [*TABS],
        "question": [],
        "hide": [*HIDEABLE],
        "language": [*LANGUAGES],
        "draw_model": [*shipped_checkpoints()],
        "#drawing": [],
        "gallery_model": [],
        "gallery_other": [],
        "gallery_order": [*ORDERS],
        "gallery_seed": [],
        "gallery_label": [],
        "gallery_prediction": [],
        "gallery_shown": [*SHOWN],
        "gallery_digit": [],
    }
    assert values.keys() >= {*VIEW_PARAMETERS, MODEL, f"#{DRAWING}"}


def test_every_endpoint_is_documented_with_what_it_takes() -> None:
    told = {name: CODE.findall(takes) for name, (takes, _) in _rows("Endpoints").items()}
    named = build_app().get_api_info()["named_endpoints"]
    assert told == {
        name: [parameter["parameter_name"] for parameter in endpoint["parameters"]]
        for name, endpoint in named.items()
    }


def test_every_route_of_our_own_is_documented() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (PACKAGE / "ui").rglob("*.py")]
    routes = {path for source in sources for path in re.findall(r'Route\("(/\w+)"', source)}
    assert _rows("Endpoints", 1).keys() == {ANSWER, PRESENCE, *routes}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_variable_that_a_document_names_is_read_somewhere(path: Path) -> None:
    sources = "".join(
        source.read_text(encoding="utf-8")
        for folder in ("mnist_demo", "tests")
        for source in (ROOT / folder).rglob("*.py")
    )
    for variable in re.findall(r"MNIST_DEMO_\w+", path.read_text(encoding="utf-8")):
        assert f'"{variable}"' in sources, variable


def _path_endings() -> set[str]:
    """Of each file of the repository its name, and each path that ends in it."""
    folders = ("benchmarks", "checkpoints", "deploy", "docs", "examples", "mnist_demo", "tests")
    files = [*ROOT.glob("*.*"), *(file for name in folders for file in (ROOT / name).rglob("*"))]
    paths = [file.relative_to(ROOT).parts for file in files if "__pycache__" not in file.parts]
    return {"/".join(parts[at:]) for parts in paths for at in range(len(parts))}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_that_a_document_names_is_there(path: Path) -> None:
    tree = r"^```\n.*?^```$"  # see test_readme.py
    text = re.sub(tree, "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    named = {name.removeprefix("../") for name in FILE.findall(re.sub(r"\w+://\S+", "", text))}
    named = {name for name in named if "NAME" not in name}
    assert named - ELSEWHERE - _path_endings() == set()


def test_every_file_that_code_names_is_there() -> None:
    """In code and comments; NAME stands for any."""
    there = _path_endings()
    files = [*ROOT.glob("*.py"), *(ROOT / "benchmarks").glob("*.py"), *PACKAGE.rglob("*.*")]
    gone = {
        f"{file.relative_to(ROOT)}: {name}"
        for file in files
        if file.suffix in SOURCES and file.stem != "gradio_internals"  # which names Gradio's own
        for name in FILE.findall(file.read_text(encoding="utf-8"))
        if name.endswith(SOURCES) and "NAME" not in name and name.removeprefix("./") not in there
    }
    assert gone == set()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_module_that_is_to_be_run_is_there(path: Path) -> None:
    for name in re.findall(r"python -m ([\w.]*\w)", path.read_text(encoding="utf-8")):
        if name.split(".")[0] in ("mnist_demo", "benchmarks"):
            place = ROOT / name.replace(".", "/")
            assert place.with_suffix(".py").exists() or (place / "__main__.py").exists(), name


def test_the_new_names_in_the_changelog_are_there() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    tables = re.findall(r"^\| was \| is \|\n\|---\|---\|\n((?:\|.*\n)+)", text, re.MULTILINE)
    is_now = [
        name for row in "".join(tables).splitlines() for name in CODE.findall(row.split("|")[2])
    ]
    assert len(is_now) > 20
    for name in is_now:
        if name.startswith("mnist_demo."):
            assert pkgutil.resolve_name(name)
        else:
            assert name in {*HYPERPARAMETERS, *CHOICES["augmentation"]}


def test_the_command_that_uploads_a_space_has_these_options() -> None:
    text = (ROOT / "docs/HOSTING.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"^ +hf upload (.*)$", text, re.MULTILINE)
    done = subprocess.run(
        [str(Path(sys.executable).with_name("hf")), "upload", "--help"],
        env=os.environ | {"COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert {*re.findall(r"--[\w-]+", line)} <= {*re.findall(r"--[\w-]+", done.stdout)}
