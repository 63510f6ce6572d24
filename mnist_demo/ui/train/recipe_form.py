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
from mnist_demo.ui.compute.test_set import NO_DIGIT
from mnist_demo.ui.errors import user_error
from mnist_demo.ui.i18n.labels import Options, labelled
from mnist_demo.ui.i18n.translate import LANGUAGES, Translations, translate
from mnist_demo.ui.train.layer_table import layer_table, list_layers
from mnist_demo.ui.validation import check_momentum, check_setting
from mnist_demo.ui.wiring import AT_ONCE, Outputs, by_name

DEFAULT_RECIPE = "fast_cnn"  # done while the class watches

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
    """fields: by the names of FIELDS. `inputs()` are `read_recipe`'s arguments; what `show_recipe`
    returns goes to `outputs()`: all of them by their names."""

    recipe: gr.Dropdown
    facts: gr.HTML
    layers: gr.HTML
    fields: dict[str, Component]

    def inputs(self) -> dict[str, Any]:
        return {"recipe": self.recipe, **self.fields}

    def outputs(self) -> dict[str, Any]:
        return self.inputs() | {"facts": self.facts, "layers": self.layers}


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
    values = read_fields(recipe, recipe.seed)
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
    chosen = by_name(partial(choose_recipe, store), {"recipe": choice}, form.outputs())
    for event in (choice.input, reset.click):
        event(**chosen, **AT_ONCE)
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
    keys = {"label": name, "info": f"{name}_info"}
    settings: dict[str, Any] = {"value": value, "min_width": 130}
    if name == "excluded_digit":
        digits = [(str(digit), digit) for digit in range(10)]
        options: Options = [(translate("excluded_digit_none"), NO_DIGIT), *digits]
        return labelled(gr.Dropdown, keys, options, **settings)
    if name in CHOICES:
        options = [(translate(f"{name}_{choice}"), choice) for choice in CHOICES[name]]
        return labelled(gr.Dropdown, keys, options, **settings)
    return labelled(gr.Number, keys, precision=0 if BOUNDS[name].whole else None, **settings)


def choose_recipe(store: ModelStore, recipe: Any) -> Outputs:
    """What the form shows for the recipe of that name, which is chosen already, as it trains on the
    data set."""
    try:
        chosen = get_recipe(recipe).for_dataset(store.loaded)
    except ValueError as error:
        raise user_error(error) from None
    shown = show_recipe(chosen, chosen.seed)
    del shown["recipe"]
    return shown


def show_recipe(recipe: Recipe, seed: int) -> Outputs:
    """What the form's `outputs()` show for a recipe and a seed."""
    return {
        "recipe": recipe.name,
        "facts": describe_recipe(recipe.name),
        "layers": list_layers(recipe.name),
        **read_fields(recipe, seed),
    }


def read_fields(recipe: Recipe, seed: int) -> dict[str, Any]:
    """The values of the fields, by the names of FIELDS."""
    values = {name: getattr(recipe, name) for name in FIELDS} | {"seed": seed}
    if recipe.excluded_digit is None:
        values["excluded_digit"] = NO_DIGIT
    if recipe.train_images is None:
        values["train_images"] = ALL_IMAGES
    return values


def describe_recipe(name: str) -> Translations:
    recipe = get_recipe(name)
    if f"{name}_summary" in LANGUAGES["en"]:
        summary = translate(f"{name}_summary")
    else:
        summary = translate("registered_summary", name=name, source=recipe.source)
    return translate("recipe_facts", summary=summary, parameters=_count(recipe))


@cache  # a network is built for it; each page that is opened asks
def _count(recipe: Recipe) -> int:
    return count_parameters(recipe.build(seed=0))


def describe_setting(name: str, value: object) -> Translations:
    """A setting and its value, within a sentence."""
    within = {language: text.lower() for language, text in translate(name).items()}
    return translate("change_setting", name=within, value=value)


def read_recipe(recipe: Any, **fields: Any) -> tuple[Recipe, int]:
    """The recipe and the seed that the form holds. Raises ValueError where a value is not valid.

    recipe: its name. fields: all those of FIELDS.
    """
    changes = {name: fields[name] for name in FIELDS}
    if changes["excluded_digit"] == NO_DIGIT:
        changes["excluded_digit"] = None
    if changes["train_images"] == ALL_IMAGES:
        changes["train_images"] = None
    for field, value in changes.items():
        check_setting(field, value)
    check_momentum(changes["momentum"], changes["optimizer"])
    seed = changes.pop("seed")
    return replace(get_recipe(recipe), **changes), seed
