"""What the model sees: the drawing as it is, cut out, and centred with MNIST's pen."""

from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray
from torch import nn

from mnist_demo.digits.pictures import PictureReading
from mnist_demo.digits.strokes import cut_out, squeeze
from mnist_demo.ui.components.panel import panel
from mnist_demo.ui.components.png import png_data_uri
from mnist_demo.ui.components.sketchpad import SIDE, Sketch
from mnist_demo.ui.compute.batching import BatchPredictor
from mnist_demo.ui.i18n.translate import Translations, join, translate


def preprocessing_panel() -> gr.HTML:
    return panel(__file__, help=translate("preprocessing_help"))


def describe_preprocessing(
    predictor: BatchPredictor, sketch: Sketch, model: nn.Module
) -> list[dict[str, Any]]:
    """The drawing step by step, with what `model` answers to each. Of a picture: what of it was
    read and what was cut away, and the digit; a test digit has the last step alone."""
    if sketch.reading:
        return _describe_picture(predictor, sketch.reading, model)
    steps = {"stage_centred": sketch.digit}
    if sketch.strokes:
        steps = {
            "stage_squeezed": squeeze(sketch.strokes, SIDE, sketch.line_width),
            "stage_cut_out": cut_out(sketch.strokes, sketch.line_width),
        } | steps
    shares = predictor.predict(model, np.stack(list(steps.values())))
    return [
        _step(title, picture, _answer(row))
        for (title, picture), row in zip(steps.items(), shares, strict=True)
    ]


def _describe_picture(
    predictor: BatchPredictor, reading: PictureReading, model: nn.Module
) -> list[dict[str, Any]]:
    (shares,) = predictor.predict(model, reading.digit[None])
    cut = [translate(f"cut_away_{what}") for what in reading.removed]
    told = translate("cut_away", what=join(", ", cut)) if cut else translate("cut_away_nothing")
    return [
        _step("stage_found", _square(reading.ink), told),
        _step("stage_found_centred", reading.digit, _answer(shares)),
    ]


def _square(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """In the middle of a square, as the picture lies on the pad."""
    height, width = ink.shape
    side = max(height, width)
    square = np.zeros((side, side), dtype=np.float32)
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = ink
    return square


def _answer(shares: NDArray[np.float32]) -> Translations:
    return translate("stage_answer", digit=int(shares.argmax()), share=float(shares.max()))


def _step(title: str, picture: NDArray[np.float32], answer: Translations) -> dict[str, Any]:
    return {
        "title": translate(title),
        "picture": png_data_uri(picture),
        "answer": answer,
        "alt": translate("stage_alt"),
    }
