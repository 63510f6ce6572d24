from copy import deepcopy

import pytest

from mnist_demo.ui.charts import MAX_POINTS, Curve, describe_chart


def _grown(values: int) -> Curve:
    """A curve of the values 1, 2, 3 ... at x = 1, 2, 3 ..."""
    curve = Curve("loss")
    for value in range(1, values + 1):
        curve.add(value, value)
    return curve


@pytest.mark.parametrize(
    ("values", "together"),
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
def test_points_are_the_means_of_equally_many_values(values: int, together: int) -> None:
    """At MAX_POINTS they are halved: each pair becomes its mean, at the x of its last value."""
    assert _grown(values).points == [
        [last, last - (together - 1) / 2] for last in range(together, values + 1, together)
    ]


def test_a_curve_never_holds_more_than_the_most() -> None:
    curve = Curve("loss")
    for value in range(5 * MAX_POINTS):
        curve.add(value, 0)
        assert len(curve.points) <= MAX_POINTS


def test_a_halved_curve_still_ends_at_the_last_x() -> None:
    curve = _grown(MAX_POINTS)
    assert len(curve.points) == MAX_POINTS / 2
    assert curve.points[-1][0] == MAX_POINTS


def test_points_are_rounded_for_the_way_to_the_browser() -> None:
    curve = Curve("loss")
    curve.add(1 / 3, 2 / 3)
    assert curve.points == [[0.3333, 0.66667]]


def test_a_chart_is_described_by_its_series_and_its_end() -> None:
    curves = [_grown(2), Curve("accuracy", kind="dots")]
    assert describe_chart(curves, 5) == {
        "x_end": 5,
        "series": {
            "loss": {"kind": "line", "points": [[1, 1], [2, 2]]},
            "accuracy": {"kind": "dots", "points": []},
        },
    }


def test_a_description_stays_as_it_is_while_the_curve_grows() -> None:
    curve = _grown(MAX_POINTS - 1)
    described = describe_chart([curve], 1)
    as_it_was = deepcopy(described)
    curve.add(MAX_POINTS, 0)
    assert described == as_it_was
    assert describe_chart([curve], 1) != as_it_was
