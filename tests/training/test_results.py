"""What the recipes reach on MNIST itself."""

import pytest

from mnist_demo import RECIPES, Dataset, EpochEvent, Trainer, evaluate, load_checkpoint

BARS = {
    "softmax": 0.915,
    "mlp": 0.90,
    "simple_cnn": 0.988,
    "deep_cnn": 0.988,
    "fast_cnn": 0.99,
    "robust_cnn": 0.995,
}


def test_one_epoch_of_softmax_learns_mnist(mnist: Dataset) -> None:
    *_, last = Trainer(RECIPES["softmax"], mnist, device="cpu").run(1)
    assert isinstance(last, EpochEvent)
    assert last.test.accuracy > 0.87


@pytest.mark.parametrize("name", BARS)
def test_a_shipped_checkpoint_is_as_good_as_it_says(name: str, mnist: Dataset) -> None:
    checkpoint = load_checkpoint(name)
    assert checkpoint.dataset == "MNIST"
    assert checkpoint.recipe == RECIPES[name]
    assert checkpoint.metrics["epochs"] == RECIPES[name].epochs
    result = evaluate(checkpoint.model, mnist.test_images, mnist.test_labels)
    assert result.accuracy == pytest.approx(checkpoint.metrics["test_accuracy"], abs=0.0005)
    assert result.accuracy >= BARS[name]
