"""How far trainings of one recipe that differ in their seed alone differ in what they read.

    python -m mnist_demo train robust_cnn --seed 1 --output models/robust_cnn-1.safetensors
    python -m benchmarks.seeds robust_cnn models/robust_cnn-1.safetensors ...

On MNIST's test images and on the pen strokes of benchmarks/freehand.py. None is chosen by it: the
first seed's is the one that is shipped.
"""

import argparse
import statistics
from typing import Any

from benchmarks.freehand import digits_of, measure
from benchmarks.pendigits import load_pendigits
from benchmarks.report import load_mnist, print_table, write_report
from mnist_demo import evaluate, load_checkpoint

COLUMNS = ("mnist", "strokes", "strokes_even_writers")


def summarize_seeds(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Two rows more: the mean of each column, and the sample standard deviation."""
    recipe = rows[0]["recipe"]
    return [
        {"recipe": recipe, "what": name}
        | {column: function([row[column] for row in rows]) for column in COLUMNS}
        for name, function in (("mean", statistics.mean), ("spread", statistics.stdev))
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", metavar="FILE")
    files = parser.parse_args().files
    checkpoints = [load_checkpoint(file) for file in files]
    recipes, seeds = {each.recipe.name for each in checkpoints}, {each.seed for each in checkpoints}
    if len(recipes) > 1 or len(seeds) < max(2, len(files)):
        parser.error("give two files or more: of one recipe, each of another seed")
    dataset, drawings = load_mnist(), load_pendigits()
    digits = digits_of(drawings)
    rows: list[dict[str, Any]] = []
    for file, checkpoint in zip(files, checkpoints, strict=True):
        test = evaluate(checkpoint.model, dataset.test_images, dataset.test_labels)
        strokes = measure(file, digits, drawings)
        read = {"mnist": test.accuracy, **{column: strokes[column] for column in COLUMNS[1:]}}
        rows.append({"recipe": checkpoint.recipe.name, "what": f"seed {checkpoint.seed}", **read})
    rows += summarize_seeds(rows)
    head = ["recipe", "", *(column.replace("_", " ") for column in COLUMNS)]
    print_table(
        head,
        [
            [row["recipe"], row["what"], *(f"{row[column]:.3%}" for column in COLUMNS)]
            for row in rows
        ],
    )
    print(f"written to {write_report('seeds', rows)}")


if __name__ == "__main__":
    main()
