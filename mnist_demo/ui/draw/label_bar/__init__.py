"""Ten buttons below the pad, by which a visitor says what the drawing is: for collecting digits."""

from typing import Any

import gradio as gr

from mnist_demo.ui.components.custom_html import custom_html
from mnist_demo.ui.i18n.translate import translate

NAMES = ("prompt", "help", "done", "yes", "no", "progress", "complete", "button")


def label_bar() -> gr.HTML:
    """Hidden until "Your hand" is told to collect; it talks to that alone, see label_bar.js."""
    blanks = {name: f"{{{name}}}" for name in ("digit", "count", "missing")}  # the page fills them
    words: dict[str, Any] = {name: translate(f"label_bar_{name}", **blanks) for name in NAMES}
    return custom_html(__file__, ("dom",), digits=list(range(10)), elem_id="label-bar", **words)
