"""What `fast_cnn` learns from the bundled digits, and how well it then reads MNIST's test images.

    python -m benchmarks.bundled_digits

MNIST's 10,000 are reported, and nothing is chosen by them. Takes a minute.
"""

import statistics
from dataclasses import replace
from typing import Any

from benchmarks.report import load_mnist, print_table, write_report
from mnist_demo import RECIPES, Trainer, evaluate
from mnist_demo.data.bundled_digits import bundled_digits

EPOCHS = (1, 10)
SEEDS = range(3)


def main() -> None:
    mnist, bundled = load_mnist(), bundled_digits()
    # A first run, not counted: it makes the threads, and warms the caches.
    list(Trainer(RECIPES["fast_cnn"], bundled).run())
    trainers: dict[int, list[Trainer]] = {epochs: [] for epochs in EPOCHS}
    for seed in SEEDS:  # in turn, so that what else the machine does slows down both
        for epochs, trained in trainers.items():
            recipe = replace(RECIPES["fast_cnn"], epochs=epochs)
            trained.append(Trainer(recipe, bundled, seed=seed))
            list(trained[-1].run())
    rows: list[dict[str, Any]] = []
    for epochs, trained in trainers.items():
        tests = {
            name: [evaluate(trainer.model, images, labels).accuracy for trainer in trained]
            for name, images, labels in (
                ("mnist", mnist.test_images, mnist.test_labels),
                ("bundled", bundled.test_images, bundled.test_labels),
            )
        }
        rows.append(
            {
                "epochs": epochs,
                "n": len(SEEDS),
                "seconds_median": statistics.median(trainer.seconds for trainer in trained),
                **{f"{name}_mean": statistics.mean(shares) for name, shares in tests.items()},
                "mnist_lowest": min(tests["mnist"]),
            }
        )
    write_report("bundled_digits", rows)
    print_table(list(rows[0]), [[f"{value:.4g}" for value in row.values()] for row in rows])


if __name__ == "__main__":
    main()
