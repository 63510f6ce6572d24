"""The choice of a recipe, its layers, and its settings, filled in and editable."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any

import gradio as gr
from gradio.components import Component

from mnist_demo.networks.introspection import count_parameters
from mnist_demo.networks.naming import tell_layers
from mnist_demo.training.recipes import BOUNDS, CHOICES, RECIPES, Recipe, get_recipe
from mnist_demo.ui.components.notice import notice
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.compute.test_set import NO_DIGIT
from mnist_demo.ui.errors import user_error
from mnist_demo.ui.i18n.labels import Options, button, fold, labelled
from mnist_demo.ui.i18n.translate import LANGUAGES, TranslatedError, Translations, translate
from mnist_demo.ui.train.network_builder import (
    describe_network,
    edit_network,
    network_builder,
    read_text,
)
from mnist_demo.ui.validation import check_momentum, check_setting, format_number
from mnist_demo.ui.wiring import AT_ONCE, EVERY, Outputs, by_name

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
FIELDS = (*SETTINGS, *EXPERIMENTS, "layers")
ALL_IMAGES = BOUNDS["train_images"].high  # for None: a gr.Number that comes empty turns into 0


@dataclass(frozen=True)
class RecipeForm:
    """fields: by the names of FIELDS. filled: the recipe whose values they were last filled with.
    refilled: the events after which a visitor has filled in many of them. `inputs()` are
    `read_recipe`'s arguments; what `show_recipe` returns goes to `outputs()`: all by their names.
    """

    recipe: gr.Dropdown
    facts: gr.HTML
    fields: dict[str, Component]
    filled: gr.State
    refilled: list[gr.events.Dependency]

    def inputs(self) -> dict[str, Any]:
        return {"recipe": self.recipe, **self.fields}

    def outputs(self) -> dict[str, Any]:
        return self.inputs() | {"facts": self.facts, "filled": self.filled}


def recipe_choice() -> tuple[gr.Dropdown, gr.HTML]:
    """The recipe's dropdown, and what is said about it."""
    choice = labelled(
        gr.Dropdown,
        {"label": "recipe", "info": "recipe_info"},
        choices=list(RECIPES),
        value=DEFAULT_RECIPE,
        elem_id="recipe",
    )
    return choice, notice(describe_recipe(get_recipe(DEFAULT_RECIPE)), elem_id="recipe-facts")


def recipe_form(store: ModelStore, choice: gr.Dropdown, facts: gr.HTML) -> RecipeForm:
    """The layers and the settings of the recipe in `choice`, folded; filled anew at each choice."""
    recipe = get_recipe(choice.value)
    values = read_fields(recipe, recipe.seed)
    fields: dict[str, Component] = {}
    resets = {}
    for group, names in (("experiments", EXPERIMENTS), ("settings", SETTINGS)):
        with fold(group, group):
            notice(translate(f"{group}_info"), classes="quiet")
            fields |= _rows(names, values)
            resets[names] = button(f"{group}_reset", elem_id=f"{group}-reset")
    with fold("builder_title", "layers"):
        builder = fields["layers"] = network_builder(recipe)
    fields = {name: fields[name] for name in FIELDS}
    form = RecipeForm(choice, facts, fields, gr.State(recipe.name), [])
    data = {name: fields[name] for name in EXPERIMENTS}
    inputs = {"recipe": choice, "filled": form.filled, **data}
    chosen = by_name(partial(choose_recipe, store), inputs, form.outputs())
    form.refilled.append(choice.input(**chosen, **AT_ONCE))
    for names, own_button in resets.items():
        own = {name: fields[name] for name in names}
        reset = by_name(partial(reset_fields, names, store), {"recipe": choice}, own)
        form.refilled.append(own_button.click(**reset, **AT_ONCE))
    edited = by_name(
        edit_layers, {"recipe": choice, "layers": builder}, {"layers": builder, "facts": facts}
    )
    builder.input(**edited, **EVERY)
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
    keys = {"label": name, "info": f"{name}_info"}
    settings: dict[str, Any] = {"value": value, "min_width": 130}
    settings |= {"elem_id": f"field-{name}", "elem_classes": "field"}
    if name == "excluded_digit":
        digits = [(str(digit), digit) for digit in range(10)]
        options: Options = [(translate("excluded_digit_none"), NO_DIGIT), *digits]
        return labelled(gr.Dropdown, keys, options, **settings)
    if name in CHOICES:
        options = [(translate(f"{name}_{choice}"), choice) for choice in CHOICES[name]]
        return labelled(gr.Dropdown, keys, options, **settings)
    return labelled(gr.Number, keys, **settings)  # a precision would round without a word


def choose_recipe(store: ModelStore, recipe: Any, filled: str, **data: Any) -> Outputs:
    """What the form shows for the recipe of that name, which is chosen already, as it trains on the
    data set.

    filled: the one whose values it shows so far. data: the fields of EXPERIMENTS; what the visitor
    has changed of them stays.
    """
    if recipe == filled:  # Gradio tells also of who leaves the choice as it was
        return {}
    shown = show_recipe(*_own(store, recipe))
    own = read_fields(*_own(store, filled))
    changed = [name for name in EXPERIMENTS if data[name] != own[name]]
    return {name: value for name, value in shown.items() if name not in {"recipe", *changed}}


