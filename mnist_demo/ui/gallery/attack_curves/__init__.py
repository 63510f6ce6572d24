"""How much it takes to fool each model: its accuracy by the strength of a change."""

from collections.abc import Iterator, Sequence
from typing import Any

import gradio as gr
import numpy as np

from mnist_demo.models.adversarial import fast_gradient_sign
from mnist_demo.models.attack_curves import DIGITS, STRENGTHS
from mnist_demo.models.checkpoints import Checkpoint
from mnist_demo.ui.components.panel import panel
from mnist_demo.ui.components.plot import as_many_as_colours
from mnist_demo.ui.components.png import png_data_uri
from mnist_demo.ui.compute.model_store import ModelStore, UserModels
from mnist_demo.ui.compute.test_set import take_digit
from mnist_demo.ui.errors import error_sentence
from mnist_demo.ui.gallery.attack_reader import AttackReader
from mnist_demo.ui.i18n.translate import translate

TOLD = (0, 0.1, 0.3, 0.5)  # strengths whose pictures and accuracies stand beside the curves
EXAMPLE = 0  # the test digit that is shown


def attack_curves() -> gr.HTML:
    """Folded. It fires `ask` when it opens and, while it is open, when another model is chosen;
    its value is what `show_attack_curves` yields."""
    words = {
        name: translate(f"attack_curves_{name}", count=DIGITS, low=STRENGTHS[0], high=STRENGTHS[-1])
        for name in ("help", "axis", "table")
    }
    strengths = [{"name": f"{strength:g}"} for strength in TOLD]
    column = {"column": translate("column_model")}
    settings = {"high": float(STRENGTHS[-1]), "strengths": strengths, "words": words | column}
    return panel(__file__, "plot", follows=False, value={}, **settings)


def show_attack_curves(
    store: ModelStore, reader: AttackReader, name: Any, user_models: UserModels
) -> Iterator[dict[str, Any]]:
    """The curves that are known at once; then all of them, as many as there are colours, the
    attacked one among them."""
    try:
        attacked = store.model(name, user_models)
    except ValueError as error:
        yield {"line": error_sentence(error), "series": [], "pictures": []}
        return
    names = as_many_as_colours(store.names(user_models), name)
    models = [store.model(each, user_models) for each in names]
    shown = _describe(store, reader, attacked, models)
    if len(shown["series"]) < len(models):
        yield shown | {"line": translate("attack_curves_wait")}
        reader.compute(attacked, models)
        shown = _describe(store, reader, attacked, models)
    yield shown


def _describe(
    store: ModelStore, reader: AttackReader, attacked: Checkpoint, models: Sequence[Checkpoint]
) -> dict[str, Any]:
    """colour: of each model the same, whichever are known."""
    series = []
    for colour, checkpoint in enumerate(models):
        curve = reader.find(attacked, checkpoint)
        if curve is not None:
            points = [[float(x), round(float(y), 4)] for x, y in zip(STRENGTHS, curve, strict=True)]
            told = [f"{np.interp(strength, STRENGTHS, curve):.1%}" for strength in TOLD]
            one = {"name": checkpoint.name, "colour": colour, "points": points, "told": told}
            series.append(one)
    return {
        "line": translate("attack_curves_line", model=attacked.name, count=reader.count()),
        "attacked": attacked.name,
        "series": series,
        "pictures": _picture(store, attacked),
    }


def _picture(store: ModelStore, attacked: Checkpoint) -> list[dict[str, Any]]:
    digit, label = take_digit(store.dataset(), EXAMPLE)
    asked = (attacked.model, digit, np.array(TOLD), label)
    changed = store.compute.torch_thread.call(fast_gradient_sign, *asked)
    return [
        {
            "picture": png_data_uri(each),
            "alt": translate("attack_curves_picture", digit=label, strength=f"{strength:g}"),
        }
        for strength, each in zip(TOLD, changed, strict=True)
    ]
