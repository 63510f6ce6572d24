import numpy as np
import pytest

from mnist_demo.ui.answer import describe_answer

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
    probabilities = np.zeros(10, dtype=np.float32)
    probabilities[4], probabilities[9] = share, 1 - share
    answer = describe_answer(probabilities, BLANK)
    assert answer["digit"] == 4
    assert answer["sentence"] == sentence
    assert answer["shares"][4] == pytest.approx(share)
    assert answer["shares"][9] == pytest.approx(1 - share)
