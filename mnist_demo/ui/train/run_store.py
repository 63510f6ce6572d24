"""The visitor's runs, their models and their names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from mnist_demo.data.dataset import Dataset
from mnist_demo.models.checkpoints import Checkpoint, shipped_checkpoints
from mnist_demo.networks.naming import name_network
from mnist_demo.training.recipes import Recipe
from mnist_demo.training.setting_changes import SETTABLE
from mnist_demo.ui.compute.model_store import UserDigits, UserModels
from mnist_demo.ui.i18n.translate import Translations, join, pick_language, translate
from mnist_demo.ui.train.recipe_form import describe_setting, name_within

MAX_RUNS = 30  # a visitor; the oldest goes first
MAX_MODELS = 12  # likewise
MAX_NAME = 60  # characters


@dataclass(frozen=True, eq=False)
class RunRecord:
    """A training that has ended, or a model from a file, which has no curves and no script.

    number: counts a visitor's runs from 1. curves: see `TrainingSession.curves`.
    metrics: those of the checkpoint. changes: in words. script: the training as a Python script.
    ended: whether it had all the epochs that were asked for, or diverged, rather than was paused.
    user_digits: the visitor's, that were trained on beside the data set's.
    in_file: whether the visitor has its model in a file.
    """

    number: int
    name: str
    recipe: Recipe
    seed: int
    changes: Translations | str
    metrics: Mapping[str, Any]
    curves: Mapping[str, Any] = field(default_factory=dict)
    script: str = ""
    ended: bool = True
    in_file: bool = False
    user_digits: UserDigits = ()


Runs = tuple[RunRecord, ...]  # belong to one visitor; replaced, never changed
Removed = tuple[Runs, UserModels] | None  # what there was before the last removal


class NamedRun(Protocol):
    """A run of a visitor, in the table or not there yet."""

    @property
    def number(self) -> int: ...

    @property
    def name(self) -> str: ...


def add_run(
    runs: Runs, user_models: UserModels, run: RunRecord, checkpoint: Checkpoint
) -> tuple[Runs, UserModels]:
    """The run and its model come last, and in place of themselves where they were there before."""
    others = tuple(each for each in runs if each.number != run.number)
    models = {name: model for name, model in user_models.items() if name != checkpoint.name}
    models = dict(list(models.items())[-(MAX_MODELS - 1) :])
    return (*others[-(MAX_RUNS - 1) :], run), models | {checkpoint.name: checkpoint}


def new_number(runs: Iterable[NamedRun], removed: Removed = None) -> int:
    """One that none of `runs` has, nor any that can be brought back."""
    runs = (*runs, *(removed[0] if removed else ()))
    return max((run.number for run in runs), default=0) + 1


def new_name(
    recipe: Recipe,
    runs: Iterable[NamedRun],
    user_models: UserModels,
    extra_digits: int = 0,
    dataset: Dataset | None = None,
) -> str:
    """A name that says what is changed, and that no other model of the visitor has: of a network of
    their own it tells the layers.

    It is theirs: in the language that they speak now, and it stays so. The rest: as of
    `describe_changes`.
    """
    changes = recipe.changes(dataset)
    changes.pop("layers", None)
    words = _describe(changes, extra_digits)
    parts = [translate("user_model", recipe=network_of(recipe)), *words]
    return free_name(pick_language(join(", ", parts)), runs, user_models)


def network_of(recipe: Recipe) -> str:
    """What a recipe's network is called: by its layers, where they are not the recipe's own."""
    return name_network(recipe.layers) if "layers" in recipe.changes() else recipe.name


def free_name(wanted: str, runs: Iterable[NamedRun], user_models: UserModels) -> str:
    """The wanted name, cut to MAX_NAME, with a number where another model has it already."""
    taken = taken_names(runs, user_models)
    name, number = wanted[:MAX_NAME], 1
    while name in taken:
        number += 1
        ending = f" ({number})"
        name = wanted[: MAX_NAME - len(ending)] + ending
    return name


def taken_names(runs: Iterable[NamedRun], user_models: UserModels) -> set[str]:
    """Of all models that the visitor can choose, and of their runs."""
    return {*user_models, *(run.name for run in runs), *shipped_checkpoints()}


def describe_changes(
    recipe: Recipe,
    extra_digits: int = 0,
    metrics: Mapping[str, Any] | None = None,
    dataset: Dataset | None = None,
) -> Translations | str:
    """What was changed of the recipe of that name, in words; "" where nothing was.

    Not the epochs, which grow where the run is gone on with: the table has their number.

    extra_digits: how many were trained on. metrics: of its checkpoint, which tell what was changed
    on the way, and where it began with another run's weights. dataset: what it trains on.
    """
    parts = _describe(recipe.changes(dataset), extra_digits)
    step = (metrics or {}).get("started_from_step")
    if isinstance(step, int) and not isinstance(step, bool):
        parts.append(translate("change_started_from", step=step))
    if names := _changed_on_the_way(metrics or {}):
        told = join(", ", map(name_within, names))
        parts.append(translate("change_on_the_way", names=told))
    return join(", ", parts) if parts else ""


def _describe(changes: Mapping[str, Any], extra_digits: int) -> list[Translations]:
    parts = [describe_setting(name, value) for name, value in changes.items() if name != "epochs"]
    if extra_digits:
        parts.append(translate("change_user_digits", value=extra_digits))
    return parts


def _changed_on_the_way(metrics: Mapping[str, Any]) -> list[str]:
    """The settings that were, by a checkpoint's metrics, which may hold anything."""
    changes = metrics.get("setting_changes")
    changes = changes if isinstance(changes, list) else []
    names = [each[1:2] for each in changes if isinstance(each, list)]
    return [name for name in SETTABLE if [name] in names]
