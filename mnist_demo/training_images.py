"""What is added to the training images: by a recipe, or by a visitor."""

from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mnist_demo.data import Dataset, embedded_digits
from mnist_demo.handwriting import draw_digits
from mnist_demo.nothings import NOTHING, draw_nothings

OWN_SHARE = 0.02  # enough to learn a hand, little enough not to forget the others


def add_training_images(
    images: Tensor, labels: Tensor, embedded: int, drawings: int, nothings: int, seed: int
) -> tuple[Tensor, Tensor]:
    """Images, uint8 (N, 28, 28), and labels, int64 (N,), with others added.

    embedded: how many times the embedded digits are. drawings: how many digits, nothings: how many
    drawings that are none, labelled NOTHING.
    """
    parts = [(images, labels)]
    if embedded:
        others = embedded_digits()
        parts += [(others.train_images, others.train_labels)] * embedded
    if drawings:
        drawn, truth = draw_digits(drawings, seed)
        parts.append((torch.from_numpy(drawn), torch.from_numpy(truth)))
    if nothings:
        parts.append(
            (torch.from_numpy(draw_nothings(nothings, seed)), torch.full((nothings,), NOTHING))
        )
    return torch.cat([part for part, _ in parts]), torch.cat([truth for _, truth in parts])


def add_own_digits(
    dataset: Dataset, digits: NDArray[np.float32], labels: NDArray[np.int64]
) -> Dataset:
    """The data set with own digits, (N, 28, 28) in [0, 1], among its training images.

    They are a handful among thousands: so each is there as often as it takes for all of them to be
    OWN_SHARE of the training images. The test images stay as they are.
    """
    copies = max(1, round(OWN_SHARE * len(dataset.train_labels) / len(labels)))
    own = torch.from_numpy((digits * 255).round().astype(np.uint8))
    return replace(
        dataset,
        name=f"{dataset.name} and {len(labels)} own digits",
        train_images=torch.cat([own.repeat(copies, 1, 1), dataset.train_images]),
        train_labels=torch.cat([torch.from_numpy(labels).repeat(copies), dataset.train_labels]),
    )
