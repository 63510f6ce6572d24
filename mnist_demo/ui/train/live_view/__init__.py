"""Watch it learn: what a network makes of twenty test digits and of the visitor's drawing, and its
first weights, while it trains."""

import time
from typing import Any

import gradio as gr
import numpy as np
from torch import nn

from mnist_demo.data.dataset import Dataset
from mnist_demo.digits.mnist_format import Digit
from mnist_demo.models.activations import first_weights
from mnist_demo.models.inference import predict_probabilities
from mnist_demo.ui.components.panel import panel
from mnist_demo.ui.components.png import png_data_uri, signed_data_uri
from mnist_demo.ui.i18n.translate import translate
from mnist_demo.ui.train.curves import Curve

OF_EACH = 2  # test digits: the first ones of each label
LOOK_EVERY = 0.25  # seconds
MAX_WEIGHTS = 20  # pictures
MIN_SHARE = 0.05  # a digit that was never as likely as this has no curve


def live_view_panel() -> gr.HTML:
    """Folded. It fires `toggle` when it opens or closes; its value is what `describe` returns."""
    words = ("help", "drawing", "no_drawing", "drawing_alt", "weights", "prompt")
    return panel(
        __file__,
        "plot",
        follows=False,
        value={},
        x_label=translate("axis_epoch"),
        **{name: translate(f"live_view_{name}") for name in words},
    )


def is_open(value: Any) -> bool:
    """Whether the panel is, as the browser says it."""
    return isinstance(value, dict) and value.get("open") is True


class LiveView:
    """Looks at a model now and then; `describe` says what it saw.

    drawing: the visitor's, or None.
    """

    def __init__(self, dataset: Dataset, drawing: Digit | None) -> None:
        labels = dataset.test_labels.numpy()
        chosen = [np.flatnonzero(labels == digit)[:OF_EACH] for digit in range(10)]
        indices = np.concatenate(chosen)
        self._labels = labels[indices]
        self._digits = dataset.test_images.numpy()[indices] / np.float32(255)
        self._pictures = [png_data_uri(digit) for digit in self._digits]
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
        digits = self._digits
        if self._drawing is not None:
            digits = np.concatenate([digits, self._drawing[None]])
        shares = predict_probabilities(model, digits)
        if self._drawing is not None:
            self._history.add(0, epochs, *map(float, shares[-1]))
        weights = [signed_data_uri(weight) for weight in first_weights(model)[:MAX_WEIGHTS]]
        self._seen = self._describe_answers(shares[: len(self._digits)]) | {"weights": weights}

    def _describe_answers(self, shares: Any) -> dict[str, Any]:
        answers = shares.argmax(axis=1)
        right = answers == self._labels
        tiles = [
            {
                "answer": str(answer),
                "right": bool(good),
                "alt": translate(
                    "live_view_alt", label=int(label), answer=int(answer), share=float(share)
                ),
            }
            for label, answer, good, share in zip(
                self._labels, answers, right, shares.max(axis=1), strict=True
            )
        ]
        return {
            "tiles": tiles,
            "summary": translate("live_view_right", right=int(right.sum()), total=len(right)),
        }

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
            "pictures": self._pictures,
            "drawing": self._drawing_picture,
            "series": series,
            **self._seen,
        }
