"""The choice of a recipe, its layers, and its settings, filled in and editable."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr
from gradio.components import Component

from mnist_demo.architectures import Layer, count_parameters, describe_layers
from mnist_demo.recipes import BOUNDS, CHOICES, RECIPES, Recipe, get_recipe
from mnist_demo.ui.refusals import refusal
from mnist_demo.ui.torch_thread import TORCH
from mnist_demo.ui.words import say

DEFAULT_RECIPE = "fast_cnn"  # done while the class watches
NOTHING_LEFT_OUT = -1  # a dropdown has no None among its choices

SETTINGS = (
    "optimizer",
    "schedule",
    "learning_rate",
    "batch_size",
    "epochs",
    "seed",
    "momentum",
    "weight_decay",
    "label_smoothing",
)
EXPERIMENTS = ("train_images", "label_noise", "left_out", "augmentation")
FIELDS = (*SETTINGS, *EXPERIMENTS)


@dataclass(frozen=True)
class RecipeForm:
    """fields: by the names of FIELDS. `inputs()` are `read_recipe`'s arguments; what `fill_in`
    returns goes to `filled()`."""

    recipe: gr.Dropdown
    facts: gr.Markdown
    layers: gr.Markdown
    fields: dict[str, Component]

    def inputs(self) -> list[Component]:
        return [self.recipe, *self.fields.values()]

    def filled(self) -> list[Component]:
        return [self.facts, self.layers, *self.fields.values()]


def recipe_choice() -> tuple[gr.Dropdown, gr.Markdown]:
    """The recipe's dropdown, and what is said about it."""
    choice = gr.Dropdown(
        list(RECIPES),
        value=DEFAULT_RECIPE,
        label=say("recipe"),
        info=say("recipe_info"),
        elem_id="recipe",
    )
    return choice, gr.Markdown(describe_recipe(DEFAULT_RECIPE), elem_id="recipe-facts")


def recipe_form(choice: gr.Dropdown, facts: gr.Markdown) -> RecipeForm:
    """The layers and the settings of the recipe in `choice`, folded; filled anew at each choice."""
    recipe = get_recipe(choice.value)
    values = dict(zip(FIELDS, read_fields(recipe, recipe.seed), strict=True))
    with gr.Accordion(say("experiments"), open=False, elem_id="experiments", elem_classes="fold"):
        gr.Markdown(say("experiments_info"), elem_classes="quiet")
        fields = _rows(EXPERIMENTS, values)
    with gr.Accordion(say("settings"), open=False, elem_id="settings", elem_classes="fold"):
        gr.Markdown(say("settings_info"), elem_classes="quiet")
        fields |= _rows(SETTINGS, values)
        reset = gr.Button(say("settings_reset"), size="sm", elem_id="reset")
    with gr.Accordion(say("layers"), open=False, elem_id="layers", elem_classes="fold"):
        layers = gr.Markdown(list_layers(recipe.name))
    form = RecipeForm(choice, facts, layers, {name: fields[name] for name in FIELDS})
    for event in (choice.input, reset.click):
        event(
            fill_in,
            choice,
            form.filled(),
            queue=False,
            show_progress="hidden",
            api_visibility="private",
        )
    return form


def _rows(names: Sequence[str], values: dict[str, Any]) -> dict[str, Component]:
    """The fields of those names, two in a row."""
    fields: dict[str, Component] = {}
    for first in range(0, len(names), 2):
        with gr.Row():
            for name in names[first : first + 2]:
                fields[name] = _field(name, values[name])
    return fields


def _field(name: str, value: Any) -> Component:
    words: dict[str, Any] = {"label": say(name), "info": say(f"{name}_info"), "min_width": 130}
    if name == "left_out":
        digits = [(str(digit), digit) for digit in range(10)]
        return gr.Dropdown(
            [(say("left_out_none"), NOTHING_LEFT_OUT), *digits], value=value, **words
        )
    if name in CHOICES:
        choices = [(say(f"{name}_{choice}"), choice) for choice in CHOICES[name]]
        return gr.Dropdown(choices, value=value, **words)
    whole = BOUNDS[name].whole
    placeholder = say("train_images_all") if name == "train_images" else None
    return gr.Number(value, precision=0 if whole else None, placeholder=placeholder, **words)


def fill_in(name: Any) -> list[Any]:
    """What the form shows for the recipe called `name`."""
    try:
        recipe = get_recipe(name)
    except ValueError as error:
        raise refusal(f"{error}.") from None
    return show_recipe(recipe, recipe.seed)


def show_recipe(recipe: Recipe, seed: int) -> list[Any]:
    """What the form's `filled()` components show for a recipe and a seed."""
    return [describe_recipe(recipe.name), list_layers(recipe.name), *read_fields(recipe, seed)]


def read_fields(recipe: Recipe, seed: int) -> list[Any]:
    """The values of the fields, in the order of FIELDS."""
    values = {name: getattr(recipe, name) for name in FIELDS} | {"seed": seed}
    if recipe.left_out is None:
        values["left_out"] = NOTHING_LEFT_OUT
    return list(values.values())


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


def read_recipe(name: Any, *values: Any) -> tuple[Recipe, int]:
    """The recipe and the seed that the form holds. Raises ValueError where a value is not valid."""
    changes: dict[str, Any] = dict(zip(FIELDS, values, strict=True))
    if changes["left_out"] == NOTHING_LEFT_OUT:
        changes["left_out"] = None
    seed = changes.pop("seed")
    BOUNDS["seed"].check("seed", seed)
    return replace(get_recipe(name), **changes), seed
