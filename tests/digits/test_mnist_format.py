import numpy as np
import pytest

from mnist_demo import Dataset
from mnist_demo.digits.mnist_format import BOX, SIZE, Digit, centre_by_mass, fit_into_box, resize


def _centre(image: Digit) -> tuple[float, float]:
    rows, columns = np.mgrid[0:SIZE, 0:SIZE]
    return float((rows * image).sum() / image.sum()), float((columns * image).sum() / image.sum())


def _blob(top: int, left: int, height: int, width: int, size: int = SIZE) -> Digit:
    image = np.zeros((size, size), dtype=np.float32)
    image[top : top + height, left : left + width] = 1
    return image


def _box(image: Digit) -> tuple[int, int]:
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    return int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1


@pytest.mark.parametrize("corner", [(0, 0), (0, 17), (15, 0), (15, 17), (9, 9)])
def test_mass_is_centred_wherever_it_lay(corner: tuple[int, int]) -> None:
    moved = centre_by_mass(_blob(*corner, 13, 11))
    assert moved.sum() == 13 * 11
    assert _centre(moved) == (14, 14)


def test_mass_is_moved_by_whole_pixels() -> None:
    image = np.random.default_rng(0).random((SIZE, SIZE)).astype(np.float32)
    image[:9] = image[19:] = 0
    image[:, :4] = image[:, 14:] = 0
    moved = centre_by_mass(image)
    assert np.array_equal(np.sort(moved, axis=None), np.sort(image, axis=None))
    assert np.abs(np.subtract(_centre(moved), 14)).max() <= 0.5 + 1e-3


def test_no_ink_is_pushed_over_the_edge() -> None:
    lopsided = _blob(0, 0, 2, 28) + 0.1 * _blob(2, 5, 26, 1)
    moved = centre_by_mass(lopsided)
    assert moved.sum() == pytest.approx(lopsided.sum())
    assert np.array_equal(moved, lopsided)


def test_a_blank_stays_blank() -> None:
    blank = np.zeros((SIZE, SIZE), dtype=np.float32)
    assert np.array_equal(centre_by_mass(blank), blank)


def test_centring_leaves_its_argument_alone() -> None:
    image = _blob(0, 0, 5, 5)
    before = image.copy()
    centre_by_mass(image)
    assert np.array_equal(image, before)


def test_the_centring_that_mnist_had_is_found_again(mnist: Dataset) -> None:
    images = mnist.test_images[:500].numpy().astype(np.float32) / 255
    unmoved = [np.array_equal(centre_by_mass(image), image) for image in images]
    assert np.mean(unmoved) > 0.9


@pytest.mark.parametrize(
    ("shape", "box"),
    [((10, 10), (20, 20)), ((40, 20), (20, 10)), ((3, 60), (1, 20)), ((20, 20), (20, 20))],
)
def test_ink_is_scaled_to_the_box_and_keeps_its_aspect(
    shape: tuple[int, int], box: tuple[int, int]
) -> None:
    assert _box(fit_into_box(_blob(7, 11, *shape, size=100))) == box


@pytest.mark.parametrize("seed", range(5))
def test_the_margin_does_not_matter(seed: int) -> None:
    random = np.random.default_rng(seed)
    ink = random.random((random.integers(3, 50), random.integers(3, 50))).astype(np.float32)
    padded = np.pad(ink, [(int(random.integers(9)), int(random.integers(9))) for _ in range(2)])
    assert np.array_equal(fit_into_box(ink), fit_into_box(padded))


@pytest.mark.parametrize("seed", range(5))
def test_what_fits_is_a_digit(seed: int) -> None:
    random = np.random.default_rng(seed)
    image = fit_into_box(random.random((40, random.integers(1, 60))).astype(np.float32))
    assert image.shape == (SIZE, SIZE)
    assert image.dtype == np.float32
    assert image.min() == 0
    assert image.max() <= 1
    assert max(_box(image)) == BOX
    assert np.abs(np.subtract(_centre(image), 14)).max() <= 0.5 + 1e-3


@pytest.mark.parametrize("shape", [(7, 9), (28, 28), (56, 56), (3, 90)])
def test_resizing_keeps_a_flat_picture_flat(shape: tuple[int, int]) -> None:
    flat = np.full(shape, 0.625, dtype=np.float32)
    assert resize(flat, 28, 20).shape == (28, 20)
    np.testing.assert_allclose(resize(flat, 28, 20), 0.625, atol=1e-6)


def test_shrinking_keeps_the_mean() -> None:
    image = np.random.default_rng(0).random((60, 80)).astype(np.float32)
    assert resize(image, 15, 20).mean() == pytest.approx(image.mean(), abs=1e-4)


def test_growing_stays_within_the_range() -> None:
    image = (np.random.default_rng(0).random((8, 8)) > 0.5).astype(np.float32)
    grown = resize(image, 20, 20)
    assert grown.dtype == np.float32
    assert 0 <= grown.min() <= grown.max() <= 1
