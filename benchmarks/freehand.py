"""How well each shipped model reads: MNIST's test images, pen strokes, and pictures of drawings.

    python -m benchmarks.freehand [NAME ...]

The 7,494 drawings of 30 people in `pendigits-train.unipen`, each turned by up to 15 degrees, 30 %
to 90 % of the pad high and anywhere on it: as the pad sends them, and as pictures of 280 x 280,
drawn with a pen of 6 to 26 pixels, dark on light and light on dark. While the styles of writing in
mnist_demo/data/stroke_templates.py were collected, misread drawings of writers with odd numbers
were looked at, and none of writers with even ones.
"""

import argparse
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from tqdm import tqdm

from benchmarks.pendigits import Drawing, load_pendigits
from benchmarks.report import load_mnist, print_table, write_report
from mnist_demo import (
    evaluate,
    load_checkpoint,
    picture_to_digit,
    predict_probabilities,
    shipped_checkpoints,
    strokes_to_digit,
)
from mnist_demo.digits.mnist_format import Digit

PAD = 280.0
FINE = 3  # pictures are drawn three times as large and averaged, for soft edges
HEIGHTS, WIDTHS = (0.3, 0.9), (6.0, 26.0)
BINS = 5


def place(drawing: Drawing, random: np.random.Generator) -> tuple[list[NDArray[np.float64]], float]:
    """The strokes turned, scaled and moved on the pad; and their height as a share of it."""
    angle = np.radians(random.uniform(-15, 15))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    strokes = [stroke @ turn.T for stroke in drawing.strokes]
    points = np.concatenate(strokes)
    low, size = points.min(axis=0), np.maximum(np.ptp(points, axis=0), 1.0)
    height = random.uniform(*HEIGHTS)
    scale = PAD * min(height / size[1], HEIGHTS[1] / size[0])
    corner = random.uniform(0, np.maximum(PAD - size * scale, 0))
    return [(stroke - low) * scale + corner for stroke in strokes], size[1] * scale / PAD


def rasterise(strokes: list[NDArray[np.float64]], width: float) -> NDArray[np.uint8]:
    """Dark on light, uint8 (280, 280), round at the ends and the joins."""
    side = int(PAD * FINE)
    picture = Image.new("L", (side, side), 255)
    pen = ImageDraw.Draw(picture)
    radius = width * FINE / 2
    for stroke in strokes:
        points = [(float(x), float(y)) for x, y in stroke * FINE]
        pen.line(points, fill=0, width=round(2 * radius))
        for x, y in points:
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=0)
    return np.asarray(picture.reduce(FINE))


def _read_picture(picture: NDArray[np.uint8]) -> Digit:
    """The digit; nothing at all where none is found, which no model reads right but by chance."""
    try:
        return picture_to_digit(picture)
    except ValueError:
        return np.zeros((28, 28), dtype=np.float32)


def digits_of(drawings: list[Drawing]) -> dict[str, Any]:
    """Each drawing the three ways, (N, 28, 28) each, and how high and wide it was drawn."""
    random = np.random.default_rng(0)
    names = ("strokes", "dark", "light", "height", "width")
    columns: dict[str, list[Any]] = {name: [] for name in names}
    for drawing in tqdm(drawings, unit="drawing"):
        strokes, height = place(drawing, random)
        width = random.uniform(*WIDTHS)
        picture = rasterise(strokes, width)
        columns["strokes"].append(strokes_to_digit(strokes))
        columns["dark"].append(_read_picture(picture))
        columns["light"].append(_read_picture(255 - picture))
        columns["height"].append(height)
        columns["width"].append(width)
    return {name: np.stack(column) for name, column in columns.items()}


def _by_bin(right: NDArray[np.bool_], values: NDArray[np.float64], low: float, high: float) -> Any:
    place = np.clip(((values - low) / (high - low) * BINS).astype(int), 0, BINS - 1)
    return [float(right[place == number].mean()) for number in range(BINS)]


def measure(name: str, digits: dict[str, Any], drawings: list[Drawing]) -> dict[str, Any]:
    model = load_checkpoint(name).model
    labels = np.array([drawing.label for drawing in drawings])
    even = np.array([drawing.writer % 2 == 0 for drawing in drawings])
    right = {
        way: predict_probabilities(model, digits[way]).argmax(axis=1) == labels
        for way in ("strokes", "dark", "light")
    }
    return {
        "model": name,
        "strokes": float(right["strokes"].mean()),
        "strokes_odd_writers": float(right["strokes"][~even].mean()),
        "strokes_even_writers": float(right["strokes"][even].mean()),
        "dark_on_light": float(right["dark"].mean()),
        "light_on_dark": float(right["light"].mean()),
        "strokes_by_digit": [
            float(right["strokes"][labels == digit].mean()) for digit in range(10)
        ],
        "dark_by_line_width": _by_bin(right["dark"], digits["width"], *WIDTHS),
        "dark_by_height": _by_bin(right["dark"], digits["height"], *HEIGHTS),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=shipped_checkpoints(), metavar="NAME")
    names = parser.parse_args().names
    dataset, drawings = load_mnist(), load_pendigits()
    digits = digits_of(drawings)
    rows = []
    for name in names:
        test = evaluate(load_checkpoint(name).model, dataset.test_images, dataset.test_labels)
        rows.append({"mnist": test.accuracy, **measure(name, digits, drawings)})
    print(f"{len(drawings):,} drawings, {len(dataset.test_labels):,} test images")
    columns = ["mnist", "strokes", "strokes_odd_writers", "strokes_even_writers"]
    columns += ["dark_on_light", "light_on_dark"]
    print_table(
        ["model", *(column.replace("_", " ") for column in columns)],
        [[row["model"], *(f"{row[column]:.2%}" for column in columns)] for row in rows],
    )
    print(f"written to {write_report('freehand', rows)}")


if __name__ == "__main__":
    main()
