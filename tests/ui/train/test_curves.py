import math
from copy import deepcopy

import pytest

from mnist_demo.ui.train.curves import MAX_POINTS, Curve


def _grown(moments: int) -> Curve:
    """A curve of the steps 1, 2, 3 ..., half a second each, with their numbers as values."""
    curve = Curve()
    for step in range(1, moments + 1):
        curve.add(step, step / 2, step, -step)
    return curve


@pytest.mark.parametrize(
    ("moments", "together"),
    [
        (0, 1),
        (1, 1),
        (MAX_POINTS - 1, 1),
        (MAX_POINTS, 2),
        (MAX_POINTS + 1, 2),
        (2 * MAX_POINTS - 1, 2),
        (2 * MAX_POINTS, 4),
        (20 * MAX_POINTS, 32),
    ],
)
def test_points_are_the_means_of_equally_many_moments(moments: int, together: int) -> None:
    """At MAX_POINTS they are halved: each pair becomes its mean, at the place of its last."""
    expected = []
    for last in range(together, moments + 1, together):
        mean = last - (together - 1) / 2
        expected.append([last, last / 2, mean, -mean])
    assert _grown(moments).points == expected


def test_a_curve_never_holds_more_than_the_most() -> None:
    curve = Curve()
    for step in range(5 * MAX_POINTS):
        curve.add(step, 0, 0)
        assert len(curve.points) <= MAX_POINTS


def test_a_halved_curve_still_ends_where_the_run_is() -> None:
    curve = _grown(MAX_POINTS)
    assert len(curve.points) == MAX_POINTS / 2
    assert curve.points[-1][:2] == [MAX_POINTS, MAX_POINTS / 2]


def test_points_are_rounded_for_the_way_to_the_browser() -> None:
    curve = Curve()
    curve.add(1, 1 / 3, 2 / 3)
    assert curve.points == [[1, 0.333, 0.66667]]


def test_what_is_no_finite_number_counts_for_nothing() -> None:
    curve = Curve()
    for step in range(1, MAX_POINTS + 1):
        curve.add(step, 0, math.nan if step % 2 else step, math.inf)
    assert curve.points[:2] == [[2, 0, 2, None], [4, 0, 4, None]]


def test_what_was_sent_stays_as_it_is_while_the_curve_grows() -> None:
    curve = _grown(MAX_POINTS - 1)
    sent = list(curve.points)
    as_it_was = deepcopy(sent)
    curve.add(MAX_POINTS, 0, 0, 0)
    assert sent == as_it_was
    assert curve.points != as_it_was
