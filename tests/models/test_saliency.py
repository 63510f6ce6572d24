from dataclasses import replace

import numpy as np
import pytest
import torch

from mnist_demo import (
    RECIPES,
    Dataset,
    load_checkpoint,
    shipped_checkpoints,
    strokes_to_digit,
)
from mnist_demo.digits.mnist_format import Digit
from mnist_demo.models.activations import (
    COMPACT,
    compact_hidden,
    digit_weights,
    has_hidden_layer,
    last_hidden,
)
from mnist_demo.models.neighbours import directions, nearest
from mnist_demo.models.saliency import FEW_STEPS, STEPS, saliencies, saliency


@pytest.fixture(scope="module")
def seven() -> Digit:
    return strokes_to_digit([[[70, 60], [205, 60], [125, 235]]])


def _logits(model: torch.nn.Module, digit: Digit) -> torch.Tensor:
    with torch.inference_mode():
        return model(torch.from_numpy(digit)[None, None])[0]


class TestSaliency:
    @pytest.mark.parametrize("name", shipped_checkpoints())
    @pytest.mark.parametrize("label", [7, 2])
    def test_it_adds_up_to_what_the_ink_does_to_the_logit(
        self, name: str, label: int, seven: Digit
    ) -> None:
        model = load_checkpoint(name).model
        blank = _logits(model, np.zeros_like(seven))
        changes = _logits(model, seven) - blank
        values = saliency(model, seven, label)
        assert values.shape == (28, 28)
        assert values.dtype == np.float32
        bounds = 0.08 * float(changes.abs().max())  # the way to the digit is taken in steps
        assert float(values.sum()) == pytest.approx(float(changes[label]), abs=bounds)

    @pytest.mark.parametrize("name", shipped_checkpoints())
    def test_several_labels_at_once_change_nothing(self, name: str, seven: Digit) -> None:
        model = load_checkpoint(name).model
        together = saliencies(model, seven, [7, 2, 1])
        assert together.dtype == np.float32
        for label, values in zip([7, 2, 1], together, strict=True):
            np.testing.assert_allclose(values, saliency(model, seven, label), atol=1e-6)

    @pytest.mark.parametrize("name", shipped_checkpoints())
    def test_few_steps_show_nearly_the_same(self, name: str, seven: Digit) -> None:
        model = load_checkpoint(name).model
        exact, quick = (
            saliencies(model, seven, [7, 2], steps=steps) for steps in (STEPS, FEW_STEPS)
        )
        for one, other in zip(exact, quick, strict=True):
            assert np.corrcoef(one.ravel(), other.ravel())[0, 1] > 0.9

    def test_blank_pixels_count_for_nothing(self, seven: Digit) -> None:
        values = saliency(load_checkpoint("simple_cnn").model, seven, 7)
        assert (values[seven == 0] == 0).all()
        assert np.abs(values).max() > 0

    def test_of_one_linear_layer_it_is_weight_times_ink(self, seven: Digit) -> None:
        model = load_checkpoint("softmax").model
        weights = digit_weights(model)
        assert weights is not None
        np.testing.assert_allclose(saliency(model, seven, 3), weights[3] * seven, atol=1e-5)

    def test_the_model_is_left_as_it_was(self, seven: Digit) -> None:
        model = load_checkpoint("robust_cnn").model.train()
        before = {name: value.clone() for name, value in model.state_dict().items()}
        saliency(model, seven, 7)
        assert model.training
        assert all(parameter.grad is None for parameter in model.parameters())
        assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())

    def test_others_may_compute_in_between_even_with_the_same_model(self, seven: Digit) -> None:
        model, inside = load_checkpoint("robust_cnn").model, []

        def between_batches() -> None:
            inside.append(saliency(model, seven, 2))

        np.testing.assert_array_equal(
            saliency(model, seven, 7, between_batches), saliency(model, seven, 7)
        )
        assert len(inside) >= 4
        assert all(np.array_equal(each, saliency(model, seven, 2)) for each in inside)


class TestDigitWeights:
    def test_weights_times_ink_are_the_logits(self, seven: Digit) -> None:
        model = load_checkpoint("softmax").model
        weights = digit_weights(model)
        assert weights is not None
        blank = _logits(model, np.zeros_like(seven)).numpy()
        expected = (weights * seven).sum(axis=(1, 2)) + blank
        np.testing.assert_allclose(_logits(model, seven).numpy(), expected, atol=1e-4)

    @pytest.mark.parametrize("name", [name for name in RECIPES if name != "softmax"])
    def test_other_models_have_none(self, name: str) -> None:
        assert digit_weights(load_checkpoint(name).model) is None


