"""The head of the page: what it is, and in which language."""

from typing import Any

import gradio as gr

from mnist_demo.ui.custom_html import custom_html
from mnist_demo.ui.words import LANGUAGES, tell


def heading() -> gr.HTML:
    """The title, and a button for each language. It fires `turn` where Gradio's own components do
    not speak the page's language, which `read_language` then finds in its value."""
    return custom_html(
        "heading",
        value={},
        title=tell("title"),
        intro=tell("intro"),
        label=tell("language"),
        languages=[
            {"language": language, "name": tell(f"language_{language}")} for language in LANGUAGES
        ],
        elem_id="intro",
    )


def read_language(value: Any) -> str:
    """The language that a browser sent, which may be anything; English where it is none of ours."""
    language = value.get("language") if isinstance(value, dict) else None
    return language if isinstance(language, str) and language in LANGUAGES else "en"
