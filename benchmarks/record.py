"""The public record recipe: step 8 of "train_mnist_fast" ("99 % in 0.76 s" on a laptop's GPU),
written anew from its description; and the same once more with our layout and precision."""

from collections.abc import Iterator
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mnist_demo import Dataset
from mnist_demo.networks.modules import Normalize
from mnist_demo.training.devices import has_fast_bfloat16
from mnist_demo.training.evaluation import FLOAT32, to_input

BATCH_SIZE = 256


class Step(NamedTuple):
    """One of a training's steps. model: takes images in [0, 1]. images: trained on so far."""

    model: nn.Module
    number: int  # from 1 on
    total: int
    images: int


class Record(nn.Module):
    """Conv 5x5 1-24, pool, ReLU, conv 3x3 24-32, pool, ReLU, FC 800-256, ReLU, FC 256-10."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 24, 5)
        self.conv2 = nn.Conv2d(24, 32, 3)
        self.hidden = nn.Linear(800, 256)
        self.classifier = nn.Linear(256, 10)

    def forward(self, images: Tensor) -> Tensor:
        features = torch.relu(F.max_pool2d(self.conv1(images), 2))
        features = torch.relu(F.max_pool2d(self.conv2(features), 2))
        return self.classifier(torch.relu(self.hidden(features.flatten(1))))


def train_record(
    dataset: Dataset, seed: int, device: torch.device, epochs: int = 1
) -> Iterator[Step]:
    """As published: all images normalised first, in float32, and taken in their order."""
    torch.manual_seed(seed)
    images = Normalize()(to_input(dataset.train_images.to(device)))
    labels = dataset.train_labels.to(device)
    model = Record().to(device)
    batches = list(zip(images.split(BATCH_SIZE), labels.split(BATCH_SIZE), strict=True)) * epochs
    optimizer, schedule = _optimize(model, len(batches), fused=False)
    done = 0
    for number, (batch, truth) in enumerate(batches, 1):
        optimizer.zero_grad()
        F.cross_entropy(model(batch), truth).backward()
        optimizer.step()
        schedule.step()
        done += len(batch)
        yield Step(nn.Sequential(Normalize(), model), number, len(batches), done)


def train_record_our_way(
    dataset: Dataset, seed: int, device: torch.device, epochs: int = 1
) -> Iterator[Step]:
    """The same network, optimizer and schedule as `Trainer` computes ours: channels_last, bfloat16
    where the processor has it, a fused optimizer, batches of bytes from a seeded permutation."""
    torch.manual_seed(seed)
    images, labels = dataset.train_images.to(device), dataset.train_labels.to(device)
    model = nn.Sequential(Normalize(), Record())
    model = model.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    fast = has_fast_bfloat16(device)
    precision = torch.autocast(device.type, torch.bfloat16) if fast else FLOAT32
    orders = [torch.randperm(len(images)).to(device) for _ in range(epochs)]
    batches = [batch for order in orders for batch in order.split(BATCH_SIZE)]
    optimizer, schedule = _optimize(model, len(batches), fused=True)
    done = 0
    for number, batch in enumerate(batches, 1):
        with precision:
            logits = model(to_input(images[batch]))
        optimizer.zero_grad()
        F.cross_entropy(logits.float(), labels[batch]).backward()
        optimizer.step()
        schedule.step()
        done += len(batch)
        yield Step(model, number, len(batches), done)


def _optimize(
    model: nn.Module, steps: int, *, fused: bool
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01, betas=(0.7, 0.9), fused=fused)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, 0.01, total_steps=steps, cycle_momentum=False
    )
    return optimizer, schedule
