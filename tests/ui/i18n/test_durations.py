import pytest

from mnist_demo.ui.i18n.durations import describe_roughly, describe_seconds


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (45, "45 s"), (60, "1 min"), (80.4, "1 min 20 s"), (3600, "60 min")],
)
def test_times_are_told_in_minutes_and_seconds(seconds: float, words: str) -> None:
    assert describe_seconds(seconds)["en"] == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "5 s"),
        (12, "10 s"),
        (57, "55 s"),
        (58, "1 min"),
        (83, "1 min 20 s"),
        (299, "5 min"),
        (333, "6 min"),
    ],
)
def test_an_estimate_is_no_finer_than_it_can_be(seconds: float, words: str) -> None:
    assert describe_roughly(seconds)["en"] == words
