"""A run's script, line by line: what stands at its head."""

import textwrap
from collections.abc import Iterator

import torch

from mnist_demo.export.sections import is_mnist, last_epoch, learning_rates
from mnist_demo.training.recipes import RECIPES
from mnist_demo.training.trainer import Training

WIDTH = 96


def write_header(trainer: Training, test_accuracy: float) -> Iterator[str]:
    """The docstring: what it is, whence, what came of it, and how to run it."""
    recipe, count = trainer.recipe, len(trainer.dataset.test_labels)
    digits = "MNIST" if is_mnist(trainer) else "5,000 of MNIST's images"
    yield f'"""Trains {_escape(recipe.name)} on {digits}, step by step as the MNIST demo did.'
    yield ""
    yield from _fact("Source", _escape(recipe.source))
    yield from _fact("Changed", "; ".join(_changes(trainer)) or "nothing")
    yield from _fact("Run", " ".join(_describe_run(trainer)))
    yield from _fact("Result", f"{test_accuracy:.2%} of the {count:,} test images read right")
    yield ""
    yield from _instructions(trainer)
    yield '"""'


def _fact(name: str, text: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=f"{name + ':':<10}", subsequent_indent=" " * 10
    )


def _changes(trainer: Training) -> Iterator[str]:
    """What is not as the recipe has it."""
    recipe = trainer.recipe
    original = RECIPES[recipe.name].for_dataset(trainer.dataset)
    for name, value in recipe.changes(trainer.dataset).items():
        yield f"{name} {_say(value)} (recipe: {_say(getattr(original, name))})"
    if trainer.seed != recipe.seed:
        yield f"seed {trainer.seed} (recipe: {recipe.seed})"
    first, *more = learning_rates(trainer).values()
    if first != recipe.learning_rate:
        yield f"learning_rate set to {first} before the first step"
    if more:
        yield "learning_rate changed on the way"
    if trainer.extra_digits is not None:
        yield f"own digits among the images: {len(trainer.extra_digits[0])}"


def _say(value: object) -> str:
    return "none" if value is None else str(value)


def _describe_run(trainer: Training) -> Iterator[str]:
    recipe, whole = trainer.recipe, trainer.steps_per_epoch
    epoch, step = last_epoch(trainer)
    yield f"{trainer.steps_done:,} steps in batches of {recipe.batch_size:,} images. An epoch has"
    yield f"{trainer.images_per_epoch:,} images, which are {whole:,} steps."
    if step < whole:
        yield f"It was stopped in epoch {epoch}, after {step:,} steps."
    elif epoch != recipe.epochs:
        yield f"It ended after epoch {epoch}; the recipe has {recipe.epochs:,}."
    if trainer.diverged:
        yield "The next loss was not finite: what is left are the weights before the last step."


def _instructions(trainer: Training) -> Iterator[str]:
    borrowed = _borrowed(trainer)
    needed = "-r requirements.txt" if borrowed else "numpy torch torchvision"
    option = " --data data  # where MNIST is, or is fetched to" if is_mnist(trainer) else ""
    if borrowed:
        yield from textwrap.wrap(
            "It needs the MNIST demo and has to lie in its folder, beside app.py: only the package "
            f"there makes {', '.join(borrowed)}.",
            WIDTH,
        )
        yield ""
    yield f"    pip install {needed}"
    yield f"    python train_{_escape(trainer.recipe.name)}.py{option}"
    yield ""
    device = trainer.device.type
    threads = " and ".join(map(str, sorted(trainer.threads)))
    where = f"the CPU, threads: {threads}" if device == "cpu" else device
    if len(trainer.threads) > 1:  # team.py says when
        same = "The same again gives nearly the same losses, since with another number of threads"
    else:
        alike = ", by as many threads," if device == "cpu" else ""
        same = f"The same again{alike} gives the same losses to the last digit; elsewhere"
    run = (
        f"The run was done with torch {torch.__version__} on {where}. {same} sums are taken in "
        "another order, and a few images may be read otherwise."
    )
    yield from textwrap.wrap(run, WIDTH)


def _borrowed(trainer: Training) -> list[str]:
    """What only this package can make."""
    recipe = trainer.recipe
    needed = {
        "the bundled digits": not is_mnist(trainer),
        "scikit-learn's digits in MNIST's format": recipe.uci_digits,
        "drawings of digits": recipe.synthetic_digits,
        "drawings of none": recipe.non_digits,
    }
    return [name for name, need in needed.items() if need]


def _escape(text: str) -> str:
    """As it may stand in a docstring."""
    return text.replace("\\", r"\\").replace('"""', r"\"\"\"")
