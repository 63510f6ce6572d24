"""The answer to a drawing: the digit, ten probability bars, and the picture the network sees."""

from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from mnist_demo.models.checkpoints import LIKELY, SURE, Checkpoint
from mnist_demo.models.numbers import NumberReading
from mnist_demo.ui.components.custom_html import custom_html
from mnist_demo.ui.components.png import png_data_uri
from mnist_demo.ui.i18n.numerals import name_digit
from mnist_demo.ui.i18n.translate import Translations, translate


def prediction_card(shipped: list[str], model: str | None) -> gr.HTML:
    """The answer, blank at first. It asks by itself; see prediction_card.js.

    shipped: the models that a route answers for; for any other it fires `ask`. model: the chosen
    one at first; the event `model` of the document tells it of another.
    """
    return custom_html(
        __file__,
        shared=("dom",),
        value={},
        shipped=shipped,
        model=model,
        failed=translate("prediction_failed"),
        digits=list(range(10)),
        prompt=translate("prediction_prompt"),
        seen=translate("prediction_seen"),
        seen_alt=translate("prediction_seen_alt"),
        bars_label=translate("prediction_bars"),
        digits_label=translate("number_digits"),
        part=translate("number_part", place="{place}", count="{count}", sentence="{sentence}"),
        elem_id="prediction",
    )


def describe_prediction(
    probabilities: NDArray[np.float32],
    digit: NDArray[np.float32],
    checkpoint: Checkpoint,
) -> dict[str, Any]:
    """What to show for the `probabilities` (10,) that a checkpoint's model gives the picture
    `digit` (28, 28) in [0, 1]."""
    first, second = (int(index) for index in probabilities.argsort()[::-1][:2])
    verdict = checkpoint.verdict(probabilities)
    told = translate(f"prediction_{verdict}", digit=name_digit(first), second=name_digit(second))
    return {
        "digit": first,
        "headline": "?" if verdict == "non_digit" else str(first),
        "sentence": told,
        "shares": [round(float(value), 4) for value in probabilities],
        "picture": png_data_uri(digit),
        "note": _note(checkpoint),
    }


def describe_number(reading: NumberReading, checkpoint: Checkpoint) -> dict[str, Any]:
    """What to show for a number of several digits: how sure it is as a whole, and of each digit
    what is shown for one, with its box in the pad's unit."""
    digits = [
        describe_prediction(each.probabilities, each.image, checkpoint)
        | {"box": [round(side, 1) for side in each.box]}
        for each in reading.digits
    ]
    number = "".join(each["headline"] for each in digits)
    least = min(each.probability for each in reading.digits)
    if "?" in number or least < (checkpoint.threshold or LIKELY):
        mood = "number_unsure"
    else:
        mood = "number_sure" if reading.probability >= SURE else "number_likely"
    return {"sentence": translate(mood, number=number), "digits": digits, "note": _note(checkpoint)}


def _note(checkpoint: Checkpoint) -> Translations | str:
    return "" if checkpoint.knows_non_digits else translate("prediction_digits_only")
