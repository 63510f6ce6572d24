"""Components of our own: a gr.HTML whose template, style and script lie in files under assets/."""

from pathlib import Path
from typing import Any

import gradio as gr

_ASSETS = Path(__file__).parent / "assets"


def read_asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


def custom_html(name: str, **settings: Any) -> gr.HTML:
    """A component from assets/NAME.html, NAME.css and NAME.js.

    Gradio expands the template with Handlebars, then as a JavaScript template literal, and inserts
    the result unescaped: so templates hold our own words alone, and scripts show all else by
    textContent. The script is a function's body; it sees element, props, trigger and watch.
    """
    return gr.HTML(
        html_template=read_asset(f"{name}.html"),
        css_template=read_asset(f"{name}.css"),
        js_on_load=read_asset(f"{name}.js"),
        apply_default_css=False,
        elem_classes="flush",
        **settings,
    )
