"""A run's script, line by line: what stands at its head."""

import textwrap
from collections.abc import Iterator, Sequence

import torch

from mnist_demo.export.facts import Facts
from mnist_demo.training.recipes import RECIPES
from mnist_demo.training.setting_changes import SETTABLE

WIDTH = 96


def write_header(facts: Facts, others: Sequence[str]) -> Iterator[str]:
    """The docstring: what it is, whence, what came of it, and how to run it.

    others: the modules of others that its network needs.
    """
    recipe, count = facts.recipe, len(facts.trainer.dataset.test_labels)
    digits = "MNIST" if facts.is_mnist else "5,000 of MNIST's images"
    yield f'"""Trains {_escape(recipe.name)} on {digits}, step by step as the MNIST demo did.'
    yield ""
    yield from _fact("Source", _escape(recipe.source or "a recipe of one's own"))
    yield from _fact("Changed", "; ".join(_changes(facts)) or "nothing")
    yield from _fact("Run", " ".join(_describe_run(facts)))
    accuracy = f"{facts.test_accuracy:.2%} of the {count:,} test images read right"
    yield from _fact("Result", accuracy)
    yield ""
    yield from _instructions(facts, others)
    yield from textwrap.wrap(_repeatability(facts), WIDTH)
    yield '"""'


def _fact(name: str, text: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=f"{name + ':':<10}", subsequent_indent=" " * 10
    )


def _changes(facts: Facts) -> Iterator[str]:
    """What is not as the recipe has it."""
    recipe, trainer = facts.recipe, facts.trainer
    if original := RECIPES.get(recipe.name):
        original = original.for_dataset(trainer.dataset)
        for name, value in recipe.changes(trainer.dataset).items():
            yield f"{name} {_say(value)} (recipe: {_say(getattr(original, name))})"
    if trainer.seed != recipe.seed:
        yield f"seed {trainer.seed} (recipe: {recipe.seed})"
    for change in trainer.changes:
        if not change.step:
            yield f"{change.name} set to {change.value} before the first step"
    for name in SETTABLE:
        if any(change.step for change in trainer.changes if change.name == name):
            yield f"{name} changed during the run"
    if trainer.extra_digits is not None:
        yield f"own digits among the images: {len(trainer.extra_digits[0])}"


def _say(value: object) -> str:
    return "none" if value is None else str(value)


def _describe_run(facts: Facts) -> Iterator[str]:
    trainer, recipe, whole = facts.trainer, facts.recipe, facts.trainer.steps_per_epoch
    yield f"{trainer.steps_done:,} steps in batches of {recipe.batch_size:,} images. An epoch has"
    yield f"{trainer.images_per_epoch:,} images, which are {whole:,} steps."
    if trainer.diverged:
        yield "The next loss was not finite: it went back to the weights before its step"
        yield f"{facts.steps:,}, with which this ends."
    elif facts.last_steps < whole:
        yield f"It was stopped in epoch {facts.epochs}, after {facts.last_steps:,} steps."
    elif facts.epochs != recipe.epochs:
        yield f"It ended after epoch {facts.epochs}; the recipe has {recipe.epochs:,}."


def _instructions(facts: Facts, others: Sequence[str]) -> Iterator[str]:
    made_here = list(facts.made_here())
    if made_here:
        yield from textwrap.wrap(
            "It needs the MNIST demo: its package installed, or this file in its folder, beside "
            f"app.py. Only that package makes {', '.join(made_here)}.",
            WIDTH,
        )
        yield ""
    if others:
        yield from textwrap.wrap(f"Its network needs {', '.join(others)}.", WIDTH)
        yield ""
    option = " --data data  # where MNIST is, or is fetched to" if facts.is_mnist else ""
    yield f"    pip install {'-r requirements.txt' if made_here else 'numpy torch torchvision'}"
    yield f"    python train_{_escape(facts.recipe.name)}.py{option}"
    yield ""


def _repeatability(facts: Facts) -> str:
    """Where the same comes of it again."""
    counts = sorted(facts.trainer.threads)
    if len(counts) > 1:  # thread_tuner.py says when
        same = "The same again gives nearly the same losses, since with another number of threads"
    else:
        alike = ", by as many threads," if facts.on_cpu else ""
        same = f"The same again{alike} gives the same losses to the last digit; elsewhere"
    threads = " and ".join(map(str, counts))
    where = f"the CPU, threads: {threads}" if facts.on_cpu else facts.trainer.device.type
    return (
        f"The run was done with torch {torch.__version__} on {where}. {same} sums are taken in "
        "another order, and a few images may be read otherwise."
    )


def _escape(text: str) -> str:
    """As it may stand in a docstring."""
    return text.replace("\\", r"\\").replace('"""', r"\"\"\"")
