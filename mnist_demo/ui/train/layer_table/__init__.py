"""The layers of a recipe's network."""

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import gradio as gr

from mnist_demo.networks.introspection import Layer, describe_layers
from mnist_demo.training.recipes import Recipe, get_recipe
from mnist_demo.ui.components.custom_html import custom_html
from mnist_demo.ui.i18n.translate import Translations, translate

COLUMNS = ("layers_layer", "layers_output", "column_parameters")


def layer_table(name: str) -> gr.HTML:
    """The layers of the recipe called `name`. Its value is what `list_layers` returns."""
    return custom_html(
        __file__,
        shared=("dom",),
        value=list_layers(name),
        columns=[translate(column) for column in COLUMNS],
    )


def list_layers(name: str) -> dict[str, Any]:
    """A row for each layer of a recipe: its name and kind, what it puts out, its parameters."""
    return {
        "rows": [
            {
                "name": _describe_layer(layer),
                "output": " x ".join(map(str, layer.output_shape)),
                "parameters": f"{layer.parameters:,}",
            }
            for layer in _find_layers(get_recipe(name))
        ]
    }


@cache  # a network is built and run for it; each page that is opened asks
def _find_layers(recipe: Recipe) -> list[Layer]:
    with ThreadPoolExecutor(1) as once:  # which takes the threads that torch has for it with it
        return once.submit(describe_layers, recipe.build(seed=0)).result()


def _describe_layer(layer: Layer) -> Translations:
    height, width = layer.kernel or (0, 0)
    values = {"name": layer.name or layer.type, "type": layer.type}
    return translate(f"layer_{layer.kind}", **values, height=height, width=width)
