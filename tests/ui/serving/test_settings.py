import ast
import atexit
import itertools
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from mnist_demo.ui.serving.settings import OPTIONS, SPACE_SECONDS, Option, Settings, read_settings

ROOT = Path(__file__).parents[3]
GOOD: dict[str, tuple[str, Any]] = {
    "host": ("0.0.0.0", "0.0.0.0"),
    "port": ("8080", 8080),
    "data": ("somewhere", Path("somewhere")),
    "trainings": ("2", 2),
    "max_steps": ("500", 500),
    "max_seconds": ("2.5", 2.5),
}
BAD = {
    "host": ["http://0.0.0.0", "0.0.0.0 "],
    "port": ["0", "65536", "http", "78.6"],
    "data": [__file__],
    "trainings": ["0", "-1", "two", "1.5", "1e3", "nan"],
    "max_steps": ["0", "many", "0.5"],
    "max_seconds": ["0", "-3", "nan", "inf", "5 minutes"],
}


def test_every_field_has_its_option() -> None:
    assert [option.field for option in OPTIONS] == list(GOOD) == list(BAD)
    assert {option.field for option in OPTIONS} == {field.name for field in fields(Settings)}


def test_nothing_set_is_the_default() -> None:
    assert read_settings([], {}) == Settings()


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.field)
def test_each_setting_is_read_from_both_places_and_the_command_line_wins(option: Option) -> None:
    text, value = GOOD[option.field]
    expected = Settings(**{option.field: value})
    assert read_settings([], {option.variable: text}) == expected
    assert read_settings([option.flag, text], {}) == expected
    assert read_settings([option.flag, text], {option.variable: BAD[option.field][0]}) == expected


def test_an_empty_variable_is_not_set() -> None:
    assert read_settings([], {option.variable: "" for option in OPTIONS}) == Settings()


def test_on_a_space_a_training_has_a_budget_that_can_be_changed() -> None:
    space = {"SPACE_ID": "someone/mnist"}
    assert read_settings([], space) == Settings(max_seconds=SPACE_SECONDS)
    assert read_settings([], space | {"MNIST_DEMO_MAX_SECONDS": "60"}).max_seconds == 60
    assert read_settings([], space | {"MNIST_DEMO_MAX_SECONDS": "none"}).max_seconds is None
    assert read_settings(["--max-steps", "none"], {"MNIST_DEMO_MAX_STEPS": "5"}).max_steps is None


def test_a_bad_value_is_one_line_with_the_value_and_the_remedy(
    capsys: pytest.CaptureFixture[str], subtests: pytest.Subtests
) -> None:
    for field, where in itertools.product(BAD, ("flag", "variable")):
        for text in BAD[field]:
            with subtests.test(field=field, text=text, where=where):
                option = next(option for option in OPTIONS if option.field == field)
                place = getattr(option, where)
                given = ([f"{place}={text}"], {}) if where == "flag" else ([], {place: text})
                with pytest.raises(SystemExit) as ended:
                    read_settings(*given)
                assert ended.value.code == 2
                output = capsys.readouterr()
                assert output.out == ""
                (line,) = output.err.splitlines()
                assert line.startswith("python app.py: ")
                for part in (place, repr(text), option.wanted, "leave it out"):
                    assert part in line


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("GRADIO_ROOT_PATH", "mnist", "'mnist' is no path that begins with /, such as '/mnist'"),
        ("GRADIO_TEMP_DIR", "/proc/nowhere", "'/proc/nowhere' cannot be written (No such file"),
        ("MNIST_DEMO_DATA", "~nobody-of-this-name/x", "'~nobody-of-this-name/x' is not a folder"),
        ("GRADIO_SERVER_NAME", "::1", "'::1' is not an IPv4 address"),
    ],
)
def test_a_bad_variable_is_one_line(
    variable: str, value: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        read_settings([], {variable: value})
    assert ended.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{variable}: {told}" in line


def test_where_the_usual_temporary_folder_is_somebody_elses_there_is_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gradio").touch()  # no folder: not even root could write into it
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("GRADIO_TEMP_DIR", "")
    at_the_end: list[Callable[[], None]] = []
    monkeypatch.setattr(
        atexit, "register", lambda *args, **more: at_the_end.append(partial(*args, **more))
    )
    read_settings([], {})
    chosen = Path(os.environ["GRADIO_TEMP_DIR"])
    assert chosen.parent == tmp_path
    assert chosen.is_dir()
    (clean_up,) = at_the_end
    clean_up()
    assert not chosen.exists()


def test_where_nothing_temporary_can_be_written_that_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> str:
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", fail)
    with pytest.raises(SystemExit, match="2"):
        read_settings([], {})
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("no folder for temporary files can be written; name one by TMPDIR")


def test_an_unknown_option_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        read_settings(["--trainers", "3"], {})
    assert "--trainers" in capsys.readouterr().err


@pytest.mark.slow
def test_help_names_every_option_with_its_variable_and_its_default() -> None:
    done = subprocess.run(
        [sys.executable, "app.py", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    told = " ".join(done.stdout.split())
    for option in OPTIONS:
        assert f"{option.flag} {option.metavar} {option.help}" in told
        assert f"(or {option.variable}; default: {option.default})" in told


@pytest.mark.slow
def test_help_waits_for_no_gradio() -> None:
    lines = (ROOT / "app.py").read_text(encoding="utf-8")
    imported = [
        node.module for node in ast.walk(ast.parse(lines)) if isinstance(node, ast.ImportFrom)
    ]
    assert imported[0] == "mnist_demo.ui.serving.settings"
    program = "import sys, mnist_demo.ui.serving.settings; assert 'gradio' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


@pytest.mark.parametrize("document", ["README.md", "docs/HOSTING.md"])
def test_the_documents_list_the_settings(document: str) -> None:
    told = (ROOT / document).read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| `(\w+)`", told, re.MULTILINE))
    assert {option.variable for option in OPTIONS} <= rows
    if document.startswith("docs"):
        for option in OPTIONS:
            assert f"`{option.flag}`" in told
