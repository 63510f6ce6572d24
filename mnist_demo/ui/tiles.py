"""Test digits as tiles: right and wrong are told apart by sign, line and colour."""

from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from mnist_demo.ui.custom_html import custom_html
from mnist_demo.ui.pixels import png_data_uri
from mnist_demo.ui.words import say


def tiles() -> gr.HTML:
    """No tiles at first. Its value is a list of what `describe_tile` returns."""
    return custom_html("tiles", value=[], label=say("gallery_label"), elem_id="tiles")


def describe_tile(
    index: int, image: NDArray[np.uint8], label: int, probabilities: NDArray[np.float32]
) -> dict[str, Any]:
    """What to show for the test image `index`, (28, 28), and what a model answers, (10,)."""
    prediction = int(probabilities.argmax())
    right = prediction == label
    share = float(probabilities[prediction])
    kind = "right" if right else "wrong"
    values = {"prediction": prediction, "label": label, "share": share}
    return {
        "picture": png_data_uri(image),
        "right": right,
        "verdict": say(f"tile_{kind}", **values),
        "detail": say(f"tile_{kind}_detail", **values),
        "alt": say("tile_alt", index=index, **values),
    }
