from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_demo.data.non_digit_templates import LETTERS, SHAPES
from mnist_demo.data.non_digits import (
    cut_piece,
    draw_non_digits,
    fragment,
    letter,
    scribble,
    shape,
    side_by_side,
)
from mnist_demo.data.synthetic_digits import _parse, sample_strokes
from mnist_demo.digits.mnist_format import SIZE
from mnist_demo.digits.strokes import strokes_to_digit

Images = NDArray[Any]


@pytest.fixture(scope="module")
def non_digits() -> Images:
    return draw_non_digits(100, seed=1)


def _way(path: Images) -> float:
    """The length of a stroke."""
    return float(np.hypot(*np.diff(path, axis=0).T).sum())


def _chord(path: Images) -> float:
    """How far apart its ends are."""
    return float(np.hypot(*(path[-1] - path[0])))


def _roundness(image: Images) -> float:
    """How far the ink spreads across its longest direction, as a share of its length."""
    points = np.argwhere(image > 0.5).astype(float)
    long, wide = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
    return float(wide / long)


class TestNonDigits:
    def test_they_are_bytes(self, non_digits: Images) -> None:
        assert non_digits.shape == (100, SIZE, SIZE)
        assert non_digits.dtype == np.uint8
        assert len({image.tobytes() for image in non_digits}) == 100

    def test_a_seed_draws_the_same_each_time(self) -> None:
        assert np.array_equal(draw_non_digits(12, 5), draw_non_digits(12, 5))
        assert not np.array_equal(draw_non_digits(12, 5), draw_non_digits(12, 6))

    @pytest.mark.parametrize("count", [0, 1])
    def test_there_may_be_none_of_them(self, count: int) -> None:
        assert draw_non_digits(count, 0).shape == (count, SIZE, SIZE)

    def test_a_scribble_is_a_few_strokes(self) -> None:
        random = np.random.default_rng(0)
        scribbles = [scribble(random) for _ in range(60)]
        assert {len(strokes) for strokes in scribbles} == {1, 2, 3}
        assert np.isfinite(np.concatenate([path for one in scribbles for path in one])).all()

    def test_some_scribbles_fill_a_patch_and_none_is_a_line(self) -> None:
        random = np.random.default_rng(0)
        images = [strokes_to_digit(scribble(random)) for _ in range(100)]
        inked = [float((image > 0.5).mean()) for image in images]
        assert max(inked) > 0.2
        assert min(_roundness(image) for image in images) > 0.15

    def test_a_fragment_is_one_bent_piece(self) -> None:
        random = np.random.default_rng(0)
        for _ in range(100):
            (piece,) = fragment(random)
            assert _chord(piece) < 0.8 * _way(piece)

    def test_a_piece_is_part_of_its_stroke_and_never_nearly_straight(self) -> None:
        random = np.random.default_rng(0)
        pieces = 0
        for number in range(500):
            stroke = sample_strokes(number % 10, random)[0]
            piece = cut_piece(stroke, random)
            if piece is None:
                continue
            pieces += 1
            assert _chord(piece) < 0.8 * _way(piece)
            starts = np.flatnonzero((stroke == piece[0]).all(axis=1))
            assert any(np.array_equal(stroke[at : at + len(piece)], piece) for at in starts)
            assert len(stroke) / 4 - 1 <= len(piece) <= 0.4 * len(stroke) + 1
        assert pieces > 50

    @pytest.mark.parametrize("points", [0, 1, 5, 15, 200])
    def test_a_line_and_a_dot_have_no_piece(self, points: int) -> None:
        random = np.random.default_rng(0)
        line = np.linspace((0, 0), (30, 100), points)
        dot = np.full((points, 2), 7.0)
        assert all(cut_piece(path, random) is None for path in (line, dot) for _ in range(50))


class TestLettersAndShapes:
    @pytest.mark.parametrize("name", [*LETTERS, *SHAPES])
    def test_each_is_strokes_about_its_box(self, name: str) -> None:
        for strokes in (LETTERS | SHAPES)[name]:
            assert isinstance(strokes, tuple)  # a text in brackets would be one of letters
            points = np.concatenate([_parse(text)[0] for text in strokes])
            assert points.min() >= -10
            assert points.max() <= 110
            assert np.ptp(points, axis=0).max() >= 60

    def test_none_is_a_letter_that_may_be_a_digit(self) -> None:
        assert not set("BCGIOQSZbcgiloqsz") & set(LETTERS)

    def test_all_are_drawn(self) -> None:
        random = np.random.default_rng(0)
        assert len({len(letter(random)) for _ in range(100)}) >= 3
        assert len({len(shape(random)) for _ in range(200)}) >= 4

    def test_digits_stand_side_by_side(self) -> None:
        random = np.random.default_rng(0)
        sizes = [np.ptp(np.concatenate(side_by_side(random)), axis=0) for _ in range(50)]
        assert np.mean([width > height for width, height in sizes]) > 0.7
