"""Components of our own: a gr.HTML whose template, style and script lie in files under assets/."""

from pathlib import Path
from typing import Any

import gradio as gr

_ASSETS = Path(__file__).parent / "assets"


def read_asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


def page_head(*scripts: str) -> str:
    """What the page runs before all else."""
    return "".join(f"<script>{read_asset(name)}</script>" for name in scripts)


def custom_html(
    name: str, shared: tuple[str, ...] = (), *, classes: str = "", **settings: Any
) -> gr.HTML:
    """A component from assets/NAME.html, NAME.css and NAME.js.

    shared: names of scripts and styles of several components, which come before its own.
    classes: of the element, beside the one of all our components.

    Gradio expands the template with Handlebars, then as a JavaScript template literal, and inserts
    the result unescaped: so templates hold nothing that is not ours, and no words; see words.js.
    The script is a function's body; it sees element, props, trigger and watch.
    """
    parts = ["words", *shared, name]
    return gr.HTML(
        html_template=read_asset(f"{name}.html"),
        css_template=_join(parts, ".css"),
        js_on_load=_join(parts, ".js"),
        apply_default_css=False,
        elem_classes=["flush", *classes.split()],
        **settings,
    )


def _join(names: list[str], suffix: str) -> str:
    return "\n".join(
        read_asset(f"{name}{suffix}") for name in names if (_ASSETS / f"{name}{suffix}").exists()
    )
