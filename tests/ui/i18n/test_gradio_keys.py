"""Our words are looked up by their keys among Gradio's own, and hide none of these."""

import re
from pathlib import Path

import gradio as gr

from mnist_demo.ui.i18n.labels import collect_labels
from mnist_demo.ui.page import build_app

LOCALES = Path(gr.__file__).parent / "templates/frontend/assets"


def _gradios_own() -> set[str]:
    """The groups of words that Gradio's page exports for a language, such as `label` and `file`."""
    (english,) = LOCALES.glob("en-*.js")
    exported = re.findall(r"export\{([^}]*)\}", english.read_text(encoding="utf-8"))
    return set(re.findall(r"\bas (\w+)", exported[-1]))


def test_no_key_is_one_of_gradios_own() -> None:
    """Where one is, Gradio finds its own group of words, and shows `[object Object]`."""
    own = _gradios_own()
    assert {"label", "file", "login", "common"} <= own  # or they are no longer found
    keys = set().union(*collect_labels(build_app()).translations.values())
    assert len(keys) > 30
    assert keys & own == set()
