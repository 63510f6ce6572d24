"""A line at the top of the page while the server is away, and after it was started anew."""

from collections.abc import Mapping
from typing import Any

import gradio as gr

from mnist_demo.ui.components.custom_html import custom_html
from mnist_demo.ui.compute.model_store import ModelStore, UserModels
from mnist_demo.ui.i18n.translate import translate
from mnist_demo.ui.wiring import Outputs

WORDS = ("lost", "back", "anew", "anew_with_runs", "forgotten", "forgotten_with_runs")


def connection() -> gr.HTML:
    """Hidden. It fires `ask` when the server is back; `on_reconnect` tells what its value is.

    When the page is opened this is first {session, former}: its name, which its tab keeps, and that
    of the page before, where there is something to `take` over from it; then {resumes, stands}:
    whether a run was under way there, or had not begun, so that it fires `resume` or `stand`.
    """
    words: dict[str, Any] = {
        name: translate(f"connection_{name}") for name in (*WORDS, "reload", "close")
    }
    return custom_html(__file__, value={}, elem_id="connection", **words)


def on_reconnect(
    store: ModelStore,
    known: bool,
    user_models: UserModels,
    draw_model: Any,
    gallery_model: Any,
    gallery_other: Any,
) -> Outputs:
    """Whether all of the visitor's own is still there; else what can be chosen now.

    gallery_other: the second model in the Gallery, which may be None.
    """
    names = store.names(user_models)
    chosen = {"draw_model": draw_model, "gallery_model": gallery_model}
    kept = known and all(name in (None, *names) for name in (*chosen.values(), gallery_other))
    second = gallery_other if gallery_other in names else None
    return {
        "connection": {"kept": kept},
        "known": True,
        **offer_models(store, names, chosen),
        "gallery_other": gr.update(choices=names, value=second),
    }


def offer_models(
    store: ModelStore, names: list[str], chosen: Mapping[str, Any], newest: str | None = None
) -> Outputs:
    """The choices of some dropdowns, and their values. chosen: what these were; where that model is
    gone, the default one takes its place. newest: the one to choose, where there is one."""
    return {
        dropdown: gr.update(
            choices=names, value=newest or (name if name in names else store.default_name)
        )
        for dropdown, name in chosen.items()
    }
