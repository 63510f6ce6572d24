"""Networks from their text, and back."""

import math
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from torch import nn

from mnist_demo.networks.layers import KINDS, Call, Shape
from mnist_demo.networks.notation import (
    LIMITS,
    Limits,
    TextLayer,
    parse_layers,
    write_layers,
)


class TextNetwork(nn.Sequential):
    """A network that `build_network` has made. text: what of."""

    text = ""


@dataclass(frozen=True)
class ModuleCall:
    """One module of a network: its name, the call that makes it, and its output's shape."""

    name: str
    make: Call
    output_shape: Shape


def build_network(text: str, limits: Limits = LIMITS) -> TextNetwork:
    """The network of a text, see notation.py: its layers by name, in the order of computing.

    It takes float32 (N, 1, 28, 28) in [0, 1], ink = 1, and returns logits (N, 10). Its first
    weights are drawn from torch's random numbers. Raises ValueError as `parse_layers` does, before
    anything is built.
    """
    layers = parse_layers(text, limits)
    modules = ((call.name, call.make()) for call in module_calls(layers))
    network = TextNetwork(OrderedDict[str, nn.Module](modules))
    network.text = write_layers(layers)
    return network


def network_text(network: nn.Module) -> str:
    """The text of a network that `build_network` has made. Raises ValueError of another one."""
    text = getattr(network, "text", "")
    if not isinstance(network, TextNetwork) or not text:
        raise ValueError(f"{type(network).__name__} was not made of a text: it has none")
    return network.text


def module_calls(layers: Sequence[TextLayer]) -> Iterator[ModuleCall]:
    """The modules of layers, in the order of computing.

    Where a ReLU and a max-pool meet, the pool comes first: the numbers and gradients are the same,
    and only a quarter of them go through the ReLU. Maps are flattened before the first linear
    layer, and before a dropout that leads to it.
    """
    flat = next(index for index, layer in enumerate(layers) if layer.kind == "linear")
    while flat and layers[flat - 1].kind == "dropout":
        flat -= 1
    for index, layer in enumerate(_pool_first(layers)):
        if index == flat:
            yield ModuleCall("flatten", partial(nn.Flatten), (math.prod(layer.input_shape),))
        make = KINDS[layer.kind].module(layer.values, layer.input_shape)
        shape = layer.output_shape
        yield ModuleCall(layer.name, make, shape if index < flat else (math.prod(shape),))


def _pool_first(layers: Sequence[TextLayer]) -> list[TextLayer]:
    ordered = list(layers)
    for index in range(len(ordered) - 1):
        first, second = ordered[index : index + 2]
        if (first.kind, second.kind) == ("relu", "pool"):
            shape = second.output_shape
            ordered[index : index + 2] = (
                second,
                replace(first, input_shape=shape, output_shape=shape),
            )
    return ordered
