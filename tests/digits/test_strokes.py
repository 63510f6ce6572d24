import time
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_demo import strokes_to_digit
from mnist_demo.digits.mnist_format import MNIST_PEN, SIZE, Digit

Path = NDArray[np.float64]

VERTICAL = [[(0, 0), (0, 100)]]


def _curve(seed: int, points: int = 300) -> Path:
    """A smooth line as a hand draws it."""
    random = np.random.default_rng(seed)
    at = np.linspace(0, np.pi, points)
    size, phase = random.normal(size=(2, 2, 4))
    waves = [size[:, [k]] * np.sin((k + 1) * at + phase[:, [k]]) for k in range(4)]
    return np.sum(waves, axis=0).T


def _drawing(seed: int) -> list[Path]:
    random = np.random.default_rng(seed)
    return [
        _curve(seed * 10 + number, int(random.integers(1, 60))) + random.normal(size=2)
        for number in range(random.integers(1, 4))
    ]


def _centre(digit: Digit) -> tuple[float, float]:
    rows, columns = np.mgrid[0:SIZE, 0:SIZE]
    return float((rows * digit).sum() / digit.sum()), float((columns * digit).sum() / digit.sum())


def _box(digit: Digit, level: float = 0.5) -> tuple[int, int]:
    """Height and width of what is inked more than that share of the strongest pixel."""
    rows, columns = np.nonzero(digit > level * digit.max())
    return int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1


def test_a_drawing_becomes_a_digit(subtests: pytest.Subtests) -> None:
    for line_width in [None, 0.5, 1]:
        for seed in range(8):
            with subtests.test(line_width=line_width, seed=seed):
                digit = strokes_to_digit(_drawing(seed), line_width)
                assert digit.shape == (28, 28)
                assert digit.dtype == np.float32
                assert digit.min() == 0
                assert 0.5 < digit.max() <= 1
                assert 19 <= max(_box(digit, 0)) <= 22
                assert np.abs(np.subtract(_centre(digit), 14)).max() < 1


def test_unit_and_position_do_not_matter(subtests: pytest.Subtests) -> None:
    for unit in [1e-4, 0.37, 1000]:
        for offset in [(0, 0), (123.4, -567.8)]:
            for seed in range(4):
                with subtests.test(unit=unit, offset=offset, seed=seed):
                    drawing = _drawing(seed)
                    elsewhere = [(path + np.array(offset)) * unit for path in drawing]
                    for width in (None, 0.2):
                        moved = strokes_to_digit(elsewhere, None if width is None else width * unit)
                        np.testing.assert_allclose(
                            moved, strokes_to_digit(drawing, width), atol=1e-5
                        )


@pytest.mark.parametrize("line_width", [None, 1, 5, 20])
def test_a_vertical_line_is_as_high_as_the_box(line_width: float | None) -> None:
    height, width = _box(strokes_to_digit(VERTICAL, line_width))
    assert 19 <= height <= 21
    assert width < 6


@pytest.mark.parametrize("length", [0.001, 1, 100, 100_000])
def test_the_pen_is_as_wide_as_mnists_whatever_the_size(length: float) -> None:
    digit = strokes_to_digit([[(0, 0), (0, length)]])
    np.testing.assert_allclose(digit[10:18].sum(axis=1), MNIST_PEN, atol=0.01)


@pytest.mark.parametrize("line_width", [6, 10, 20, 40])
def test_a_line_width_is_kept_in_proportion(line_width: float) -> None:
    digit = strokes_to_digit(VERTICAL, line_width)
    expected = line_width * 20 / (100 + line_width)
    np.testing.assert_allclose(digit[14].sum(), expected, atol=0.1)


def test_a_wider_pen_leaves_more_ink() -> None:
    ink = [strokes_to_digit([_curve(3)], width).sum() for width in (0.1, 0.3, 0.9, 2.7)]
    assert ink == sorted(ink)
    assert ink[-1] > 2 * ink[0]


def test_a_hairline_is_grey_and_not_lost() -> None:
    digit = strokes_to_digit(VERTICAL, 1)
    assert 0 < digit.max() < 0.5
    assert (digit[7:21].sum(axis=1) > 0).all()


@pytest.mark.parametrize("line_width", [None, 3])
def test_a_single_point_is_a_round_dot(line_width: float | None) -> None:
    digit = strokes_to_digit([[(5, 7)]], line_width)
    diameter = MNIST_PEN if line_width is None else 20
    assert digit.sum() == pytest.approx(np.pi * diameter**2 / 4, rel=0.1)
    height, width = _box(digit)
    assert height == width
    assert np.abs(np.subtract(_centre(digit), 14)).max() < 1


def test_a_point_touched_twice_is_the_point() -> None:
    np.testing.assert_array_equal(
        strokes_to_digit([[(5, 7), (5, 7), (5, 7)]]), strokes_to_digit([[(5, 7)]])
    )


def test_empty_strokes_are_passed_over() -> None:
    drawing = _drawing(2)
    with_empty: list[Any] = [[], drawing[0], np.zeros((0, 2)), *drawing[1:], []]
    assert np.array_equal(strokes_to_digit(with_empty), strokes_to_digit(drawing))


