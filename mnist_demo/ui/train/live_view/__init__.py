"""Watch it learn: what a network makes of twenty test digits and of the visitor's drawing, and its
first weights, while it trains."""

import time
from typing import Any

import gradio as gr
import numpy as np
from torch import nn

from mnist_demo.data.dataset import Dataset
from mnist_demo.digits.mnist_format import Digit
from mnist_demo.models.inference import predict_probabilities
from mnist_demo.ui.components.panel import panel
from mnist_demo.ui.components.png import png_data_uri
from mnist_demo.ui.components.sketchpad import read_sketch
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.i18n.translate import translate
from mnist_demo.ui.train.curves import Curve
from mnist_demo.ui.train.watched_digits import WatchedDigits, describe_weights

LOOK_EVERY = 0.25  # seconds
MIN_SHARE = 0.05  # a digit that was never as likely as this has no curve


def live_view_panel() -> gr.HTML:
    """Folded. It fires `toggle` when it opens or closes; its value is what `describe` returns."""
    words = ("help", "drawing", "no_drawing", "drawing_alt", "weights", "prompt")
    return panel(
        __file__,
        "plot",
        "watched_digits",
        follows=False,
        value={},
        x_label=translate("axis_epoch"),
        **{name: translate(f"live_view_{name}") for name in words},
    )


def is_open(value: Any) -> bool:
    """Whether the panel is, as the browser says it."""
    return isinstance(value, dict) and value.get("open") is True


def make_live_view(store: ModelStore, drawing: Any) -> "LiveView":
    """With the drawing that a browser sent, where there is one that can be read."""
    try:
        sketch = read_sketch(drawing, store.confidence)
    except ValueError:
        sketch = None
    return LiveView(store.dataset(), sketch.digit if sketch else None)


class LiveView:
    """Looks at a model now and then; `describe` says what it saw.

    drawing: the visitor's, or None.
    """

    def __init__(self, dataset: Dataset, drawing: Digit | None) -> None:
        self._watched = WatchedDigits(dataset)
        self._drawing = drawing
        self._drawing_picture = None if drawing is None else png_data_uri(drawing)
        self._history = Curve()
        self._seen: dict[str, Any] = {}
        self._looked_at = -np.inf

    def __call__(self, model: nn.Module, epochs: float) -> None:
        """Look at the model after so many epochs, unless it was looked at just before.

        Called where torch computes.
        """
        if time.monotonic() - self._looked_at < LOOK_EVERY:
            return
        self._looked_at = time.monotonic()
        digits = self._watched.digits
        if self._drawing is not None:
            digits = np.concatenate([digits, self._drawing[None]])
        shares = predict_probabilities(model, digits)
        if self._drawing is not None:
            self._history.add(0, epochs, *map(float, shares[-1]))
        answers = self._watched.describe(shares[: len(self._watched.digits)])
        self._seen = answers | {"weights": describe_weights(model)}

    def describe(self) -> dict[str, Any]:
        """The panel's value: pictures, which stay, and what was last seen of the model."""
        points = list(self._history.points)
        series = {
            str(digit): [
                [epochs, share] for _, epochs, *shares in points for share in [shares[digit]]
            ]
            for digit in range(10)
            if any((point[2 + digit] or 0) >= MIN_SHARE for point in points)
        }
        return {
            "open": True,
            "pictures": self._watched.pictures,
            "drawing": self._drawing_picture,
            "series": series,
            **self._seen,
        }