class TestLastHidden:
    @pytest.mark.parametrize("name", shipped_checkpoints())
    def test_the_last_layer_makes_the_logits_of_it(self, name: str, seven: Digit) -> None:
        model = load_checkpoint(name).model
        features = last_hidden(model, seven)
        assert features.dtype == np.float32
        assert len(features) == 1
        classifier = model.get_submodule("classifier")
        with torch.inference_mode():
            logits = classifier(torch.from_numpy(features))[0]
        np.testing.assert_allclose(logits, _logits(model, seven), atol=1e-4)

    def test_of_softmax_it_is_the_pixels(self, seven: Digit) -> None:
        model = load_checkpoint("softmax").model
        np.testing.assert_array_equal(last_hidden(model, seven), seven.reshape(1, -1))
        assert not has_hidden_layer(model)

    @pytest.mark.parametrize("name", [name for name in RECIPES if name != "softmax"])
    def test_other_models_have_a_hidden_layer(self, name: str) -> None:
        assert has_hidden_layer(load_checkpoint(name).model)

    def test_many_digits_have_a_row_each_in_their_order(self, seven: Digit) -> None:
        model = load_checkpoint("mlp").model
        digits = np.stack([seven, np.zeros_like(seven), seven])
        features = last_hidden(model, digits)
        assert features.shape == (3, 256)
        np.testing.assert_allclose(features[[0, 2]], last_hidden(model, seven).repeat(2, 0), 1e-5)
        assert not np.allclose(features[0], features[1])

    def test_the_model_is_left_as_it_was(self, seven: Digit) -> None:
        model = load_checkpoint("robust_cnn").model.train()
        last_hidden(model, seven)
        assert model.training
        assert not any(module._forward_pre_hooks for module in model.modules())

    def test_what_is_no_digit_is_refused_and_leaves_no_hook(self, seven: Digit) -> None:
        model = load_checkpoint("mlp").model
        with pytest.raises(ValueError, match="divide MNIST's bytes by 255"):
            last_hidden(model, seven * 255)
        assert not any(module._forward_pre_hooks for module in model.modules())


class TestCompactHidden:
    def test_up_to_a_width_it_is_the_layer(self, seven: Digit) -> None:
        model = load_checkpoint("simple_cnn").model
        np.testing.assert_array_equal(compact_hidden(model, seven), last_hidden(model, seven))

    def test_what_is_wider_keeps_its_cosines(self, bundled: Dataset) -> None:
        model = replace(RECIPES["mlp"], layers="conv 64, relu, linear 10").build(0)
        digits = bundled.test_images[:20].numpy() / np.float32(255)
        whole, compact = last_hidden(model, digits), compact_hidden(model, digits)
        assert whole.shape == (20, 50_176)
        assert compact.shape == (20, COMPACT)
        assert compact.dtype == np.float32
        np.testing.assert_allclose(compact_hidden(model, digits[3])[0], compact[3], atol=1e-5)
        before, after = (
            each @ each.T
            for each in (made / np.linalg.norm(made, axis=1)[:, None] for made in (whole, compact))
        )
        assert np.abs(before - after).max() < 0.1
        assert np.corrcoef(before.ravel(), after.ravel())[0, 1] > 0.95

    def test_numbers_that_are_none_stay_in_their_row(self, seven: Digit) -> None:
        model = replace(RECIPES["mlp"], layers="conv 64, relu, linear 10").build(0)
        with torch.no_grad():
            next(model.parameters()).fill_(float("inf"))
        assert not np.isfinite(compact_hidden(model, seven)).all()


class TestNearest:
    def test_it_is_the_order_of_the_cosines(self) -> None:
        rng = np.random.default_rng(0)
        features = rng.random((2500, 60), dtype=np.float32)
        wanted = rng.random(60, dtype=np.float32)
        exact = features @ wanted / np.linalg.norm(features, axis=1) / np.linalg.norm(wanted)
        indices, cosines = nearest(wanted, directions(features), 8)
        np.testing.assert_allclose(cosines, np.sort(exact)[::-1][:8], atol=1e-3)
        np.testing.assert_allclose(cosines, exact[indices], atol=1e-3)
        assert (np.diff(cosines) <= 0).all()

    @pytest.mark.parametrize("scale", [1e-20, 1, 1e10])
    def test_length_does_not_count(self, scale: float) -> None:
        features = np.eye(3, dtype=np.float32) * np.float32(scale)
        assert np.linalg.norm(directions(features).astype(np.float32), axis=1).tolist() == [1] * 3
        indices, cosines = nearest(features[1] / np.float32(7), directions(features), 1)
        assert indices.tolist() == [1]
        assert cosines.tolist() == pytest.approx([1], abs=1e-5)

    def test_what_is_zero_is_like_nothing(self) -> None:
        features = np.zeros((4, 5), dtype=np.float32)
        features[2] = 1
        among = directions(features)
        assert np.isfinite(among).all()
        assert nearest(features[2], among, 4)[0].tolist() == [2, 0, 1, 3]
        assert nearest(features[0], among, 2)[1].tolist() == [0, 0]

    def test_there_may_be_fewer_than_are_asked_for(self) -> None:
        among = directions(np.eye(3, dtype=np.float32))
        assert len(nearest(np.ones(3, dtype=np.float32), among, 8)[0]) == 3
