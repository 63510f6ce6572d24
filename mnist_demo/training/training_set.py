"""Which images a network is trained on: what is excluded, mislabelled, and added."""

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mnist_demo.data.dataset import Dataset
from mnist_demo.data.non_digits import NON_DIGIT, draw_non_digits
from mnist_demo.data.synthetic_digits import draw_digits
from mnist_demo.data.uci_digits import COUNT
from mnist_demo.data.uci_digits import uci_digits as read_uci_digits
from mnist_demo.training.recipes import Recipe

Labelled = tuple[Tensor, Tensor]  # images, uint8 (N, 28, 28), and their labels, int64 (N,)
# A visitor's digits, float32 (n, 28, 28) in [0, 1], and their labels, (n,).
ExtraDigits = tuple[NDArray[np.float32], NDArray[np.int64]]

EXTRA_SHARE = 0.02  # enough to learn a handwriting, little enough not to forget the others


def make_training_set(
    recipe: Recipe,
    dataset: Dataset,
    seed: int,
    extra_digits: ExtraDigits | None = None,
    check_cancelled: Callable[[], None] | None = None,
) -> tuple[Tensor, Tensor, Labelled]:
    """The images and labels that a recipe trains on, and those that it holds out.

    extra_digits: a visitor's, to be among them. check_cancelled: called now and then; what it
    raises ends the work. Raises ValueError where nothing is left to train on.
    """
    (images, labels), calibration_split = split_calibration(recipe, dataset)
    images, labels = choose_training_images(
        images, labels, recipe.train_images, recipe.excluded_digit
    )
    labels = mislabel(labels, recipe.label_noise, seed)
    images, labels = add_training_images(
        images,
        labels,
        recipe.uci_digits,
        recipe.synthetic_digits,
        recipe.non_digits,
        seed,
        check_cancelled,
    )
    if extra_digits is not None:
        images, labels = add_extra_digits(images, labels, extra_digits)
    return images, labels, calibration_split


def count_training_images(recipe: Recipe, dataset: Dataset) -> int:
    """How many `make_training_set` makes where no visitor's digits are added; draws none."""
    (_, labels), _ = split_calibration(recipe, dataset)
    labels, _ = choose_training_images(labels, labels, recipe.train_images, recipe.excluded_digit)
    added = recipe.uci_digits * COUNT + recipe.synthetic_digits + recipe.non_digits
    return len(labels) + added


def split_calibration(recipe: Recipe, dataset: Dataset) -> tuple[Labelled, Labelled]:
    """What a recipe may train on of the data set, and the last ones, which it holds out."""
    images, labels = dataset.train_images, dataset.train_labels
    kept = len(labels) - min(recipe.calibration_split, len(labels) // 10)
    return (images[:kept], labels[:kept]), (images[kept:], labels[kept:])


def unused_images(recipe: Recipe, dataset: Dataset, most: int) -> Tensor:
    """At most so many training images of the data set, uint8 (N, 28, 28), of the digits that a
    recipe trains on, but not among those: beyond its `train_images`, or held out by it."""

    def of_its_digits(images: Tensor, labels: Tensor) -> Tensor:
        return images if recipe.excluded_digit is None else images[labels != recipe.excluded_digit]

    kept, held_out = (of_its_digits(*part) for part in split_calibration(recipe, dataset))
    used = len(kept) if recipe.train_images is None else recipe.train_images
    return torch.cat([kept[used : used + most], held_out])[:most]


def choose_training_images(
    images: Tensor, labels: Tensor, count: int | None, excluded_digit: int | None
) -> Labelled:
    """The first `count` of the images whose label is not `excluded_digit`, and their labels.

    None stands for all of them, and for no digit. Raises ValueError where nothing is left.
    """
    if excluded_digit is not None:
        wanted = labels != excluded_digit
        images, labels = images[wanted], labels[wanted]
        if not len(labels):
            raise ValueError(
                f"excluded_digit {excluded_digit} leaves no training images: all are of it"
            )
    return images[:count], labels[:count]


def mislabel(labels: Tensor, share: float, seed: int) -> Tensor:
    """A copy of the labels, int64 (N,), with uniform label noise: that share is another digit."""
    generator = np.random.default_rng((seed, len(labels)))
    wrong = generator.permutation(len(labels))[: round(share * len(labels))]
    noisy = labels.clone()
    noisy[wrong] = (noisy[wrong] + torch.from_numpy(generator.integers(1, 10, len(wrong)))) % 10
    return noisy


def add_training_images(
    images: Tensor,
    labels: Tensor,
    uci_digits: int,
    synthetic_digits: int,
    non_digits: int,
    seed: int,
    check_cancelled: Callable[[], None] | None = None,
) -> Labelled:
    """Images and labels with others added.

    uci_digits: how many times scikit-learn's digits (the UCI optical digits) are; synthetic_digits:
    how many of those; non_digits: how many of those, labelled NON_DIGIT. check_cancelled: called
    now and then.
    Where nothing is added they are the same tensors, not copies: MNIST's 47 MB.
    """
    parts = [(images, labels)]
    if uci_digits:
        parts += [read_uci_digits()] * uci_digits
    if synthetic_digits:
        drawn, truth = draw_digits(synthetic_digits, seed, check_cancelled)
        parts.append((torch.from_numpy(drawn), torch.from_numpy(truth)))
    if non_digits:
        scribbled = torch.from_numpy(draw_non_digits(non_digits, seed, check_cancelled))
        parts.append((scribbled, torch.full((non_digits,), NON_DIGIT)))
    if len(parts) == 1:
        return images, labels
    return torch.cat([part for part, _ in parts]), torch.cat([truth for _, truth in parts])


def add_extra_digits(images: Tensor, labels: Tensor, extra_digits: ExtraDigits) -> Labelled:
    """Images and labels with a user's before them.

    They are a handful among thousands: so they are oversampled, each as often as it takes for all
    of them to be EXTRA_SHARE of the images.
    """
    digits, truth = extra_digits
    copies = max(1, round(EXTRA_SHARE * len(labels) / len(truth)))
    extra = torch.from_numpy((digits * 255).round().astype(np.uint8))
    return (
        torch.cat([extra.repeat(copies, 1, 1), images]),
        torch.cat([torch.from_numpy(truth).repeat(copies), labels]),
    )
