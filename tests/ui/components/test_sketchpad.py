import base64
import io
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image

from mnist_demo import strokes_to_digit
from mnist_demo.ui.components.sketchpad import (
    LINE_WIDTH,
    OTHER_FORMATS,
    put_digit,
    put_strokes,
    read_sketch,
    sketchpad,
)
from mnist_demo.ui.i18n.translate import TranslatedError
from tests.ui.conftest import Strokes


def _uri(data: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def _png(image: Any, file_format: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.asarray(image, dtype=np.uint8)).save(buffer, format=file_format)
    return buffer.getvalue()


def _bomb(side: int) -> bytes:
    """A PNG whose header says that it has `side` times `side` pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    head = side.to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])
    body = zlib.compress(bytes(min(side * side, 10_000_000)), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


PAPER = np.full((120, 90), 230, dtype=np.uint8)
PAPER[20:100, 40:50] = 30

HOSTILE_PICTURES: dict[str, Any] = {
    "a number": 7,
    "a list": [1, 2],
    "a text": "a picture",
    "nothing after the comma": "data:,",
    "no base64": "data:image/png;base64,!!!!",
    "a text file": _uri(b"hello, world"),
    "a truncated PNG": _uri(_png(PAPER)[:60]),
    "a GIF": _uri(_png(PAPER, "GIF"), "image/gif"),
    "blank paper": _uri(_png(np.full((50, 50), 255))),
    "2,000 pixels a side": _uri(_bomb(2_000)),
    "10,000 pixels a side": _uri(_bomb(10_000)),
    "20,000 pixels a side": _uri(_bomb(20_000)),
    "too many bytes": "data:image/png;base64," + "A" * 2_000_001,
}


def test_what_is_no_picture_is_refused(subtests: pytest.Subtests) -> None:
    for kind in ["picture", "digit"]:
        for name, picture in HOSTILE_PICTURES.items():
            refused = pytest.raises(ValueError, match=r"picture|pixels")
            with subtests.test(kind=kind, picture=name), refused:
                read_sketch({"strokes": [], kind: picture})


@pytest.mark.parametrize("file_format", ["PNG", "JPEG"])
def test_a_picture_is_read(file_format: str) -> None:
    sketch = read_sketch({"strokes": [], "picture": _uri(_png(PAPER, file_format))})
    assert sketch is not None
    assert sketch.strokes == []
    assert not sketch.is_tiny
    rows, columns = np.nonzero(sketch.digit > 0.5)
    assert np.ptp(rows) >= 17
    assert np.ptp(columns) <= 5


def test_a_test_digit_comes_back_as_it_was() -> None:
    image = np.random.default_rng(0).integers(0, 256, (28, 28)).astype(np.uint8)
    sketch = read_sketch(put_digit(image))
    assert sketch is not None
    assert np.array_equal(sketch.digit, image / np.float32(255))


def test_a_digit_has_28_pixels_a_side() -> None:
    with pytest.raises(ValueError, match="28 x 28 pixels, not 90 x 120"):
        read_sketch({"digit": _uri(_png(PAPER))})


def test_what_holds_no_list_of_strokes_is_refused(subtests: pytest.Subtests) -> None:
    values: list[Any] = [
        *(None, 0, 1.5, True, "strokes", b"strokes", (), [], [[[1, 2]]], {}),
        {"lines": []},
        {"strokes": None},
        {"strokes": 0},
        {"strokes": "[]"},
        {"strokes": {"strokes": []}},
    ]
    for value in values:
        refused = pytest.raises(ValueError, match="a drawing must be")
        with subtests.test(value=value), refused:
            read_sketch(value)


def test_strokes_are_read(seven: Strokes) -> None:
    sketch = read_sketch({"strokes": seven, "line_width": 9, "more": 1})
    assert sketch is not None
    assert sketch.strokes == seven
    assert sketch.line_width == 9
    assert np.array_equal(sketch.digit, strokes_to_digit(seven))


@pytest.mark.parametrize("width", [None, "9", True, [], float("nan"), float("inf"), {}])
def test_a_bad_line_width_is_the_usual_one(width: Any, seven: Strokes) -> None:
    sketch = read_sketch({"strokes": seven, "line_width": width})
    assert sketch is not None
    assert sketch.line_width == LINE_WIDTH


@pytest.mark.parametrize(("width", "taken"), [(0, 1), (-3, 1), (1e9, 60)])
def test_an_odd_line_width_is_brought_into_bounds(
    width: float, taken: float, seven: Strokes
) -> None:
    sketch = read_sketch({"strokes": seven, "line_width": width})
    assert sketch is not None
    assert sketch.line_width == taken


def test_a_dot_is_tiny_and_a_line_is_not() -> None:
    dot, line = (
        read_sketch({"strokes": [[[5, 5], [6, 9]]]}),
        read_sketch({"strokes": [[[5, 5], [5, 90]]]}),
    )
    assert dot is not None
    assert line is not None
    assert dot.is_tiny
    assert not line.is_tiny


def test_a_new_pad_is_blank() -> None:
    assert read_sketch(sketchpad().value) is None


def test_what_the_server_puts_on_the_pad_differs_each_time(seven: Strokes) -> None:
    one, other = put_strokes(seven), put_strokes(seven)
    assert one["from"] != other["from"]
    assert abs(other["from"]) < 2**53  # a browser's whole numbers
    sketch = read_sketch(one)
    assert sketch is not None
    assert sketch.strokes == seven


def test_strokes_lie_on_top_of_a_test_digit() -> None:
    one = np.zeros((28, 28), dtype=np.uint8)
    one[4:24, 13:15] = 200
    value = put_digit(one) | {"strokes": [[[40, 140], [240, 140]]], "line_width": 18}
    sketch = read_sketch(value)
    assert sketch is not None
    assert sketch.strokes == []  # a picture: not to be played again, nor collected
    assert sketch.digit[14, 5] > 0.8
    assert np.array_equal(sketch.digit[4:10], one[4:10] / np.float32(255))


@pytest.mark.parametrize("paper", [255, 0], ids=["ink on paper", "chalk on a board"])
def test_strokes_lie_on_top_of_a_photo(paper: int) -> None:
    photo = np.full((400, 200), paper, dtype=np.uint8)  # on the pad its left side is at 70
    photo[60:340, 90:110] = 255 - paper
    value = {"picture": _uri(_png(Image.fromarray(photo))), "strokes": []}
    plain = read_sketch(value)
    crossed = read_sketch(value | {"strokes": [[[90, 140], [190, 140]]], "line_width": 18})
    assert plain is not None
    assert crossed is not None
    assert plain.digit[:, :11].max() == 0
    assert crossed.digit[12:16, 10].max() > 0.5  # as wide as it was drawn, and in the middle
    assert crossed.digit[:8, :11].max() == 0


def test_what_was_read_of_a_picture_is_kept() -> None:
    framed = PAPER.copy()
    framed[:, :3] = 0
    asked: list[int] = []

    def choose(digits: Any) -> Any:
        asked.append(len(digits))
        return np.full(len(digits), 0.9)

    sketch = read_sketch({"picture": _uri(_png(framed))}, choose)
    assert sketch is not None
    assert sketch.reading is not None
    assert asked
    assert sketch.reading.removed
    assert sketch.reading.ink[:, :3].max() == 0
    assert sketch.reading.ink.shape == PAPER.shape[:2]


@pytest.mark.parametrize("name", ["HEIC", "PDF"])
def test_a_format_that_is_not_read_is_named(name: str) -> None:
    (uri,) = (uri for uri, other in OTHER_FORMATS.items() if other == name)
    with pytest.raises(TranslatedError, match=f"the file is {name}"):
        read_sketch({"picture": uri})


@pytest.mark.parametrize("strokes", ["x", [["x"]], [[[1, 2, 3]]], [[]]], ids=repr)
@pytest.mark.parametrize("kind", ["digit", "picture"])
def test_what_are_no_strokes_on_a_picture_is_refused(kind: str, strokes: Any) -> None:
    digit = put_digit(np.full((28, 28), 255, dtype=np.uint8))["digit"]
    with pytest.raises(ValueError, match="stroke"):
        read_sketch({kind: digit, "strokes": strokes})


NUMBER = [[[30, 60], [30, 235]], [[90, 60], [205, 60], [125, 235]]]


def test_of_a_number_the_chosen_digit_is_read() -> None:
    sketch = read_sketch({"strokes": NUMBER, "chosen": [90, 60, 115, 175]})
    assert sketch is not None
    np.testing.assert_allclose(sketch.digit, strokes_to_digit(NUMBER[1:]), atol=1e-5)
    assert sketch.strokes == [[[82.5, 60], [197.5, 60], [117.5, 235]]]  # in the middle of the pad
    assert sketch.segment() is None


@pytest.mark.parametrize(
    "chosen", [None, 7, [], [1, 2, 3], ["a"] * 4, [True] * 4, [1e300] * 4, [float("nan")] * 4, {}]
)
def test_what_is_no_box_chooses_nothing(chosen: Any) -> None:
    sketch = read_sketch({"strokes": NUMBER, "chosen": chosen})
    assert sketch is not None
    assert sketch.strokes == NUMBER


def test_a_box_without_strokes_chooses_nothing() -> None:
    sketch = read_sketch({"strokes": NUMBER, "chosen": [500, 60, 20, 20]})
    assert sketch is not None
    np.testing.assert_array_equal(sketch.digit, strokes_to_digit(NUMBER))
