"""What a training yields, step by step and epoch by epoch."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from mnist_demo.data.non_digits import NON_DIGIT
from mnist_demo.training.evaluation import Evaluation
from mnist_demo.training.layer_activity import Activities


@dataclass(frozen=True)
class StepEvent:
    """After each step. `epoch`, and `step` in it, count from 1; `loss` is the batch's mean of what
    is made small: with label smoothing or non-digits that is not the plain cross-entropy."""

    epoch: int
    step: int
    steps_per_epoch: int
    loss: float
    learning_rate: float
    seconds: float  # of training so far, without evaluation and without what the consumer does
    wall_seconds: float  # by the clock, with both
    _answers: "tuple[Tensor, Tensor] | StepScores" = field(repr=False, compare=False)  # or logits
    # and labels
    layers: Activities | None = field(default=None, repr=False, compare=False)  # of a step that was
    # watched, see `Trainer`

    @property
    def accuracy(self) -> float:
        """The share of right answers on the step's digits, in [0, 1], NaN where it had none;
        computed only when asked for."""
        return score_steps([self])[0].accuracy

    @property
    def cross_entropy(self) -> float:
        """The mean of the step's digits, without label smoothing, as on test images: in nats. NaN
        where it had none; computed only when asked for."""
        return score_steps([self])[0].cross_entropy


@dataclass(frozen=True)
class StepScores:
    """How a step's digits were answered: `StepEvent.accuracy` and `.cross_entropy`."""

    accuracy: float
    cross_entropy: float


def score_steps(events: Sequence[StepEvent]) -> list[StepScores]:
    """The scores of each.

    All at once: asking step by step cost softmax 7 % of its training time on two cores.
    """
    answers = [event._answers for event in events]
    open_ones = [each for each in answers if isinstance(each, tuple)]
    computed = iter(_compute(open_ones) if open_ones else [])
    return [next(computed) if isinstance(each, tuple) else each for each in answers]


def _compute(steps: Sequence[tuple[Tensor, Tensor]]) -> list[StepScores]:
    """The scores of each pair of logits and labels."""
    labels = torch.cat([labels for _, labels in steps])
    logits = torch.cat([logits for logits, _ in steps])
    losses = F.cross_entropy(logits, labels, reduction="none", ignore_index=NON_DIGIT)
    digits = (labels != NON_DIGIT).cpu().numpy()
    right = (logits.argmax(dim=1) == labels).cpu().numpy() & digits
    sizes = [len(labels) for _, labels in steps]
    starts = np.cumsum([0, *sizes[:-1]])
    with np.errstate(invalid="ignore"):  # 0 / 0 is NaN
        right_and_losses = [
            np.add.reduceat(values, starts, dtype=float)
            / np.add.reduceat(digits, starts, dtype=float)
            for values in (right, losses.cpu().numpy())
        ]
    return [
        StepScores(float(share), float(loss)) for share, loss in zip(*right_and_losses, strict=True)
    ]


@dataclass(frozen=True)
class EpochEvent:
    """After each epoch. `train_loss` is the mean of its batch losses, as the tutorials print it;
    NaN where another run did some of its steps, see `Trainer`. `test` is computed in the precision
    that the recipe trains in."""

    epoch: int
    train_loss: float
    test: Evaluation
    seconds: float  # as in StepEvent
    wall_seconds: float  # likewise


@dataclass(frozen=True)
class EvaluationEvent:
    """After a test within a run that is tested now and then: see `plan_tests`. On a part of the
    test images."""

    epoch: int
    step: int
    test: Evaluation
    seconds: float  # as in StepEvent
    wall_seconds: float  # likewise


@dataclass(frozen=True)
class DivergedEvent:
    """The loss stopped being finite. The run has ended; the model has its weights of a few steps
    before, whose loss was."""

    epoch: int
    step: int
    loss: float
    learning_rate: float


Event = StepEvent | EpochEvent | EvaluationEvent | DivergedEvent


def settle(events: Sequence[Event]) -> list[Event]:
    """The same events, whose steps hold their scores instead of logits and labels: to be kept, or
    sent to another process."""
    steps = [event for event in events if isinstance(event, StepEvent)]
    known = iter(score_steps(steps))
    return [
        replace(event, _answers=next(known)) if isinstance(event, StepEvent) else event
        for event in events
    ]


def summarize(epochs: Sequence[EpochEvent]) -> dict[str, Any]:
    """The tested epochs of a run as a checkpoint's metrics: plain numbers and lists, for JSON.

    What goes by epoch is left out where not all epochs were tested.
    """
    if not epochs:
        return {"epochs": 0}
    last = epochs[-1]
    metrics = {
        "epochs": last.epoch,
        "seconds": round(last.seconds, 3),
        "test_accuracy": last.test.accuracy,
        "test_loss": last.test.loss,
        "digit_accuracy": [_or_none(share) for share in last.test.digit_accuracy],
    }
    if len(epochs) < last.epoch:
        return metrics
    return metrics | {
        "train_loss_by_epoch": [_or_none(event.train_loss) for event in epochs],
        "test_accuracy_by_epoch": [event.test.accuracy for event in epochs],
    }


def _or_none(value: float) -> float | None:
    """JSON has no NaN."""
    return None if math.isnan(value) else value
