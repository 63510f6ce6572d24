"""Changes of a digit that networks cannot resist."""

import numpy as np
import pytest
import torch
from torch import nn

from mnist_demo import (
    build_network,
    load_checkpoint,
    predict_probabilities,
    shipped_checkpoints,
    strokes_to_digit,
)
from mnist_demo.data.bundled_digits import bundled_digits
from mnist_demo.digits.mnist_format import Digit
from mnist_demo.models.adversarial import (
    ATTACKS,
    STRENGTH,
    count_right,
    fast_gradient_sign,
    flip_pixels,
)
from tests.foreign import FOREIGN

STRENGTHS = np.array([0.0, 0.05, 0.2, 0.5])


@pytest.fixture(scope="module")
def seven() -> Digit:
    return strokes_to_digit([[[70, 60], [205, 60], [125, 235]]])


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("name", shipped_checkpoints())
def test_no_pixel_goes_further_than_the_strength(name: str, attack: str, seven: Digit) -> None:
    model = load_checkpoint(name).model
    changed = ATTACKS[attack](model, seven, STRENGTHS, 7, None)
    assert changed.shape == (len(STRENGTHS), 28, 28)
    assert changed.dtype == np.float32
    assert 0 <= changed.min() <= changed.max() <= 1
    furthest = np.abs(changed - seven).max(axis=(1, 2))
    assert (furthest <= STRENGTHS + 1e-6).all()
    assert furthest[0] == 0
    assert not model.training


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("name", ["softmax", "mlp", "simple_cnn", "deep_cnn"])
def test_a_network_grows_less_sure_with_the_strength(name: str, attack: str, seven: Digit) -> None:
    model = load_checkpoint(name).model
    changed = ATTACKS[attack](model, seven, STRENGTHS, 7, None)
    shares = predict_probabilities(model, changed)[:, 7]
    assert shares[1] <= shares[0]
    assert shares[3] < 0.5


@pytest.mark.parametrize("name", ["softmax", "mlp", "simple_cnn"])
def test_ten_small_steps_do_at_least_as_much_as_one(name: str, seven: Digit) -> None:
    model = load_checkpoint(name).model
    one, ten = (
        predict_probabilities(model, attack(model, seven, np.array([0.1]), 7, None))[0, 7]
        for attack in ATTACKS.values()
    )
    assert ten <= one + 1e-3


@pytest.mark.parametrize("target", [0, 3])
def test_a_target_becomes_more_likely(target: int, seven: Digit) -> None:
    model = load_checkpoint("simple_cnn").model
    for attack in ATTACKS.values():
        changed = attack(model, seven, np.array([0.0, 0.2]), 7, target)
        before, after = predict_probabilities(model, changed)[:, target]
        assert after > 10 * before


@pytest.mark.parametrize("attack", ATTACKS)
def test_it_is_the_same_each_time_and_leaves_the_model_alone(attack: str, seven: Digit) -> None:
    torch.manual_seed(0)
    model = build_network("conv 4, norm, relu, dropout 0.5, linear 10").train()
    before = {name: each.clone() for name, each in model.state_dict().items()}
    digit = seven.copy()
    first, second = (ATTACKS[attack](model, digit, STRENGTHS, 7, None) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(digit, seven)
    assert all(torch.equal(each, before[name]) for name, each in model.state_dict().items())
    assert all(each.grad is None for each in model.parameters())
    assert model.training


class Rounded(nn.Module):
    """Its answer has no gradient."""

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            return images.flatten(1)[:, :10].round()


def test_without_a_gradient_nothing_changes(seven: Digit) -> None:
    for attack in ATTACKS.values():
        changed = attack(Rounded(), seven, STRENGTHS, 7, None)
        np.testing.assert_array_equal(changed, np.stack([seven] * len(STRENGTHS)))


@pytest.mark.parametrize("name", FOREIGN)
def test_any_network_can_be_attacked(name: str, seven: Digit) -> None:
    for attack in ATTACKS.values():
        changed = attack(FOREIGN[name].build(seed=0), seven, STRENGTHS, 7, None)
        assert np.isfinite(changed).all()


@pytest.mark.parametrize("strength", [-0.1, STRENGTH.high + 0.1, float("nan")])
def test_a_strength_out_of_bounds_is_an_error(strength: float, seven: Digit) -> None:
    for attack in ATTACKS.values():
        with pytest.raises(ValueError, match="strength"):
            attack(build_network("linear 10"), seven, np.array([strength]), 7, None)


def test_pixels_are_flipped(seven: Digit) -> None:
    bright = tuple(map(int, np.argwhere(seven > 0.9)[0]))
    flipped = flip_pixels(seven, [(0, 0), bright])  # type: ignore[list-item]
    assert (flipped[0, 0], flipped[bright]) == (1, 0)
    assert np.count_nonzero(flipped != seven) == 2
    with pytest.raises(ValueError, match="28, 3 is not on the digit"):
        flip_pixels(seven, [(28, 3)])


@pytest.fixture(scope="module")
def digits() -> tuple[np.ndarray, np.ndarray]:
    dataset = bundled_digits()
    images = dataset.test_images[:60].numpy() / np.float32(255)
    return images, dataset.test_labels[:60].numpy()


class TestCountRight:
    """What many digits lose under one change."""

    STRENGTHS = np.array([0, 0.1, 0.3])

    def test_it_counts_what_each_single_change_does(
        self, digits: tuple[np.ndarray, np.ndarray]
    ) -> None:
        images, labels = digits
        attacked, reader = (load_checkpoint(name).model for name in ("simple_cnn", "mlp"))
        right = count_right(attacked, [attacked, reader], images, labels, self.STRENGTHS)
        expected = np.zeros_like(right)
        for digit, label in zip(images, labels, strict=True):
            changed = fast_gradient_sign(attacked, digit, self.STRENGTHS, int(label))
            for row, model in enumerate((attacked, reader)):
                expected[row] += predict_probabilities(model, changed).argmax(axis=1) == label
        np.testing.assert_array_equal(right, expected)

    def test_the_attacked_one_loses_most(self, digits: tuple[np.ndarray, np.ndarray]) -> None:
        images, labels = digits
        models = [load_checkpoint(name).model for name in ("simple_cnn", "deep_cnn")]
        right = count_right(models[0], models, images, labels, self.STRENGTHS)
        assert (right[:, 0] >= 55).all()
        assert (np.diff(right[0]) < 0).all()
        assert right[0, -1] < right[1, -1]

    def test_a_strength_out_of_bounds_is_refused(
        self, digits: tuple[np.ndarray, np.ndarray]
    ) -> None:
        model = load_checkpoint("softmax").model
        with pytest.raises(ValueError, match="strength must be"):
            count_right(model, [model], *digits, np.array([0.6]))
