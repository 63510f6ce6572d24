"""The drawing again, stroke by stroke: when did it become a 7?"""

from typing import Any

import gradio as gr
import numpy as np
from torch import nn

from mnist_demo.digits.strokes import strokes_to_digit
from mnist_demo.ui.components.panel import panel
from mnist_demo.ui.components.plot import digit_curves
from mnist_demo.ui.components.sketchpad import SIDE, Sketch
from mnist_demo.ui.compute.batching import BatchPredictor
from mnist_demo.ui.i18n.translate import translate

MOMENTS = 30
MIN_SHARE = 0.15  # a digit that never gets so much has no curve


def replay_panel() -> gr.HTML:
    return panel(
        __file__,
        "plot",
        nothing=translate("replay_nothing"),
        caption=translate("replay_caption"),
        x_label=translate("replay_axis"),
        play=translate("replay_play"),
        pause=translate("replay_pause"),
        scrub=translate("replay_scrub"),
        canvas_label=translate("replay_canvas"),
    )


def first_points(strokes: list[Any], count: int) -> list[Any]:
    """The first `count` points of a drawing, as the strokes that they make."""
    kept = []
    for stroke in strokes:
        if count <= 0:
            break
        kept.append(stroke[:count])
        count -= len(stroke)
    return kept


def describe_replay(
    predictor: BatchPredictor, sketch: Sketch, model: nn.Module
) -> dict[str, Any] | None:
    """The probabilities of the likely digits while the drawing grew; None for a picture."""
    if not sketch.strokes:
        return None
    total = sum(len(stroke) for stroke in sketch.strokes)
    counts = sorted({max(1, round(total * at / MOMENTS)) for at in range(1, MOMENTS + 1)})
    digits = [strokes_to_digit(first_points(sketch.strokes, count)) for count in counts]
    shares = predictor.predict(model, np.stack(digits))
    return {
        "strokes": sketch.strokes,
        "line_width": sketch.line_width,
        "side": SIDE,
        "series": digit_curves([round(count / total, 4) for count in counts], shares, MIN_SHARE),
    }
