"""Honest confidence: probabilities that are right as often as they say, and when to say "not sure".

Temperature scaling and the expected calibration error are those of Guo, Pleiss, Sun and Weinberger,
"On Calibration of Modern Neural Networks", 2017.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from mnist_demo.data.synthetic_digits import draw_digits
from mnist_demo.digits.mnist_format import SIZE
from mnist_demo.models.inference import predict_probabilities
from mnist_demo.networks.introspection import describe_layers, watch
from mnist_demo.training.training import Training
from mnist_demo.training.training_set import unused_images

# Of these images, that shall be above the threshold. Strangers are less sure: what 99 % of held-out
# images and synthetic digits reach, some 97 % of pen drawings do (benchmarks/calibration.py).
SHARE_SURE = 0.99
DRAWINGS = 5000  # synthetic digits that the model has not seen, beside the held-out images
DRAWING_SEED = 2**32  # no training has it
VALIDATION_IMAGES, VALIDATION_LEAST = 1000, 200  # of an own model, at the end of its training
BATCH_SIZE = 50  # robust_cnn takes some 50 ms for them

BetweenBatches = Callable[[], None] | None  # called now and then, for others to compute in between


@dataclass(frozen=True)
class Calibration:
    """temperature: what the logits were divided by. threshold: confidence, in [0, 1], that a
    SHARE_SURE of known digits reaches; below it, an answer is not sure."""

    temperature: float
    threshold: float


def calibrate(
    trainer: Training, model: nn.Module, between_batches: BetweenBatches = None
) -> Calibration:
    """Fit the temperature of a trained model on images it was not trained on, and scale its logits.

    model: the trainer's, or a copy of it. Half of the images are those that the recipe holds out,
    half are new synthetic digits. Where the logits cannot be scaled, the temperature is 1.

    Raises ValueError where the recipe holds out none.
    """
    if not trainer.recipe.calibration_split:
        raise ValueError(f"{trainer.recipe.name} holds out no images to calibrate it on")
    drawn, truth = draw_digits(DRAWINGS, DRAWING_SEED, between_batches)
    calibration_split, calibration_labels = trainer.calibration_split
    images = np.concatenate([calibration_split.numpy(), drawn])
    labels = np.concatenate([calibration_labels.numpy(), truth])
    probabilities = torch.from_numpy(_predict(model, images, between_batches))
    logits = probabilities.clamp_min(1e-30).log()  # up to a constant, which changes nothing
    temperature = fit_temperature(logits, torch.from_numpy(labels))
    if not scale_logits(model, temperature):
        temperature = 1.0
    return Calibration(temperature, _find_threshold(model, images, between_batches))


def measure_confidence(
    trainer: Training,
    model: nn.Module,
    *,
    ended: bool,
    between_batches: BetweenBatches = None,
) -> dict[str, float]:
    """What a checkpoint's metrics say of its model's confidence: a `Calibration` where its recipe
    holds out images and its training has ended; else the threshold where `find_threshold` has one.

    model: the trainer's, or a copy of it.
    """
    if trainer.recipe.calibration_split and ended:
        return asdict(calibrate(trainer, model, between_batches))
    threshold = find_threshold(trainer, model, between_batches)
    return {} if threshold is None else {"threshold": threshold}


def find_threshold(
    trainer: Training, model: nn.Module, between_batches: BetweenBatches = None
) -> float | None:
    """The threshold of a trained model, as of `Calibration`, by validation images: up to
    VALIDATION_IMAGES of the data set's training images that the recipe leaves unused.

    None where it leaves fewer than VALIDATION_LEAST.
    """
    images = unused_images(trainer.recipe, trainer.dataset, VALIDATION_IMAGES)
    if len(images) < VALIDATION_LEAST:
        return None
    return _find_threshold(model, images.numpy(), between_batches)


def _find_threshold(
    model: nn.Module, images: NDArray[np.uint8], between_batches: BetweenBatches
) -> float:
    confidence = _predict(model, images, between_batches).max(axis=1)
    return float(np.quantile(confidence, 1 - SHARE_SURE))


def _predict(
    model: nn.Module, images: NDArray[np.uint8], between_batches: BetweenBatches
) -> NDArray[np.float32]:
    parts = []
    for at in range(0, len(images), BATCH_SIZE):
        part = images[at : at + BATCH_SIZE] / np.float32(255)
        parts.append(predict_probabilities(model, part))
        if between_batches:
            between_batches()
    return np.concatenate(parts)


def fit_temperature(logits: Tensor, labels: Tensor) -> float:
    """The number that `logits` (N, 10) are best divided by: with the least mean cross-entropy.

    Searched between 1/20 and 20; labels: int64 (N,).
    """
    low, high = -3.0, 3.0  # the logarithm; the loss has one minimum, so thirds narrow it down
    for _ in range(60):
        third = (high - low) / 3
        left, right = (
            float(F.cross_entropy(logits / np.exp(at), labels))
            for at in (low + third, high - third)
        )
        low, high = (low, high - third) if left < right else (low + third, high)
    return float(np.exp((low + high) / 2))


def scale_logits(model: nn.Module, temperature: float) -> bool:
    """Divide the logits of `model` by `temperature`, within its last linear layer.

    False, and nothing is changed, where its logits are not what that layer returns.
    """
    linear = [layer.name for layer in describe_layers(model) if layer.kind == "linear"]
    if not linear:
        return False
    images = torch.rand(8, 1, SIZE, SIZE, generator=torch.Generator().manual_seed(0))
    parameters = list(model.get_submodule(linear[-1]).parameters())
    before, weights = watch(model, images, only="")[""].made, [each.clone() for each in parameters]
    with torch.no_grad():
        for parameter in parameters:
            parameter.div_(temperature)
        after = watch(model, images, only="")[""].made
        assert before is not None
        assert after is not None
        scaled = torch.allclose(after * temperature, before, rtol=1e-3, atol=1e-4)
        for parameter, weight in zip(parameters, weights, strict=True):
            if not scaled:
                parameter.copy_(weight)
    return scaled


def expected_calibration_error(
    probabilities: NDArray[np.float32], labels: NDArray[np.int64], bins: int = 15
) -> float:
    """How far confidence and accuracy are apart, on average over `bins` equal ranges of confidence.

    probabilities: (N, 10). labels: (N,). The answer is in [0, 1].
    """
    confidence = probabilities.max(axis=1).astype(np.float64)
    right = probabilities.argmax(axis=1) == labels
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = np.bincount(place, weights=confidence - right, minlength=bins)
    return float(np.abs(gaps).sum() / len(labels))
