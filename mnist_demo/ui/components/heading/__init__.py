"""The head of the page: what it is, and in which language."""

from typing import Any

import gradio as gr

from mnist_demo.ui.components.custom_html import custom_html
from mnist_demo.ui.i18n.translate import NAMES, translate


def heading() -> gr.HTML:
    """The title, and a button for each language. It fires `switch_language` where Gradio's own
    components do not speak the page's language, which `read_language` then finds in its value."""
    return custom_html(
        __file__,
        value={},
        title=translate("title"),
        intro=translate("intro"),
        about=translate("about_mnist"),
        theme=translate("theme"),
        present=translate("present"),
        end_present=translate("end_present"),
        label=translate("language"),
        languages=[{"code": code, "name": name} for code, name in NAMES.items()],
        elem_id="intro",
    )


def read_language(value: Any) -> str:
    """The language that a browser sent, which may be anything; English where it is none of ours."""
    language = value.get("language") if isinstance(value, dict) else None
    return language if isinstance(language, str) and language in NAMES else "en"