def edit_layers(recipe: Any, layers: Any) -> Outputs:
    """The network that a visitor has changed, and what is said of it."""
    edited = edit_network(layers)
    if "error" in edited["layers"]:
        return edited
    try:
        changed = replace(get_recipe(recipe), layers=read_text(layers))
    except ValueError:  # told when it is trained
        return edited
    return edited | {"facts": describe_recipe(changed)}


def reset_fields(names: Sequence[str], store: ModelStore, recipe: Any) -> Outputs:
    """The recipe's own values in the fields of those names."""
    own = read_fields(*_own(store, recipe))
    return {name: own[name] for name in names}


def _own(store: ModelStore, recipe: Any) -> tuple[Recipe, int]:
    """The recipe of that name as it trains on the data set, and its seed."""
    try:
        own = get_recipe(recipe).for_dataset(store.loaded)
    except ValueError as error:
        raise user_error(error) from None
    return own, own.seed


def show_recipe(recipe: Recipe, seed: int) -> Outputs:
    """What the form's `outputs()` show for a recipe and a seed."""
    return {
        "recipe": recipe.name,
        "filled": recipe.name,
        "facts": describe_recipe(recipe),
        **read_fields(recipe, seed),
    }


def read_fields(recipe: Recipe, seed: int) -> dict[str, Any]:
    """The values of the fields, by the names of FIELDS."""
    values = {name: getattr(recipe, name) for name in FIELDS} | {"seed": seed}
    values["layers"] = describe_network(recipe)
    if recipe.excluded_digit is None:
        values["excluded_digit"] = NO_DIGIT
    if recipe.train_images is None:
        values["train_images"] = ALL_IMAGES
    return values


def describe_recipe(recipe: Recipe) -> Translations:
    """What it is, with its own network or another, and how many parameters that has."""
    if recipe.layers != get_recipe(recipe.name).layers:
        summary = translate("own_network_summary", name=recipe.name)
    elif f"{recipe.name}_summary" in LANGUAGES["en"]:
        summary = translate(f"{recipe.name}_summary")
    else:
        summary = translate("registered_summary", name=recipe.name, source=recipe.source)
    return translate("recipe_facts", summary=summary, parameters=parameters_of(recipe))


@lru_cache(64)  # a network is built for it; each page that is opened asks
def parameters_of(recipe: Recipe) -> int:
    """How many its network has."""
    return count_parameters(recipe.build(seed=0))


def describe_setting(name: str, value: Any) -> Translations:
    """A setting and its value, within a sentence."""
    match name, value:
        case "layers", str():
            return translate("change_layers", value=tell_layers(value))
        case "train_images", None:
            return translate("change_all_images")
        case "train_images", int():
            return translate("change_images", value=value)
        case "label_noise", float() | int():
            return translate("change_noise_labels", value=value)
        case "excluded_digit", None:
            return translate("change_no_digit")
        case "excluded_digit", int():
            return translate("change_excluded_digit", value=value)
        case "augmentation", _:
            return translate("change_not_augmented" if value == "none" else "change_augmented")
    choice = f"{name}_{value}"
    if choice in LANGUAGES["en"]:
        value = translate(choice)
    elif isinstance(value, float):
        value = format_number(float(f"{value:g}"))
    return translate("change_setting", name=name_within(name), value=value)


def name_within(name: str) -> Translations:
    """What a setting is called within a sentence."""
    return {language: text.lower() for language, text in translate(name).items()}


def check_fields(fields: Mapping[str, Any]) -> dict[str, Translations]:
    """Why the value of a field is not valid, by the names of those that are not."""
    errors = {}
    for name in FIELDS:
        try:
            check_setting(name, fields[name])
        except TranslatedError as error:
            errors[name] = error.words
    if not errors.keys() & {"momentum", "optimizer"}:
        try:
            check_momentum(fields["momentum"], fields["optimizer"])
        except TranslatedError as error:
            errors["momentum"] = error.words
    return errors


def read_values(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What the fields stand for, which may be anything, by the names of FIELDS."""
    values = {name: fields[name] for name in FIELDS}
    for name, stands_for_none in (("excluded_digit", NO_DIGIT), ("train_images", ALL_IMAGES)):
        if values[name] == stands_for_none:
            values[name] = None
    values["layers"] = read_text(values["layers"])
    return values


def read_recipe(recipe: Any, **fields: Any) -> tuple[Recipe, int]:
    """The recipe and the seed that the form holds. Raises ValueError where a value is not valid.

    recipe: its name. fields: all those of FIELDS.
    """
    changes = read_values(fields)
    for error in check_fields(changes).values():
        raise TranslatedError(error)
    seed = changes.pop("seed")
    if changes["layers"] is None:
        del changes["layers"]
    return replace(get_recipe(recipe), **changes), seed
