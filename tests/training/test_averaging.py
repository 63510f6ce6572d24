"""The exponential moving average of the weights, which is the model where a recipe asks for it."""

from dataclasses import replace

import pytest
import torch

from mnist_demo import RECIPES, Dataset, Recipe, Trainer
from tests.training.test_divergence import TOO_FAST


@pytest.fixture
def averaged() -> Recipe:
    return replace(RECIPES["fast_cnn"], ema_decay=0.9, precision="float32", batch_size=64)


def _tensors(model: torch.nn.Module) -> list[torch.Tensor]:
    return [each.clone() for each in model.state_dict().values() if each.is_floating_point()]


def test_it_is_the_mean_of_what_a_plain_run_goes_through(averaged: Recipe, tiny: Dataset) -> None:
    plain, mean = Trainer(replace(averaged, ema_decay=0.0), tiny), Trainer(averaged, tiny)
    expected = _tensors(plain.model)
    for done, (first, second) in enumerate(zip(plain.run(1), mean.run(1), strict=True)):
        assert getattr(first, "loss", 0) == getattr(second, "loss", 0)
        if done == 6:
            break
        decay = min(0.9, (1 + done) / (10 + done))
        expected = [
            decay * old + (1 - decay) * new
            for old, new in zip(expected, _tensors(plain.model), strict=True)
        ]
        for ours, theirs in zip(_tensors(mean.model), expected, strict=True):
            torch.testing.assert_close(ours, theirs)


def test_a_run_that_is_handed_on_ends_in_the_same_weights(averaged: Recipe, tiny: Dataset) -> None:
    whole, first, second = (Trainer(averaged, tiny) for _ in range(3))
    list(whole.run(2))
    list(first.run(1))
    second.load_state_dict(first.state_dict())
    list(second.run(1))
    for ours, theirs in zip(_tensors(second.model), _tensors(whole.model), strict=True):
        assert torch.equal(ours, theirs)


def test_a_run_that_diverges_goes_back_in_both(tiny: Dataset) -> None:
    trainer = Trainer(replace(TOO_FAST, ema_decay=0.9), tiny)
    list(trainer.run(5))
    assert trainer.diverged
    assert all(each.isfinite().all() for each in _tensors(trainer.model))