@pytest.mark.parametrize(("width", "height"), [(200, 100), (100, 200), (300, 50)])
def test_the_aspect_is_kept(width: float, height: float) -> None:
    frame = [[(0, 0), (width, 0), (width, height), (0, height), (0, 0)]]
    outside = np.array([height, width]) + 15
    np.testing.assert_allclose(
        _box(strokes_to_digit(frame, line_width=15)), 20 * outside / outside.max(), atol=1
    )


def test_x_runs_to_the_right_and_y_down() -> None:
    digit = strokes_to_digit([[(0, 0), (0, 100), (60, 100)]])  # an L
    rows, columns = np.nonzero(digit > 0.5)
    assert columns[rows <= rows.min() + 5].max() <= columns.min() + 3
    assert columns[rows >= rows.max() - 1].max() == columns.max()


@pytest.mark.parametrize("seed", range(8))
def test_the_direction_of_a_stroke_does_not_matter(seed: int) -> None:
    drawing = [_curve(seed), _curve(seed + 100) + 1]
    forward = strokes_to_digit(drawing)
    backward = strokes_to_digit([path[::-1] for path in drawing])
    assert np.abs(forward - backward).max() < 0.2
    assert np.abs(forward - backward).mean() < 0.01


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_the_strokes_does_not_matter(seed: int) -> None:
    drawing = _drawing(seed)
    assert np.array_equal(strokes_to_digit(drawing), strokes_to_digit(drawing[::-1]))


@pytest.mark.parametrize("seed", range(8))
def test_more_points_on_the_same_way_draw_the_same(seed: int) -> None:
    path = _curve(seed)
    at = np.linspace(0, len(path) - 1, 5000)
    dense = np.stack([np.interp(at, np.arange(len(path)), path[:, axis]) for axis in (0, 1)], 1)
    difference = np.abs(strokes_to_digit([dense]) - strokes_to_digit([path]))
    assert difference.max() < 0.15
    assert difference.mean() < 0.01


def test_strokes_are_not_joined() -> None:
    apart = strokes_to_digit([[(0, 0), (0, 100)], [(60, 0), (60, 100)]])
    joined = strokes_to_digit([[(0, 0), (0, 100), (60, 0), (60, 100)]])
    columns = np.flatnonzero(apart.any(axis=0))
    middle = (columns[0] + columns[-1]) // 2
    assert apart[:, middle].sum() == 0
    assert joined[:, middle].sum() > 1


def test_lists_tuples_and_arrays_are_the_same() -> None:
    path = _curve(1).round(2)
    expected = strokes_to_digit([path])
    assert np.array_equal(strokes_to_digit([path.tolist()]), expected)
    assert np.array_equal(strokes_to_digit((tuple(map(tuple, path)),)), expected)


def test_the_strokes_are_left_alone() -> None:
    path = _curve(1)
    before = path.copy()
    strokes_to_digit([path], 0.2)
    assert np.array_equal(path, before)


BAD_STROKES: dict[str, Any] = {
    "none": [],
    "only empty ones": [[], []],
    "NaN": [[(0, 0), (float("nan"), 1)]],
    "infinity": [[(0, float("inf"))]],
    "minus infinity": [[(-float("inf"), 0)]],
    "beyond all screens": [[(0, 0), (1e9, 1)]],
    "beyond all floats": [[(0, 0), (10**400, 1)]],
    "text": ["abc"],
    "numbers as text": [[("one", "two")]],
    "nothing in it": [None],
    "dictionaries": [[{"x": 1, "y": 2}]],
    "one number": [5],
    "flat": [[1, 2, 3, 4]],
    "three coordinates": [[(1, 2, 3)]],
    "ragged": [[(1, 2), (3,)]],
    "nested too deep": [[[(1, 2)]]],
    "too many points": [np.zeros((50_001, 2))],
    "too many strokes": [np.zeros((1000, 2))] * 51,
}


def test_bad_strokes_are_refused(subtests: pytest.Subtests) -> None:
    for kind in BAD_STROKES:
        with subtests.test(kind=kind), pytest.raises(ValueError, match=r"stroke|drawing"):
            strokes_to_digit(BAD_STROKES[kind])


def test_the_bad_stroke_is_told_by_its_number() -> None:
    with pytest.raises(ValueError, match="stroke 1 "):
        strokes_to_digit([[(0, 0)], [(float("nan"), 0)]])


@pytest.mark.parametrize("line_width", [0, -1, float("nan"), float("inf"), 1e9])
def test_a_bad_line_width_is_refused_and_named(line_width: float) -> None:
    with pytest.raises(ValueError, match="line_width") as caught:
        strokes_to_digit(VERTICAL, line_width)
    assert repr(line_width) in str(caught.value)


@pytest.mark.parametrize("extent", [1e-9, 1e-300, 5e-324])
def test_the_smallest_drawings_are_drawn(extent: float) -> None:
    assert strokes_to_digit([[(0, 0), (0, extent)]]).sum() > 5


def test_coordinates_up_to_the_bound_are_drawn() -> None:
    wide = strokes_to_digit([[(-1e6, -1e6), (1e6, 1e6)]])
    np.testing.assert_allclose(wide, strokes_to_digit([[(0, 0), (1, 1)]]), atol=1e-5)


@pytest.mark.parametrize("strokes", [1, 100, 25_000])
def test_the_longest_drawing_takes_less_than_two_seconds(strokes: int) -> None:
    points = np.random.default_rng(0).random((strokes, 50_000 // strokes, 2))
    started = time.process_time()
    assert strokes_to_digit(list(points)).sum() > 0
    assert time.process_time() - started < 2
