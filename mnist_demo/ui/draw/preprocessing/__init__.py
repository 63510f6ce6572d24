"""What the model sees: the drawing as it is, cut out, and centred with MNIST's pen."""

from typing import Any

import gradio as gr
import numpy as np
from torch import nn

from mnist_demo.digits.strokes import cut_out, squeeze
from mnist_demo.ui.components.panel import panel
from mnist_demo.ui.components.png import png_data_uri
from mnist_demo.ui.components.sketchpad import SIDE, Sketch
from mnist_demo.ui.compute.batching import BatchPredictor
from mnist_demo.ui.i18n.translate import translate


def preprocessing_panel() -> gr.HTML:
    return panel(__file__, help=translate("preprocessing_help"))


def describe_preprocessing(
    predictor: BatchPredictor, sketch: Sketch, model: nn.Module
) -> list[dict[str, Any]]:
    """The drawing step by step, with what `model` answers to each; a picture has the last alone."""
    steps = {"stage_centred": sketch.digit}
    if sketch.strokes:
        steps = {
            "stage_squeezed": squeeze(sketch.strokes, SIDE, sketch.line_width),
            "stage_cut_out": cut_out(sketch.strokes, sketch.line_width),
        } | steps
    shares = predictor.predict(model, np.stack(list(steps.values())))
    return [
        {
            "title": translate(title),
            "picture": png_data_uri(picture),
            "answer": translate("stage_answer", digit=int(row.argmax()), share=float(row.max())),
            "alt": translate("stage_alt"),
        }
        for (title, picture), row in zip(steps.items(), shares, strict=True)
    ]
