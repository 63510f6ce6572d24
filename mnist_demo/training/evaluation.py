"""How well a model does on labelled images."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mnist_demo.networks.introspection import device_of, evaluation_mode

FLOAT32 = nullcontext()


@dataclass(frozen=True)
class Evaluation:
    """How a model does on labelled images.

    accuracy: share of right answers, in [0, 1]. loss: mean cross-entropy, in nats.
    confusion: int64 (10, 10), how many images of each label (row) got each answer (column).
    """

    accuracy: float
    loss: float
    confusion: Tensor = field(repr=False, compare=False)

    @property
    def digit_accuracy(self) -> list[float]:
        """The accuracy on each digit from 0 to 9; NaN where there was none of it."""
        return (self.confusion.diag() / self.confusion.sum(dim=1)).tolist()


def evaluate(
    model: nn.Module,
    images: Tensor,
    labels: Tensor,
    batch_size: int = 250,
    between_batches: Callable[[], None] | None = None,
    precision: AbstractContextManager[Any] = FLOAT32,
) -> Evaluation:
    """Run `model` over all images, in eval mode; its mode is then as it was.

    images: uint8 (N, 28, 28) in 0..255, scaled to [0, 1] here, or floats, taken as they are.
    labels: int64 (N,). batch_size: 250 is twice as fast as 1,000 on a CPU, whose cache it fits.
    between_batches: called after each batch, for others to compute in between.
    precision: what the model computes in, such as a torch.autocast; its logits are made float32.

    Raises ValueError where there are no images, or not as many as labels.
    """
    if len(images) == 0 or len(images) != len(labels):
        raise ValueError(
            f"images and labels must be equally many, not {len(images)} and {len(labels)}"
        )
    device = device_of(model)
    loss = torch.zeros((), dtype=torch.float64)
    answers = []
    with evaluation_mode(model):
        for part, truth in zip(images.split(batch_size), labels.split(batch_size), strict=True):
            with torch.inference_mode():
                with precision:
                    logits = model(to_input(part.to(device)))
                logits = logits.float().cpu()
                loss += F.cross_entropy(logits, truth.cpu(), reduction="sum")
                answers.append(logits.argmax(dim=1))
            if between_batches:
                between_batches()
    pairs = labels.cpu() * 10 + torch.cat(answers)
    confusion = torch.bincount(pairs, minlength=100).reshape(10, 10)
    count = len(labels)
    return Evaluation(int(confusion.diag().sum()) / count, float(loss) / count, confusion)


def to_input(images: Tensor) -> Tensor:
    """uint8 (N, 28, 28) to float32 (N, 1, 28, 28) in [0, 1]; floats keep their scale."""
    scaled = images.to(torch.float32, copy=True)  # a network may change its input in place
    if images.dtype == torch.uint8:
        scaled = scaled.div_(255)
    return scaled.unsqueeze(1)
