"""Pictures that have more in them than a digit: each kind is read, by the network's choice."""

import io
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw
from sklearn.datasets import load_digits

from mnist_demo import load_checkpoint, picture_to_digit, predict_probabilities
from mnist_demo.data.uci_digits import COUNT, _enlarge
from mnist_demo.digits.ink_maps import find_ink
from mnist_demo.digits.picture_files import load_pixels, name_format
from mnist_demo.digits.pictures import NoDigitError, read_picture
from mnist_demo.models.inference import confidence_of
from tests.conftest import quick

SIDE = 480


def _sheet(label: int, paper: Any = "white", ink: Any = "black") -> Image.Image:
    """A digit of those that no shipped model has seen, some half of the sheet high."""
    digits = load_digits()
    at = COUNT + digits.target[COUNT:].tolist().index(label)
    mask = Image.fromarray(
        (_enlarge((digits.images[at] / 16).astype(np.float32)) * 255).round().astype(np.uint8)
    ).resize((SIDE // 2, SIDE // 2), Image.Resampling.BICUBIC)
    sheet = Image.new("RGB", (SIDE, SIDE), paper)
    sheet.paste(Image.new("RGB", mask.size, ink), (SIDE // 4, SIDE // 4), mask)
    return sheet


def _lines(*places: tuple[int, int, int, int], width: int = 4, ink: str = "black") -> Any:
    def add(sheet: Image.Image) -> Image.Image:
        pen = ImageDraw.Draw(sheet)
        for place in places:
            pen.line(place, ink, width)
        return sheet

    return add


def _on_desk(angle: float) -> Callable[[Image.Image], Image.Image]:
    def lay(sheet: Image.Image) -> Image.Image:
        turned = sheet.convert("RGBA").rotate(angle, expand=True)
        desk = Image.new("RGB", (turned.width + 90, turned.height + 60), (96, 66, 44))
        desk.paste(turned, (50, 25), turned)
        return desk

    return lay


def _shadowed(sheet: Image.Image) -> Image.Image:
    light = np.ones((SIDE, SIDE, 1))
    light[:, SIDE // 2 :] = 0.45
    return Image.fromarray((np.asarray(sheet) * light).astype(np.uint8))


def _cropped(sheet: Image.Image) -> Image.Image:
    return sheet.crop(Image.eval(sheet.convert("L"), lambda level: 255 * (level < 128)).getbbox())


GRID = tuple((x, 0, x, SIDE) for x in range(20, SIDE, 48)) + tuple(
    (0, y, SIDE, y) for y in range(30, SIDE, 48)
)
SCENES: dict[str, Callable[[int], Image.Image]] = {
    "frame": lambda label: _lines(
        (0, 0, SIDE, 0), (0, SIDE - 1, SIDE, SIDE - 1), (0, 0, 0, SIDE),
        (SIDE - 1, 0, SIDE - 1, SIDE), width=1,
    )(_sheet(label)),
    "desk": lambda label: _on_desk(0)(_sheet(label)),
    "desk, turned": lambda label: _on_desk(14)(_sheet(label)),
    "cell": lambda label: _lines(
        (30, 30, 450, 30), (450, 30, 450, 450), (450, 450, 30, 450), (30, 450, 30, 30), width=6
    )(_sheet(label)),
    "sudoku": lambda label: _lines(
        (60, 0, 60, SIDE), (430, 0, 430, SIDE), (0, 50, SIDE, 50), (0, 440, SIDE, 440), width=5
    )(_sheet(label)),
    "strip": lambda label: _lines((1, 0, 1, SIDE), width=3)(_sheet(label)),
    "margin line": lambda label: _lines((60, 0, 64, SIDE), ink="#d04060")(_sheet(label)),
    "underline": lambda label: _lines((70, 400, 420, 408), width=6)(_sheet(label)),
    "squared": lambda label: _lines(*GRID, width=2, ink="#888")(_sheet(label, ink="#666")),
    "shadow": lambda label: _shadowed(_sheet(label)),
    "red on green": lambda label: _sheet(label, (0, 128, 0), (251, 0, 0)),
    "yellow on white": lambda label: _sheet(label, "white", (255, 246, 120)),
    "crop": lambda label: _cropped(_sheet(label)),
}  # fmt: skip


@pytest.mark.parametrize("scene", quick("cell", "shadow", of=SCENES))
def test_what_is_around_a_digit_is_cut_away(scene: str) -> None:
    model = load_checkpoint("robust_cnn").model
    digits = [picture_to_digit(SCENES[scene](label), confidence_of(model)) for label in range(10)]
    answers = predict_probabilities(model, np.stack(digits)).argmax(axis=1)
    assert (answers == range(10)).sum() >= 9


@pytest.mark.parametrize(
    ("scene", "removed"),
    [
        ("squared", "lines"),
        ("cell", "border around lines apart"),
        ("margin line", "border lines apart"),
    ],
)
def test_it_is_told_what_was_cut_away(scene: str, removed: str) -> None:
    choose = confidence_of(load_checkpoint("robust_cnn").model)
    reading = read_picture(SCENES[scene](3), choose)
    assert set(reading.removed) & set(removed.split())
    assert reading.ink.shape == load_pixels(SCENES[scene](3)).shape[:2]
    rows, columns = np.nonzero(reading.ink > 0.5)
    assert 0.2 * len(reading.ink) < rows.min() < rows.max() < 0.8 * len(reading.ink)
    assert 0.2 * len(reading.ink) < columns.min() < columns.max() < 0.8 * len(reading.ink)


@pytest.mark.parametrize("angle", [3, 14, 25])
def test_a_sheet_on_a_desk_is_no_digit_itself(angle: float) -> None:
    """Nor where nobody helps to choose."""
    for label in (0, 4, 7):
        reading = read_picture(_on_desk(angle)(_sheet(label)))
        assert 0.005 < reading.ink.mean() < 0.08


@pytest.mark.parametrize("slant", [0.2, 0.6, 1.5])
def test_the_edge_of_a_shadow_is_no_ink(slant: float) -> None:
    y, x = np.mgrid[:400, :300]
    dark = np.clip(0.5 + (x - 150 + slant * (y - 200)) / 4, 0, 1)
    page = (0.9 - 0.5 * dark)[..., None].astype(np.float32)
    page += np.random.default_rng(0).normal(0, 0.01, page.shape).astype(np.float32)
    for found in find_ink(page):
        if found.kind == "grey":
            assert (found.ink > found.floor).mean() < 0.01


def test_no_more_is_looked_at_than_a_sure_reading_needs() -> None:
    asked: list[int] = []

    def sure(digits: Any) -> Any:
        asked.append(len(digits))
        return np.full(len(digits), 0.999)

    read_picture(_sheet(3), sure)
    assert asked == [1]
    asked.clear()
    read_picture(SCENES["squared"](3), sure)
    assert len(asked) <= 2
    assert sum(asked) <= 5


def test_of_a_clean_drawing_nothing_is_cut_away() -> None:
    assert read_picture(_sheet(3)).removed == ()


def test_who_chooses_decides() -> None:
    """Two marks side by side: the one that is said to look like a digit is taken."""
    page = _lines((120, 100, 120, 380), (330, 120, 430, 120), width=16)(_sheet(1, ink="white"))

    def wide(digits: Any) -> Any:
        assert digits.shape[1:] == (28, 28)
        return np.where(np.ptp(np.nonzero(digits[:, 14] > 0.5)[1]) > 10, 0.9, 0.1) * np.array(
            [np.count_nonzero(digit.any(axis=0)) > 2 * np.count_nonzero(digit.any(axis=1))
             for digit in digits]
        ) + 0.01  # fmt: skip

    chosen = picture_to_digit(page, wide)
    rows, columns = np.nonzero(chosen > 0.5)
    assert np.ptp(columns) > 2 * np.ptp(rows)


def _file(exif: bytes) -> Image.Image:
    file = io.BytesIO()
    _sheet(4).save(file, "JPEG", quality=95, exif=b"Exif\0\0" + exif)
    return Image.open(io.BytesIO(file.getvalue()))


@pytest.mark.filterwarnings("ignore:.*EXIF data")  # Pillow's, as it opens the file
def test_odd_exif_turns_the_picture_and_garbage_does_nothing() -> None:
    upright = _sheet(4).transpose(Image.Transpose.ROTATE_270)
    entries = struct.pack("<HHIHH", 0x0112, 3, 1, 6, 0)
    entries += struct.pack("<HHII", 0x9204, 10, 1, 38)  # exposure bias: a fraction, (-1, 0)
    tiff = b"II*\0\x08\0\0\0" + struct.pack("<H", 2) + entries + struct.pack("<Iii", 0, -1, 0)
    turned = load_pixels(_file(tiff))
    assert np.abs(turned - load_pixels(upright)).mean() < 0.02
    for garbage in (b"garbage" * 9, b"II*\0\xff\xff\xff\xff", b"MM", b""):
        picture = load_pixels(_file(garbage))
        assert np.abs(picture - load_pixels(_sheet(4))).mean() < 0.02


def test_16_bits_of_grey_with_a_transparent_level_are_read(tmp_path: Any) -> None:
    levels = np.asarray(_sheet(4).convert("L")).astype(np.uint16) * 200
    path = tmp_path / "grey.png"
    Image.fromarray(levels).save(path, transparency=200 * 255)
    digit = picture_to_digit(Image.open(path))
    assert np.abs(digit - picture_to_digit(_sheet(4))).mean() < 0.02


def test_what_is_cut_off_is_said_to_be() -> None:
    page = Image.new("L", (300, 300), 255)
    ImageDraw.Draw(page).ellipse((200, 60, 420, 260), outline=0, width=18)
    with pytest.raises(NoDigitError, match=r"no digit was found: .* cut off") as refused:
        read_picture(page, lambda digits: np.full(len(digits), 0.2))
    assert refused.value.reason == "cut_off"


def test_why_there_is_no_digit_is_told() -> None:
    specks = (np.random.default_rng(0).random((300, 300)) > 0.05).astype(np.uint8) * 255
    for picture, reason in ((np.full((90, 90), 200, np.uint8), "blank"), (specks, "marks")):
        with pytest.raises(NoDigitError) as refused:
            read_picture(picture)
        assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0", "HEIC"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", None),
        (b"\x89PNG\r\n\x1a\n", None),
        (b"", None),
    ],
)
def test_formats_that_are_not_read_are_known_by_their_content(start: bytes, name: str) -> None:
    assert name_format(start) == name
