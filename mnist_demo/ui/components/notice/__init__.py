"""A few lines of text, in the language of the page."""

import re
from typing import Any

import gradio as gr

from mnist_demo.ui.components.custom_html import custom_html
from mnist_demo.ui.i18n.translate import Translations


def plain(name: str) -> str:
    """A visitor's name for something, in which no asterisks make it bold: it looks the same."""
    return re.sub(r"\*(?=\*)", "*\u2060", name)  # a word joiner


def notice(words: Translations | None = None, **settings: Any) -> gr.HTML:
    """Its value is words, in which **these** are bold; None, and nothing is seen of it."""
    return custom_html(__file__, shared=("dom",), value=words, **settings)
