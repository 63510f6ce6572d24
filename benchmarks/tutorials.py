"""The tutorials' own training: their networks layer for layer, their loop, their data loading."""

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

from mnist_demo import Recipe
from mnist_demo.data.mnist import data_directory

TUTORIALS = ("softmax", "mlp", "simple_cnn", "deep_cnn")


def tutorial_network(name: str) -> nn.Module:
    """The network of the tutorial that the recipe `name` is taken from, (N, 1, 28, 28) to logits.

    The MLP's ends in a log-softmax, which its loss applies again.
    """
    match name:
        case "softmax":
            return nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
        case "mlp":
            hidden1, hidden2 = nn.Linear(784, 512), nn.Linear(512, 256)
            last = [nn.Linear(256, 10), nn.LogSoftmax(dim=1)]
            return nn.Sequential(nn.Flatten(), hidden1, nn.Sigmoid(), hidden2, nn.Sigmoid(), *last)
        case "simple_cnn":
            layer1 = [nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
            layer2 = [nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
            return nn.Sequential(*layer1, *layer2, nn.Flatten(), nn.Linear(3136, 10))
        case "deep_cnn":
            layers = [nn.Conv2d(1, 16, 5), nn.ReLU(), nn.Conv2d(16, 32, 5), nn.ReLU()]
            layers += [nn.MaxPool2d(2), nn.Conv2d(32, 64, 5), nn.ReLU(), nn.MaxPool2d(2)]
            dense = [nn.Linear(576, 100), nn.ReLU(), nn.Linear(100, 10)]
            return nn.Sequential(*layers, nn.Flatten(), *dense)
        case _:
            raise ValueError(f"there is no tutorial {name!r}; choose one of {', '.join(TUTORIALS)}")


def tutorial_optimizer(recipe: Recipe, model: nn.Module) -> torch.optim.Optimizer:
    """The optimizer as the tutorials make it."""
    if recipe.optimizer == "sgd":
        return torch.optim.SGD(
            model.parameters(), lr=recipe.learning_rate, momentum=recipe.momentum
        )
    return torch.optim.Adam(model.parameters(), lr=recipe.learning_rate)


def run_tutorial(recipe: Recipe, device: torch.device) -> Iterator[None]:
    """Train an epoch, step by step.

    torchvision's MNIST with ToTensor on each image, a shuffling DataLoader, zero_grad, backward,
    step.
    """
    data = datasets.MNIST(data_directory(), train=True, transform=transforms.ToTensor())
    loader = DataLoader(data, recipe.batch_size, shuffle=True, drop_last=recipe.drop_last)
    model = tutorial_network(recipe.name).to(device)
    optimizer = tutorial_optimizer(recipe, model)
    for images, labels in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images.to(device)), labels.to(device))
        loss.backward()
        optimizer.step()
        loss.item()
        yield
