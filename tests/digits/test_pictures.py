import contextlib
import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage
from sklearn.datasets import load_digits

from mnist_demo import Dataset, load_checkpoint, picture_to_digit, predict_probabilities
from mnist_demo.data.uci_digits import COUNT, _enlarge
from mnist_demo.digits.mnist_format import MNIST_PEN, MNIST_PENS, SIZE, Digit, stroke_width

Page = NDArray[np.float32]

HEIGHT, WIDTH = 800, 600


def _page(image: NDArray[np.uint8], side: int = 224, top: int = 150, left: int = 200) -> Page:
    """A white page, grey levels in [0, 1], on which a 28x28 digit stands in black."""
    page = np.ones((HEIGHT, WIDTH), dtype=np.float32)
    ink = Image.fromarray(image).resize((side, side), Image.Resampling.BICUBIC)
    page[top : top + side, left : left + side] -= np.asarray(ink) / np.float32(255)
    return page


def _bytes(page: Page) -> NDArray[np.uint8]:
    return (page * 255).round().astype(np.uint8)


def _picture(page: Page) -> Image.Image:
    return Image.fromarray(_bytes(page))


def _with_uneven_light(page: Page) -> Page:
    light = np.linspace(1, 0.6, HEIGHT)[:, None] * np.linspace(1, 0.8, WIDTH)
    return page * light.astype(np.float32)


def _with_noise(page: Page) -> Page:
    noise = np.random.default_rng(0).normal(0, 0.03, page.shape)
    return np.clip(page + noise, 0, 1).astype(np.float32)


def _reopened(picture: Image.Image, kind: str, **settings: Any) -> Image.Image:
    file = io.BytesIO()
    picture.save(file, kind, **settings)
    return Image.open(io.BytesIO(file.getvalue()))


def _turned_by_exif(page: Page, orientation: int, degrees: int) -> Image.Image:
    exif = Image.Exif()
    exif[0x0112] = orientation
    turned = _picture(page).rotate(degrees, expand=True)
    return _reopened(turned, "JPEG", quality=95, exif=exif)


def _transparent(page: Page, colour: tuple[int, int, int]) -> Image.Image:
    rgba = np.empty((*page.shape, 4), dtype=np.uint8)
    rgba[..., :3] = colour
    rgba[..., 3] = _bytes(1 - page)
    return Image.fromarray(rgba)


def _tinted(page: Page) -> Image.Image:
    paper, ink = np.array([250, 244, 214]), np.array([20, 30, 120])
    return Image.fromarray((ink + (paper - ink) * page[..., None]).round().astype(np.uint8))


FORMS: dict[str, Callable[[Page], Any]] = {
    "grey bytes": _bytes,
    "floats": lambda page: page,
    "doubles": lambda page: page.astype(np.float64),
    "list of lists": lambda page: page.tolist(),
    "RGB array": lambda page: np.dstack([_bytes(page)] * 3),
    "RGBA array": lambda page: np.asarray(_picture(page).convert("RGBA")),
    "read-only": lambda page: np.asarray(_picture(page)),
    "inverted": lambda page: _picture(1 - page),
    "RGB": lambda page: _picture(page).convert("RGB"),
    "CMYK": lambda page: _picture(page).convert("CMYK"),
    "palette": lambda page: _picture(page).convert("P"),
    "with opacity": lambda page: _picture(page).convert("LA"),
    "16 bits": lambda page: Image.fromarray((page * 65535).astype(np.uint16)),
    "dim 16 bits": lambda page: Image.fromarray((page * 4095).astype(np.uint16)),
    "32 bits": lambda page: _picture(page).convert("I"),
    "real numbers": lambda page: _picture(page).convert("F"),
    "transparent, black ink": lambda page: _transparent(page, (0, 0, 0)),
    "transparent, white ink": lambda page: _transparent(page, (255, 255, 255)),
    "blue on cream": _tinted,
    "PNG": lambda page: _reopened(_picture(page), "PNG"),
    "PNG, one level transparent": lambda page: _reopened(_picture(page), "PNG", transparency=255),
    "JPEG": lambda page: _reopened(_picture(page), "JPEG", quality=60),
    "GIF": lambda page: _reopened(_picture(page), "GIF"),
    "JPEG turned left": lambda page: _turned_by_exif(page, 6, 90),
    "JPEG upside down": lambda page: _turned_by_exif(page, 3, 180),
    "JPEG turned right": lambda page: _turned_by_exif(page, 8, 270),
}


