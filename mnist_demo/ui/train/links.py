"""A training's set-up in the page's address, and what a teacher's link may carry beside it.

The address holds the recipe and each value of the form that is not the recipe's own, by the names
of FIELDS; `tab`; `question`; `hide`, a list of HIDEABLE. A value may be a list: so one link holds
several set-ups, `recipe=softmax,simple_cnn` for example, to be trained one after another.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mnist_demo.data.dataset import Dataset
from mnist_demo.training.recipes import BOUNDS, OLD_NAMES, OLD_VALUES, RECIPES, Recipe, get_recipe
from mnist_demo.ui.i18n.translate import TranslatedError, Translations, join, reason_of, translate
from mnist_demo.ui.train.recipe_form import DEFAULT_RECIPE, FIELDS, describe_setting
from mnist_demo.ui.validation import check_momentum, check_setting

PARAMETERS = ("recipe", *FIELDS)  # of a set-up
TABS = ("draw", "train", "gallery")
HIDEABLE = ("recipe", "settings", "experiments", "layers", "runs", "watch", "report")
MAX_SET_UPS = 6
MAX_QUESTION = 300  # characters
NONE = "none"  # for what may be None: all images, no digit left out


@dataclass(frozen=True)
class SetUp:
    """name: what tells it from the others of its link."""

    recipe: Recipe
    seed: int
    name: Translations | str = ""


@dataclass(frozen=True)
class Link:
    """What an address asks for. errors: what of it could not be used, and why."""

    set_ups: tuple[SetUp, ...]
    tab: str | None = None
    question: str = ""
    hidden: tuple[str, ...] = ()
    errors: tuple[Translations, ...] = ()


def read_link(parameters: Mapping[str, str], dataset: Dataset | None = None) -> Link:
    """The link of an address with these parameters, which anybody may have written.

    What it leaves out is the recipe's own, as that trains on `dataset`. What is not known is passed
    over, for others may want it; `errors` says what is not valid.
    """
    parameters = rename_parameters(parameters)
    errors: list[Translations] = []
    try:
        set_ups = _read_set_ups(parameters, dataset)
    except ValueError as error:
        errors.append(reason_of(error))
        set_ups = (_set_up({}, (), dataset),)
    tab = parameters.get("tab")
    if tab is not None and tab not in TABS:
        errors.append(_not_one_of("tab", TABS, tab))
    hidden = tuple(filter(None, parameters.get("hide", "").split(",")))
    unknown = [name for name in hidden if name not in HIDEABLE]
    if unknown:
        errors.append(_not_one_of("hide", HIDEABLE, unknown[0]))
    return Link(
        set_ups,
        tab if tab in TABS else None,
        parameters.get("question", "")[:MAX_QUESTION],
        tuple(name for name in HIDEABLE if name in hidden),
        tuple(errors),
    )


def rename_parameters(parameters: Mapping[str, str]) -> dict[str, str]:
    """Those of an older link by the names and values that they have today."""

    def rename_values(name: str, values: str) -> str:
        old = OLD_VALUES.get(name, {})
        return ",".join(old.get(value, value) for value in values.split(","))

    return {
        OLD_NAMES.get(name, name): rename_values(name, values) if name in OLD_VALUES else values
        for name, values in parameters.items()
    }


def _read_set_ups(parameters: Mapping[str, str], dataset: Dataset | None) -> tuple[SetUp, ...]:
    lists = {name: parameters[name].split(",") for name in PARAMETERS if name in parameters}
    count = max(map(len, lists.values()), default=1)
    if count > MAX_SET_UPS:
        raise TranslatedError(translate("link_too_many", most=MAX_SET_UPS, count=count))
    for name, values in lists.items():
        if len(values) not in (1, count):
            raise TranslatedError(
                translate("link_uneven", name=name, count=len(values), others=count)
            )
    varied = [name for name, values in lists.items() if len(values) > 1]
    return tuple(
        _set_up(
            {name: values[index % len(values)] for name, values in lists.items()}, varied, dataset
        )
        for index in range(count)
    )


def _set_up(texts: Mapping[str, str], varied: Sequence[str], dataset: Dataset | None) -> SetUp:
    recipe_name = texts.get("recipe", DEFAULT_RECIPE)
    if recipe_name not in RECIPES:
        raise TranslatedError(_not_one_of("recipe", RECIPES, recipe_name))
    recipe = get_recipe(recipe_name).for_dataset(dataset)
    values = {name: _read_value(name, texts[name]) for name in FIELDS if name in texts}
    for name, value in values.items():
        check_setting(name, value)
    seed = values.pop("seed", recipe.seed)
    check_momentum(
        values.get("momentum", recipe.momentum), values.get("optimizer", recipe.optimizer)
    )
    varied_name = join(", ", (_describe_value(name, texts) for name in varied)) if varied else ""
    return SetUp(replace(recipe, **values), seed, varied_name)


def _not_one_of(name: str, valid: Iterable[str], value: str) -> Translations:
    return translate("not_a_choice", name=name, choices=", ".join(valid), value=repr(value[:40]))


def _describe_value(name: str, texts: Mapping[str, str]) -> Translations | str:
    if name == "recipe":
        return texts[name]
    return describe_setting(name, texts[name])


def _read_value(name: str, text: str) -> Any:
    """A value as the address has it: a number, a word, or none."""
    if name not in BOUNDS:
        return text
    if text == NONE:
        return None
    try:
        return int(text) if BOUNDS[name].whole else float(text)
    except ValueError:
        raise TranslatedError(
            translate("not_a_number", name=translate(name), value=repr(text[:20]))
        ) from None


def write_link(recipe: Recipe, seed: int, dataset: Dataset | None = None) -> dict[str, str]:
    """The parameters of a set-up: the recipe, and what of the form is not the recipe's own."""
    own = get_recipe(recipe.name).for_dataset(dataset)
    values = {name: getattr(recipe, name) for name in FIELDS} | {"seed": seed}
    changed = {name: value for name, value in values.items() if value != getattr(own, name)}
    return {"recipe": recipe.name} | {name: _write_value(value) for name, value in changed.items()}


def _write_value(value: Any) -> str:
    return NONE if value is None else str(value)
