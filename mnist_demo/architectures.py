"""The networks: float32 images (N, 1, 28, 28) in [0, 1], ink = 1, to logits (N, 10)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn


class Softmax(nn.Module):
    """Softmax regression: one linear layer, ten weight pictures. 7,850 parameters."""

    def __init__(self) -> None:
        super().__init__()
        self.classifier = nn.Linear(28 * 28, 10)

    def forward(self, images: Tensor) -> Tensor:
        return self.classifier(images.flatten(1))


class MLP(nn.Module):
    """784-512-256-10 with sigmoids between the layers. 535,818 parameters."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden1 = nn.Linear(28 * 28, 512)
        self.hidden2 = nn.Linear(512, 256)
        self.classifier = nn.Linear(256, 10)

    def forward(self, images: Tensor) -> Tensor:
        hidden = torch.sigmoid(self.hidden1(images.flatten(1)))
        hidden = torch.sigmoid(self.hidden2(hidden))
        return self.classifier(hidden)


class SimpleCNN(nn.Module):
    """Two 3x3 convolutions, each with ReLU and max-pool 2, then a linear layer.

    50,186 parameters.
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.classifier = nn.Linear(64 * 7 * 7, 10)
        nn.init.xavier_uniform_(self.classifier.weight)  # as both tutorials have it

    def forward(self, images: Tensor) -> Tensor:
        features = torch.max_pool2d(torch.relu(self.conv1(images)), 2)  # (N, 32, 14, 14)
        features = torch.max_pool2d(torch.relu(self.conv2(features)), 2)  # (N, 64, 7, 7)
        return self.classifier(features.flatten(1))


class DeepCNN(nn.Module):
    """Three unpadded 5x5 convolutions with ReLU, then 576-100-10. 123,222 parameters."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 5)
        self.conv2 = nn.Conv2d(16, 32, 5)
        self.conv3 = nn.Conv2d(32, 64, 5)
        self.hidden = nn.Linear(64 * 3 * 3, 100)
        self.classifier = nn.Linear(100, 10)

    def forward(self, images: Tensor) -> Tensor:
        features = torch.relu(self.conv1(images))  # (N, 16, 24, 24)
        features = torch.max_pool2d(torch.relu(self.conv2(features)), 2)  # (N, 32, 10, 10)
        features = torch.max_pool2d(torch.relu(self.conv3(features)), 2)  # (N, 64, 3, 3)
        return self.classifier(torch.relu(self.hidden(features.flatten(1))))


@dataclass(frozen=True)
class Layer:
    """One layer with weights. `kernel` is the size of a convolution's filters, in pixels."""

    name: str
    output_shape: tuple[int, ...]  # for one image
    parameters: int
    kernel: tuple[int, ...] | None


def count_parameters(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


def describe_layers(model: nn.Module) -> list[Layer]:
    """The layers of `model` that have weights, in the order in which an image passes them."""
    layers: list[Layer] = []
    hooks = [
        module.register_forward_hook(
            lambda module, _, output, name=name: layers.append(
                Layer(
                    name,
                    tuple(output.shape[1:]),
                    count_parameters(module),
                    module.kernel_size if isinstance(module, nn.Conv2d) else None,
                )
            )
        )
        for name, module in model.named_modules()
        if not list(module.children()) and count_parameters(module)
    ]
    device = next(model.parameters()).device
    try:
        with evaluation_mode(model), torch.inference_mode():
            model(torch.zeros(1, 1, 28, 28, device=device))
    finally:
        for hook in hooks:
            hook.remove()
    return layers


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
