import json
from typing import Any

import numpy as np
import pytest

from mnist_demo import strokes_to_digit
from mnist_demo.digits.stroke_files import (
    FORMAT,
    MAX_BYTES,
    MAX_DRAWINGS,
    Drawing,
    drawings_to_digits,
    read_drawings,
    write_drawings,
)

SEVEN: Any = [[[70.0, 60.0], [205.0, 60.0], [125.0, 235.0]]]
ONE: Any = [[[100.0, 20.0], [100.0, 240.0]], [[80.0, 240.0], [120.0, 240.0]]]


def _file(**changes: Any) -> str:
    entry = {"label": 7, "strokes": SEVEN}
    return json.dumps({"format": FORMAT, "version": 1, "drawings": [entry]} | changes)


def test_what_is_written_is_read_again() -> None:
    drawings = [Drawing(7, SEVEN), Drawing(1, ONE), Drawing(7, SEVEN)]
    assert read_drawings(write_drawings(drawings)) == drawings
    assert read_drawings(write_drawings(drawings).encode()) == drawings
    assert read_drawings(write_drawings([])) == []


def test_coordinates_are_kept_to_a_hundredth() -> None:
    drawing = Drawing(7, [[[70.123456789, 1 / 3], [205, 60]]])  # type: ignore[arg-type]
    assert drawing.strokes == (((70.12, 0.33), (205.0, 60.0)),)
    assert read_drawings(write_drawings([drawing])) == [drawing]


def test_whole_numbers_are_coordinates_too() -> None:
    (drawing,) = read_drawings(_file(drawings=[{"label": 7, "strokes": [[[70, 60], [1, 2]]]}]))
    assert drawing.strokes == (((70.0, 60.0), (1.0, 2.0)),)
    assert isinstance(hash(drawing), int)  # Gradio asks for it


def test_anything_else_is_refused_with_its_reason(subtests: pytest.Subtests) -> None:
    bad: list[tuple[str | bytes, str]] = [
        ("", "not JSON"),
        ("[" * 100_000, "not JSON"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "not JSON"),
        ("[]", '"format"'),
        ("null", '"format"'),
        (_file(format="another"), '"format"'),
        (_file(version=2), "version is 2"),
        (_file(drawings={}), '"drawings"'),
        (_file(drawings=[7]), "drawing 1"),
        (_file(drawings=[{"label": 7, "strokes": SEVEN}, {"label": 7}]), "drawing 2: strokes"),
        (_file(drawings=[{"strokes": SEVEN}]), "drawing 1: a label"),
        (_file(drawings=[{"label": 7, "strokes": [[[float("nan"), 1]]]}]), "drawing 1: stroke 0"),
        (_file(drawings=[{"label": 7, "strokes": []}]), "drawing 1: there are no strokes"),
        (_file(drawings=[{"label": 7, "strokes": SEVEN}] * (MAX_DRAWINGS + 1)), "at most 500"),
        (" " * (MAX_BYTES + 1), "at most 5,000,000"),
    ]
    for text, message in bad:
        with subtests.test(message), pytest.raises(ValueError, match=message):
            read_drawings(text)


@pytest.mark.parametrize("label", [-1, 10, 1.5, "7", None, True, [7], float("nan")])
def test_a_label_is_a_digit(label: Any) -> None:
    with pytest.raises(ValueError, match="label"):
        Drawing(label, SEVEN)


def test_drawings_become_digits_as_on_the_pad() -> None:
    digits, labels = drawings_to_digits([Drawing(7, SEVEN), Drawing(1, ONE)])
    assert labels.tolist() == [7, 1]
    assert np.array_equal(digits, np.stack([strokes_to_digit(SEVEN), strokes_to_digit(ONE)]))
    digits, labels = drawings_to_digits([])
    assert digits.shape == (0, 28, 28)
    assert labels.shape == (0,)
