"""The Draw tab: a pad, and a network's answer while the pen moves."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from mnist_demo.inference import predict_probabilities
from mnist_demo.strokes import strokes_to_digit
from mnist_demo.ui.answer import answer, describe_answer
from mnist_demo.ui.library import DEFAULT_MODEL, Library, Own
from mnist_demo.ui.sketchpad import read_strokes, sketchpad
from mnist_demo.ui.words import say


@dataclass(frozen=True)
class DrawTab:
    """The components that other parts of the page update."""

    model: gr.Dropdown


def build_draw_tab(library: Library, own: gr.State) -> DrawTab:
    with gr.Row(elem_classes="columns"):
        with gr.Column(scale=1, min_width=320):
            pad = sketchpad()
            gr.Markdown(say("pad_help"), elem_classes="quiet desktop")
        with gr.Column(scale=1, min_width=320):
            shown = answer()
            model = gr.Dropdown(
                library.names({}),
                value=DEFAULT_MODEL,
                label=say("model"),
                info=say("model_info"),
                elem_id="draw-model",
            )
    gr.on(
        [pad.input, model.change],
        partial(read_drawing, library),
        [pad, model, own],
        shown,
        queue=False,
        show_progress="hidden",
        trigger_mode="always_last",
        api_visibility="private",
    )
    return DrawTab(model)


def read_drawing(
    library: Library, drawing: Any, model_name: str, own: Own
) -> dict[str, Any] | None:
    """The answer to a drawing; None for a blank pad."""
    try:
        strokes = read_strokes(drawing)
        if not strokes:
            return None
        digit = strokes_to_digit(strokes)
    except ValueError:
        return {"sentence": say("bad_drawing")}
    try:
        checkpoint = library.model(model_name, own)
    except ValueError as error:
        return {"sentence": f"{error}."}
    probabilities = predict_probabilities(checkpoint.model, digit)[0]
    return describe_answer(probabilities, digit, checkpoint.threshold)