@pytest.fixture(scope="module")
def some() -> list[NDArray[np.uint8]]:
    """A digit of each kind, 28x28 bytes."""
    """One of each digit: those that no shipped model has seen, whichever data set is there."""
    digits = load_digits()
    images, labels = digits.images[COUNT:] / 16, digits.target[COUNT:].tolist()
    ink = [_enlarge(images[labels.index(digit)].astype(np.float32)) for digit in range(10)]
    return [(image * 255).round().astype(np.uint8) for image in ink]


def _as_digit(image: NDArray[np.uint8]) -> Digit:
    return (image / 255).astype(np.float32)


def _difference(one: Digit, other: Digit) -> float:
    """The mean difference of two digits, laid on each other as well as whole pixels allow."""
    shifts = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    return min(float(np.abs(np.roll(one, shift, (0, 1)) - other).mean()) for shift in shifts)


def _centre(digit: Digit) -> tuple[float, float]:
    rows, columns = np.mgrid[0:SIZE, 0:SIZE]
    return float((rows * digit).sum() / digit.sum()), float((columns * digit).sum() / digit.sum())


def test_a_picture_becomes_a_digit(some: list[NDArray[np.uint8]]) -> None:
    for image in some:
        digit = picture_to_digit(_page(image))
        assert digit.shape == (28, 28)
        assert digit.dtype == np.float32
        assert digit.min() == 0
        assert 0.9 < digit.max() <= 1
        assert np.abs(np.subtract(_centre(digit), 14)).max() < 1
        inked = np.flatnonzero(digit.any(axis=1)), np.flatnonzero(digit.any(axis=0))
        assert max(np.ptp(lines) for lines in inked) + 1 == 20


def test_the_digit_is_the_one_on_the_page(some: list[NDArray[np.uint8]]) -> None:
    for image in some:
        assert _difference(picture_to_digit(_page(image)), _as_digit(image)) < 0.05


def test_a_digit_in_mnists_format_comes_back_nearly_unchanged(
    some: list[NDArray[np.uint8]],
) -> None:
    for image in some:
        assert _difference(picture_to_digit(image), _as_digit(image)) < 0.03


@pytest.mark.slow
def test_the_form_of_a_picture_does_not_matter(
    some: list[NDArray[np.uint8]], subtests: pytest.Subtests
) -> None:
    pages = [_page(image) for image in some[2:4]]
    digits = [picture_to_digit(_picture(page)) for page in pages]
    for form in FORMS:
        with subtests.test(form=form):
            for page, expected in zip(pages, digits, strict=True):
                assert np.abs(picture_to_digit(FORMS[form](page)) - expected).mean() < 0.01


def test_black_and_white_is_read_like_grey(some: list[NDArray[np.uint8]]) -> None:
    for image in some[2:4]:
        page = _picture(_page(image))
        black_and_white = page.convert("1", dither=Image.Dither.NONE)
        assert _difference(picture_to_digit(black_and_white), picture_to_digit(page)) < 0.04


@pytest.mark.parametrize("side", [56, 112, 400, 590])
def test_the_size_on_the_page_does_not_matter(side: int, some: list[NDArray[np.uint8]]) -> None:
    for image in some[2:4]:
        expected = picture_to_digit(_page(image))
        assert _difference(picture_to_digit(_page(image, side, 5, 5)), expected) < 0.04


@pytest.mark.parametrize("corner", [(0, 0), (0, 376), (576, 0), (576, 376), (301, 17)])
def test_the_place_on_the_page_does_not_matter(
    corner: tuple[int, int], some: list[NDArray[np.uint8]]
) -> None:
    for image in some[2:4]:
        expected = picture_to_digit(_page(image))
        assert _difference(picture_to_digit(_page(image, 224, *corner)), expected) < 0.02


@pytest.mark.parametrize("resolution", [0.25, 0.5, 2, 4])
def test_the_resolution_does_not_matter(resolution: float, some: list[NDArray[np.uint8]]) -> None:
    page = _picture(_page(some[3]))
    size = round(WIDTH * resolution), round(HEIGHT * resolution)
    resized = page.resize(size, Image.Resampling.BOX)
    assert _difference(picture_to_digit(resized), picture_to_digit(page)) < 0.03


