"""A choice of models, in which a model may have gone that the page still shows."""

from typing import Any

import gradio as gr

from mnist_demo.ui.library import Library


def model_choice(library: Library, **settings: Any) -> gr.Dropdown:
    """The shipped models at first. A handler gets whatever name the page sends, and says so in our
    words where there is no such model: left to itself, Gradio would refuse the event in its own."""
    choice = gr.Dropdown(library.names({}), **settings)
    choice.preprocess = _as_it_is  # type: ignore[method-assign]  # a subclass would write a .pyi
    return choice


def _as_it_is(payload: Any) -> Any:
    return payload
