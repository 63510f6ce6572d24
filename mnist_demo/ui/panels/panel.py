"""What all panels have in common."""

from typing import Any

import gradio as gr

from mnist_demo.ui.custom_html import custom_html
from mnist_demo.ui.words import say


def panel(name: str, *shared: str, follows: bool = True, **settings: Any) -> gr.HTML:
    """A folded panel, assets/NAME.*. It fires `ask` when it opens and, where it follows the
    drawing, a few times a second while that changes; its value is what to show, or None."""
    return custom_html(
        name,
        ("make", "panel", *shared),
        **{"value": None, **settings},
        follows=follows,
        title=say(f"{name}_title"),
        hint=say(f"{name}_hint"),
        prompt=say("panel_prompt"),
        elem_id=name,
    )
