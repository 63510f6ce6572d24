"""What a network, any nn.Module, is made of, and how to look into it while it computes."""

import itertools
import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

_BATCH = 3  # of the images that layers are described by: their outputs have a dimension of it


@dataclass(frozen=True)
class Layer:
    """One layer with weights. name: "" of the network itself. type: its class.

    kind: "convolution", "linear", "norm" (batch normalization) or "other". multiplications: by the
    weights of a convolution or a linear layer, for one image.
    """

    name: str
    kind: str
    type: str
    output_shape: tuple[int, ...]  # for one image
    parameters: int
    multiplications: int = 0


@dataclass(frozen=True, eq=False)
class Pass:
    """What a module was given, and what it made of it, for the images of a forward pass: its first
    tensors; None where it has none. Of a module that is used several times, the first use."""

    given: Tensor | None
    made: Tensor | None


def count_parameters(model: nn.Module) -> int:
    """The numbers that training adjusts."""
    return sum(each.numel() for each in model.parameters() if each.requires_grad)


def device_of(model: nn.Module) -> torch.device:
    """Where a model computes; one without a number of its own does so on the CPU."""
    tensors = itertools.chain(model.parameters(), model.buffers())
    return next((tensor.device for tensor in tensors), torch.device("cpu"))


def weighted_modules(model: nn.Module) -> dict[str, nn.Module]:
    """The modules that hold weights themselves, not by others within them, by name."""
    return {
        name: module
        for name, module in model.named_modules()
        if any(True for _ in module.parameters(recurse=False))
    }


def describe_layers(model: nn.Module) -> list[Layer]:
    """The layers of `model` that have weights, in the order in which an image passes them.

    Each parameter counts once: with the first layer that holds it, or, where its own module is not
    called (as in nn.MultiheadAttention), with the one around that.
    """
    passes = watch(model, torch.zeros(_BATCH, 1, 28, 28))
    held: dict[str, list[nn.Parameter]] = {}
    counted: set[int] = set()
    for name, module in weighted_modules(model).items():
        while name and name not in passes:
            name = name.rpartition(".")[0]
        fresh = [each for each in module.parameters(recurse=False) if id(each) not in counted]
        counted |= {id(each) for each in fresh}
        held.setdefault(name, []).extend(fresh)
    return [
        _describe(name, model.get_submodule(name), made.made, held[name])
        for name, made in passes.items()
        if name in held
    ]


def _describe(
    name: str, module: nn.Module, output: Tensor | None, parameters: list[nn.Parameter]
) -> Layer:
    kinds: dict[str, Any] = {
        "convolution": nn.Conv2d,
        "linear": nn.Linear,
        "norm": (nn.BatchNorm1d, nn.BatchNorm2d),
    }
    kind = next((kind for kind, types in kinds.items() if isinstance(module, types)), "other")
    shape = [] if output is None else list(output.shape)
    if _BATCH in shape:
        shape.remove(_BATCH)
    return Layer(
        name,
        kind,
        type(module).__name__,
        tuple(shape),
        sum(each.numel() for each in parameters if each.requires_grad),
        _count_multiplications(module, shape),
    )


def _count_multiplications(module: nn.Module, shape: list[int]) -> int:
    """shape: of its output for one image; each weight is used at each of its places."""
    match module:
        case nn.Conv2d():
            return module.weight.numel() * math.prod(shape[1:])
        case nn.Linear():
            return module.weight.numel() * math.prod(shape[:-1])
    return 0


def watch(model: nn.Module, images: Tensor, only: str | None = None) -> dict[str, Pass]:
    """What each module of `model`, "" for itself, makes of images (N, 1, 28, 28), in eval mode; in
    the order in which they are done. only: the name of one, for the others cost time.

    A model may be used in several threads at once: what another one asks of it is not watched.
    """
    watcher, passes = threading.get_ident(), dict[str, Pass]()

    def keep(name: str) -> Callable[..., None]:
        def hook(_: nn.Module, given: Any, made: Any) -> None:
            if threading.get_ident() == watcher and name not in passes:
                passes[name] = Pass(_first_tensor(given), _first_tensor(made))

        return hook

    hooks = [
        module.register_forward_hook(keep(name))
        for name, module in model.named_modules()
        if only in (None, name)
    ]
    try:
        with evaluation_mode(model), torch.inference_mode():
            model(images.to(device_of(model), copy=True))  # it may change its input in place
    finally:
        for hook in hooks:
            hook.remove()
    return passes


def _first_tensor(value: Any) -> Tensor | None:
    """A copy of the first tensor in what a module takes or returns; others may change that one."""
    while isinstance(value, tuple | list) and value:
        value = value[0]
    return value.detach().float().cpu().clone() if isinstance(value, Tensor) else None


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
