"""About how long an epoch takes, measured by a few steps on this very machine."""

import math
import time
from collections.abc import Iterator
from dataclasses import replace

from mnist_demo.data.dataset import Dataset
from mnist_demo.networks.notation import parse_layers
from mnist_demo.training.events import StepEvent
from mnist_demo.training.recipes import Recipe
from mnist_demo.training.trainer import Trainer, count_steps
from mnist_demo.training.training_set import count_training_images

# Of a measured step: on one core of 50 billion a second it takes 50 ms. Larger batches are cut, and
# taken to last as much longer as they hold more images.
MULTIPLICATIONS = 2_500_000_000
FORTH_AND_BACK = 3  # a step multiplies by each weight once forth, and twice back
NUMBERS = 20_000_000  # that its layers make: 80 MB, and their gradients as much
UNKNOWN = 100  # images of a network that is no text, whose layers nobody counts
STEPS = 30  # measured, at most
ENOUGH = 0.15  # seconds of them


def measure_epoch(recipe: Recipe, dataset: Dataset) -> Iterator[float]:
    """Seconds that an epoch of the recipe would take, evaluations left out, by some steps: told
    after each of them, by all so far but the first, which warms up; the last one is the best. It is
    a mean, as an epoch waits for whatever else the machine does.

    Raises ValueError as `Trainer` does.
    """
    images = count_training_images(recipe, dataset)
    count_steps(recipe, images)  # raises where there is none
    batch = min(cut_batch(recipe), len(dataset.train_labels))
    trainer = _small_trainer(recipe, dataset, batch)
    first, started = 0.0, time.monotonic()
    for event in trainer.run(1):
        if not isinstance(event, StepEvent):
            return
        counted = max(1, event.step - 1)
        yield (event.seconds - first) / counted * images / batch
        first = first or event.seconds
        over = event.step > 2 and time.monotonic() - started > ENOUGH
        if over or event.step == event.steps_per_epoch:
            return


def cut_batch(recipe: Recipe) -> int:
    """How many images a measured step takes: as many as the recipe's, within what time and memory
    allow."""
    if not recipe.layers:
        return min(recipe.batch_size, UNKNOWN)
    layers = parse_layers(recipe.layers)
    multiplications = FORTH_AND_BACK * sum(layer.multiplications for layer in layers)
    numbers = sum(math.prod(layer.output_shape) for layer in layers)
    most = min(MULTIPLICATIONS // max(multiplications, 1), NUMBERS // numbers)
    return max(2, min(recipe.batch_size, most))


def _small_trainer(recipe: Recipe, dataset: Dataset, batch_size: int) -> Trainer:
    """On a few images, with nothing that has to be drawn first."""
    count = STEPS * batch_size
    few = replace(
        dataset,
        train_images=dataset.train_images[:count],
        train_labels=dataset.train_labels[:count],
    )
    small = replace(
        recipe,
        batch_size=batch_size,
        train_images=None,
        excluded_digit=None,
        label_noise=0.0,
        uci_digits=0,
        synthetic_digits=0,
        non_digits=0,
        calibration_split=0,
        drop_last=True,
    )
    return Trainer(small, few)
