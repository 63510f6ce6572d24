"""What all panels have in common."""

from typing import Any

import gradio as gr

from mnist_demo.ui.custom_html import custom_html
from mnist_demo.ui.words import tell


def panel(name: str, *shared: str, follows: bool = True, **settings: Any) -> gr.HTML:
    """A folded panel, assets/NAME.*. It fires `ask` when it opens and, where it follows the
    drawing, a few times a second while that changes; its value is what to show, or None."""
    return custom_html(
        name,
        ("make", "panel", *shared),
        **{"value": None, "prompt": tell("panel_prompt"), **settings},
        follows=follows,
        title=tell(f"{name}_title"),
        hint=tell(f"{name}_hint"),
        elem_id=name,
    )
