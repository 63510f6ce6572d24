"""The networks of the recipes written out, as they were before they were text."""

import itertools

import torch
from torch import Tensor, nn

from mnist_demo.networks.modules import cosine_waves


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
        features = torch.relu(torch.max_pool2d(self.conv1(images), 2))  # (N, 32, 14, 14)
        features = torch.relu(torch.max_pool2d(self.conv2(features), 2))  # (N, 64, 7, 7)
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
        features = torch.relu(torch.max_pool2d(self.conv2(features), 2))  # (N, 32, 10, 10)
        features = torch.relu(torch.max_pool2d(self.conv3(features), 2))  # (N, 64, 3, 3)
        return self.classifier(torch.relu(self.hidden(features.flatten(1))))


class FastCNN(nn.Module):
    """A fixed first layer of cosine waves, two 3x3 convolutions with batch norm, a linear layer.

    31,306 parameters, and 600 numbers that are never trained: a first layer that stays as it is
    needs no backward pass.
    """

    def __init__(self) -> None:
        super().__init__()
        self.waves = nn.Conv2d(1, 24, 5, stride=2, padding=2, bias=False)
        self.waves.weight = nn.Parameter(cosine_waves(12, 5), requires_grad=False)
        self.conv1 = nn.Conv2d(24, 32, 3, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(64)
        self.classifier = nn.Linear(64 * 3 * 3, 10)

    def forward(self, images: Tensor) -> Tensor:
        images = (images - 0.1307) / 0.3081  # the mean and deviation of MNIST's training images
        features = torch.relu(self.waves(images))  # (N, 24, 14, 14)
        features = torch.max_pool2d(self.conv1(features), 2)  # (N, 32, 7, 7)
        features = torch.relu(self.norm1(features))
        features = torch.max_pool2d(self.conv2(features), 2)  # (N, 64, 3, 3)
        features = torch.relu(self.norm2(features))
        return self.classifier(features.flatten(1))


def dropout(features: Tensor, share: float) -> Tensor:
    """Inverted dropout: that share of the features zero, the others larger by as much.

    nn.Dropout would do; drawn on the CPU, as here, a seed gives the same zeros on every device.
    """
    kept = torch.rand(features.shape) >= share
    return features * kept.to(features.device) / (1 - share)


class RobustCNN(nn.Module):
    """Seven 3x3 convolutions with batch norm, halved three times, and a linear layer.

    446,122 parameters.
    """

    def __init__(self) -> None:
        super().__init__()
        channels = [1, 32, 32, 64, 64, 128, 128, 128]
        for number, (before, after) in enumerate(itertools.pairwise(channels), start=1):
            self.add_module(f"conv{number}", nn.Conv2d(before, after, 3, padding=1, bias=False))
            self.add_module(f"norm{number}", nn.BatchNorm2d(after))
        self.classifier = nn.Linear(128 * 3 * 3, 10)

    def forward(self, images: Tensor) -> Tensor:
        features = images
        for number in range(1, 8):
            convolution = self.get_submodule(f"conv{number}")
            norm = self.get_submodule(f"norm{number}")
            features = norm(convolution(features))
            if number in (2, 4, 7):  # (N, 32, 14, 14), (N, 64, 7, 7), (N, 128, 3, 3)
                features = torch.max_pool2d(features, 2)
            features = torch.relu(features)
        features = features.flatten(1)
        return self.classifier(dropout(features, 0.3) if self.training else features)


REFERENCE = {
    "softmax": Softmax,
    "mlp": MLP,
    "simple_cnn": SimpleCNN,
    "deep_cnn": DeepCNN,
    "fast_cnn": FastCNN,
    "robust_cnn": RobustCNN,
}
