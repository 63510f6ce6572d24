"""Is a model as often right as it says, and does it know what is no digit?

    python -m benchmarks.calibration [NAME ...]

Expected calibration error on MNIST's test images and on the freehand strokes of
benchmarks/freehand.py; and the share of real digits and of non_digits that pass the checkpoint's
threshold, and of non_digits that pass the one that 97 % of these real digits pass ("fair").

The non_digits are scribbles (zigzags, spirals, hatchings, wandering pens) by code of its own, and
pieces of the freehand drawings, on which no model was trained: a quarter to two fifths of the
longest stroke, none straight.
"""

import argparse
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.freehand import place
from benchmarks.pendigits import Drawing, load_pendigits
from benchmarks.report import load_mnist, print_table, write_report
from mnist_demo import load_checkpoint, predict_probabilities, shipped_checkpoints, strokes_to_digit
from mnist_demo.data.non_digits import cut_piece
from mnist_demo.digits.mnist_format import Digit
from mnist_demo.models.calibration import expected_calibration_error

NON_DIGITS = 2000
SHARE_OF_REAL = 0.97  # the digits of both sets together that pass the fair threshold


def scribble(random: np.random.Generator) -> list[NDArray[np.float64]]:
    """One of four kinds of scribble."""
    time = np.linspace(0, 1, 200)
    turns = random.uniform(2, 7)
    match random.integers(4):
        case 0:  # a zigzag
            heights = np.abs((time * turns * 2) % 2 - 1)
            return [np.stack([time * 100, heights * random.uniform(30, 120)], axis=1)]
        case 1:  # a spiral
            angle, radius = time * turns * 2 * np.pi, 10 + 90 * time
            return [np.stack([np.cos(angle), np.sin(angle)], axis=1) * radius[:, None]]
        case 2:  # hatching
            return [
                np.array([[x, random.uniform(0, 30)], [x + 15, random.uniform(70, 100)]])
                for x in range(0, 100, int(random.integers(12, 30)))
            ]
        case _:  # a pen that wanders, and turns slowly
            heading = np.cumsum(random.normal(0, random.uniform(0.2, 0.6), 200))
            return [np.cumsum(np.stack([np.cos(heading), np.sin(heading)], axis=1), axis=0)]


def draw_non_digits(drawings: list[Drawing]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Scribbles and pieces, (2000, 28, 28) each."""
    random = np.random.default_rng(1)
    scribbles: list[Digit] = [strokes_to_digit(scribble(random)) for _ in range(NON_DIGITS)]
    pieces: list[Digit] = []
    while len(pieces) < NON_DIGITS:
        drawing = drawings[random.integers(len(drawings))]
        cut = cut_piece(max(drawing.strokes, key=len), random)
        if cut is not None:
            pieces.append(strokes_to_digit([cut]))
    return np.stack(scribbles), np.stack(pieces)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=shipped_checkpoints(), metavar="NAME")
    names = parser.parse_args().names
    dataset, drawings = load_mnist(), load_pendigits()
    random = np.random.default_rng(0)
    strokes = np.stack([strokes_to_digit(place(drawing, random)[0]) for drawing in drawings])
    truth = np.array([drawing.label for drawing in drawings])
    scribbles, pieces = draw_non_digits(drawings)
    rows: list[dict[str, Any]] = []
    for name in names:
        checkpoint = load_checkpoint(name)
        model = checkpoint.model
        test = predict_probabilities(model, dataset.test_images.numpy() / np.float32(255))
        freehand = predict_probabilities(model, strokes)
        row: dict[str, Any] = {
            "model": name,
            "mnist_error": expected_calibration_error(test, dataset.test_labels.numpy()),
            "freehand_error": expected_calibration_error(freehand, truth),
            "temperature": checkpoint.metrics.get("temperature"),
        }
        real = np.concatenate([test.max(axis=1), freehand.max(axis=1)])
        fair = float(np.quantile(real, 1 - SHARE_OF_REAL))
        threshold = checkpoint.metrics.get("threshold", fair)
        groups = {"mnist": test, "freehand": freehand}
        groups["scribbles"] = predict_probabilities(model, scribbles)
        groups["pieces"] = predict_probabilities(model, pieces)
        for group, probabilities in groups.items():
            confidence = probabilities.max(axis=1)
            row[f"{group}_pass"] = float((confidence >= threshold).mean())
            row[f"{group}_pass_fair"] = float((confidence >= fair).mean())
        rows.append(row | {"threshold": threshold, "fair_threshold": fair})
    columns = ["mnist_error", "freehand_error"]
    columns += ["mnist_pass", "freehand_pass", "scribbles_pass", "pieces_pass"]
    columns += ["scribbles_pass_fair", "pieces_pass_fair"]
    print_table(
        ["model", *(column.replace("_", " ") for column in columns), "threshold"],
        [
            [row["model"], *(f"{row[column]:.2%}" for column in columns), f"{row['threshold']:.3f}"]
            for row in rows
        ],
    )
    print(f"written to {write_report('calibration', rows)}")


if __name__ == "__main__":
    main()
