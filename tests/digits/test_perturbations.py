from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from mnist_demo import strokes_to_digit
from mnist_demo.digits.mnist_format import Digit
from mnist_demo.digits.perturbations import RANGES, Perturbation, perturb, sweep


@pytest.fixture(scope="module")
def bar() -> Digit:
    """An upright bar."""
    return strokes_to_digit([[[0, 0], [0, 100]]])


def _centre(digit: Digit) -> tuple[float, float]:
    """Of mass: down, right."""
    down, right = np.mgrid[0:28, 0:28]
    return float((digit * down).sum() / digit.sum()), float((digit * right).sum() / digit.sum())


def _extent(digit: Digit) -> tuple[int, int]:
    rows, columns = np.flatnonzero((digit > 0.5).any(1)), np.flatnonzero((digit > 0.5).any(0))
    return int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1


def test_every_value_has_its_range_with_no_change_in_it() -> None:
    assert list(RANGES) == [field.name for field in fields(Perturbation)]
    for name, bounds in RANGES.items():
        assert bounds.low <= getattr(Perturbation(), name) <= bounds.high


def test_no_change_changes_nothing(bar: Digit) -> None:
    np.testing.assert_allclose(perturb(bar, Perturbation()), bar, atol=1e-5)


@pytest.mark.parametrize("pixels", [-5, 3, 8])
def test_a_shift_moves_to_the_right(pixels: int, bar: Digit) -> None:
    moved = perturb(bar, Perturbation(shift=pixels))
    np.testing.assert_allclose(moved, np.roll(bar, pixels, axis=1), atol=1e-4)


@pytest.mark.parametrize("angle", [-90, 90])
def test_a_quarter_turn_lays_a_bar_down(angle: int, bar: Digit) -> None:
    assert _extent(perturb(bar, Perturbation(rotation=angle))) == _extent(bar)[::-1]


def test_a_turn_goes_clockwise() -> None:
    ell = strokes_to_digit([[[0, 0], [0, 100], [60, 100]]])
    np.testing.assert_allclose(
        perturb(ell, Perturbation(rotation=90)), np.rot90(ell, -1), atol=1e-4
    )


def test_a_turned_digit_moves_to_the_right_too(bar: Digit) -> None:
    turned = perturb(bar, Perturbation(rotation=90))
    moved = perturb(bar, Perturbation(rotation=90, shift=2))
    (down, right), (moved_down, moved_right) = _centre(turned), _centre(moved)
    assert moved_right - right == pytest.approx(2, abs=0.1)
    assert moved_down == pytest.approx(down, abs=0.1)


def test_scale_changes_the_size(bar: Digit) -> None:
    height = _extent(bar)[0]
    assert _extent(perturb(bar, Perturbation(scale=0.5)))[0] == pytest.approx(height / 2, abs=1)


@pytest.mark.parametrize(("pixels", "change"), [(1, 2), (2, 4)])
def test_thickness_grows_on_either_side(pixels: float, change: int, bar: Digit) -> None:
    assert _extent(perturb(bar, Perturbation(thickness=pixels)))[1] == _extent(bar)[1] + change


def test_half_a_pixel_lies_between(bar: Digit) -> None:
    masses = [perturb(bar, Perturbation(thickness=pixels)).sum() for pixels in (-0.5, 0, 0.5, 1.5)]
    assert masses == sorted(masses)
    assert len(set(masses)) == 4


def test_noise_is_the_same_each_time_and_grows(bar: Digit) -> None:
    noisy = perturb(bar, Perturbation(noise=0.4))
    assert np.array_equal(noisy, perturb(bar, Perturbation(noise=0.4)))
    faint = perturb(bar, Perturbation(noise=0.1))
    assert np.abs(noisy - bar).mean() > np.abs(faint - bar).mean() > 0


@pytest.mark.parametrize("name", RANGES)
def test_a_sweep_goes_over_its_whole_range(name: str, bar: Digit) -> None:
    start = Perturbation(shift=1, scale=1.1)
    amounts, digits = sweep(bar, start, name, 9)
    assert amounts[0] == RANGES[name].low
    assert amounts[-1] == RANGES[name].high
    assert digits.shape == (9, 28, 28)
    assert digits.dtype == np.float32
    assert digits.min() >= 0
    assert digits.max() <= 1
    expected = perturb(bar, replace(start, **{name: float(amounts[4])}))
    assert np.array_equal(digits[4], expected)


def test_a_bad_value_is_refused(subtests: pytest.Subtests) -> None:
    bad: list[Any] = [1e9, -1e9, float("nan"), "1", None]
    for name in RANGES:
        for value in bad:
            with subtests.test(name=name, value=value), pytest.raises(ValueError, match=name):
                Perturbation(**{name: value})


def test_an_unknown_change_is_refused(bar: Digit) -> None:
    with pytest.raises(ValueError, match="'colour'"):
        sweep(bar, Perturbation(), "colour", 3)
