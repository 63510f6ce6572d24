"""Why a model answers as it does: which ink counted, what its layers make of it, what is alike.

A digit is float32 (28, 28) in [0, 1], ink = 1, as everywhere.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from mnist_demo.architectures import Layer, describe_layers, evaluation_mode, in_this_thread
from mnist_demo.inference import predict_probabilities
from mnist_demo.mnist_format import SIZE, Digit

STEPS = 32  # of the path from blank paper to the digit
STEPS_AT_ONCE = 8  # under 10 ms for the largest network on two cores
ROWS = 1000  # of 16-bit numbers that are multiplied as 32-bit ones at a time


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


def saliency(
    model: nn.Module, digit: Digit, label: int, give_way: Callable[[], None] | None = None
) -> NDArray[np.float32]:
    """How much each pixel's ink speaks for the answer `label` (above 0) or against it (below 0).

    Integrated gradients of the label's logit along the way from blank paper to the digit
    (Sundararajan, Taly and Yan, "Axiomatic Attribution for Deep Networks", 2017): the values,
    float32 (28, 28), add up to the logit of the digit less that of blank paper, within some per
    cent of the largest such change. give_way: called now and then, for others to compute.
    """
    return saliencies(model, digit, [label], give_way)[0]


def saliencies(
    model: nn.Module,
    digit: Digit,
    labels: Sequence[int],
    give_way: Callable[[], None] | None = None,
) -> NDArray[np.float32]:
    """The `saliency` for each of `labels`, (L, 28, 28): they share what leads to the logits."""
    target = torch.from_numpy(digit).to(next(model.parameters()).device)
    gradient = target.new_zeros((len(labels), *target.shape))
    for shares in ((torch.arange(STEPS) + 0.5) / STEPS).split(STEPS_AT_ONCE):
        path = (shares[:, None, None].to(target.device) * target).unsqueeze(1).requires_grad_()
        with evaluation_mode(model), torch.enable_grad():
            logits = model(path)
            for number, label in enumerate(labels):
                (each,) = torch.autograd.grad(logits[:, label].sum(), path, retain_graph=True)
                gradient[number] += each.sum(dim=0)[0] / STEPS
        if give_way:
            give_way()
    return (gradient * target).cpu().numpy()


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


def directions(features: NDArray[np.float32]) -> NDArray[np.float16]:
    """The rows of `features` (N, D), each of length 1, float16; a row of zeros stays as it is."""
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    return (features / np.maximum(lengths, np.finfo(np.float32).tiny)).astype(np.float16)


def nearest(
    feature: NDArray[np.float32], among: NDArray[np.float16], count: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The `count` rows of `among` that point most nearly where `feature`, (D,), does.

    among: what `directions` returned, (N, D). The indices of the rows, the nearest first, and the
    cosines of their angles to the feature, float32 in [-1, 1]: 1 less the cosine distance.
    """
    wanted = feature / max(float(np.linalg.norm(feature)), float(np.finfo(np.float32).tiny))
    cosines = np.concatenate(
        [among[at : at + ROWS].astype(np.float32) @ wanted for at in range(0, len(among), ROWS)]
    ).clip(-1, 1)
    indices = np.argsort(-cosines, kind="stable")[:count]
    return indices, cosines[indices]


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
