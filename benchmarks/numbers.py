"""How well whole numbers are read, put together from pen drawings of one person each.

    python -m benchmarks.numbers [NAME ...] [--odd]

Numbers of 2 to 5 digits, each of the drawings of one writer of `pendigits-train.unipen`: gaps from
a tenth to a whole of the writer's mean digit's width, sizes that waver by a tenth, heights by a
twelfth of a digit, on a line that rises or falls by some 3 degrees. As strokes, and as pictures
drawn with pens of 6 to 18 % of a digit. `crowded`: gaps of -0.15 to 0.1 instead, so that digits
overlap or touch. Reported are writers with even numbers, whom nobody looked at; `--odd` are those
that the cut was fitted to. Single digits are each writer's drawings as they are.
"""

import argparse
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from tqdm import tqdm

from benchmarks.pendigits import Drawing, load_pendigits
from benchmarks.report import print_table, write_report
from mnist_demo import load_checkpoint, read_number
from mnist_demo.digits.segmentation import segment

Strokes = list[NDArray[np.float64]]

HEIGHT = 100.0  # of a writer's mean digit
SIZE_WAVER, PLACE_WAVER, SLOPE = 0.1, 1 / 12, 3.0
GAPS, CROWDED_GAPS = (0.1, 1.0), (-0.15, 0.1)
PENS = (6.0, 18.0)
COUNT = 1000  # numbers of each kind


def compose(
    drawings: list[Drawing], gaps: tuple[float, float], random: np.random.Generator
) -> tuple[Strokes, list[Strokes], str]:
    """A number of 2 to 5 of one person's `drawings`: its strokes, those of each digit, its text."""
    sizes = np.array([np.ptp(np.concatenate(each.strokes), axis=0) for each in drawings])
    mean_width, mean_height = sizes.mean(axis=0)
    unit = HEIGHT / mean_height
    slope = np.tan(np.radians(random.normal(0, SLOPE)))
    digits, text, left = [], "", 0.0
    for index in random.integers(len(drawings), size=random.integers(2, 6)):
        scale = unit * np.exp(random.normal(0, SIZE_WAVER))
        points = np.concatenate(drawings[index].strokes)
        middle = (points[:, 1].min() + points[:, 1].max()) / 2
        origin = np.array([points[:, 0].min(), middle])
        lift = left * slope + random.normal(0, PLACE_WAVER) * HEIGHT
        digit = [(each - origin) * scale + (left, lift) for each in drawings[index].strokes]
        left = max(float(each[:, 0].max()) for each in digit)
        left += random.uniform(*gaps) * mean_width * unit
        digits.append(digit)
        text += str(drawings[index].label)
    return [stroke for digit in digits for stroke in digit], digits, text


def rasterise(strokes: Strokes, pen: float) -> NDArray[np.uint8]:
    """Dark on light, with a margin; drawn twice as large and averaged, for soft edges."""
    points = np.concatenate(strokes)
    low, margin = points.min(axis=0), 2 * pen + 10
    width, height = (np.ptp(points, axis=0) + 2 * margin).astype(int)
    picture = Image.new("L", (int(width) * 2, int(height) * 2), 245)
    draw = ImageDraw.Draw(picture)
    for stroke in strokes:
        path = [(float(x), float(y)) for x, y in (stroke - low + margin) * 2]
        draw.line(path, fill=30, width=round(2 * pen))
        for x, y in path:
            draw.ellipse((x - pen, y - pen, x + pen, y + pen), fill=30)
    return np.asarray(picture.reduce(2))


def _by_writer(odd: bool) -> list[list[Drawing]]:
    writers: dict[int, list[Drawing]] = {}
    for drawing in load_pendigits():
        if drawing.writer % 2 == odd:
            writers.setdefault(drawing.writer, []).append(drawing)
    return list(writers.values())


def _read(model: Any, source: Any) -> tuple[str, float]:
    """What is read, and the milliseconds that it took."""
    started = time.perf_counter()
    try:
        text = read_number(model, source).text
    except ValueError:
        text = ""
    return text, (time.perf_counter() - started) * 1000


def _measure_numbers(
    model: Any, writers: list[list[Drawing]], gaps: tuple[float, float], count: int, picture: bool
) -> dict[str, float]:
    random = np.random.default_rng(0)
    right = cut = 0
    times, candidates = [], []
    for index in tqdm(range(count), unit="number", leave=False):
        strokes, _, truth = compose(writers[index % len(writers)], gaps, random)
        pen = random.uniform(*PENS)
        source: Any = rasterise(strokes, pen) if picture else strokes
        text, milliseconds = _read(model, source)
        right += text == truth
        cut += len(text) == len(truth)
        times.append(milliseconds)
        if not picture:
            candidates.append(len(segment(source).digits))
    return {
        "right": right / count,
        "cut_right": cut / count,
        "milliseconds": float(np.median(times)),
        "milliseconds_95": float(np.quantile(times, 0.95)),
        **({"candidates": float(np.mean(candidates))} if candidates else {}),
    }


def _measure_singles(model: Any, drawings: list[Drawing], picture: bool) -> dict[str, float]:
    random = np.random.default_rng(1)
    right = single = 0
    for drawing in tqdm(drawings, unit="digit", leave=False):
        pen = random.uniform(*PENS) / HEIGHT * np.ptp(np.concatenate(drawing.strokes), axis=0)[1]
        source: Any = rasterise(drawing.strokes, max(pen, 4.0)) if picture else drawing.strokes
        text, _ = _read(model, source)
        single += len(text) == 1
        right += text == str(drawing.label)
    return {"right": right / len(drawings), "cut_right": single / len(drawings)}


def measure(name: str, odd: bool, count: int = COUNT) -> list[dict[str, Any]]:
    model = load_checkpoint(name).model
    writers = _by_writer(odd)
    drawings = [each for of_writer in writers for each in of_writer][:: max(1, 3000 // count)]
    rows = []
    for picture in (False, True):
        kinds = {
            "numbers": _measure_numbers(model, writers, GAPS, count, picture),
            "crowded": _measure_numbers(model, writers, CROWDED_GAPS, count, picture),
            "single digits": _measure_singles(model, drawings, picture),
        }
        source = "pictures" if picture else "strokes"
        rows += [
            {"model": name, "source": source, "kind": kind, **row} for kind, row in kinds.items()
        ]
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=["robust_cnn"], metavar="NAME")
    parser.add_argument("--odd", action="store_true", help="the writers that it was fitted to")
    parser.add_argument("--count", type=int, default=COUNT, help="numbers of each kind")
    options = parser.parse_args()
    rows = [row for name in options.names for row in measure(name, options.odd, options.count)]
    print_table(
        ["model", "source", "kind", "right", "cut right", "ms, median", "ms, 95 %"],
        [
            [
                *(row["model"], row["source"], row["kind"]),
                *(f"{row[key]:.2%}" for key in ("right", "cut_right")),
                *(
                    f"{row[key]:.0f}" if key in row else ""
                    for key in ("milliseconds", "milliseconds_95")
                ),
            ]
            for row in rows
        ],
    )
    if not options.odd:
        print(f"written to {write_report('numbers', rows)}")


if __name__ == "__main__":
    main()
