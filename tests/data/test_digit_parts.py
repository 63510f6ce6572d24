from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_demo import load_checkpoint, predict_probabilities
from mnist_demo.data.digit_parts import Strokes, put_together, write_by_hand
from mnist_demo.data.synthetic_digits import deform, render


def _many(label: int, count: int = 300) -> list[Strokes]:
    random = np.random.default_rng(label)
    return [put_together(label, random) for _ in range(count)]


def _slope(stroke: NDArray[Any]) -> float:
    """The direction from one end to the other, in degrees."""
    along = stroke[-1] - stroke[0]
    return float(np.degrees(np.arctan2(along[1], along[0])))


@pytest.mark.parametrize("label", range(10))
def test_each_is_a_few_strokes_about_its_box(label: int) -> None:
    for strokes in _many(label, 100):
        assert 1 <= len(strokes) <= 2
        points = np.concatenate(strokes)
        assert points.shape[1:] == (2,)
        assert points.min() > -60
        assert points.max() < 160
        assert 80 < np.ptp(points[:, 1]) < 170


@pytest.mark.parametrize("label", range(10))
def test_a_seed_gives_the_same_and_none_comes_twice(label: int) -> None:
    first, again = _many(label, 30), _many(label, 30)
    assert all(np.array_equal(*pair) for pair in zip(first[0], again[0], strict=True))
    assert len({strokes[0].tobytes() for strokes in first}) == 30


def test_the_bar_of_a_7_lies_at_any_height_and_has_any_length() -> None:
    bars = [strokes[1] for strokes in _many(7) if len(strokes) == 2]
    assert 0.3 < len(bars) / 300 < 0.7
    heights = [float(bar[:, 1].mean()) for bar in bars]
    lengths = [float(np.ptp(bar[:, 0])) for bar in bars]
    assert min(heights) < 40
    assert max(heights) > 85
    assert min(lengths) < 25
    assert max(lengths) > 70


def test_a_0_is_crossed_in_any_direction_and_its_ends_meet_or_not() -> None:
    zeros = _many(0)
    slopes = np.array([_slope(strokes[1]) for strokes in zeros if len(strokes) == 2])
    assert (np.abs(slopes) < 15).any()
    assert (np.abs(slopes) > 75).any()
    gaps = [float(np.hypot(*(strokes[0][0] - strokes[0][-1]))) for strokes in zeros]
    assert min(gaps) < 4
    assert max(gaps) > 25


def test_the_flag_of_a_1_is_short_or_long_or_not_there() -> None:
    flags = []
    for stroke, *_ in _many(1):
        flags.append(float(stroke[np.argmin(stroke[:, 1]), 0] - stroke[0, 0]))
    assert min(flags) < 1
    assert max(flags) > 45


def test_the_tail_of_a_9_is_straight_or_curled() -> None:
    tails = [strokes[-1][len(strokes[-1]) // 2 :] for strokes in _many(9)]
    ends_low = [bool(tail[-1, 1] > tail[:, 1].max() - 2) for tail in tails]
    assert 0.2 < np.mean(ends_low) < 0.8


def test_the_top_of_a_4_is_open_or_closed() -> None:
    tops = [float(strokes[1][0, 0] - strokes[0][0, 0]) for strokes in _many(4) if len(strokes) == 2]
    assert min(tops) < 6
    assert max(tops) > 40


def test_a_hasty_pen_cuts_corners() -> None:
    corner = np.concatenate(
        [np.linspace((0, 0), (100, 0), 20), np.linspace((100, 0), (100, 100), 20)]
    )

    def sharpest_turn(hasty: float, seed: int) -> float:
        (path,) = write_by_hand([corner], np.random.default_rng(seed), hasty=hasty)
        steps = np.diff(path[10:-10], axis=0)
        return float(np.abs(np.diff(np.unwrap(np.arctan2(steps[:, 1], steps[:, 0])))).max())

    blunt, sharp = (
        np.median([sharpest_turn(hasty, seed) for seed in range(40)]) for hasty in (1, 0)
    )
    assert sharp > 1.3 * blunt


def test_a_hand_joins_strokes_at_times() -> None:
    random = np.random.default_rng(0)
    written = [write_by_hand(put_together(5, random), random) for _ in range(300)]
    assert {len(strokes) for strokes in written} == {1, 2}


def test_they_are_what_they_are_called() -> None:
    """A model that has seen none of them reads nearly all."""
    random = np.random.default_rng(3)
    labels = np.arange(600) % 10
    images = np.stack(
        [
            render(deform(write_by_hand(put_together(int(label), random), random), random), random)
            for label in labels
        ]
    )
    answers = predict_probabilities(load_checkpoint("robust_cnn").model, images).argmax(axis=1)
    assert (answers == labels).mean() > 0.95
