"""Break it: change the drawing until the models misread it."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import gradio as gr
import numpy as np

from mnist_demo.digits.mnist_format import Digit
from mnist_demo.digits.perturbations import RANGES, Perturbation, perturb, sweep
from mnist_demo.models.checkpoints import Checkpoint
from mnist_demo.ui.components.panel import panel
from mnist_demo.ui.components.plot import as_many_as_colours
from mnist_demo.ui.components.png import png_data_uri
from mnist_demo.ui.compute.resources import Compute
from mnist_demo.ui.i18n.numerals import name_digit
from mnist_demo.ui.i18n.translate import translate

STEPS = {"rotation": 5, "shift": 0.5, "scale": 0.05, "thickness": 0.1, "noise": 0.02}
POINTS = 41  # of a curve


def robustness_panel() -> gr.HTML:
    neutral = Perturbation()
    controls = [
        {
            "name": name,
            "label": translate(f"change_{name}"),
            "low": bounds.low,
            "high": bounds.high,
            "step": STEPS[name],
            "neutral": getattr(neutral, name),
        }
        for name, bounds in RANGES.items()
    ]
    return panel(
        __file__,
        "plot",
        controls=controls,
        of=translate("robustness_of", model="{model}"),
        help=translate("robustness_help"),
        reset=translate("robustness_reset"),
        picture_alt=translate("robustness_alt"),
    )


def read_change(value: Any) -> tuple[Perturbation, str]:
    """The change that a browser sent, which may be anything, and which of its values is looked at.

    Raises ValueError where it is none.
    """
    if not isinstance(value, dict) or not isinstance(value.get("change"), dict):
        return Perturbation(), "rotation"
    names = {field.name for field in fields(Perturbation)}
    change = {str(name): amount for name, amount in value["change"].items() if name in names}
    name = value.get("name")
    if not isinstance(name, str) or name not in RANGES:
        raise ValueError(f"there is no change {name!r}; choose one of {', '.join(RANGES)}")
    return Perturbation(**change), name


def describe_robustness(
    compute: Compute,
    digit: Digit,
    asked: tuple[Perturbation, str],
    checkpoints: Sequence[Checkpoint],
    chosen: Checkpoint,
) -> dict[str, Any]:
    """The probability of the `chosen` model's answer over the range of one change, by model.

    asked: what `read_change` returns.
    """
    change, name = asked
    answer = int(compute.predictor.predict(chosen.model, digit)[0].argmax())
    changed = compute.torch_thread.call(perturb, digit, change)
    amounts, digits = compute.torch_thread.call(sweep, digit, change, name, POINTS)
    digits = np.concatenate([digits, changed[None]])
    series = []
    for checkpoint in as_many_as_colours(checkpoints, chosen):
        shares = compute.predictor.predict(checkpoint.model, digits)[:, answer]
        points = [
            [round(float(x), 3), round(float(y), 4)]
            for x, y in zip(amounts, shares[:-1], strict=True)
        ]
        series.append({"name": checkpoint.name, "points": points, "shown": f"{shares[-1]:.0%}"})
    return {
        "change": {field.name: getattr(change, field.name) for field in fields(change)},
        "name": name,
        "picture": png_data_uri(changed),
        "caption": translate("robustness_caption", digit=name_digit(answer)),
        "x_label": translate(f"change_{name}_axis"),
        "low": RANGES[name].low,
        "high": RANGES[name].high,
        "series": series,
    }
