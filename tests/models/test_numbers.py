import numpy as np
import pytest
from numpy.typing import NDArray
from torch import nn

from mnist_demo import (
    load_checkpoint,
    picture_to_digit,
    predict_probabilities,
    read_number,
    strokes_to_digit,
)
from mnist_demo.data.digit_parts import Strokes
from mnist_demo.data.synthetic_digits import template_strokes
from mnist_demo.digits.segmentation import segment
from mnist_demo.models.numbers import choose_digits
from tests.conftest import quick
from tests.digits.test_segmentation import STYLES, picture_of

# Those that people leave open, cross or top with a stroke of its own.
FIVE = [[[120, 60], [60, 60], [55, 130], [100, 120], [130, 170], [100, 220], [50, 210]]]
FIVE_AND_HAT = [[*FIVE[0][1:]], [[75, 60], [150, 55]]]
OPEN_FOUR = [[[60, 60], [50, 150], [150, 150]], [[120, 60], [115, 230]]]
BARRED_SEVEN = [[[60, 60], [150, 60], [95, 230]], [[70, 150], [140, 145]]]
RING = [[100 + 45 * float(np.cos(a)), 140 + 80 * float(np.sin(a))] for a in np.linspace(0, 6.3, 40)]
SLASHED_ZERO = [RING, [[150, 50], [50, 230]]]


@pytest.fixture(scope="module")
def robust_cnn() -> nn.Module:
    return load_checkpoint("robust_cnn").model


def compose(text: str, gap: float = 25) -> Strokes:
    strokes: Strokes = []
    left = 0.0
    for character in text:
        digit = [stroke * (0.7, 1) for stroke in template_strokes(int(character), 0)]
        low = min(stroke[:, 0].min() for stroke in digit)
        digit = [stroke + np.array([left - low, 0]) for stroke in digit]
        left = max(stroke[:, 0].max() for stroke in digit) + gap
        strokes += digit
    return strokes


@pytest.mark.parametrize("text", ["12", "35", "407", "2026", "90210", "31415926"])
@pytest.mark.parametrize("gap", [12, 60])
def test_a_number_is_read_digit_by_digit(robust_cnn: nn.Module, text: str, gap: float) -> None:
    reading = read_number(robust_cnn, compose(text, gap))
    assert reading.text == text
    assert [each.digit for each in reading.digits] == [int(character) for character in text]
    shares = [each.probability for each in reading.digits]
    assert reading.probability == pytest.approx(np.prod(shares))
    for before, after in zip(reading.digits, reading.digits[1:], strict=False):
        assert before.box[0] + before.box[2] + gap == pytest.approx(after.box[0])
    for each in reading.digits:
        assert each.image.shape == (28, 28)
        np.testing.assert_allclose(
            each.probabilities, predict_probabilities(robust_cnn, each.image)[0], atol=1e-5
        )
        assert each.probability == each.probabilities[each.digit]


@pytest.mark.parametrize("name", ["softmax", "simple_cnn"])
def test_a_model_that_knows_digits_only_cuts_at_the_gaps(name: str) -> None:
    assert len(read_number(load_checkpoint(name).model, compose("120", 40)).digits) == 3


@pytest.mark.parametrize(("label", "style"), STYLES)
def test_one_digit_stays_one_and_as_it_was(robust_cnn: nn.Module, label: int, style: int) -> None:
    strokes = template_strokes(label, style)
    reading = read_number(robust_cnn, strokes)
    assert reading.text == str(label)
    np.testing.assert_array_equal(reading.digits[0].image, strokes_to_digit(strokes))


@pytest.mark.parametrize(
    ("strokes", "digit"),
    [(FIVE, 5), (FIVE_AND_HAT, 5), (OPEN_FOUR, 4), (BARRED_SEVEN, 7), (SLASHED_ZERO, 0)],
)
def test_a_digit_of_several_strokes_stays_whole_beside_others(
    robust_cnn: nn.Module, strokes: list[list[list[float]]], digit: int
) -> None:
    assert read_number(robust_cnn, strokes).text == str(digit)
    beside = [[[x + 130, y] for x, y in stroke] for stroke in strokes]
    one = [[[20.0, 60.0], [20.0, 230.0]]]
    number: list[list[list[float]]] = [*one, *strokes, *beside]
    assert read_number(robust_cnn, number).text == f"1{digit}{digit}"


def test_a_number_in_a_picture_is_read(robust_cnn: nn.Module) -> None:
    strokes = [stroke * 2 + 40 for stroke in compose("4072", 20)]
    width = int(max(stroke[:, 0].max() for stroke in strokes)) + 40
    picture = picture_of(strokes, (width, 300), pen=14)
    reading = read_number(robust_cnn, picture)
    assert reading.text == "4072"
    assert read_number(robust_cnn, np.asarray(picture)).text == "4072"
    assert reading.digits[0].box[0] == pytest.approx(40 - 7, abs=4)


@pytest.mark.parametrize("written", quick((4, 0), (7, 5), (9, 0), of=STYLES), ids=str)
def test_a_digit_in_a_picture_stays_whole(robust_cnn: nn.Module, written: tuple[int, int]) -> None:
    label, style = written
    strokes = [stroke * (1.4, 2) + 40 for stroke in template_strokes(label, style)]
    picture = picture_of(strokes, (280, 300), pen=16)
    reading = read_number(robust_cnn, picture)
    assert reading.text == str(label)
    np.testing.assert_array_equal(reading.digits[0].image, picture_to_digit(picture))


def test_touching_digits_in_a_picture_are_parted_by_a_model_that_doubts(
    robust_cnn: nn.Module,
) -> None:
    zero = np.array(RING)
    seven = np.array(BARRED_SEVEN[0]) + np.array([86, 0])
    picture = picture_of([zero, seven], (300, 300), pen=12)
    assert any(segment(picture).touching)
    assert read_number(robust_cnn, picture).text == "07"


@pytest.mark.parametrize("name", quick("mlp", of=("mlp", "simple_cnn", "softmax")))
def test_a_model_that_knows_digits_only_does_not_cut_through_ink(name: str) -> None:
    model = load_checkpoint(name).model
    for label, style in STYLES[::2]:
        strokes = [stroke * (1.4, 2) + 40 for stroke in template_strokes(label, style)]
        picture = picture_of(strokes, (280, 300), pen=16)
        if all(segment(picture).touching):
            assert len(read_number(model, picture).digits) == 1


def test_the_network_decides_where_the_gap_does_not() -> None:
    """Two strokes that lie close: one digit where the whole is one and the parts are none."""
    found = segment([[[0, 0], [0, 100]], [[0, 0], [40, 100]]])
    wholes = [(group.first, group.last) == (0, 1) for group in found.groups]
    for whole_is_digit, count in ((True, 1), (False, 2)):
        probabilities = np.full((3, 10), 0.1, dtype=np.float32)
        for index, whole in enumerate(wholes):
            if whole == whole_is_digit:
                probabilities[index] = _sure_of(4)
        assert len(choose_digits(found, probabilities, doubts=True).digits) == count


def _sure_of(digit: int) -> NDArray[np.float32]:
    return np.eye(10, dtype=np.float32)[digit]


def test_errors_are_those_of_the_source(robust_cnn: nn.Module) -> None:
    with pytest.raises(ValueError, match="there are no strokes"):
        read_number(robust_cnn, [])
    with pytest.raises(ValueError, match="no digit was found"):
        read_number(robust_cnn, np.zeros((50, 50), dtype=np.uint8))
