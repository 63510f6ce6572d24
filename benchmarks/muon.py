"""Muon, an optimizer for filters: a step changes all directions of their matrix by as much."""

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor

MOMENTUM = 0.6
QUINTIC = (3.4445, -4.7750, 2.0315)  # pulls singular values to about 1, in a few rounds
ROUNDS = 3


class Muon(torch.optim.Optimizer):
    """As cifar10-airbench has it, which also keeps the filters' size.

    Jordan et al., "Muon: An optimizer for hidden layers in neural networks", 2024.
    """

    def __init__(self, filters: Iterable[Tensor], lr: float) -> None:
        super().__init__(filters, {"lr": lr})

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        for group in self.param_groups:
            for weight in group["params"]:
                velocity = self.state[weight].setdefault("velocity", torch.zeros_like(weight))
                velocity.mul_(MOMENTUM).add_(weight.grad)
                change = orthogonalize(weight.grad.add(velocity, alpha=MOMENTUM).flatten(1))
                weight.mul_(len(weight) ** 0.5 / weight.norm())
                weight.add_(change.view(weight.shape), alpha=-group["lr"])


def orthogonalize(matrix: Tensor) -> Tensor:
    """Nearly the orthogonal matrix that is nearest, by Newton and Schulz; wide, not tall."""
    first, third, fifth = QUINTIC
    matrix = matrix / (matrix.norm() + 1e-7)
    for _ in range(ROUNDS):
        square = matrix @ matrix.T
        matrix = first * matrix + (third * square + fifth * square @ square) @ matrix
    return matrix
