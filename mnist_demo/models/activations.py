"""What the layers of a model make of a digit, and what their weights look for.

A digit is float32 (28, 28) in [0, 1], ink = 1, as everywhere.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from mnist_demo.digits.mnist_format import SIZE, Digit
from mnist_demo.models.inference import predict_probabilities
from mnist_demo.networks.introspection import (
    Layer,
    describe_layers,
    evaluation_mode,
    in_this_thread,
)


@dataclass(frozen=True, eq=False)
class FeatureMaps:
    """What the filters of one convolution find: float32 (channels, height, width), 0 and more."""

    layer: Layer
    maps: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class HiddenUnits:
    """Units of the first hidden layer.

    indices: of the units, (K,). activations: how much more each is active than on blank paper,
    (K,). weights: what each looks for, float32 (K, 28, 28): ink above 0 excites it, below 0 calms.
    """

    indices: NDArray[np.int64]
    activations: NDArray[np.float32]
    weights: NDArray[np.float32]


def feature_maps(model: nn.Module, digit: Digit) -> list[FeatureMaps]:
    """What each convolution of `model` finds in a digit, after its batch norm where it has one.

    Empty where the model has no convolutions.
    """
    layers = describe_layers(model)
    with _outputs(model) as outputs:
        _forward(model, digit)
    found: list[FeatureMaps] = []
    for layer in layers:
        if layer.kind == "linear":
            continue
        maps = outputs[layer.name].clamp_min(0).numpy()
        if layer.kind == "norm":  # of the convolution before it
            found[-1] = FeatureMaps(found[-1].layer, maps)
        else:
            found.append(FeatureMaps(layer, maps))
    return found


def hidden_units(model: nn.Module, digit: Digit, count: int) -> HiddenUnits | None:
    """The `count` units of the first hidden layer that a digit excites most, the strongest first.

    None where the model has convolutions, or no hidden layer.
    """
    layers = describe_layers(model)
    if len(layers) < 2 or layers[0].kind != "linear":
        return None
    first = layers[0].name
    with _outputs(model) as blank:
        _forward(model, np.zeros_like(digit))
    with _outputs(model) as drawn:
        _forward(model, digit)
    change = (drawn[first].sigmoid() - blank[first].sigmoid()).numpy()
    indices = np.argsort(-change)[:count]
    weights = _weights(model, first).reshape(-1, SIZE, SIZE)
    return HiddenUnits(indices, change[indices], weights[indices])


def digit_weights(model: nn.Module) -> NDArray[np.float32] | None:
    """The ten weight pictures, float32 (10, 28, 28), of a model that is one linear layer.

    A picture times a digit, pixel by pixel, is where its ink counts for that answer and against it.
    None where the model has other layers.
    """
    layers = describe_layers(model)
    if len(layers) != 1 or layers[0].kind != "linear":
        return None
    return _weights(model, layers[0].name).reshape(10, SIZE, SIZE)


def first_weights(model: nn.Module) -> NDArray[np.float32]:
    """The weights of the first layer that is trained as pictures, float32 (K, H, W).

    Of a dense layer what each unit looks for, 28 x 28; of a convolution its filters.
    """
    trained = [
        layer.name
        for layer in describe_layers(model)
        if layer.kind != "norm" and model.get_submodule(layer.name).weight.requires_grad
    ]
    weights = _weights(model, trained[0])
    return weights.reshape(-1, *((SIZE, SIZE) if weights.ndim == 2 else weights.shape[2:]))


def has_hidden_layer(model: nn.Module) -> bool:
    """Whether anything lies between the pixels and the layer that gives the ten logits."""
    return sum(any(True for _ in each.parameters(recurse=False)) for each in model.modules()) > 1


def last_hidden(model: nn.Module, digits: ArrayLike) -> NDArray[np.float32]:
    """What the last linear layer is given to weigh up: float32 (N, D).

    The output of the last hidden layer; of a model without one the pixels, (N, 784). digits and
    errors: as of `predict_probabilities`.
    """
    last = [layer.name for layer in describe_layers(model) if layer.kind == "linear"][-1]
    parts: list[Tensor] = []
    hook = model.get_submodule(last).register_forward_pre_hook(
        in_this_thread(lambda _, inputs: parts.append(inputs[0].detach().float().cpu()))
    )
    try:
        predict_probabilities(model, digits)
    finally:
        hook.remove()
    return torch.cat(parts).numpy()


def _weights(model: nn.Module, layer: str) -> NDArray[np.float32]:
    weights = model.get_submodule(layer).get_parameter("weight")
    return weights.detach().cpu().numpy()


def _forward(model: nn.Module, digit: Digit) -> None:
    image = torch.from_numpy(digit).to(next(model.parameters()).device)
    with evaluation_mode(model), torch.inference_mode():
        model(image[None, None])


@contextmanager
def _outputs(model: nn.Module) -> Iterator[dict[str, Tensor]]:
    """The output of each layer for the first image of a forward pass, by the layer's name."""
    outputs: dict[str, Tensor] = {}

    def keep(name: str) -> Any:
        def hook(_: nn.Module, __: Any, output: Tensor) -> None:
            outputs[name] = output[0].detach().float().cpu()

        return hook

    hooks = [
        module.register_forward_hook(in_this_thread(keep(name)))
        for name, module in model.named_modules()
        if name and not list(module.children())
    ]
    try:
        yield outputs
    finally:
        for hook in hooks:
            hook.remove()
