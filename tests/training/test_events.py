import json
from dataclasses import FrozenInstanceError, replace

import pytest
import torch
import torch.nn.functional as F

from mnist_demo import Dataset, EpochEvent, Evaluation, Recipe
from mnist_demo.training.events import StepEvent, settle, summarize
from tests.training.runs import labels_of, logits_of, make_trainer, steps_of


def test_events_cannot_be_changed(softmax: Recipe, small: Dataset) -> None:
    for event in make_trainer(softmax, small).run(1):
        with pytest.raises(FrozenInstanceError):
            event.epoch = 9  # type: ignore[misc]


def test_a_steps_cross_entropy_is_plain(softmax: Recipe, small: Dataset) -> None:
    """As the loss is where nothing is smoothed, and less than it where something is."""
    for smoothing in (0.0, 0.3):
        recipe = replace(softmax, label_smoothing=smoothing)
        for event in steps_of(list(make_trainer(recipe, small).run(1))):
            plain = F.cross_entropy(logits_of(event), labels_of(event)).item()
            assert event.cross_entropy == pytest.approx(plain)
            assert (event.loss == pytest.approx(plain)) == (smoothing == 0)
            (settled,) = settle([event])
            assert isinstance(settled, StepEvent)
            assert settled.cross_entropy == event.cross_entropy


class TestSummary:
    def test_it_is_plain_json(self, softmax: Recipe, small: Dataset) -> None:
        events = [e for e in make_trainer(softmax, small).run(3) if isinstance(e, EpochEvent)]
        summary = summarize(events)
        assert json.loads(json.dumps(summary, allow_nan=False)) == summary
        assert summary["epochs"] == 3
        assert summary["test_accuracy"] == events[-1].test.accuracy
        assert summary["test_loss"] == events[-1].test.loss
        assert summary["train_loss_by_epoch"] == [event.train_loss for event in events]
        assert summary["test_accuracy_by_epoch"] == [event.test.accuracy for event in events]

    def test_a_digit_that_was_not_tested_is_none(self) -> None:
        confusion = torch.zeros(10, 10, dtype=torch.int64)
        confusion[4, 4] = 2
        summary = summarize([EpochEvent(1, 0.5, Evaluation(1.0, 0.1, confusion), 2.0, 3.0)])
        assert summary["digit_accuracy"] == [None] * 4 + [1.0] + [None] * 5
        json.dumps(summary, allow_nan=False)

    def test_no_finished_epoch_is_said(self) -> None:
        assert summarize([]) == {"epochs": 0}