@pytest.mark.parametrize("spoil", [_with_uneven_light, _with_noise])
def test_light_and_noise_do_not_matter(
    spoil: Callable[[Page], Page], some: list[NDArray[np.uint8]]
) -> None:
    for image in some[2:4]:
        page = _page(image)
        assert _difference(picture_to_digit(spoil(page)), picture_to_digit(page)) < 0.02


def test_faint_ink_is_read_like_black(some: list[NDArray[np.uint8]]) -> None:
    page = _page(some[3])
    faint = 0.9 - 0.3 * (1 - page)
    assert _difference(picture_to_digit(faint), picture_to_digit(page)) < 0.01


def test_specks_are_dropped(some: list[NDArray[np.uint8]]) -> None:
    page = _page(some[3])
    speckled = page.copy()
    speckled[20:24, 30:34] = speckled[700:704, 500:506] = 0
    assert _difference(picture_to_digit(speckled), picture_to_digit(page)) < 0.01


@pytest.mark.parametrize("width", [2, 5, 20, 40, 90])
def test_any_pen_becomes_one_that_mnist_has(width: int) -> None:
    picture = Image.new("L", (600, 600), 255)
    ImageDraw.Draw(picture).line([(300, 100), (300, 500)], fill=0, width=width)
    digit = picture_to_digit(picture)
    assert MNIST_PENS[0] - 0.3 <= digit[12:16].sum(axis=1).mean() <= MNIST_PENS[1] + 0.3


def test_the_picture_is_left_alone(some: list[NDArray[np.uint8]]) -> None:
    page = _page(some[3])
    array, picture = page.copy(), _picture(page)
    picture_to_digit(array)
    picture_to_digit(picture)
    assert np.array_equal(array, page)
    assert np.array_equal(np.asarray(picture), _bytes(page))


def test_a_large_jpeg_keeps_its_size(some: list[NDArray[np.uint8]]) -> None:
    large = _picture(_page(some[3])).resize((2400, 3200))
    opened = _reopened(large, "JPEG")
    picture_to_digit(opened)
    assert opened.size == (2400, 3200)


def _noise(shape: tuple[int, ...], spread: float) -> NDArray[np.float64]:
    return np.clip(np.random.default_rng(0).normal(0.5, spread, shape), 0, 1)


BLANKS: dict[str, Callable[[], Any]] = {
    "white": lambda: np.ones((300, 400)),
    "black": lambda: np.zeros((300, 400), dtype=np.uint8),
    "grey": lambda: Image.new("RGB", (300, 400), (128, 128, 128)),
    "transparent": lambda: Image.new("RGBA", (300, 400), (0, 0, 0, 0)),
    "blank 16 bits": lambda: Image.fromarray(np.full((300, 400), 999, dtype=np.uint16)),
    "a slope of light": lambda: np.tile(np.linspace(0.2, 0.9, 400), (300, 1)),
    "faint noise": lambda: _noise((300, 400), 0.03),
    "strong noise": lambda: _noise((300, 400), 0.3),
    "coloured noise": lambda: _noise((300, 400, 3), 0.3),
    "small noise": lambda: _noise((28, 28), 0.2),
    "black and white noise": lambda: (_noise((300, 400), 0.3) > 0.5).astype(np.uint8) * 255,
    "pepper": lambda: (_noise((300, 400), 0.3) > 0.1).astype(np.uint8) * 255,
}


def test_a_picture_without_a_digit_is_refused(subtests: pytest.Subtests) -> None:
    for kind in BLANKS:
        with subtests.test(kind=kind), pytest.raises(ValueError, match="no digit was found"):
            picture_to_digit(BLANKS[kind]())


BAD_PICTURES: dict[str, Callable[[], Any]] = {
    "one pixel": lambda: np.zeros((1, 1), dtype=np.uint8),
    "one row": lambda: Image.new("L", (100, 1)),
    "no pixel": lambda: np.zeros((0, 0), dtype=np.uint8),
    "no column": lambda: np.zeros((5, 0)),
    "flat": lambda: np.zeros(784),
    "two channels": lambda: np.zeros((28, 28, 2), dtype=np.uint8),
    "a batch": lambda: np.zeros((2, 28, 28, 3), dtype=np.uint8),
    "integers": lambda: np.zeros((28, 28), dtype=np.int64),
    "floats up to 255": lambda: np.full((28, 28), 255.0),
    "negative floats": lambda: np.full((28, 28), -0.1),
    "NaN": lambda: np.full((28, 28), np.nan),
    "a picture of NaN": lambda: Image.fromarray(np.full((28, 28), np.nan, dtype=np.float32)),
    "a name": lambda: "digit.png",
    "nothing": lambda: None,
}


