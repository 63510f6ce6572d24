"""A drawing is read once at each moment of a run, and it is told since when it was recognised."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from torch import nn

from mnist_demo import RECIPES, predict_probabilities
from mnist_demo.digits.mnist_format import Digit
from mnist_demo.training.snapshots import Snapshot, halve_weights, restore
from mnist_demo.ui.train.playback.drawing_curve import DrawingCurve, describe_answers

RECIPE = RECIPES["softmax"]


class Restored:
    """Restores moments, and counts how often."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, snapshot: Snapshot) -> nn.Module:
        self.count += 1
        return restore(RECIPE, 0, snapshot)


@pytest.fixture
def snapshots() -> list[Snapshot]:
    """Three networks, each of other weights."""
    made = []
    for seed, step in enumerate((0, 7, 20)):
        weights = halve_weights(RECIPE.build(seed))
        assert weights is not None
        made.append(Snapshot(step, 0, 0, 0, {}, weights))
    return made


def _noise(seed: int) -> Digit:
    return np.random.default_rng(seed).random((28, 28), dtype=np.float32)


def test_a_moment_reads_a_drawing_once_and_another_one_anew(snapshots: list[Snapshot]) -> None:
    curve, restored = DrawingCurve(), Restored()
    for seed, count in [(0, 3), (0, 3), (1, 6), (1, 6)]:
        digit = _noise(seed)
        curve.read(snapshots, digit, restored, math.inf)
        assert restored.count == count
        series = curve.describe(snapshots, digit)["series"]
        for place, snapshot in enumerate(snapshots):
            read = predict_probabilities(restore(RECIPE, 0, snapshot), digit)[0]
            points = [one["points"][place] for one in series]
            assert [step for step, _ in points] == [snapshot.step] * 10
            assert [share for _, share in points] == pytest.approx(read, abs=1e-4)


def test_what_is_kept_is_not_read_again(snapshots: list[Snapshot]) -> None:
    curve, restored, digit = DrawingCurve(), Restored(), _noise(0)
    curve.keep(snapshots[1], digit, np.full(10, 0.1, np.float32))
    curve.read(snapshots, digit, restored, math.inf)
    assert restored.count == 2


def test_when_the_time_is_over_nothing_is_read(snapshots: list[Snapshot]) -> None:
    curve, restored, digit = DrawingCurve(), Restored(), _noise(0)
    curve.read(snapshots, digit, restored, -math.inf)
    shown = curve.describe(snapshots, digit)
    assert restored.count == 0
    assert all(one["points"] == [] for one in shown["series"])
    assert (shown["low"], shown["high"], shown["told"], shown["done"]) == (0, 20, "", False)


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ([7, 7, 7, 7], "It reads a 7 from the first moment to the last."),
        ([1, 7, 7, 7], "From step 1,000 on it reads a 7."),
        ([7, 1, 8, 8], "From step 2,000 on it reads an 8."),
        ([7, 7, 7, 8], "It changed its mind at the end, at step 3,000: from a 7 to an 8."),
        ([8, 1], "It changed its mind at the end, at step 1,000: from an 8 to a 1."),
    ],
)
def test_it_is_told_since_when_the_answer_is_the_last_one(
    answers: Sequence[int], told: str
) -> None:
    steps = [0, 1000, 2000, 3000][: len(answers)]
    assert describe_answers(steps, answers)["en"] == told
