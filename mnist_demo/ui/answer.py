"""The answer to a drawing: the digit, ten probability bars, and the picture the network sees."""

from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from mnist_demo.ui.custom_html import custom_html
from mnist_demo.ui.pixels import png_data_uri
from mnist_demo.ui.words import tell

SURE, LIKELY, NOTHING = 0.9, 0.6, 0.35


def answer(shipped: list[str], model: str | None) -> gr.HTML:
    """The answer, blank at first. It asks by itself; see answer.js.

    shipped: the models that a route answers for; for any other it fires `ask`. model: the chosen
    one at first; the event `model` of the document tells it of another.
    """
    return custom_html(
        "answer",
        value={},
        shipped=shipped,
        model=model,
        failed=tell("answer_failed"),
        digits=list(range(10)),
        prompt=tell("answer_prompt"),
        seen=tell("answer_seen"),
        seen_alt=tell("answer_seen_alt"),
        bars_label=tell("answer_bars"),
        elem_id="answer",
    )


def describe_answer(
    probabilities: NDArray[np.float32],
    digit: NDArray[np.float32],
    threshold: float | None = None,
) -> dict[str, Any]:
    """What to show for `probabilities` (10,) of the picture `digit` (28, 28) in [0, 1].

    threshold: the probability under which the model is not sure, where its checkpoint has one.
    """
    first, second = (int(index) for index in probabilities.argsort()[::-1][:2])
    share = float(probabilities[first])
    if threshold and share < NOTHING:  # such a model was taught what is no digit
        mood = "answer_nothing"
    elif share < (threshold or LIKELY):
        mood = "answer_torn"
    else:
        mood = "answer_sure" if share >= SURE else "answer_likely"
    return {
        "digit": first,
        "sentence": tell(mood, digit=first, second=second),
        "shares": [round(float(value), 4) for value in probabilities],
        "picture": png_data_uri(digit),
    }