def test_what_is_no_picture_is_refused(subtests: pytest.Subtests) -> None:
    for kind in BAD_PICTURES:
        with subtests.test(kind=kind), pytest.raises(ValueError, match="picture"):
            picture_to_digit(BAD_PICTURES[kind]())


def test_a_huge_picture_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    huge = Image.new("1", (10_000, 10_000))
    monkeypatch.setattr(Image.Image, "load", lambda picture: pytest.fail("it is read"))
    with pytest.raises(ValueError, match=r"10000 x 10000 pixels.*64 megapixels"):
        picture_to_digit(huge)


@pytest.mark.parametrize("shape", [(2, 20_000), (20_000, 2), (3, 3), (2, 2)])
def test_odd_shapes_are_read_or_refused(shape: tuple[int, int]) -> None:
    picture = (np.random.default_rng(0).random(shape) > 0.9).astype(np.uint8) * 255
    with contextlib.suppress(ValueError):
        assert picture_to_digit(picture).shape == (28, 28)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP"])
def test_a_truncated_file_is_refused(kind: str, some: list[NDArray[np.uint8]]) -> None:
    file = io.BytesIO()
    _picture(_page(some[3])).save(file, kind)
    half = Image.open(io.BytesIO(file.getvalue()[: len(file.getvalue()) // 2]))
    with pytest.raises(ValueError, match="picture"):
        picture_to_digit(half)


CONDITIONS: dict[str, Callable[[Page], Any]] = {
    "plain": _picture,
    "uneven light": lambda page: _picture(_with_uneven_light(page)),
    "noise": lambda page: _picture(_with_noise(page)),
    "both": lambda page: _picture(_with_noise(_with_uneven_light(page))),
    "inverted": lambda page: _picture(1 - page),
    "transparent": FORMS["transparent, black ink"],
    "16 bits": FORMS["16 bits"],
    "palette": FORMS["palette"],
    "JPEG": FORMS["JPEG"],
    "JPEG turned left": FORMS["JPEG turned left"],
}


def test_mnist_on_a_page_is_read_right(mnist: Dataset, subtests: pytest.Subtests) -> None:
    """Thirty digits for each condition, three hundred in all."""
    for condition in CONDITIONS:
        with subtests.test(condition=condition):
            first = 30 * list(CONDITIONS).index(condition)
            part = slice(first, first + 30)
            pages = [_page(image) for image in mnist.test_images[part].numpy()]
            digits = np.stack([picture_to_digit(CONDITIONS[condition](page)) for page in pages])
            answers = predict_probabilities(load_checkpoint("simple_cnn").model, digits).argmax(
                axis=1
            )
            assert (answers == mnist.test_labels[part].numpy()).sum() >= 28


def test_mnist_itself_comes_back_nearly_unchanged(mnist: Dataset) -> None:
    images = mnist.test_images[:200].numpy()
    digits = np.stack([picture_to_digit(image) for image in images])
    differences = [
        _difference(digit, _as_digit(image)) for digit, image in zip(digits, images, strict=True)
    ]
    assert np.median(differences) < 0.03
    answers = predict_probabilities(load_checkpoint("simple_cnn").model, digits).argmax(axis=1)
    assert (answers == mnist.test_labels[:200].numpy()).mean() >= 0.97


def test_mnists_pens_are_mnists(mnist: Dataset) -> None:
    fine = 8
    side = SIZE * fine
    pens = []
    for image in mnist.train_images[:3000:3].numpy():
        ink = np.asarray(Image.fromarray(image).resize((side, side), Image.Resampling.BICUBIC))
        inside = ndimage.distance_transform_edt(ink > 127)
        pens.append(stroke_width(inside) / fine)
    thin, median, thick = np.quantile(pens, [0.05, 0.5, 0.95])
    assert median == pytest.approx(MNIST_PEN, abs=0.1)
    assert (thin, thick) == pytest.approx(MNIST_PENS, abs=0.2)
