"""The drawing pad: a canvas that sends pen strokes, not pixels."""

from typing import Any

import gradio as gr

from mnist_demo.ui.custom_html import custom_html
from mnist_demo.ui.words import say

LINE_WIDTH = 18  # of the pad's 280 units: about MNIST's pen on a digit that fills it


def sketchpad() -> gr.HTML:
    """The pad. It fires `input` while the pen moves; read its value with `read_strokes`."""
    return custom_html(
        "sketchpad",
        value={"strokes": []},
        line_width=LINE_WIDTH,
        label=say("pad_label"),
        hint=say("pad_hint"),
        undo=say("undo"),
        undo_title=say("undo_title"),
        clear=say("clear"),
        clear_title=say("clear_title"),
        elem_id="pad",
    )


def read_strokes(value: Any) -> list[Any]:
    """The strokes in what a browser sent, which may be anything; their points are not yet checked.

    Raises ValueError where there is no list of strokes.
    """
    strokes = value.get("strokes") if isinstance(value, dict) else None
    if not isinstance(strokes, list):
        raise ValueError("a drawing must be {'strokes': [[[x, y], ...], ...]}")
    return strokes
