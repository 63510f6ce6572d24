"""A run's network as a script makes it."""

from collections.abc import Iterator
from itertools import pairwise

from torch import nn

from mnist_demo.export.source import Copied, Import, copy_source, split_call
from mnist_demo.networks.building import ModuleCall, module_calls
from mnist_demo.networks.layers import INPUT_SHAPE, Shape
from mnist_demo.networks.notation import parse_layers
from mnist_demo.training.recipes import Recipe


def copy_network(recipe: Recipe) -> tuple[Copied, list[str]]:
    """What the network of a recipe is defined by, and the lines that make `model`.

    Raises ValueError where its source cannot be copied, as that of a lambda.
    """
    if recipe.layers or recipe.architecture is None:
        calls = list(module_calls(parse_layers(recipe.layers)))
        return _copy_modules(calls), list(_write_sequential(calls))
    make, arguments = split_call(recipe.architecture)
    return copy_source(make), [f"model = {make.__qualname__}({arguments})"]


def _copy_modules(calls: list[ModuleCall]) -> Copied:
    """The source of those modules that torch.nn has not."""
    whole = Copied(
        imports={Import("torch", "nn", "nn"), Import("collections", "OrderedDict", "OrderedDict")}
    )
    for make in {call.make.func: None for call in calls if not _is_torchs(call)}:
        copied = copy_source(make)
        whole.definitions += [each for each in copied.definitions if each not in whole.definitions]
        whole.names |= copied.names
        whole.imports |= copied.imports
    return whole


def _is_torchs(call: ModuleCall) -> bool:
    return getattr(nn, call.make.func.__name__, None) is call.make.func


def _write_sequential(calls: list[ModuleCall]) -> Iterator[str]:
    kinds = [call.make.func for call in calls]
    if (nn.MaxPool2d, nn.ReLU) in pairwise(kinds):
        yield "# A max-pool comes before its ReLU: the same numbers, and less to compute."
    yield "model = nn.Sequential("
    yield "    OrderedDict("
    shape: Shape = INPUT_SHAPE
    for call in calls:
        make, arguments = split_call(call.make)
        written = f"{'nn.' if _is_torchs(call) else ''}{make.__name__}({arguments})"
        comment = ""
        if call.output_shape != shape:
            shape = call.output_shape
            comment = f"  # (N, {', '.join(map(str, shape))})"
        yield f"        {call.name}={written},{comment}"
    yield "    )"
    yield ")"
