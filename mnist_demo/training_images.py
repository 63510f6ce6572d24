"""Which images a network is trained on: what is left out, made wrong, and added."""

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mnist_demo.data import Dataset, embedded_digits
from mnist_demo.handwriting import draw_digits
from mnist_demo.nothings import NOTHING, draw_nothings
from mnist_demo.recipes import Recipe

Labelled = tuple[Tensor, Tensor]  # images, uint8 (N, 28, 28), and their labels, int64 (N,)
# A visitor's digits, float32 (n, 28, 28) in [0, 1], and their labels, (n,).
OwnDigits = tuple[NDArray[np.float32], NDArray[np.int64]]

OWN_SHARE = 0.02  # enough to learn a hand, little enough not to forget the others


def make_training_set(
    recipe: Recipe,
    dataset: Dataset,
    seed: int,
    own_digits: OwnDigits | None = None,
    give_way: Callable[[], None] | None = None,
) -> tuple[Tensor, Tensor, Labelled]:
    """The images and labels that a recipe trains on, and those that it holds out.

    own_digits: a visitor's, to be among them. give_way: called now and then; what it raises ends
    the work. Raises ValueError where nothing is left to train on.
    """
    (images, labels), held_out = split_held_out(recipe, dataset)
    images, labels = choose_training_images(images, labels, recipe.train_images, recipe.left_out)
    labels = mislabel(labels, recipe.label_noise, seed)
    images, labels = add_training_images(
        images, labels, recipe.embedded, recipe.drawings, recipe.nothings, seed, give_way
    )
    if own_digits is not None:
        images, labels = add_own_digits(images, labels, own_digits)
    return images, labels, held_out


def split_held_out(recipe: Recipe, dataset: Dataset) -> tuple[Labelled, Labelled]:
    """What a recipe may train on of the data set, and the last ones, which it holds out."""
    images, labels = dataset.train_images, dataset.train_labels
    kept = len(labels) - min(recipe.held_out, len(labels) // 10)
    return (images[:kept], labels[:kept]), (images[kept:], labels[kept:])


def choose_training_images(
    images: Tensor, labels: Tensor, count: int | None, left_out: int | None
) -> Labelled:
    """The first `count` of the images whose label is not `left_out`, and their labels.

    None stands for all of them, and for no digit. Raises ValueError where nothing is left.
    """
    if left_out is not None:
        wanted = labels != left_out
        images, labels = images[wanted], labels[wanted]
        if not len(labels):
            raise ValueError(f"left_out {left_out} leaves no training images: all are of it")
    return images[:count], labels[:count]


def mislabel(labels: Tensor, share: float, seed: int) -> Tensor:
    """A copy of the labels, int64 (N,), in which that share of them is another digit, at random."""
    generator = np.random.default_rng((seed, len(labels)))
    wrong = generator.permutation(len(labels))[: round(share * len(labels))]
    noisy = labels.clone()
    noisy[wrong] = (noisy[wrong] + torch.from_numpy(generator.integers(1, 10, len(wrong)))) % 10
    return noisy


def add_training_images(
    images: Tensor,
    labels: Tensor,
    embedded: int,
    drawings: int,
    nothings: int,
    seed: int,
    give_way: Callable[[], None] | None = None,
) -> Labelled:
    """Images and labels with others added.

    embedded: how many times the embedded digits are. drawings: how many digits, nothings: how many
    drawings that are none, labelled NOTHING. give_way: called now and then. Where nothing is added
    they are the same tensors, not copies: 47 MB of MNIST for each who trains.
    """
    parts = [(images, labels)]
    if embedded:
        others = embedded_digits()
        parts += [(others.train_images, others.train_labels)] * embedded
    if drawings:
        drawn, truth = draw_digits(drawings, seed, give_way)
        parts.append((torch.from_numpy(drawn), torch.from_numpy(truth)))
    if nothings:
        scribbled = torch.from_numpy(draw_nothings(nothings, seed, give_way))
        parts.append((scribbled, torch.full((nothings,), NOTHING)))
    if len(parts) == 1:
        return images, labels
    return torch.cat([part for part, _ in parts]), torch.cat([truth for _, truth in parts])


def add_own_digits(images: Tensor, labels: Tensor, own_digits: OwnDigits) -> Labelled:
    """Images and labels with own ones before them.

    They are a handful among thousands: so each is there as often as it takes for all of them to be
    OWN_SHARE of the images.
    """
    digits, truth = own_digits
    copies = max(1, round(OWN_SHARE * len(labels) / len(truth)))
    own = torch.from_numpy((digits * 255).round().astype(np.uint8))
    return (
        torch.cat([own.repeat(copies, 1, 1), images]),
        torch.cat([torch.from_numpy(truth).repeat(copies), labels]),
    )
