from dataclasses import replace

import numpy as np
import pytest
import torch

from mnist_demo import RECIPES, Dataset, EpochEvent, Recipe, StepEvent, evaluate
from mnist_demo.data.non_digits import NON_DIGIT
from mnist_demo.training import trainer as training
from tests.training.runs import go, labels_of, logits_of, losses_of, make_trainer


class TestLoss:
    """Of one step, computed by hand from its logits."""

    @staticmethod
    def _first(recipe: Recipe, dataset: Dataset) -> StepEvent:
        (event,) = go(make_trainer(recipe, dataset), 1)
        return event

    @staticmethod
    def _by_hand(event: StepEvent, smoothing: float) -> float:
        losses = []
        for logits, label in zip(logits_of(event).double(), labels_of(event).tolist(), strict=True):
            surprise = logits.exp().sum().log() - logits  # at each of the ten answers
            spread = surprise.mean()
            true = spread if label == NON_DIGIT else surprise[label]
            losses.append(float((1 - smoothing) * true + smoothing * spread))
        return float(np.mean(losses))

    @pytest.mark.parametrize("non_digits", [0, 30])
    @pytest.mark.parametrize("smoothing", [0, 0.1, 0.5])
    def test_it_is_the_mean_over_digits_and_what_is_none(
        self, smoothing: float, non_digits: int, softmax: Recipe, small: Dataset
    ) -> None:
        recipe = replace(softmax, non_digits=non_digits, label_smoothing=smoothing, batch_size=64)
        event = self._first(recipe, small)
        assert bool((labels_of(event) == NON_DIGIT).any()) is bool(non_digits)
        assert event.loss == pytest.approx(self._by_hand(event, smoothing), rel=1e-5)

    def test_who_learnt_what_is_no_digit_is_less_sure_of_it(
        self, softmax: Recipe, small: Dataset
    ) -> None:
        recipe = replace(softmax, batch_size=64, learning_rate=0.1)
        taught = make_trainer(replace(recipe, non_digits=64), small)
        untaught = make_trainer(recipe, small)
        non_digits = taught._images[taught._labels == NON_DIGIT].float().div(255)[:, None]
        sureness = []
        for trainer in (taught, untaught):
            list(trainer.run(60))
            answers = trainer.model(non_digits).softmax(dim=1)
            sureness.append(answers.max(dim=1).values.mean().item())
        assert sureness[0] < 0.7 * sureness[1]

    def test_a_batch_of_non_digits_alone_has_a_loss(self, softmax: Recipe, small: Dataset) -> None:
        recipe = replace(softmax, non_digits=200, batch_size=1)
        events = go(make_trainer(recipe, small), 20)
        alone = [event for event in events if (labels_of(event) == NON_DIGIT).all()]
        assert alone
        for event in alone:
            assert event.loss == pytest.approx(self._by_hand(event, 0), rel=1e-5)

    def test_a_steps_accuracy_is_that_of_its_digits(self, softmax: Recipe, small: Dataset) -> None:
        event = self._first(replace(softmax, non_digits=30, batch_size=64), small)
        digits = labels_of(event) != NON_DIGIT
        assert 0 < digits.sum() < 64
        right = (logits_of(event).argmax(dim=1) == labels_of(event))[digits]
        assert event.accuracy == pytest.approx(right.float().mean().item())


class TestPrecision:
    FAST = replace(RECIPES["fast_cnn"], batch_size=16)

    @staticmethod
    def _pretend(fast: bool, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(training, "has_fast_bfloat16", lambda device: fast)

    def test_without_the_instructions_for_it_it_is_float32(
        self, small: Dataset, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self._pretend(False, monkeypatch)
        plain = replace(self.FAST, precision="float32")
        assert losses_of(make_trainer(self.FAST, small), 2) == losses_of(
            make_trainer(plain, small), 2
        )

    def test_with_them_it_is_nearly_the_same(
        self, small: Dataset, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self._pretend(True, monkeypatch)
        plain = replace(self.FAST, precision="float32")
        (first,), (expected,) = (go(make_trainer(one, small), 1) for one in (self.FAST, plain))
        assert first.loss != expected.loss
        assert first.loss == pytest.approx(expected.loss, rel=0.05)
        assert logits_of(first).dtype == torch.float32

    def test_the_weights_are_float32_and_tested_in_bfloat16(
        self, small: Dataset, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self._pretend(True, monkeypatch)
        trainer = make_trainer(self.FAST, small)
        *_, last = trainer.run(1)
        assert isinstance(last, EpochEvent)
        exact = evaluate(trainer.model, small.test_images, small.test_labels)
        assert last.test.loss != exact.loss
        assert last.test.loss == pytest.approx(exact.loss, rel=0.02)
        assert last.test.accuracy == pytest.approx(exact.accuracy, abs=0.02)
        floats = [each for each in trainer.model.state_dict().values() if each.is_floating_point()]
        assert {each.dtype for each in floats} == {torch.float32}

    def test_a_recipe_in_float32_does_not_care(
        self, softmax: Recipe, small: Dataset, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        losses = []
        for fast in (True, False):
            self._pretend(fast, monkeypatch)
            losses.append(losses_of(make_trainer(softmax, small), 1))
        assert losses[0] == losses[1]
