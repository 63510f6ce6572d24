"""The options of all commands that need the data set."""

import argparse
import sys
from pathlib import Path

from mnist_demo.data.dataset import Dataset, DatasetError
from mnist_demo.data.mnist import load_dataset
from mnist_demo.files import one_line


def add_data_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--device", help="auto, cpu, cuda or mps; default: the fastest one here")
    parser.add_argument(
        "--data",
        type=Path,
        help="default: $MNIST_DEMO_DATA, else data/ in a checkout, else the user's data folder",
    )
    parser.add_argument("--no-download", action="store_true", help="use what is already there")


def load_data(options: argparse.Namespace) -> Dataset:
    """The data set that the options ask for; where another one serves, that is told, and why.

    Raises DatasetError where they name a folder, and MNIST is not and does not come there.
    """
    dataset = load_dataset(options.data, download=not options.no_download)
    if dataset.notice and options.data:
        raise DatasetError(f"{dataset.cause}; without --data, {dataset.name} serve in its place")
    if dataset.notice:
        print(one_line(f"{dataset.notice} ({dataset.cause}.)"), file=sys.stderr)
    return dataset
