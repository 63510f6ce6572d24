from typing import Any

import numpy as np
import pytest
from torch import nn

from mnist_demo import RECIPES
from mnist_demo.models.checkpoints import Checkpoint
from mnist_demo.models.numbers import DigitReading, NumberReading
from mnist_demo.ui.draw.prediction_card import describe_number, describe_prediction
from tests.ui.english import english

BLANK = np.zeros((28, 28), dtype=np.float32)


def _checkpoint(recipe: str, threshold: float | None = None) -> Checkpoint:
    metrics = {"threshold": threshold}
    return Checkpoint("mine", nn.Identity(), RECIPES[recipe], 0, "MNIST", metrics)


PLAIN, ROBUST = _checkpoint("simple_cnn"), _checkpoint("robust_cnn", 0.9)


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
    assert answer["headline"] == "4"
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
    answer = english(describe_prediction(probabilities, BLANK, ROBUST))
    assert answer["sentence"].startswith("This does not look like a digit")
    assert answer["sentence"].endswith("a 3, or a 5.")
    assert answer["headline"] == "?"
    assert answer["note"] == ""


def test_who_was_not_taught_it_names_a_digit_and_says_that_it_knows_no_other_thing() -> None:
    probabilities = np.full(10, 0.08, dtype=np.float32)
    probabilities[[3, 5]] = 0.2, 0.16
    for checkpoint in (PLAIN, _checkpoint("softmax", 0.9)):
        answer = english(describe_prediction(probabilities, BLANK, checkpoint))
        assert answer["sentence"] == "Not sure: a 3, or a 5."
        assert answer["note"].startswith("It knows digits only")
    assert english(describe_number(_number(0.9, 0.9), PLAIN))["note"] == answer["note"]


def _answer(share: float, threshold: float | None = None) -> dict[str, Any]:
    """To a picture that is a 4 with the probability `share`, else a 9."""
    probabilities = np.zeros(10, dtype=np.float32)
    probabilities[4], probabilities[9] = share, 1 - share
    return english(describe_prediction(probabilities, BLANK, _checkpoint("simple_cnn", threshold)))


def test_an_8_is_spoken_with_a_vowel() -> None:
    probabilities = np.zeros(10, dtype=np.float32)
    probabilities[[8, 1]] = 0.5, 0.45
    answer = english(describe_prediction(probabilities, BLANK, PLAIN))
    assert answer["sentence"] == "Not sure: an 8, or a 1."


def _number(*shares: float) -> NumberReading:
    """A number of fours, each with its probability; the rest of it a nine's."""
    digits = []
    for share in shares:
        probabilities = np.zeros(10, dtype=np.float32)
        probabilities[[4, 9]] = share, 1 - share
        digits.append(DigitReading(4, share, probabilities, (1.0, 2.0, 3.0, 4.04), BLANK))
    return NumberReading(tuple(digits))


@pytest.mark.parametrize(
    ("shares", "threshold", "sentence"),
    [
        ((1.0, 0.99), 0.9, "It reads 44."),
        ((0.94, 0.94), 0.9, "Probably 44."),
        ((0.99, 0.85), 0.9, "Not sure: perhaps 44."),
        ((0.99, 0.65, 0.99), None, "Probably 444."),
        ((0.99, 0.55), None, "Not sure: perhaps 44."),
    ],
)
def test_a_number_is_as_sure_as_the_least_sure_of_its_digits(
    shares: tuple[float, ...], threshold: float | None, sentence: str
) -> None:
    answer = english(describe_number(_number(*shares), _checkpoint("simple_cnn", threshold)))
    assert answer["sentence"] == sentence
    assert [each["box"] for each in answer["digits"]] == [[1, 2, 3, 4]] * len(shares)


def test_what_is_no_digit_of_a_number_is_a_question_mark() -> None:
    reading = _number(1.0, 1.0)
    spread = np.full(10, 0.1, dtype=np.float32)
    unknown = DigitReading(0, 0.1, spread, reading.digits[0].box, BLANK)
    answer = english(describe_number(NumberReading((reading.digits[0], unknown)), ROBUST))
    assert answer["sentence"] == "Not sure: perhaps 4?."
    assert [each["headline"] for each in answer["digits"]] == ["4", "?"]
