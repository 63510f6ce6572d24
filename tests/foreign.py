"""Networks that the package does not know, and recipes of them, as in a user's module."""

import functools
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mnist_demo import Recipe

HIDDEN = 24


def flat(images: Tensor) -> Tensor:
    """A helper, which a script has to take along."""
    return images.flatten(1)


class Dropped(nn.Module):
    """ReLU units and torch's own dropout."""

    def __init__(self, hidden: int = HIDDEN) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Linear(784, hidden), nn.ReLU(inplace=True), nn.Dropout(0.4))
        self.head = nn.Linear(hidden, 10)

    def forward(self, images: Tensor) -> Tensor:
        return self.head(self.body(flat(images)))


class Rows(nn.Module):
    """A GRU that reads a digit row by row, with dropout between its layers."""

    def __init__(self) -> None:
        super().__init__()
        self.gru = nn.GRU(28, 16, num_layers=2, dropout=0.2)  # (row, image, number)
        self.head = nn.Linear(16, 10)

    def forward(self, images: Tensor) -> Tensor:
        outputs, _ = self.gru(images.squeeze(1).transpose(0, 1))
        return self.head(outputs[-1])


class Attention(nn.Module):
    """A transformer layer over 16 patches, with a buffer that is infinite and an own parameter."""

    def __init__(self) -> None:
        super().__init__()
        self.patches = nn.Conv2d(1, 16, 7, stride=7)
        self.place = nn.Parameter(torch.randn(1, 16, 16) * 0.02)
        self.layer = nn.TransformerEncoderLayer(16, 2, 32, batch_first=True, activation="gelu")
        self.register_buffer("mask", torch.full((16, 16), -torch.inf).triu(1))
        self.head = nn.Linear(16, 10)

    def forward(self, images: Tensor) -> Tensor:
        tokens = self.patches(images).flatten(2).transpose(1, 2) + self.place
        return self.head(self.layer(tokens, src_mask=self.mask).mean(dim=1))


class Shared(nn.Module):
    """One convolution that is used twice, under two names, and random numbers of its own; the
    answer is an average: there is no linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, 10, 3, padding=1)
        self.twice = self.again = nn.Conv2d(10, 10, 3, padding=1, stride=2)
        self.scale = nn.Parameter(torch.ones(()))

    def forward(self, images: Tensor) -> Tensor:
        features = F.gelu(self.first(images.sub_(0.1)))
        if self.training:
            features = features + 0.01 * torch.randn_like(features)
        return self.again(F.gelu(self.twice(features))).mean(dim=(2, 3)) * self.scale


def make_lazy() -> nn.Module:
    """By a function, nested, of lazy layers."""
    return nn.Sequential(
        nn.Sequential(nn.LazyConv2d(4, 5, stride=2), nn.LazyBatchNorm2d(), nn.ReLU()),
        nn.Flatten(),
        nn.Sequential(nn.LazyLinear(10)),
    )


class Constant(nn.Module):
    """Nothing to be trained; an answer that does not depend on the image."""

    def forward(self, images: Tensor) -> Tensor:
        return torch.zeros(len(images), 10)


class losses(Dropped):  # noqa: N801  # so that it has the name of something in a script
    pass


def make_recipe(name: str, architecture: Any, **changes: Any) -> Recipe:
    settings: dict[str, Any] = {"optimizer": "adam", "learning_rate": 0.01, "batch_size": 32}
    return Recipe(name=name, architecture=architecture, **{"epochs": 2, **settings, **changes})


FOREIGN = {
    recipe.name: recipe
    for recipe in (
        make_recipe("dropped", Dropped, calibration_split=40, source="a test"),
        make_recipe("fewer", functools.partial(Dropped, hidden=12)),
        make_recipe("rows", Rows),
        make_recipe("attention", Attention, augmentation="handwriting"),
        make_recipe("shared", Shared),
        make_recipe("lazy", make_lazy),
    )
}
