from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import nn

from mnist_demo import RECIPES, Dataset, predict_probabilities


@pytest.fixture(params=RECIPES)
def model(request: pytest.FixtureRequest) -> nn.Module:
    return RECIPES[request.param].build(seed=0)


@pytest.fixture
def digits(bundled: Dataset) -> NDArray[np.float32]:
    return (bundled.test_images[:5].float() / 255).numpy()


def test_probabilities_of_each_digit_sum_to_one(
    model: nn.Module, digits: NDArray[np.float32]
) -> None:
    probabilities = predict_probabilities(model, digits)
    assert probabilities.shape == (5, 10)
    assert probabilities.dtype == np.float32
    assert ((probabilities > 0) & (probabilities < 1)).all()
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)


def test_probabilities_are_the_softmax_of_the_logits(
    model: nn.Module, digits: NDArray[np.float32]
) -> None:
    logits = model.eval()(torch.from_numpy(digits)[:, None])
    np.testing.assert_allclose(
        predict_probabilities(model, digits), logits.softmax(1).detach().numpy(), rtol=1e-5
    )


def test_a_batch_is_read_like_its_digits(model: nn.Module, digits: NDArray[np.float32]) -> None:
    singly = np.concatenate([predict_probabilities(model, digit) for digit in digits])
    np.testing.assert_allclose(predict_probabilities(model, digits), singly, rtol=1e-4)


def test_one_digit_gives_one_row(model: nn.Module, digits: NDArray[np.float32]) -> None:
    assert predict_probabilities(model, digits[0]).shape == (1, 10)


def test_lists_tensors_and_other_number_types_are_read(digits: NDArray[np.float32]) -> None:
    model = RECIPES["softmax"].build(seed=0)
    black_and_white = digits > 0.5
    expected = predict_probabilities(model, black_and_white.astype(np.float32))
    for same in (
        black_and_white,
        black_and_white.astype(np.float64),
        black_and_white.astype(np.uint8),
        black_and_white.astype(int).tolist(),
        torch.from_numpy(black_and_white).float(),
    ):
        assert np.array_equal(predict_probabilities(model, same), expected)


def test_the_digits_are_left_alone(model: nn.Module, digits: NDArray[np.float32]) -> None:
    before = digits.copy()
    predict_probabilities(model, digits)
    assert np.array_equal(digits, before)


def test_read_only_digits_are_read(digits: NDArray[np.float32]) -> None:
    digits.flags.writeable = False
    assert predict_probabilities(RECIPES["softmax"].build(0), digits).shape == (5, 10)


def _filled(value: float) -> NDArray[np.float32]:
    return np.full((28, 28), value, dtype=np.float32)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, -0.01, 1.01, 255])
def test_values_out_of_range_are_refused_with_the_remedy(value: float) -> None:
    with pytest.raises(ValueError, match=r"\[0, 1\].*divide"):
        predict_probabilities(RECIPES["softmax"].build(0), _filled(value))


@pytest.mark.parametrize(
    "digits",
    [
        0.5,
        [],
        np.zeros(784),
        np.zeros((27, 28)),
        np.zeros((28, 28, 1)),
        np.zeros((2, 1, 28, 28)),
        np.full((28, 28), "x"),
        np.zeros((28, 28), dtype=complex),
    ],
    ids=lambda digits: str(np.shape(digits)),
)
def test_other_shapes_and_types_are_refused_with_the_right_shape(digits: Any) -> None:
    with pytest.raises(ValueError, match=r"\(28, 28\) or \(N, 28, 28\)"):
        predict_probabilities(RECIPES["softmax"].build(0), digits)


@pytest.mark.parametrize("training", [True, False])
def test_the_models_mode_is_put_back(
    training: bool, model: nn.Module, digits: NDArray[np.float32]
) -> None:
    model.train(training)
    predict_probabilities(model, digits)
    assert model.training is training


def test_dropout_does_not_blur_the_answer(digits: NDArray[np.float32]) -> None:
    model = nn.Sequential(nn.Flatten(), nn.Dropout(0.5), nn.Linear(784, 10)).train()
    first = predict_probabilities(model, digits)
    assert np.array_equal(first, predict_probabilities(model, digits))


def test_no_gradient_is_kept(model: nn.Module, digits: NDArray[np.float32]) -> None:
    predict_probabilities(model, digits)
    assert all(parameter.grad is None for parameter in model.parameters())
