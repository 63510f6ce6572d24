import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from mnist_demo import RECIPES, Dataset, Recipe, Trainer, predict_probabilities
from mnist_demo.data.synthetic_digits import draw_digits
from mnist_demo.models import calibration
from mnist_demo.models.calibration import (
    SHARE_SURE,
    Calibration,
    calibrate,
    expected_calibration_error,
    find_threshold,
    fit_temperature,
    measure_confidence,
    scale_logits,
)
from mnist_demo.networks.introspection import evaluation_mode

SOFTMAX = replace(RECIPES["softmax"], batch_size=16, learning_rate=0.1, calibration_split=50)


def _honest(count: int = 20_000, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Logits, and labels that come as often as the logits say."""
    random = torch.Generator().manual_seed(seed)
    logits = torch.randn(count, 10, generator=random) * 2
    labels = torch.multinomial(logits.softmax(dim=1), 1, generator=random).squeeze(1)
    return logits, labels


class TestFitTemperature:
    @pytest.mark.parametrize("temperature", [0.25, 1, 3, 12])
    def test_it_finds_what_the_logits_were_multiplied_by(self, temperature: float) -> None:
        logits, labels = _honest()
        assert fit_temperature(logits * temperature, labels) == pytest.approx(temperature, rel=0.05)

    def test_no_other_temperature_has_a_smaller_loss(self) -> None:
        logits, labels = _honest(2000)
        best = fit_temperature(logits * 3, labels)
        losses = [
            nn.functional.cross_entropy(logits.double() * 3 / (best * factor), labels).item()
            for factor in (0.5, 0.9, 1, 1.1, 2)
        ]
        assert min(losses) == losses[2]

    @pytest.mark.parametrize(("right", "limit"), [(True, 1 / 20), (False, 20)])
    def test_it_stays_within_its_bounds(self, right: bool, limit: float) -> None:
        labels = torch.arange(100) % 10
        logits = nn.functional.one_hot(labels if right else (labels + 1) % 10, 10).float()
        assert fit_temperature(logits, labels) == pytest.approx(limit, rel=0.1)


class TestScaleLogits:
    @pytest.fixture(params=RECIPES)
    def model(self, request: pytest.FixtureRequest) -> nn.Module:
        return RECIPES[request.param].build(seed=3).eval()

    def test_the_logits_are_divided(self, model: nn.Module) -> None:
        images = torch.rand(8, 1, 28, 28)
        before = model(images)
        scale_logits(model, 4.0)  # by a power of two: exact, whatever the rounding
        assert torch.equal(model(images), before / 4)

    def test_the_answers_stay(self, model: nn.Module) -> None:
        images = torch.rand(8, 1, 28, 28)
        before = model(images)
        scale_logits(model, 1.7)
        torch.testing.assert_close(model(images), before / 1.7)
        assert torch.equal(model(images).argmax(dim=1), before.argmax(dim=1))

    def test_the_weights_can_still_be_trained(self, model: nn.Module) -> None:
        wanted = [parameter.requires_grad for parameter in model.parameters()]
        scale_logits(model, 2.0)
        assert [parameter.requires_grad for parameter in model.parameters()] == wanted


class TestExpectedCalibrationError:
    @staticmethod
    def _error(confidences: list[float], right: list[bool], bins: int = 15) -> float:
        """The error of answers that are all 3, right where the label is."""
        probabilities = np.zeros((len(confidences), 10), dtype=np.float32)
        probabilities[:] = (1 - np.array(confidences))[:, None] / 9
        probabilities[:, 3] = confidences
        labels = np.where(right, 3, 4).astype(np.int64)
        return expected_calibration_error(probabilities, labels, bins)

    def test_it_is_nothing_where_each_answer_is_right_as_often_as_it_says(self) -> None:
        assert self._error([0.75] * 4, [True, True, True, False]) == pytest.approx(0, abs=1e-6)
        assert self._error([1.0] * 5, [True] * 5) == 0
        both = [0.5] * 2 + [0.75] * 4
        assert self._error(both, [True, False, True, True, True, False]) == pytest.approx(
            0, abs=1e-6
        )

    def test_it_is_one_where_all_that_is_sure_is_wrong(self) -> None:
        assert self._error([1.0] * 3, [False] * 3) == 1

    def test_it_is_the_mean_gap_weighted_by_the_answers(self) -> None:
        confidences = [0.9] * 4 + [0.5] * 2  # gaps: 0.9 - 0.5 four times, 1 - 0.5 twice
        right = [True, True, False, False, True, True]
        assert self._error(confidences, right) == pytest.approx((4 * 0.4 + 2 * 0.5) / 6, abs=1e-6)

    def test_gaps_in_one_range_make_up_for_each_other(self) -> None:
        confidences, right = [0.52, 0.98], [True, True]
        assert self._error(confidences, right, bins=2) == pytest.approx(0.25, abs=1e-6)
        confidences, right = [0.6, 0.9], [True, False]  # 0.4 too low and 0.9 too high
        assert self._error(confidences, right, bins=2) == pytest.approx(0.25, abs=1e-6)
        assert self._error(confidences, right, bins=10) == pytest.approx(0.65, abs=1e-6)

    def test_honest_probabilities_have_next_to_none(self) -> None:
        logits, labels = _honest()
        assert self._of(logits, labels) < 0.02
        assert self._of(logits * 3, labels) > 0.1

    @staticmethod
    def _of(logits: Tensor, labels: Tensor) -> float:
        return expected_calibration_error(logits.softmax(dim=1).numpy(), labels.numpy())


class TestCalibrate:
    @pytest.fixture(autouse=True)
    def few_drawings(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(calibration, "DRAWINGS", 150)

    @pytest.fixture
    def train(self, tiny: Dataset) -> Callable[[Recipe], Trainer]:
        def train(recipe: Recipe) -> Trainer:
            trainer = Trainer(recipe, tiny, seed=0, device="cpu")
            list(trainer.run(2))
            return trainer

        return train

    @staticmethod
    def _images(trainer: Trainer) -> tuple[Tensor, Tensor]:
        """The held-out images and the drawings, as the model reads them, and their labels."""
        drawn, truth = draw_digits(150, calibration.DRAWING_SEED)
        images, labels = trainer.calibration_split
        return (
            torch.cat([images, torch.from_numpy(drawn)]).float().div(255)[:, None],
            torch.cat([labels, torch.from_numpy(truth)]),
        )

    def test_the_temperature_is_in_the_model(self, train: Callable[[Recipe], Trainer]) -> None:
        trainer, plain = train(SOFTMAX), train(SOFTMAX)
        images, labels = self._images(plain)
        with evaluation_mode(plain.model), torch.inference_mode():
            logits = plain.model(images)
            done = calibrate(trainer, trainer.model)
            assert done.temperature == pytest.approx(fit_temperature(logits, labels), rel=1e-3)
            with evaluation_mode(trainer.model):
                scaled = trainer.model(images)
        torch.testing.assert_close(scaled, logits / done.temperature)
        assert abs(math.log(done.temperature)) > 0.01
        before, after = (nn.functional.cross_entropy(part, labels) for part in (logits, scaled))
        assert after < before

    def test_a_share_of_known_digits_reaches_the_threshold(
        self, train: Callable[[Recipe], Trainer]
    ) -> None:
        trainer = train(SOFTMAX)
        done = calibrate(trainer, trainer.model)
        images = self._images(trainer)[0].squeeze(1).numpy()
        assert len(images) == 200
        sure = predict_probabilities(trainer.model, images).max(axis=1) >= done.threshold
        assert sure.mean() == pytest.approx(SHARE_SURE, abs=0.006)
        assert 0.1 < done.threshold < 1

    def test_the_same_model_is_calibrated_the_same_each_time(
        self, train: Callable[[Recipe], Trainer]
    ) -> None:
        first, again = train(SOFTMAX), train(SOFTMAX)
        assert calibrate(first, first.model) == calibrate(again, again.model)

    def test_a_calibrated_model_needs_no_more_of_it(
        self, train: Callable[[Recipe], Trainer]
    ) -> None:
        trainer = train(SOFTMAX)
        first = calibrate(trainer, trainer.model)
        again = calibrate(trainer, trainer.model)
        assert again == Calibration(
            pytest.approx(1, rel=1e-3),  # type: ignore[arg-type]
            pytest.approx(first.threshold, rel=1e-3),  # type: ignore[arg-type]
        )

    def test_others_compute_in_between(self, train: Callable[[Recipe], Trainer]) -> None:
        trainer = train(SOFTMAX)
        at_once = 0
        most: list[int] = []

        def count(_: nn.Module, inputs: tuple[Tensor], __: Tensor) -> None:
            nonlocal at_once
            at_once += len(inputs[0])

        def make_way() -> None:
            nonlocal at_once
            most.append(at_once)
            at_once = 0

        trainer.model.register_forward_hook(count)
        measure_confidence(trainer, trainer.model, ended=True, between_batches=make_way)
        make_way()
        assert len(most) >= 150  # before each of the drawings, too
        # A few more, to see what scales the logits.
        assert calibration.BATCH_SIZE <= max(most) < 2 * calibration.BATCH_SIZE < sum(most)

    def test_without_held_out_images_it_is_refused(self, tiny: Dataset) -> None:
        trainer = Trainer(replace(SOFTMAX, calibration_split=0), tiny, device="cpu")
        weights = {name: value.clone() for name, value in trainer.model.state_dict().items()}
        with pytest.raises(ValueError, match="softmax holds out no images"):
            calibrate(trainer, trainer.model)
        for name, value in trainer.model.state_dict().items():
            assert torch.equal(value, weights[name])


class TestFindThreshold:
    """Of a model whose recipe holds out no images, by those that it leaves unused."""

    def test_a_share_of_them_reaches_it(self, tiny: Dataset) -> None:
        trainer = Trainer(replace(RECIPES["softmax"], train_images=200), tiny, device="cpu")
        list(trainer.run(2))
        threshold = find_threshold(trainer, trainer.model)
        assert threshold is not None
        unused = tiny.train_images[200:].numpy() / np.float32(255)
        sure = predict_probabilities(trainer.model, unused).max(axis=1) >= threshold
        assert sure.mean() == pytest.approx(SHARE_SURE, abs=0.006)
        measured = measure_confidence(trainer, trainer.model, ended=True)
        assert measured == {"threshold": threshold}

    @pytest.mark.parametrize("train_images", [None, 400])
    def test_where_too_few_are_left_there_is_none(
        self, train_images: int | None, tiny: Dataset
    ) -> None:
        recipe = replace(RECIPES["softmax"], train_images=train_images)
        trainer = Trainer(recipe, tiny, device="cpu")
        assert measure_confidence(trainer, trainer.model, ended=True) == {}
