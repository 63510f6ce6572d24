"""What the layers of a model make of a digit, and what their weights look for.

Of any nn.Module, by what it offers; what it does not is left out. A digit is float32 (28, 28) in
[0, 1], ink = 1, as everywhere.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from mnist_demo.digits.mnist_format import SIZE, Digit
from mnist_demo.models.inference import BATCH_SIZE, check_digits
from mnist_demo.networks.introspection import (
    Layer,
    Pass,
    describe_layers,
    watch,
    weighted_modules,
)

PIXELS = SIZE * SIZE
WIDEST, COMPACT = 4096, 1024  # numbers by which digits are compared; simple_cnn has 3,136


@dataclass(frozen=True, eq=False)
class HiddenLayer:
    """A convolution or a linear layer whose output is not yet the answer.

    activations: what its filters or units make of a digit, after the batch norm and the activation
    function that follow it at once: float32 (filters, height, width) or (units,). module: the name
    of the module whose output they are. after: the types of those between.
    """

    layer: Layer
    module: str
    after: tuple[str, ...]
    activations: NDArray[np.float32]

    @property
    def units(self) -> int:
        """How many filters or units it has."""
        return len(self.activations)


def hidden_layers(model: nn.Module, digit: Digit) -> list[HiddenLayer]:
    """Those of `model`, in the order in which a digit passes them, and their activations.

    Left out are layers whose output has no dimension of filters or units, as within a transformer.
    """
    passes = watch(model, torch.from_numpy(digit)[None, None])
    answer = passes[""].made
    leaves = [name for name in passes if not [*model.get_submodule(name).children()]]
    found: list[HiddenLayer] = []
    for layer in describe_layers(model):
        if layer.kind not in ("convolution", "linear") or layer.name not in leaves:
            continue
        chain = _follow(model, passes, leaves[leaves.index(layer.name) :])
        made = passes[chain[-1]].made
        if made is None or made.dim() not in (2, 4) or len(made) != 1:
            continue
        if answer is None or made.shape != answer.shape or not torch.equal(made, answer):
            after = tuple(type(model.get_submodule(name)).__name__ for name in chain[1:])
            found.append(HiddenLayer(layer, chain[-1], after, made[0].numpy()))
    return found


def look_again(model: nn.Module, digit: Digit, hidden: HiddenLayer) -> HiddenLayer:
    """The same layer with what it makes of another digit."""
    images = torch.from_numpy(digit)[None, None]
    made = watch(model, images, only=hidden.module)[hidden.module].made
    assert made is not None
    return replace(hidden, activations=made[0].numpy())


def _follow(model: nn.Module, passes: dict[str, Pass], names: list[str]) -> list[str]:
    """The first of `names`, and those after it that change its output number by number."""
    chain = names[:1]
    for name in names[1:]:
        given, made, before = passes[name].given, passes[name].made, passes[chain[-1]].made
        if given is None or made is None or before is None or given.shape != before.shape:
            break
        is_next = torch.equal(given, before) or torch.equal(given, made)  # done in place
        if not is_next or made.shape != before.shape:
            break
        if isinstance(model.get_submodule(name), nn.Conv2d | nn.Linear):
            break
        chain.append(name)
    return chain


def unit_weights(model: nn.Module, layer: Layer) -> NDArray[np.float32] | None:
    """What each unit of a linear layer over the pixels looks for, float32 (units, 28, 28): ink
    above 0 excites it, below 0 calms it. None of a layer that does not see the pixels."""
    if not _sees_pixels(model, layer):
        return None
    return _weights(model, layer).reshape(-1, SIZE, SIZE)


def digit_weights(model: nn.Module) -> NDArray[np.float32] | None:
    """The ten weight pictures, float32 (10, 28, 28), of a model that is one linear layer.

    A picture times a digit, pixel by pixel, is where its ink counts for that answer and against it.
    None where the model has other layers.
    """
    layers = describe_layers(model) if len(weighted_modules(model)) == 1 else []
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


def compact_hidden(model: nn.Module, digits: ArrayLike) -> NDArray[np.float32]:
    """As `last_hidden`, for comparing digits: of a layer wider than WIDEST a sparse random
    projection to COMPACT numbers, which keeps cosines within some 3 % (Li, Hastie and Church,
    "Very Sparse Random Projections", 2006).

    digits: some dozen at a time, as all of the layer is there for a moment.
    """
    hidden = last_hidden(model, digits)
    if hidden.shape[1] <= WIDEST:
        return hidden
    return np.asarray(hidden @ _random_projection(hidden.shape[1]), dtype=np.float32)


@lru_cache(maxsize=8)  # 5 MB for the widest network that the page lets anybody build
def _random_projection(width: int) -> Any:
    """A sparse matrix, (width, COMPACT), the same each time."""
    from sklearn.random_projection import SparseRandomProjection  # takes a second to import

    made = SparseRandomProjection(COMPACT, random_state=0).fit(np.zeros((1, width), np.float32))
    return made.components_.T


def _sees_pixels(model: nn.Module, layer: Layer) -> bool:
    """Whether the weights of a layer are one for each pixel."""
    return layer.kind == "linear" and _weights(model, layer).shape[1] == PIXELS


def _weights(model: nn.Module, layer: Layer) -> NDArray[np.float32]:
    """Those of a linear layer or a convolution."""
    weights: Tensor = model.get_submodule(layer.name).weight  # type: ignore[assignment]
    return weights.detach().float().cpu().numpy()
