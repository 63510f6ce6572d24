"""The choice of a recipe, its layers, and its settings, filled in and editable."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

import gradio as gr
from gradio.components import Component

from mnist_demo.networks.introspection import count_parameters
from mnist_demo.training.recipes import BOUNDS, CHOICES, RECIPES, Recipe, get_recipe
from mnist_demo.ui.components.notice import notice
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.errors import user_error
from mnist_demo.ui.i18n.labels import Options, labelled
from mnist_demo.ui.i18n.translate import Translations, translate
from mnist_demo.ui.train.layer_table import layer_table, list_layers
from mnist_demo.ui.validation import check_momentum, check_setting

DEFAULT_RECIPE = "fast_cnn"  # done while the class watches
NO_EXCLUDED_DIGIT = -1  # a dropdown has no None among its choices

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
EXPERIMENTS = ("train_images", "label_noise", "excluded_digit", "augmentation")
FIELDS = (*SETTINGS, *EXPERIMENTS)
ALL_IMAGES = BOUNDS["train_images"].high  # for None: a gr.Number that comes empty turns into 0


@dataclass(frozen=True)
class RecipeForm:
    """fields: by the names of FIELDS. `inputs()` are `read_recipe`'s arguments; what `fill_in`
    returns goes to `filled()`."""

    recipe: gr.Dropdown
    facts: gr.HTML
    layers: gr.HTML
    fields: dict[str, Component]

    def inputs(self) -> list[Component]:
        return [self.recipe, *self.fields.values()]

    def filled(self) -> list[Component]:
        return [self.facts, self.layers, *self.fields.values()]


def recipe_choice() -> tuple[gr.Dropdown, gr.HTML]:
    """The recipe's dropdown, and what is said about it."""
    choice = labelled(
        gr.Dropdown,
        {"label": "recipe", "info": "recipe_info"},
        choices=list(RECIPES),
        value=DEFAULT_RECIPE,
        elem_id="recipe",
    )
    return choice, notice(describe_recipe(DEFAULT_RECIPE), elem_id="recipe-facts")


def recipe_form(store: ModelStore, choice: gr.Dropdown, facts: gr.HTML) -> RecipeForm:
    """The layers and the settings of the recipe in `choice`, folded; filled anew at each choice."""
    recipe = get_recipe(choice.value)
    values = dict(zip(FIELDS, read_fields(recipe, recipe.seed), strict=True))
    with _fold("experiments"):
        notice(translate("experiments_info"), classes="quiet")
        fields = _rows(EXPERIMENTS, values)
    with _fold("settings"):
        notice(translate("settings_info"), classes="quiet")
        fields |= _rows(SETTINGS, values)
        reset = labelled(gr.Button, {"value": "settings_reset"}, size="sm", elem_id="reset")
    with _fold("layers"):
        layers = layer_table(recipe.name)
    form = RecipeForm(choice, facts, layers, {name: fields[name] for name in FIELDS})
    for event in (choice.input, reset.click):
        event(
            partial(fill_in, store),
            choice,
            form.filled(),
            queue=False,
            show_progress="hidden",
            api_visibility="private",
        )
    return form


def _fold(name: str) -> gr.Accordion:
    return labelled(gr.Accordion, {"label": name}, open=False, elem_id=name, elem_classes="fold")


def _rows(names: Sequence[str], values: dict[str, Any]) -> dict[str, Component]:
    """The fields of those names, two in a row."""
    fields: dict[str, Component] = {}
    for first in range(0, len(names), 2):
        with gr.Row():
            for name in names[first : first + 2]:
                fields[name] = _field(name, values[name])
    return fields


def _field(name: str, value: Any) -> Component:
    says = {"label": name, "info": f"{name}_info"}
    settings: dict[str, Any] = {"value": value, "min_width": 130}
    if name == "excluded_digit":
        digits = [(str(digit), digit) for digit in range(10)]
        options: Options = [(translate("excluded_digit_none"), NO_EXCLUDED_DIGIT), *digits]
        return labelled(gr.Dropdown, says, options, **settings)
    if name in CHOICES:
        options = [(translate(f"{name}_{choice}"), choice) for choice in CHOICES[name]]
        return labelled(gr.Dropdown, says, options, **settings)
    return labelled(gr.Number, says, precision=0 if BOUNDS[name].whole else None, **settings)


def fill_in(store: ModelStore, name: Any) -> list[Any]:
    """What the form shows for the recipe called `name`, as it trains on the data set."""
    try:
        recipe = get_recipe(name).for_dataset(store.loaded)
    except ValueError as error:
        raise user_error(error) from None
    return show_recipe(recipe, recipe.seed)


def show_recipe(recipe: Recipe, seed: int) -> list[Any]:
    """What the form's `filled()` components show for a recipe and a seed."""
    return [describe_recipe(recipe.name), list_layers(recipe.name), *read_fields(recipe, seed)]


def read_fields(recipe: Recipe, seed: int) -> list[Any]:
    """The values of the fields, in the order of FIELDS."""
    values = {name: getattr(recipe, name) for name in FIELDS} | {"seed": seed}
    if recipe.excluded_digit is None:
        values["excluded_digit"] = NO_EXCLUDED_DIGIT
    if recipe.train_images is None:
        values["train_images"] = ALL_IMAGES
    return list(values.values())


def describe_recipe(name: str) -> Translations:
    return translate("recipe_facts", summary=translate(f"{name}_summary"), parameters=_count(name))


@cache  # a network is built for it; each page that is opened asks
def _count(name: str) -> int:
    return count_parameters(get_recipe(name).build(seed=0))


def describe_setting(name: str, value: object) -> Translations:
    """A setting and its value, within a sentence."""
    within = {language: text.lower() for language, text in translate(name).items()}
    return translate("change_setting", name=within, value=value)


def read_recipe(name: Any, *values: Any) -> tuple[Recipe, int]:
    """The recipe and the seed that the form holds. Raises ValueError where a value is not valid."""
    changes: dict[str, Any] = dict(zip(FIELDS, values, strict=True))
    if changes["excluded_digit"] == NO_EXCLUDED_DIGIT:
        changes["excluded_digit"] = None
    if changes["train_images"] == ALL_IMAGES:
        changes["train_images"] = None
    for field, value in changes.items():
        check_setting(field, value)
    check_momentum(changes["momentum"], changes["optimizer"])
    seed = changes.pop("seed")
    return replace(get_recipe(name), **changes), seed
