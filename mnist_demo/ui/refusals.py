"""What the page says to what it refuses, where that quotes what a client sent."""

import html
import re

import gradio as gr

MOST = 400  # characters


def refusal(reason: object) -> gr.Error:
    """An error to be raised: a sentence that is shown as it is, and no traceback in the log.

    Gradio shows the text of an error as HTML.
    """
    return gr.Error(as_html(reason), print_exception=False)


def as_html(text: object) -> str:
    """`text`, cut where it is long, as HTML that shows it."""
    return html.escape(shorten(text), quote=False)


def as_markdown(text: object) -> str:
    """`text`, cut where it is long, as Markdown that shows it, whatever signs it holds."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", shorten(text))


def shorten(text: object) -> str:
    whole = str(text)
    return whole if len(whole) <= MOST else f"{whole[:MOST]}…"
