"""What docs/RESULTS.md tells of how well and how soon digits are read."""

from collections.abc import Callable

from benchmarks.tables import Row, percent, table
from mnist_demo.models.attack_curves import STRENGTHS


def freehand(rows: list[Row]) -> str:
    names = {
        "MNIST test": "mnist",
        "pen strokes": "strokes",
        "writers looked at": "strokes_odd_writers",
        "writers not looked at": "strokes_even_writers",
        "pictures, dark on light": "dark_on_light",
        "light on dark": "light_on_dark",
    }
    columns: dict[str, Callable[[Row], str]] = {"model": lambda row: f"`{row['model']}`"}
    for title, name in names.items():
        columns[title] = lambda row, name=name: percent(row[name])  # type: ignore[misc]
    told = (
        "7,494 drawings of 30 writers. While the ways of writing in data/stroke_templates.py were "
        "collected, misread drawings of half of the writers were looked at, and none of the other "
        "half."
    )
    return (
        f"{told}\n\n{table(columns, rows)}"
        + "\n\n![Accuracy against line width and height](freehand.png)"
    )


def numbers(rows: list[Row]) -> str:
    def milliseconds(row: Row) -> str:
        keys = ("milliseconds", "milliseconds_95")
        return " / ".join(f"{row[key]:.0f}" for key in keys) if keys[0] in row else ""

    columns: dict[str, Callable[[Row], str]] = {
        "model": lambda row: f"`{row['model']}`",
        "as": lambda row: row["source"],
        "what": lambda row: row["kind"],
        "whole and right": lambda row: percent(row["right"], 1),
        "as many digits": lambda row: percent(row["cut_right"], 1),
        "milliseconds, median / 95 %": milliseconds,
    }
    told = (
        "Numbers of 2 to 5 digits, put together from the drawings of one writer each, of writers "
        "that nobody looked at: a tenth to a whole digit's width apart, or crowded, so that they "
        "overlap and touch; and single digits. The goals, for strokes: 93 % of the numbers that "
        "are not crowded, and 98 % of single digits seen as one. Measured before pictures were "
        "read in several ways, and not since."
    )
    return f"{told}\n\n{table(columns, rows)}"


def pictures(rows: list[Row]) -> str:
    *kinds, phone = rows
    columns: dict[str, Callable[[Row], str]] = {
        "what": lambda row: row["kind"],
        "read right": lambda row: percent(row["right"], 1),
        "without a network's choice": lambda row: percent(row["right_alone"], 1),
        "wrong and sure": lambda row: percent(row["wrong_and_sure"], 1),
        "milliseconds, median": lambda row: f"{row['milliseconds']:.0f}",
        "pictures": lambda row: str(row["n"]),
    }
    told = (
        "Pen drawings put where people's digits stand, as files, read by `robust_cnn`. The reading "
        "was built and its weights were fitted on other pictures of these kinds: of other writers, "
        "with another seed and other sizes, angles, colours and shades. No other kind was held "
        "out. An earlier measurement told which kinds were read worst (a sheet turned on a desk, "
        "hard shadows, squared paper); they were mended on pictures of another make, of which some "
        "are as large, dark or turned as these. These have a new seed, and were read twice: also "
        "before the last change, which they did not suggest. The time is that of one core, from "
        "the file to the digit."
    )
    return (
        f"{told}\n\n{table(columns, kinds)}\n\n{phone['kind'].capitalize()}: "
        f"{phone['milliseconds']:.0f} ms (median of {phone['n']}).\n\n"
        "![A row of pictures of each kind](pictures.png)"
    )


def calibration(rows: list[Row]) -> str:
    columns: dict[str, Callable[[Row], str]] = {
        "model": lambda row: f"`{row['model']}`",
        "calibration error, MNIST": lambda row: percent(row["mnist_error"]),
        "freehand": lambda row: percent(row["freehand_error"]),
        "threshold": lambda row: f"{row['threshold']:.3f}",
        "real digits above it: MNIST": lambda row: percent(row["mnist_pass"], 1),
        "freehand digits": lambda row: percent(row["freehand_pass"], 1),
        "scribbles": lambda row: percent(row["scribbles_pass"], 1),
        "pieces of digits": lambda row: percent(row["pieces_pass"], 1),
        "shapes": lambda row: percent(row["shapes_pass"], 1),
        "letters": lambda row: percent(row["letters_pass"], 1),
        "letters unlike digits": lambda row: percent(row["unlike_pass"], 1),
        "scribbles, fair": lambda row: percent(row["scribbles_pass_fair"], 1),
        "pieces, fair": lambda row: percent(row["pieces_pass_fair"], 1),
        "letters, at 95 %": lambda row: percent(row["letters_pass_95"], 1),
    }
    told = (
        "The share of digits and of what is none whose confidence reaches the threshold: the "
        "checkpoint's own where the model was calibrated (`robust_cnn`). The fair threshold, which "
        "serves the others too, is what 97 % of these very digits, MNIST's and freehand ones "
        "together, reach; at 95 % is what 95 % of the freehand digits reach. Letters and shapes "
        "are by code and fonts that no model was trained with."
    )
    return f"{told}\n\n{table(columns, rows)}"


def latency(rows: list[Row]) -> str:
    columns: dict[str, Callable[[Row], str]] = {
        "what": lambda row: f"`{row['what']}`",
        "milliseconds, median": lambda row: f"{row['milliseconds']:.2f}",
        "runs": lambda row: str(row["n"]),
    }
    return table(columns, rows)


def seeds(rows: list[Row]) -> str:
    columns: dict[str, Callable[[Row], str]] = {
        "recipe": lambda row: f"`{row['recipe']}`",
        "": lambda row: row["what"],
        "MNIST test": lambda row: percent(row["mnist"], 3),
        "pen strokes": lambda row: percent(row["strokes"], 3),
        "of writers not looked at": lambda row: percent(row["strokes_even_writers"], 3),
    }
    told = (
        "Trainings that differ in their seed alone; seed 0 is the one that is shipped, as the "
        "first. Spread: the standard deviation of a sample."
    )
    return f"{told}\n\n{table(columns, rows)}"


AT = (0.04, 0.1, 0.2)  # strengths that are told


def attack_curves(rows: list[Row]) -> str:
    """A row for each attacked model, a column for each that reads."""
    by_attacked: dict[str, Row] = {}
    for row in rows:
        shares = [row["accuracies"][STRENGTHS.tolist().index(strength)] for strength in AT]
        told = " / ".join(percent(share, 0) for share in shares)
        by_attacked.setdefault(row["attacked"], {"attacked": row["attacked"]})[row["reader"]] = told
    columns: dict[str, Callable[[Row], str]] = {"made to fool": lambda row: f"`{row['attacked']}`"}
    for name in by_attacked:
        columns[f"read by `{name}`"] = lambda row, name=name: row[name]  # type: ignore[misc]
    strengths = " / ".join(f"{strength:g}" for strength in AT)
    return (
        f"Accuracy on the first {rows[0]['n']} test digits, each changed in one step (FGSM) by a "
        f"strength of {strengths} of full ink.\n\n{table(columns, [*by_attacked.values()])}"
    )
