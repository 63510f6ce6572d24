"""Write what the shipped models make of MNIST's and of the bundled test digits.

To checkpoints/precomputed/.

    python -m benchmarks.precomputed [MODEL ...]

Needed where a shipped model, its network's code or its way to neighbours has changed; a test tells
where it is. A minute or so for the largest, on two cores.
"""

import argparse

from tqdm import tqdm

from benchmarks.report import load_mnist
from mnist_demo import load_checkpoint, shipped_checkpoints
from mnist_demo.data.bundled_digits import bundled_digits
from mnist_demo.models.precomputed import compute_predictions, precomputed_path, save_precomputed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="*", default=shipped_checkpoints(), metavar="MODEL")
    datasets = load_mnist(), bundled_digits()
    for name in tqdm(parser.parse_args().models):
        model = load_checkpoint(name).model
        for dataset in datasets:
            path = precomputed_path(name, dataset)
            save_precomputed(path, compute_predictions(model, dataset), model, dataset)


if __name__ == "__main__":
    main()
