from typing import Any

import numpy as np
import pytest

from mnist_demo.ui.components.confusion_matrix import (
    confusion_matrix,
    describe_confusion,
    read_pick,
)
from tests.ui.english import english


@pytest.fixture
def counts() -> np.ndarray[Any, np.dtype[np.int64]]:
    """950 right of each digit; some mistakes."""
    made = np.eye(10, dtype=np.int64) * 950
    made[4, 9], made[9, 4], made[7, 1] = 50, 12, 1
    return made


def _shade(counts: np.ndarray[Any, Any], label: int, prediction: int) -> float:
    return describe_confusion(counts)["cells"][label * 10 + prediction]["shade"]


def test_each_cell_tells_its_label_its_prediction_and_its_count(
    counts: np.ndarray[Any, Any],
) -> None:
    cells = english(describe_confusion(counts)["cells"])
    assert len(cells) == 100
    assert cells[49]["alt"] == "label 4, read as 9: 50 digits"
    assert cells[71]["alt"] == "label 7, read as 1: 1 digit"
    assert cells[10]["alt"] == "label 1, read as 0: 0 digits"
    assert [cells[at]["count"] for at in (49, 71, 10, 44)] == ["50", "1", "", "950"]


def test_mistakes_are_not_drowned_by_the_diagonal(counts: np.ndarray[Any, Any]) -> None:
    assert _shade(counts, 4, 9) == 1
    assert _shade(counts, 9, 4) == pytest.approx((12 / 50) ** 0.5, abs=1e-3)
    assert _shade(counts, 7, 1) > 0.1  # one of 9,563
    assert _shade(counts, 1, 0) == 0


def test_a_cell_of_the_diagonal_is_as_strong_as_its_label_is_read_right(
    counts: np.ndarray[Any, Any],
) -> None:
    assert _shade(counts, 0, 0) == 1
    assert _shade(counts, 4, 4) == pytest.approx(0.95, abs=1e-3)
    counts[5] = 0
    assert _shade(counts, 5, 5) == 0


@pytest.mark.parametrize("count", [0, 1, 10**9])
def test_shades_lie_between_0_and_1(count: int) -> None:
    shown = describe_confusion(np.full((10, 10), count, dtype=np.int64))
    assert all(0 <= cell["shade"] <= 1 for cell in shown["cells"])


@pytest.mark.parametrize(
    "counts",
    [
        np.zeros((9, 10), dtype=int),
        np.zeros((10, 10)),
        np.full((10, 10), -1),
        np.full((10, 10), np.nan),
    ],
    ids=str,
)
def test_what_is_no_confusion_matrix_is_refused(counts: np.ndarray[Any, Any]) -> None:
    with pytest.raises(ValueError, match="10 x 10 counts"):
        describe_confusion(counts)


def test_a_pick_is_read() -> None:
    assert read_pick({"cells": [], "picked": {"label": 4, "prediction": 9}}) == (4, 9)


@pytest.mark.parametrize("digit", [None, -1, 10, 1.5, "4", True, float("nan"), [4], {}])
@pytest.mark.parametrize("name", ["label", "prediction"])
def test_a_pick_of_no_cell_is_refused(name: str, digit: Any) -> None:
    picked = {"label": 4, "prediction": 9} | {name: digit}
    with pytest.raises(ValueError, match=f"{name} must be a whole number from 0 to 9"):
        read_pick({"picked": picked})


@pytest.mark.parametrize("value", [None, 3, "x", [], {}, {"picked": None}, {"picked": [4, 9]}])
def test_what_is_no_pick_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="label must be"):
        read_pick(value)


def test_it_is_empty_at_first() -> None:
    made = confusion_matrix(elem_id="matrix")
    assert made.value == {}
