"""A training's set-up in the page's address, and what a teacher's link may carry beside it.

The address holds the recipe and each value of the form that is not the recipe's own, by the names
of FIELDS; `tab`; `question`; `hide`, a list of HIDEABLE. A value may be a list: so one link holds
several set-ups, `recipe=softmax,simple_cnn` for example, to be trained one after another. Networks
as text, which hold commas, are parted by semicolons.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from mnist_demo.data.dataset import Dataset
from mnist_demo.training.recipes import BOUNDS, OLD_NAMES, OLD_VALUES, RECIPES, Recipe, get_recipe
from mnist_demo.ui.i18n.translate import TranslatedError, Translations, join, reason_of, translate
from mnist_demo.ui.link_parameters import not_one_of
from mnist_demo.ui.train.recipe_form import (
    ALL_IMAGES,
    DEFAULT_RECIPE,
    FIELDS,
    describe_setting,
)
from mnist_demo.ui.validation import check_momentum, check_setting

PARAMETERS = ("recipe", *FIELDS)  # of a set-up
TABS = ("draw", "train", "gallery")
HIDEABLE = (
    *("recipe", "settings", "experiments", "layers", "playback", "runs", "watch", "report"),
    "league",
)
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
    """What an address asks for. parameters: those of its set-ups, as the address has them.
    errors: what of it could not be used, and why."""

    set_ups: tuple[SetUp, ...]
    tab: str | None = None
    question: str = ""
    hidden: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    errors: tuple[Translations, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether its question is to be answered before training."""
        return bool(self.question) and len(self.set_ups) > 1


def read_link(parameters: Mapping[str, str], dataset: Dataset | None = None) -> Link:
    """The link of an address with these parameters, which anybody may have written.

    What it leaves out is the recipe's own, as that trains on `dataset`, and so is what is not
    valid; `errors` says what that was. What is not known is passed over, for others may want it.
    """
    parameters = rename_parameters(parameters)
    errors: list[Translations] = []
    set_ups = _read_set_ups(parameters, dataset, errors)
    tab = parameters.get("tab")
    if tab is not None and tab not in TABS:
        errors.append(not_one_of("tab", TABS, tab))
    hidden = tuple(filter(None, parameters.get("hide", "").split(",")))
    unknown = [name for name in hidden if name not in HIDEABLE]
    if unknown:
        errors.append(not_one_of("hide", HIDEABLE, unknown[0]))
    return Link(
        set_ups,
        tab if tab in TABS else None,
        parameters.get("question", "")[:MAX_QUESTION],
        tuple(name for name in HIDEABLE if name in hidden),
        {name: parameters[name] for name in PARAMETERS if name in parameters},
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


def _read_set_ups(
    parameters: Mapping[str, str], dataset: Dataset | None, errors: list[Translations]
) -> tuple[SetUp, ...]:
    lists = _read_lists(parameters, errors)
    varied = [name for name, texts in lists.items() if len(texts) > 1]
    count = max(map(len, lists.values()), default=1)
    set_ups: list[dict[str, Any]] = [{} for _ in range(count)]
    for name, texts in lists.items():
        for index, values in enumerate(set_ups):
            try:
                values[name] = _read_value(name, texts[index % len(texts)])
            except ValueError as error:
                _add(errors, reason_of(error))
    return tuple(_make_set_up(values, varied, dataset, errors) for values in set_ups)


def _read_lists(parameters: Mapping[str, str], errors: list[Translations]) -> dict[str, list[str]]:
    """The values of each parameter of a set-up: one, or as many as there are set-ups."""
    lists = {
        name: parameters[name].split(_parting(name)) for name in PARAMETERS if name in parameters
    }
    count = max(map(len, lists.values()), default=1)
    if count > MAX_SET_UPS:
        errors.append(translate("link_too_many", most=MAX_SET_UPS, count=count))
        lists = {name: texts[:MAX_SET_UPS] for name, texts in lists.items()}
        count = MAX_SET_UPS
    for name, texts in list(lists.items()):
        if len(texts) not in (1, count):
            errors.append(translate("link_uneven", name=name, count=len(texts), others=count))
            del lists[name]
    return lists


def _make_set_up(
    values: dict[str, Any],
    varied: Sequence[str],
    dataset: Dataset | None,
    errors: list[Translations],
) -> SetUp:
    recipe = get_recipe(values.pop("recipe", DEFAULT_RECIPE)).for_dataset(dataset)
    seed = values.pop("seed", recipe.seed)
    optimizer = values.get("optimizer", recipe.optimizer)
    if optimizer != "sgd":  # it has a momentum of its own, also where the recipe has another
        try:
            check_momentum(values.get("momentum", 0), optimizer)
        except ValueError as error:
            _add(errors, reason_of(error))
        values["momentum"] = 0.0
    if values.get("layers", "") is None:
        del values["layers"]
    recipe = replace(recipe, **values)
    shown = {name: getattr(recipe, name) for name in FIELDS} | {"recipe": recipe.name, "seed": seed}
    described = (
        shown[name] if name == "recipe" else describe_setting(name, shown[name]) for name in varied
    )
    return SetUp(recipe, seed, join(", ", described) if varied else "")


def _parting(name: str) -> str:
    return ";" if name == "layers" else ","


def _add(errors: list[Translations], error: Translations) -> None:
    if error not in errors:  # one value may stand in several set-ups
        errors.append(error)


def _read_value(name: str, text: str) -> Any:
    """A valid value as the address has it: a number, a word, or none."""
    if name == "recipe":
        if text not in RECIPES:
            raise TranslatedError(not_one_of("recipe", RECIPES, text))
        return text
    value: Any = text
    if text == NONE and name in (*BOUNDS, "layers"):
        value = None
    elif name in BOUNDS:
        try:
            value = int(text) if BOUNDS[name].whole else float(text)
        except ValueError:
            raise TranslatedError(
                translate("not_a_number", name=translate(name), value=repr(text[:20]))
            ) from None
    check_setting(name, value)
    return None if (name, value) == ("train_images", ALL_IMAGES) else value


def write_link(recipe: Recipe, seed: int, dataset: Dataset | None = None) -> dict[str, str]:
    """The parameters of a set-up: the recipe, and what of the form is not the recipe's own."""
    own = get_recipe(recipe.name).for_dataset(dataset)
    values = {name: getattr(recipe, name) for name in FIELDS} | {"seed": seed}
    changed = {name: value for name, value in values.items() if value != getattr(own, name)}
    return {"recipe": recipe.name} | {name: _write_value(value) for name, value in changed.items()}


def _write_value(value: Any) -> str:
    return NONE if value is None else str(value)


def write_set_ups(
    set_ups: Sequence[tuple[Recipe, int]], dataset: Dataset | None = None
) -> dict[str, str]:
    """The parameters of a link with those recipes and seeds, which `read_link` makes of them."""
    written = [write_link(recipe, seed, dataset) for recipe, seed in set_ups]
    named = set().union(*written)
    parameters = {}
    for name in PARAMETERS:
        if name in named:
            values = [_write_value(_value(name, *set_up)) for set_up in set_ups]
            parameters[name] = values[0] if len(set(values)) == 1 else _parting(name).join(values)
    return parameters


def _value(name: str, recipe: Recipe, seed: int) -> Any:
    if name == "recipe":
        return recipe.name
    if name == "layers":
        return recipe.layers or None  # of an architecture of its own
    return seed if name == "seed" else getattr(recipe, name)
