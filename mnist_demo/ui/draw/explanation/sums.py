"""The sum behind one number of a map, for the page."""

from typing import Any

import numpy as np

from mnist_demo.models.activations import HiddenLayer
from mnist_demo.models.convolution_sums import ConvolutionSum
from mnist_demo.networks.modules import SeededDropout
from mnist_demo.ui.draw.explanation.look import Place
from mnist_demo.ui.i18n.translate import join, translate

# Of modules, as they are called in the text of a network.
_WORDS = {
    "BatchNorm2d": "norm",
    "ReLU": "relu",
    "Sigmoid": "sigmoid",
    "Tanh": "tanh",
    "GELU": "gelu",
}
DROPOUT = SeededDropout.__name__  # which is for the training alone
SHOWN = 3  # of the maps that are added up: those that count most


def find_place(hidden: HiddenLayer, place: Place) -> tuple[int, int, int] | None:
    """The filter, row and column that are meant; None where they are not there."""
    number, row, column = place
    if hidden.activations.ndim != 3 or number >= hidden.units:
        return None
    height, width = hidden.activations.shape[1:]
    if row is None or column is None:
        row, column = divmod(int(hidden.activations[number].argmax()), width)
    return (number, row, column) if row < height and column < width else None


def describe_sum(
    found: ConvolutionSum, hidden: HiddenLayer, at: tuple[int, int, int], *, is_off: bool = False
) -> dict[str, Any]:
    """Of the patches those that count most, each with its weights and the sum of their products;
    the others' sum; and what the sum of all becomes. is_off: whether the filter is switched off."""
    products = (found.patches * found.weights).sum(axis=(1, 2))
    shown = np.argsort(-np.abs(products), kind="stable")[:SHOWN].tolist()
    others = len(products) - len(shown)
    lines = [(translate("explanation_sum_bias"), found.bias)] if found.bias else []
    if others:
        rest = float(np.delete(products, shown).sum())
        lines.insert(0, (translate("explanation_sum_rest", count=others), rest))
    lines.append((translate("explanation_sum_total"), found.total))
    after = [each for each in hidden.after if each != DROPOUT]
    if is_off:
        lines.append((translate("explanation_sum_off"), 0.0))
    elif after:
        functions = ", ".join(_WORDS.get(each, each) for each in after)
        told = translate("explanation_sum_after", functions=functions)
        lines.append((told, float(hidden.activations[at])))
    helps = [translate("explanation_sum_help")]
    helps += [translate(f"explanation_{_WORDS[each]}") for each in after if each in _WORDS]
    number, row, column = at
    part = translate("explanation_filter", number=number + 1)
    return {
        "place": list(at),
        "title": translate("explanation_sum", part=part, row=row + 1, column=column + 1),
        "help": join(" ", helps),
        "parts": [_describe_part(found, each, float(products[each])) for each in shown],
        "lines": [{"name": name, "value": f"{value:.2f}"} for name, value in lines],
    }


def _describe_part(found: ConvolutionSum, number: int, product: float) -> dict[str, Any]:
    is_first = len(found.patches) == 1
    name = (
        translate("explanation_sum_drawing")
        if is_first
        else translate("explanation_sum_map", number=number + 1)
    )
    return {
        "name": name,
        "patch": found.patches[number].astype(float).round(2).tolist(),
        "weights": found.weights[number].astype(float).round(2).tolist(),
        "product": f"{product:.2f}",
    }
