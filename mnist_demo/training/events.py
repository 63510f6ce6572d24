"""What a training yields, step by step and epoch by epoch."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from mnist_demo.data.non_digits import NON_DIGIT
from mnist_demo.training.evaluation import Evaluation


@dataclass(frozen=True)
class StepEvent:
    """After each step. `epoch`, and `step` in it, count from 1; `loss` is the batch's mean."""

    epoch: int
    step: int
    steps_per_epoch: int
    loss: float
    learning_rate: float
    seconds: float  # of training so far, without evaluation and without what the consumer does
    _answers: tuple[Tensor, Tensor] | float = field(repr=False, compare=False)  # logits, labels

    @property
    def accuracy(self) -> float:
        """The share of right answers on the step's digits, in [0, 1], NaN where it had none;
        computed only when asked for."""
        return step_accuracies([self])[0]


def step_accuracies(events: Sequence[StepEvent]) -> list[float]:
    """`accuracy` of each.

    All at once: asking step by step cost softmax 7 % of its training time on two cores.
    """
    answers = [event._answers for event in events]
    open_ones = [each for each in answers if isinstance(each, tuple)]
    computed = iter(_compute(open_ones) if open_ones else [])
    return [next(computed) if isinstance(each, tuple) else each for each in answers]


def _compute(steps: Sequence[tuple[Tensor, Tensor]]) -> list[float]:
    """The accuracy of each pair of logits and labels."""
    labels = torch.cat([labels for _, labels in steps])
    answers = torch.cat([logits for logits, _ in steps]).argmax(dim=1)
    digits = (labels != NON_DIGIT).cpu().numpy()
    right = (answers == labels).cpu().numpy() & digits
    sizes = [len(labels) for _, labels in steps]
    starts = np.cumsum([0, *sizes[:-1]])
    with np.errstate(invalid="ignore"):  # 0 / 0 is NaN
        shares = np.add.reduceat(right, starts, dtype=float) / np.add.reduceat(
            digits, starts, dtype=float
        )
    return [float(share) for share in shares]


@dataclass(frozen=True)
class EpochEvent:
    """After each epoch. `train_loss` is the mean of its batch losses, as the tutorials print it;
    `test` is computed in the precision that the recipe trains in."""

    epoch: int
    train_loss: float
    test: Evaluation
    seconds: float  # as in StepEvent


@dataclass(frozen=True)
class DivergedEvent:
    """The loss stopped being finite. The run has ended with the last weights whose loss was."""

    epoch: int
    step: int
    loss: float
    learning_rate: float


Event = StepEvent | EpochEvent | DivergedEvent


def settle(events: Sequence[Event]) -> list[Event]:
    """The same events, whose steps hold their accuracy instead of logits and labels: to be kept,
    or sent to another process."""
    steps = [event for event in events if isinstance(event, StepEvent)]
    known = iter(step_accuracies(steps))
    return [
        replace(event, _answers=next(known)) if isinstance(event, StepEvent) else event
        for event in events
    ]


def summarize(epochs: Sequence[EpochEvent]) -> dict[str, Any]:
    """The finished epochs of a run as a checkpoint's metrics: plain numbers and lists, for JSON."""
    if not epochs:
        return {"epochs": 0}
    last = epochs[-1]
    return {
        "epochs": last.epoch,
        "seconds": round(last.seconds, 3),
        "test_accuracy": last.test.accuracy,
        "test_loss": last.test.loss,
        "digit_accuracy": [
            None if math.isnan(share) else share for share in last.test.digit_accuracy
        ],
        "train_loss_by_epoch": [event.train_loss for event in epochs],
        "test_accuracy_by_epoch": [event.test.accuracy for event in epochs],
    }
