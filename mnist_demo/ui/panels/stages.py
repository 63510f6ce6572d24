"""What the model sees: the drawing as it is, cut out, and centred with MNIST's pen."""

from typing import Any

import gradio as gr
import numpy as np
from torch import nn

from mnist_demo.strokes import cut_out, squeeze
from mnist_demo.ui.answers import ANSWERS
from mnist_demo.ui.panels.panel import panel
from mnist_demo.ui.pixels import png_data_uri
from mnist_demo.ui.sketchpad import SIDE, Sketch
from mnist_demo.ui.words import tell


def stages_panel() -> gr.HTML:
    return panel("stages", help=tell("stages_help"))


def describe_stages(sketch: Sketch, model: nn.Module) -> list[dict[str, Any]]:
    """The drawing step by step, with what `model` answers to each; a picture has the last alone."""
    steps = {"stage_centred": sketch.digit}
    if sketch.strokes:
        steps = {
            "stage_squeezed": squeeze(sketch.strokes, SIDE, sketch.line_width),
            "stage_cut_out": cut_out(sketch.strokes, sketch.line_width),
        } | steps
    shares = ANSWERS.predict(model, np.stack(list(steps.values())))
    return [
        {
            "title": tell(title),
            "picture": png_data_uri(picture),
            "answer": tell("stage_answer", digit=int(row.argmax()), share=float(row.max())),
            "alt": tell("stage_alt"),
        }
        for (title, picture), row in zip(steps.items(), shares, strict=True)
    ]
