"""Is a model as often right as it says, and does it know what is no digit?

    python -m benchmarks.calibration [NAME ...]

Expected calibration error on MNIST's test images and on the freehand strokes of
benchmarks/freehand.py; and the share of real digits and of non_digits that pass the checkpoint's
threshold, and of non_digits that pass the one that 97 % of these real digits pass ("fair").

The non_digits are scribbles (zigzags, spirals, hatchings, wandering pens) and shapes by code of its
own; letters of the fonts that A. V. Hershey drew in strokes in 1967, each turned, slanted,
stretched and bent at random; and pieces of the freehand drawings, on which no model was trained: a
quarter to two fifths of the longest stroke, none straight. Of letters, those that nobody takes for
a digit (UNLIKE) are counted by themselves too. "at 95 %" is the threshold that 95 % of the freehand
digits pass.
"""

import argparse
import itertools
import string
from collections.abc import Sequence
from typing import Any

import numpy as np
from HersheyFonts import HersheyFonts
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
SHARE_SURE = 0.95  # the freehand digits that pass the one of "at 95 %"
FACES = ("futural", "rowmans", "scripts", "cursive")  # of one stroke, as pens write
UNLIKE = "AEFHKMNPRWXfkmwx"


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


def draw_letters(random: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.str_]]:
    """About NON_DIGITS letters, (N, 28, 28), each as often, and which they are."""
    names = string.ascii_letters
    images: list[Digit] = []
    labels: list[str] = []
    for face in FACES:
        font = HersheyFonts()
        font.load_default_font(face)
        for name in names:
            strokes = [np.array(each, dtype=float) for each in font.strokes_for_text(name)]
            strokes = [each for each in strokes if len(each) > 1]
            for _ in range(NON_DIGITS // len(names) // len(FACES)):
                images.append(strokes_to_digit(distort(strokes, random)))
                labels.append(name)
    return np.stack(images), np.array(labels)


def distort(
    strokes: Sequence[NDArray[np.float64]], random: np.random.Generator
) -> list[NDArray[np.float64]]:
    """Turned, slanted, stretched, and bent by a slow wave: as another hand would write it."""
    points = np.concatenate(strokes)
    low, extent = points.min(axis=0), float(np.ptp(points, axis=0).max())
    angle, slant = random.normal(0, 0.12), random.normal(0.1, 0.15)
    wide = np.exp(random.normal(0, 0.15))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    change = turn @ np.array([[wide, -slant], [0, 1]])
    slope, start, bend = (
        random.uniform(-4, 4, (2, 2)),
        random.uniform(0, 6, 2),
        random.normal(0, 0.03, (2, 2)),
    )
    changed = []
    for stroke in strokes:
        at = np.linspace(0, 1, 6)[:-1, None]
        pieces = [one + (other - one) * at for one, other in itertools.pairwise(stroke)]
        unit = (np.concatenate([*pieces, stroke[-1:]]) - low) / extent
        changed.append(100 * (unit + np.sin(unit @ slope.T + start) @ bend) @ change.T)
    return changed


def shape(random: np.random.Generator) -> list[NDArray[np.float64]]:
    """One of eight: a heart, a star, a house, an arrow, a smiley, a tick, a plus, a spiral."""
    time = np.linspace(0, 2 * np.pi, 60)
    circle = np.stack([50 + 50 * np.cos(time), 50 + 50 * np.sin(time)], axis=1)
    lines: list[list[tuple[float, float]]]
    match random.integers(8):
        case 0:
            height = 5 * np.cos(2 * time) + 2 * np.cos(3 * time) - 13 * np.cos(time)
            heart = np.stack([16 * np.sin(time) ** 3, height], axis=1)
            return distort([heart], random)
        case 1:
            corners = np.pi * (4 / 5 * np.arange(6) - 1 / 2)
            return distort([np.stack([np.cos(corners), np.sin(corners)], axis=1)], random)
        case 2:
            lines = [[(0, 40), (0, 100), (80, 100), (80, 40), (0, 40), (40, 0), (80, 40)]]
        case 3:
            lines = [[(0, 50), (100, 50)], [(65, 20), (100, 50), (65, 80)]]
        case 4:
            mouth = np.stack([50 + 28 * np.cos(time / 2), 55 + 25 * np.sin(time / 2)], axis=1)
            eyes = [np.array([(x, 30.0), (x, 40.0)]) for x in (35.0, 65.0)]
            return distort([circle, mouth, *eyes], random)
        case 5:
            lines = [[(0, 60), (35, 100), (100, 0)]]
        case 6:
            lines = [[(50, 0), (50, 100)], [(0, 50), (100, 50)]]
        case _:
            grown = np.linspace(0, 6 * np.pi, 150)
            radius = grown[:, None]
            return distort([radius * np.stack([np.cos(grown), np.sin(grown)], axis=1)], random)
    return distort([np.array(line, dtype=float) for line in lines], random)


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
    letters, names_of_letters = draw_letters(random)
    shapes = np.stack([strokes_to_digit(shape(random)) for _ in range(NON_DIGITS)])
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
        groups["shapes"] = predict_probabilities(model, shapes)
        groups["letters"] = predict_probabilities(model, letters)
        groups["unlike"] = groups["letters"][np.isin(names_of_letters, [*UNLIKE])]
        sure = float(np.quantile(freehand.max(axis=1), 1 - SHARE_SURE))
        for group, probabilities in groups.items():
            confidence = probabilities.max(axis=1)
            row[f"{group}_pass"] = float((confidence >= threshold).mean())
            row[f"{group}_pass_fair"] = float((confidence >= fair).mean())
            row[f"{group}_pass_95"] = float((confidence >= sure).mean())
        rows.append(row | {"threshold": threshold, "fair_threshold": fair})
    columns = ["mnist_error", "freehand_error"]
    columns += ["mnist_pass", "freehand_pass", "scribbles_pass", "pieces_pass"]
    columns += ["shapes_pass", "letters_pass", "unlike_pass", "scribbles_pass_fair"]
    columns += ["pieces_pass_fair", "letters_pass_95", "unlike_pass_95", "shapes_pass_95"]
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
