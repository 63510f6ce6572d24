"""The lines at the top of the README are settings that Hugging Face Spaces know.

Keys and values as https://huggingface.co/docs/hub/spaces-config-reference lists them.
"""

import re
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FRONT_MATTER: dict[str, Any] = yaml.safe_load(README.split("---\n")[1])

COLOURS = ("red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray")
HARDWARE = (
    *("cpu-basic", "cpu-upgrade", "t4-small", "t4-medium", "l4x1", "l4x4"),
    *("l40sx1", "l40sx4", "l40sx8", "a10g-small", "a10g-large", "a10g-largex2"),
    *("a10g-largex4", "a100-large", "a100x4", "a100x8"),
)
HEADERS = (
    "cross-origin-embedder-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
)
SHORT = 60  # characters of a short description; the Hub refuses a longer one

Check = Callable[[Any], bool]


def _text(pattern: str = r".+") -> Check:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def _one_of(*values: str) -> Check:
    return lambda value: value in values


def _list_of(check: Check) -> Check:
    return lambda value: isinstance(value, list) and all(map(check, value))


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _emoji(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 8 and not re.search(r"[\w\s]", value)


DOCUMENTED: dict[str, Check] = {
    "title": _text(),
    "emoji": _emoji,
    "colorFrom": _one_of(*COLOURS),
    "colorTo": _one_of(*COLOURS),
    "sdk": _one_of("gradio", "docker", "static"),
    "python_version": _text(r"3\.\d+(\.\d+)?"),
    "sdk_version": _text(r"\d+\.\d+\.\d+"),
    "suggested_hardware": _one_of(*HARDWARE),
    "suggested_storage": _one_of("small", "medium", "large"),
    "app_file": _text(),
    "app_build_command": _text(),
    "app_port": _whole,
    "base_path": _text(r"/.*"),
    "fullWidth": _flag,
    "header": _one_of("mini", "default"),
    "short_description": _text(rf".{{1,{SHORT}}}"),
    "models": _list_of(_text(r"[\w.-]+(/[\w.-]+)?")),
    "datasets": _list_of(_text(r"[\w.-]+(/[\w.-]+)?")),
    "tags": _list_of(_text()),
    "thumbnail": _text(r"https://.+"),
    "pinned": _flag,
    "license": _text(r"[a-z0-9.-]+"),  # of the model card's metadata, which Spaces share
    "hf_oauth": _flag,
    "hf_oauth_scopes": _list_of(_text()),
    "hf_oauth_expiration_minutes": _whole,
    "hf_oauth_authorized_org": lambda value: _text()(value) or _list_of(_text())(value),
    "disable_embedding": _flag,
    "startup_duration_timeout": _text(r"\d+ *(h|m|s|min)"),
    "custom_headers": lambda value: set(value) <= set(HEADERS),
    "preload_from_hub": _list_of(_text(r"\S+( \S+){0,2}")),
}
NEEDED = ("title", "emoji", "colorFrom", "colorTo", "sdk", "sdk_version", "app_file")


def test_it_stands_at_the_very_top() -> None:
    assert README.startswith("---\n")


def test_each_setting_is_documented_and_its_value_valid(subtests: pytest.Subtests) -> None:
    for key in FRONT_MATTER:
        with subtests.test(key=key):
            assert key in DOCUMENTED
            assert DOCUMENTED[key](FRONT_MATTER[key]), FRONT_MATTER[key]


@pytest.mark.parametrize("key", NEEDED)
def test_what_a_space_needs_is_there(key: str) -> None:
    assert key in FRONT_MATTER


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("colorFrom", "orange"),
        ("sdk", "streamlit"),
        ("python_version", 3.11),  # YAML makes a number of what has no quotes
        ("sdk_version", "6.31"),
        ("emoji", "pen"),
        ("short_description", "x" * (SHORT + 1)),
        ("suggested_hardware", "zero-a10g"),
        ("startup_duration_timeout", 30),
        ("custom_headers", {"x-frame-options": "deny"}),
    ],
)
def test_the_checks_refuse_what_spaces_refuse(key: str, value: Any) -> None:
    assert not DOCUMENTED[key](value)


def test_the_app_file_is_there_and_makes_demo() -> None:
    assert "\ndemo = " in (ROOT / FRONT_MATTER["app_file"]).read_text(encoding="utf-8")


def test_the_versions_are_those_that_the_project_asks_for_and_is_tested_with() -> None:
    assert FRONT_MATTER["sdk"] == "gradio"
    pinned = FRONT_MATTER["sdk_version"]
    requirements = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    asked = re.search(r"^gradio~=(\d+\.\d+\.\d+)\s", requirements, re.MULTILINE)
    assert asked is not None
    assert pinned == asked[1]
    assert pinned.split(".")[:2] == version("gradio").split(".")[:2]
    needed = re.search(r'requires-python = ">=([\d.]+)"', (ROOT / "pyproject.toml").read_text())
    assert needed is not None
    assert FRONT_MATTER["python_version"] == needed[1]
