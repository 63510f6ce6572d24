"""What folds open: a panel asks the server only while it is open."""

from pathlib import Path
from typing import Any

import gradio as gr

from mnist_demo.ui.components.custom_html import custom_html
from mnist_demo.ui.i18n.translate import translate


def panel(factory: str, *shared: str, follows: bool = True, **settings: Any) -> gr.HTML:
    """A folded panel; factory and shared: as of `custom_html`, which see.

    It fires `ask` when it opens and, where it follows the drawing and the models, a few times a
    second while these change; its value is then {"model": name, "shown": what to show}, or None for
    a blank pad. Its line names the model, as `of` says; where `shown` is None it is `nothing`.
    """
    name = Path(factory).parent.name
    words = {
        "of": translate("panel_of", model="{model}"),  # the page fills it in
        "prompt": translate("panel_prompt"),
        "nothing": translate("panel_prompt"),
    }
    return custom_html(
        factory,
        ("dom", "panel", *shared),
        **{"value": None, **words, **settings},
        follows=follows,
        title=translate(f"{name}_title"),
        hint=translate(f"{name}_hint"),
        elem_id=name.replace("_", "-"),
    )
