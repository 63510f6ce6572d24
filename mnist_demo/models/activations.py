"""What the layers of a model make of a digit, and what their weights look for.

Of any nn.Module, by what it offers; what it does not is left out. A digit is float32 (28, 28) in
[0, 1], ink = 1, as everywhere.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from mnist_demo.digits.mnist_format import SIZE, Digit
from mnist_demo.models.inference import check_digits
from mnist_demo.networks.introspection import (
    Layer,
    Pass,
    describe_layers,
    watch,
    weighted_modules,
)

PIXELS = SIZE * SIZE
BATCH_SIZE = 500  # so that memory does not grow with the number of digits


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
    passes = _watch(model, digit)
    found: list[FeatureMaps] = []
    before = ""  # the kind of the layer before
    for layer in describe_layers(model):
        made = passes[layer.name].made
        if made is not None and made.dim() == 4 and len(made) == 1:
            maps = made[0].clamp_min(0).numpy()
            if layer.kind == "convolution":
                found.append(FeatureMaps(layer, maps))
            elif (before, layer.kind) == ("convolution", "norm"):
                found[-1] = FeatureMaps(found[-1].layer, maps)
        before = layer.kind
    return found


def hidden_units(model: nn.Module, digit: Digit, count: int) -> HiddenUnits | None:
    """The `count` units of the first hidden layer that a digit excites most, the strongest first.

    None where the model's first layer is no linear one over the pixels, or is its only one.
    """
    layers = describe_layers(model)
    if len(layers) < 2 or not _sees_pixels(model, layers[0]):
        return None
    first, *others = layers
    following = [layer.name for layer in others if layer.kind == "linear"][:1]
    blank, drawn = (
        _activations(_watch(model, image), first.name, following)
        for image in (np.zeros_like(digit), digit)
    )
    change = (drawn - blank).numpy()
    indices = np.argsort(-change)[:count]
    weights = _weights(model, first).reshape(-1, SIZE, SIZE)
    return HiddenUnits(indices, change[indices], weights[indices])


def _activations(passes: dict[str, Pass], first: str, following: list[str]) -> Tensor:
    """What the next linear layer is given of the first one's output, after whatever activation
    function lies between; that output itself where there is no such layer."""
    made = passes[first].made
    assert made is not None
    for name in following:
        given = passes[name].given
        if given is not None and given.shape == made.shape:
            return given.flatten()
    return made.flatten()


def digit_weights(model: nn.Module) -> NDArray[np.float32] | None:
    """The ten weight pictures, float32 (10, 28, 28), of a model that is one linear layer.

    A picture times a digit, pixel by pixel, is where its ink counts for that answer and against it.
    None where the model has other layers.
    """
    layers = describe_layers(model)
    if len(layers) != 1 or not _sees_pixels(model, layers[0]):
        return None
    weights = _weights(model, layers[0])
    return weights.reshape(10, SIZE, SIZE) if len(weights) == 10 else None


def first_weights(model: nn.Module) -> NDArray[np.float32]:
    """The weights of the first layer that is trained as pictures, float32 (K, H, W).

    Of a dense layer what each unit looks for, 28 x 28; of a convolution its filters. None of them,
    (0, 28, 28), where no layer's weights are pictures.
    """
    for layer in describe_layers(model):
        convolution = layer.kind == "convolution"
        if layer.parameters and (convolution or _sees_pixels(model, layer)):
            weights = _weights(model, layer)
            return weights.reshape(-1, *(weights.shape[2:] if convolution else (SIZE, SIZE)))
    return np.zeros((0, SIZE, SIZE), dtype=np.float32)


def has_hidden_layer(model: nn.Module) -> bool:
    """Whether `last_hidden` is more than the pixels, as far as the layers' types say."""
    modules = weighted_modules(model).values()
    return len(modules) > 1 and any(isinstance(each, nn.Linear | nn.Conv2d) for each in modules)


def last_hidden(model: nn.Module, digits: ArrayLike) -> NDArray[np.float32]:
    """What the last linear layer, or convolution, is given to weigh up: float32 (N, D).

    The output of the last hidden layer; of a model without one the pixels, (N, 784). digits and
    errors: as of `predict_probabilities`.
    """
    images = torch.from_numpy(check_digits(digits).astype(np.float32))
    last = [each.name for each in describe_layers(model) if each.kind in ("linear", "convolution")]
    parts: list[Tensor] = []
    for part in images.split(BATCH_SIZE) if last else ():
        passed = watch(model, part.unsqueeze(1), only=last[-1])
        given = passed[last[-1]].given
        if given is None or len(given) != len(part):  # what it is given is not one for each digit
            return images.flatten(1).numpy()
        parts.append(given.flatten(1))
    return torch.cat(parts).numpy() if parts else images.flatten(1).numpy()


def _sees_pixels(model: nn.Module, layer: Layer) -> bool:
    """Whether the weights of a layer are one for each pixel."""
    return layer.kind == "linear" and _weights(model, layer).shape[1] == PIXELS


def _weights(model: nn.Module, layer: Layer) -> NDArray[np.float32]:
    """Those of a linear layer or a convolution."""
    weights: Tensor = model.get_submodule(layer.name).weight  # type: ignore[assignment]
    return weights.detach().float().cpu().numpy()


def _watch(model: nn.Module, digit: Digit) -> dict[str, Pass]:
    return watch(model, torch.from_numpy(digit)[None, None])
