"""Layers that torch.nn has not, for networks that are written as text: see layers.py."""

import itertools
import math

import torch
from torch import Tensor, nn


class Normalize(nn.Module):
    """Grey levels with the mean 0 and the deviation 1, as most networks learn fastest from."""

    def forward(self, images: Tensor) -> Tensor:
        return (images - 0.1307) / 0.3081  # the mean and deviation of MNIST's training images


class CosineWaves(nn.Conv2d):
    """Filters for grey levels that are waves from the start, and stay so: see `cosine_waves`.

    A first layer that is never trained needs no backward pass.
    """

    def __init__(self, filters: int, side: int, stride: int = 1, padding: int = 0) -> None:
        super().__init__(1, filters, side, stride=stride, padding=padding, bias=False)
        self.weight = nn.Parameter(cosine_waves(filters // 2, side), requires_grad=False)


def cosine_waves(count: int, side: int) -> Tensor:
    """The `count` slowest waves of the discrete cosine transform (DCT-II) and their negatives.

    float32 (2 * count, 1, side, side). Each is weighted by its frequency, since slow waves are the
    stronger ones in a picture.
    """
    at = torch.arange(side) + 0.5
    waves = torch.cos(torch.pi / side * torch.arange(side)[:, None] * at)  # (frequency, position)
    waves = waves / waves.norm(dim=1, keepdim=True)
    pairs = sorted(
        itertools.product(range(side), repeat=2), key=lambda pair: pair[0] ** 2 + pair[1] ** 2
    )
    filters = torch.stack(
        [
            torch.outer(waves[down], waves[across]) * math.sqrt(0.25 + down**2 + across**2)
            for down, across in pairs[:count]
        ]
    )
    return torch.cat([filters, -filters]).unsqueeze(1)


class SeededDropout(nn.Module):
    """Inverted dropout: that share of the features zero, the others larger by as much.

    nn.Dropout would do; drawn on the CPU, as here, a seed gives the same zeros on every device.
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, features: Tensor) -> Tensor:
        if not self.training:
            return features
        kept = torch.rand(features.shape) >= self.share
        return features * kept.to(features.device) / (1 - self.share)

    def extra_repr(self) -> str:
        return f"{self.share}"


class XavierLinear(nn.Linear):
    """A linear layer whose weights are drawn as Glorot and Bengio do, "Understanding the difficulty
    of training deep feedforward neural networks", 2010."""

    def reset_parameters(self) -> None:
        super().reset_parameters()
        nn.init.xavier_uniform_(self.weight)
