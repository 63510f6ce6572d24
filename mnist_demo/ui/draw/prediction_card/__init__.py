"""The answer to a drawing: the digit, ten probability bars, and the picture the network sees."""

from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from mnist_demo.ui.components.custom_html import custom_html
from mnist_demo.ui.components.png import png_data_uri
from mnist_demo.ui.i18n.translate import translate

SURE, LIKELY, NON_DIGIT = 0.9, 0.6, 0.35


def prediction_card(shipped: list[str], model: str | None) -> gr.HTML:
    """The answer, blank at first. It asks by itself; see prediction_card.js.

    shipped: the models that a route answers for; for any other it fires `ask`. model: the chosen
    one at first; the event `model` of the document tells it of another.
    """
    return custom_html(
        __file__,
        value={},
        shipped=shipped,
        model=model,
        failed=translate("prediction_failed"),
        digits=list(range(10)),
        prompt=translate("prediction_prompt"),
        seen=translate("prediction_seen"),
        seen_alt=translate("prediction_seen_alt"),
        bars_label=translate("prediction_bars"),
        elem_id="prediction",
    )


def describe_prediction(
    probabilities: NDArray[np.float32],
    digit: NDArray[np.float32],
    threshold: float | None = None,
) -> dict[str, Any]:
    """What to show for `probabilities` (10,) of the picture `digit` (28, 28) in [0, 1].

    threshold: the probability under which the model is not sure, where its checkpoint has one.
    """
    first, second = (int(index) for index in probabilities.argsort()[::-1][:2])
    share = float(probabilities[first])
    if threshold and share < NON_DIGIT:  # such a model was taught what is no digit
        mood = "prediction_non_digit"
    elif share < (threshold or LIKELY):
        mood = "prediction_torn"
    else:
        mood = "prediction_sure" if share >= SURE else "prediction_likely"
    return {
        "digit": first,
        "sentence": translate(mood, digit=first, second=second),
        "shares": [round(float(value), 4) for value in probabilities],
        "picture": png_data_uri(digit),
    }
