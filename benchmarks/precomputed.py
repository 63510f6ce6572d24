"""Write what the shipped models make of MNIST's and of the bundled test digits, and their maps.

To checkpoints/precomputed/.

    python -m benchmarks.precomputed [--maps] [MODEL ...]

Needed where a shipped model, its network's code, its way to neighbours or that to a map has
changed; a test tells where it is. A minute or so for the largest, on two cores, and minutes for
each map: --maps writes these alone.
"""

import argparse
from pathlib import Path

from torch import nn
from tqdm import tqdm

from benchmarks.report import load_mnist
from mnist_demo import Dataset, load_checkpoint, shipped_checkpoints
from mnist_demo.data.bundled_digits import bundled_digits
from mnist_demo.models.embedding import PIXELS
from mnist_demo.models.maps import Map
from mnist_demo.models.precomputed import (
    compute_map,
    compute_predictions,
    load_map,
    precomputed_path,
    save_map,
    save_precomputed,
)


def map_pixels(dataset: Dataset) -> Map:
    """The map of the pixels, from which all others start: written where it is not there yet."""
    path = precomputed_path("pixels", dataset, "maps")
    drawn = load_map(path, PIXELS, dataset)
    if drawn is None:
        drawn = compute_map(PIXELS, dataset)
        save_map(path, drawn, PIXELS, dataset)
    return drawn


def write(path: Path, model: nn.Module, dataset: Dataset) -> None:
    save_precomputed(path, compute_predictions(model, dataset), model, dataset)


def write_map(path: Path, model: nn.Module, dataset: Dataset) -> None:
    save_map(path, compute_map(model, dataset, map_pixels(dataset)), model, dataset)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--maps", action="store_true")
    parser.add_argument("models", nargs="*", default=shipped_checkpoints(), metavar="MODEL")
    arguments = parser.parse_args()
    datasets = load_mnist(), bundled_digits()
    for name in tqdm(arguments.models):
        model = load_checkpoint(name).model
        for dataset in datasets:
            if not arguments.maps:
                write(precomputed_path(name, dataset), model, dataset)
            write_map(precomputed_path(name, dataset, "maps"), model, dataset)


if __name__ == "__main__":
    main()
