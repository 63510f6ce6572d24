"""The choice of a recipe, its layers, and its settings, filled in and editable."""

from dataclasses import dataclass, fields, replace
from typing import Any

import gradio as gr
from gradio.components import Component

from mnist_demo.architectures import Layer, count_parameters, describe_layers
from mnist_demo.recipes import OPTIMIZERS, RECIPES, Recipe, get_recipe
from mnist_demo.ui.torch_thread import TORCH
from mnist_demo.ui.words import say

NUMBERS = ("learning_rate", "batch_size", "epochs", "momentum", "weight_decay", "seed")
DEFAULT_RECIPE = "fast_cnn"  # done while the class watches
WHOLE = ("batch_size", "epochs", "seed")


@dataclass(frozen=True)
class RecipeForm:
    """The inputs of a training; in this order they are `read_recipe`'s arguments."""

    recipe: gr.Dropdown
    optimizer: gr.Dropdown
    learning_rate: gr.Number
    batch_size: gr.Number
    epochs: gr.Number
    momentum: gr.Number
    weight_decay: gr.Number
    seed: gr.Number

    def inputs(self) -> list[Component]:
        return [getattr(self, field.name) for field in fields(self)]


def recipe_choice() -> tuple[gr.Dropdown, gr.Markdown]:
    """The recipe's dropdown, and what is said about it."""
    choice = gr.Dropdown(
        list(RECIPES),
        value=DEFAULT_RECIPE,
        label=say("recipe"),
        info=say("recipe_info"),
        elem_id="recipe",
    )
    return choice, gr.Markdown(describe_recipe(DEFAULT_RECIPE))


def recipe_form(choice: gr.Dropdown, facts: gr.Markdown) -> RecipeForm:
    """The layers and the settings of the recipe in `choice`, folded; filled anew at each choice."""
    recipe = get_recipe(choice.value)
    with gr.Accordion(say("layers"), open=False, elem_classes="fold"):
        layers = gr.Markdown(list_layers(recipe.name))
    with gr.Accordion(say("settings"), open=False, elem_id="settings", elem_classes="fold"):
        gr.Markdown(say("settings_info"), elem_classes="quiet")
        optimizer = gr.Dropdown(
            list(OPTIMIZERS),
            value=recipe.optimizer,
            label=say("optimizer"),
            info=say("optimizer_info"),
        )
        numbers = {}
        for first, second in zip(NUMBERS[::2], NUMBERS[1::2], strict=True):
            with gr.Row():
                for name in (first, second):
                    numbers[name] = gr.Number(
                        getattr(recipe, name),
                        label=say(name),
                        info=say(f"{name}_info"),
                        precision=0 if name in WHOLE else None,
                        min_width=130,
                    )
    form = RecipeForm(choice, optimizer, **numbers)
    choice.input(
        fill_in,
        choice,
        [facts, layers, *form.inputs()[1:]],
        queue=False,
        show_progress="hidden",
        api_visibility="private",
    )
    return form


def fill_in(name: str) -> list[str | float]:
    """What the form shows for the recipe called `name`."""
    recipe = get_recipe(name)
    numbers = [getattr(recipe, number) for number in NUMBERS]
    return [describe_recipe(name), list_layers(name), recipe.optimizer, *numbers]


def describe_recipe(name: str) -> str:
    parameters = count_parameters(get_recipe(name).build(seed=0))
    return say("recipe_facts", summary=say(f"{name}_summary"), parameters=parameters)


def list_layers(name: str) -> str:
    """A Markdown table of a recipe's layers."""
    rows = [
        f"| {_name_layer(layer)} | {' x '.join(map(str, layer.output_shape))} "
        f"| {layer.parameters:,} |"
        for layer in TORCH.call(describe_layers, get_recipe(name).build(seed=0))
    ]
    return "\n".join([say("layers_head"), *rows])


def _name_layer(layer: Layer) -> str:
    height, width = layer.kernel or (0, 0)
    return say(f"layer_{layer.kind}", name=layer.name, height=height, width=width)


def read_recipe(name: str, optimizer: str, *numbers: float | None) -> tuple[Recipe, int]:
    """The recipe and the seed that the form holds. Raises ValueError where a value is not valid."""
    values: dict[str, Any] = dict(zip(NUMBERS, numbers, strict=True))
    recipe = replace(get_recipe(name), optimizer=optimizer, **values)
    return replace(recipe, seed=get_recipe(name).seed), recipe.seed
