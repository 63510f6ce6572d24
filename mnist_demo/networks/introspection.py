"""What a network is made of, and how to look into it while it computes."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn


@dataclass(frozen=True)
class Layer:
    """One layer with weights. `kernel` is the size of a convolution's filters, in pixels.

    kind: "convolution", "linear" or "norm".
    """

    name: str
    kind: str
    output_shape: tuple[int, ...]  # for one image
    parameters: int
    kernel: tuple[int, ...] | None


_KINDS: dict[type[nn.Module], str] = {
    nn.Conv2d: "convolution",
    nn.Linear: "linear",
    nn.BatchNorm2d: "norm",
}


def count_parameters(model: nn.Module) -> int:
    """The numbers that training adjusts."""
    return sum(each.numel() for each in model.parameters() if each.requires_grad)


def describe_layers(model: nn.Module) -> list[Layer]:
    """The layers of `model` that have weights, in the order in which an image passes them."""
    layers: list[Layer] = []
    hooks = [
        module.register_forward_hook(
            in_this_thread(
                lambda module, _, output, name=name: layers.append(
                    Layer(
                        name,
                        _KINDS[type(module)],
                        tuple(output.shape[1:]),
                        count_parameters(module),
                        module.kernel_size if isinstance(module, nn.Conv2d) else None,
                    )
                )
            )
        )
        for name, module in model.named_modules()
        if not list(module.children()) and list(module.parameters())
    ]
    device = next(model.parameters()).device
    try:
        with evaluation_mode(model), torch.inference_mode():
            model(torch.zeros(1, 1, 28, 28, device=device))
    finally:
        for hook in hooks:
            hook.remove()
    return layers


def in_this_thread(hook: Callable[..., None]) -> Callable[..., None]:
    """`hook` of a layer, for what passes in the thread that calls this.

    A model may be used in several threads at once; what another one reads is not to be taken for
    one's own.
    """
    user_models = threading.get_ident()

    def guarded(*arguments: Any) -> None:
        if threading.get_ident() == user_models:
            hook(*arguments)

    return guarded


@contextmanager
def evaluation_mode(model: nn.Module) -> Iterator[None]:
    """Put `model` and all its layers in eval mode for a while, then each back as it was."""
    training = [module for module in model.modules() if module.training]
    if training:
        model.eval()
    try:
        yield
    finally:
        for module in training:
            module.training = True
