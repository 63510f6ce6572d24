"""What a run may change of its settings on the way."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from torch import nn

from mnist_demo.networks.layers import DROPOUT_SHARES
from mnist_demo.networks.modules import SeededDropout
from mnist_demo.training.recipes import BOUNDS, Recipe

_OF_RECIPE = ("learning_rate", "weight_decay", "label_smoothing")
# What can be set during a run, and to which numbers; dropout: the share of each of its layers.
SETTABLE = {name: BOUNDS[name] for name in _OF_RECIPE} | {"dropout": DROPOUT_SHARES}


@dataclass(frozen=True)
class SettingChange:
    """A setting, one of SETTABLE, that got another value. step: how many were done before the first
    one with it."""

    step: int
    name: str
    value: float


def first_settings(recipe: Recipe, model: nn.Module) -> dict[str, Any]:
    """Those that a run of that network begins with; without dropout where it has no such layer.

    Of layers with different shares dropout is None, until all are given one.
    """
    settings = {name: getattr(recipe, name) for name in _OF_RECIPE}
    if shares := {layer.share for layer in dropout_layers(model)}:
        settings["dropout"] = shares.pop() if len(shares) == 1 else None
    return settings


def dropout_layers(model: nn.Module) -> list[SeededDropout]:
    return [module for module in model.modules() if isinstance(module, SeededDropout)]


def rename_stored_changes(state: Mapping[str, Any], first: Mapping[str, Any]) -> dict[str, Any]:
    """A trainer's stored state by the names that it has today. first: see `first_settings`.

    There were `learning_rates`, and no other setting could be changed.
    """
    if "learning_rates" not in state:
        return dict(state)
    return {
        **state,
        "settings": {**first, "learning_rate": state["_learning_rate"]},
        "changes": [(step, "learning_rate", rate) for step, rate in state["learning_rates"][1:]],
    }
