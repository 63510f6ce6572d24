from typing import Any

import numpy as np
import pytest

from mnist_demo.ui.draw.prediction_card import describe_prediction
from tests.ui.english import english

BLANK = np.zeros((28, 28), dtype=np.float32)


@pytest.mark.parametrize(
    ("share", "sentence"),
    [
        (1.0, "It reads a 4."),
        (0.91, "It reads a 4."),
        (0.89, "Probably a 4."),
        (0.61, "Probably a 4."),
        (0.59, "Not sure: a 4, or a 9."),
    ],
)
def test_the_sentence_is_as_sure_as_the_model(share: float, sentence: str) -> None:
    answer = _answer(share)
    assert answer["digit"] == 4
    assert answer["sentence"] == sentence
    assert answer["shares"][4] == pytest.approx(share)
    assert answer["shares"][9] == pytest.approx(1 - share)


@pytest.mark.parametrize(
    ("share", "threshold", "sentence"),
    [
        (0.91, None, "It reads a 4."),
        (0.91, 0.8, "It reads a 4."),
        (0.89, 0.8, "Probably a 4."),
        (0.79, 0.8, "Not sure: a 4, or a 9."),
        (0.91, 0.95, "Not sure: a 4, or a 9."),
        (0.96, 0.95, "It reads a 4."),
        (0.55, 0.5, "Probably a 4."),
        (0.55, 0.58, "Not sure: a 4, or a 9."),
        (0.5, 0.5, "Probably a"),
    ],
)
def test_under_its_threshold_a_model_is_not_sure(
    share: float, threshold: float | None, sentence: str
) -> None:
    assert _answer(share, threshold)["sentence"].startswith(sentence)


def test_who_knows_what_is_no_digit_says_so() -> None:
    probabilities = np.full(10, 0.08, dtype=np.float32)
    probabilities[[3, 5]] = 0.2, 0.16
    answer = english(describe_prediction(probabilities, BLANK, 0.9))
    assert answer["sentence"].startswith("This does not look like a digit")
    assert answer["sentence"].endswith("a 3, or a 5.")
    assert (
        english(describe_prediction(probabilities, BLANK))["sentence"] == "Not sure: a 3, or a 5."
    )


def _answer(share: float, threshold: float | None = None) -> dict[str, Any]:
    """To a picture that is a 4 with the probability `share`, else a 9."""
    probabilities = np.zeros(10, dtype=np.float32)
    probabilities[4], probabilities[9] = share, 1 - share
    return english(describe_prediction(probabilities, BLANK, threshold))
