"""A line at the top of the page while the server is away, and after it was started anew."""

from typing import Any

import gradio as gr

from mnist_demo.ui.components.custom_html import custom_html
from mnist_demo.ui.compute.model_store import ModelStore, UserModels
from mnist_demo.ui.gradio_internals import keep_session_open
from mnist_demo.ui.i18n.translate import translate

WORDS = ("lost", "back", "anew", "anew_with_runs", "forgotten", "forgotten_with_runs")


def connection() -> gr.HTML:
    """Hidden. It fires `ask` when the server is back; `on_reconnect` tells what its value is."""
    words: dict[str, Any] = {
        name: translate(f"connection_{name}") for name in (*WORDS, "reload", "close")
    }
    return custom_html(__file__, value={}, elem_id="connection", **words)


def on_load() -> bool:
    """The state by which a visitor is known again; a server that was started anew has it not."""
    return True


def on_reconnect(
    store: ModelStore, known: bool, user_models: UserModels, *chosen: Any
) -> list[Any]:
    """Whether all of the visitor's own is still there; else what can be chosen now.

    chosen: the models in Draw and Gallery, then the second one in the Gallery, which may be None.
    """
    keep_session_open()
    names = store.names(user_models)
    kept = known and all(name in (None, *names) for name in chosen)
    updates = [
        gr.update(choices=names, value=name if name in names else store.default_name)
        for name in chosen[:-1]
    ]
    second = chosen[-1] if chosen[-1] in names else None
    return [{"kept": kept}, True, *updates, gr.update(choices=names, value=second)]
