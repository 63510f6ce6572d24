"""Optimizers and schedules."""

from typing import Any

import torch
from torch import nn

from mnist_demo.training.recipes import Recipe


def make_optimizer(recipe: Recipe, model: nn.Module) -> torch.optim.Optimizer:
    """The recipe's optimizer for the weights of `model`."""
    settings: dict[str, Any] = {"lr": recipe.learning_rate, "weight_decay": recipe.weight_decay}
    settings["fused"] = True  # one kernel for all weights; the same mathematics
    match recipe.optimizer:
        case "sgd":
            return torch.optim.SGD(model.parameters(), momentum=recipe.momentum, **settings)
        case "adam":
            return torch.optim.Adam(model.parameters(), **settings)
        case _:
            return torch.optim.AdamW(model.parameters(), **settings)


def one_cycle(step: int, total: int) -> float:
    """The one-cycle policy: the learning rate of `step`, counted from 0, as a share of the highest.
    It rises over the first fifth of the steps and falls to nearly zero at the last, linearly.

    Smith and Topin, "Super-Convergence", 2018.
    """
    rise = max(1, total // 5)
    return min((step + 1) / rise, (total - step) / (total - rise + 1))
