"""The sum that a filter makes at one place of its map: a patch times the filter, and the bias."""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import nn

from mnist_demo.digits.mnist_format import Digit
from mnist_demo.models.activations import HiddenLayer
from mnist_demo.networks.introspection import watch


@dataclass(frozen=True, eq=False)
class ConvolutionSum:
    """At one place of one map. patches: what the filter looks at there in each map before, zeros
    around the edge, float32 (maps, height, width). weights: the filter's, of the same shape.
    total: the sum of their products and the bias."""

    patches: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: float
    total: float


def convolution_sum(
    model: nn.Module, digit: Digit, hidden: HiddenLayer, filter_index: int, row: int, column: int
) -> ConvolutionSum | None:
    """Of one filter of `hidden`, at a place of its map, from 0.

    None where the layer is no plain convolution: of all maps before it, with zeros around them.
    Raises ValueError where the filter or the place is not there.
    """
    convolution = model.get_submodule(hidden.layer.name)
    if not isinstance(convolution, nn.Conv2d) or not _is_plain(convolution):
        return None
    padding = convolution.padding
    if isinstance(padding, str):
        return None
    for value, side in zip((filter_index, row, column), hidden.activations.shape, strict=True):
        if not 0 <= value < side:
            raise ValueError(f"{value} is not there: it must be 0 to {side - 1}")
    given = watch(model, torch.from_numpy(digit)[None, None], only=hidden.layer.name)
    images = given[hidden.layer.name].given
    assert images is not None
    (down, across), (high, wide) = padding, convolution.kernel_size
    padded = F.pad(images[0], (across, across, down, down))
    top, left = row * convolution.stride[0], column * convolution.stride[1]
    patches = padded[:, top : top + high, left : left + wide]
    weights = convolution.weight[filter_index].detach().float().cpu()
    bias = 0.0 if convolution.bias is None else float(convolution.bias[filter_index].detach())
    total = float((patches * weights).sum()) + bias
    return ConvolutionSum(patches.numpy(), weights.numpy(), bias, total)


def _is_plain(convolution: nn.Conv2d) -> bool:
    return (
        convolution.groups == 1
        and set(convolution.dilation) == {1}
        and convolution.padding_mode == "zeros"
    )
