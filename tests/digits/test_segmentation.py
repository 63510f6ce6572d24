import numpy as np
import pytest
from PIL import Image, ImageDraw

from mnist_demo.data.digit_parts import Strokes
from mnist_demo.data.stroke_templates import STROKE_TEMPLATES
from mnist_demo.data.synthetic_digits import template_strokes
from mnist_demo.digits.pictures import NoDigitError, picture_to_digit
from mnist_demo.digits.segmentation import MAX_PIECES, is_picture, segment
from mnist_demo.digits.strokes import strokes_to_digit

ONE = [[50.0, 40.0], [50.0, 240.0]]
NEXT_ONE = [[110.0, 40.0], [110.0, 240.0]]
STYLES = [(label, style) for label in range(10) for style in range(len(STROKE_TEMPLATES[label]))]


def picture_of(strokes: Strokes, size: tuple[int, int], pen: int = 10) -> Image.Image:
    picture = Image.new("L", size, 255)
    for stroke in strokes:
        ImageDraw.Draw(picture).line([tuple(point) for point in stroke], 0, pen, joint="curve")
    return picture


@pytest.mark.parametrize(("label", "style"), STYLES)
def test_one_group_of_a_digit_is_the_whole_of_it(label: int, style: int) -> None:
    strokes = template_strokes(label, style)
    found = segment(strokes)
    wholes = [group for group in found.groups if (group.first, group.last) == (0, found.count - 1)]
    assert len(wholes) == 1
    np.testing.assert_array_equal(wholes[0].digit, strokes_to_digit(strokes))
    points = np.concatenate(strokes)
    x, y, width, height = wholes[0].box
    np.testing.assert_allclose([x, y], points.min(axis=0))
    np.testing.assert_allclose([width, height], np.ptp(points, axis=0))


def test_strokes_apart_are_cut_and_such_over_each_other_are_not() -> None:
    apart, crossing = segment([ONE, NEXT_ONE]), segment([ONE, [[-20.0, 140.0], [120.0, 140.0]]])
    assert apart.count == 2
    assert {(group.first, group.last) for group in apart.groups} >= {(0, 0), (1, 1)}
    assert apart.cuts[0] > np.log(0.9)
    assert (crossing.count, len(crossing.groups)) == (1, 1)


def test_digits_are_in_order_whatever_was_drawn_first() -> None:
    boxes = [group.box[0] for group in segment([NEXT_ONE, ONE]).groups if group.first == group.last]
    assert boxes == [50.0, 110.0]


def test_the_unit_of_strokes_changes_nothing() -> None:
    small = [(np.array(stroke) / 1000).tolist() for stroke in (ONE, NEXT_ONE)]
    one, other = segment([ONE, NEXT_ONE]), segment(small)
    np.testing.assert_allclose(one.cuts, other.cuts)
    np.testing.assert_allclose(one.digits, other.digits, atol=1e-4)


def test_hatching_is_one_digit() -> None:
    hatching = [[[x * 10.0, 0.0], [x * 10.0, 100.0]] for x in range(MAX_PIECES + 1)]
    assert segment(hatching).count == 1


@pytest.mark.parametrize("strokes", [[], [[]], [[[1, "x"]]], "strokes", None, [[[1, 2, 3]]]])
def test_what_are_no_strokes_is_an_error(strokes: object) -> None:
    with pytest.raises(ValueError, match="stroke"):
        segment(strokes)  # type: ignore[arg-type]


def test_a_dot_is_a_group() -> None:
    assert segment([[[5.0, 5.0]]]).count == 1


def test_pictures_are_told_from_strokes() -> None:
    assert is_picture(Image.new("L", (9, 9)))
    for shape in ((9, 9), (9, 9, 3), (9, 9, 4)):
        assert is_picture(np.zeros(shape, dtype=np.uint8))
    assert not is_picture(np.zeros((3, 9, 2)))
    assert not is_picture([ONE])


def test_the_whole_of_a_picture_is_what_picture_to_digit_cuts_out() -> None:
    picture = picture_of(template_strokes(2, 0), (110, 110))
    found = segment(picture)
    whole = next(each for each in found.groups if (each.first, each.last) == (0, found.count - 1))
    np.testing.assert_array_equal(whole.digit, picture_to_digit(picture))


def test_what_touches_in_a_picture_is_cut_between(subtests: pytest.Subtests) -> None:
    ring = [[100 + 40 * np.cos(a), 100 + 60 * np.sin(a)] for a in np.linspace(0, 6.3, 60)]
    for gap in (0, 4, 12):
        with subtests.test(gap=gap):
            next_ring = [[x + 90 - gap, y] for x, y in ring]
            found = segment(picture_of([np.array(ring), np.array(next_ring)], (300, 200)))
            edges = [(group.box[0], sum(group.box[::2])) for group in found.groups]
            assert any(abs(left - 55) < 8 and abs(right - 145) < 15 for left, right in edges)
            assert any(abs(right - 235 + gap) < 8 and abs(left - 145) < 15 for left, right in edges)


def test_the_boxes_of_a_large_picture_are_in_its_pixels() -> None:
    picture = picture_of([np.array(ONE) * 8, np.array(NEXT_ONE) * 8], (1600, 2400), pen=120)
    lefts = sorted(group.box[0] for group in segment(picture).groups if group.first == group.last)
    assert lefts[0] == pytest.approx(400 - 60, abs=15)


@pytest.mark.parametrize("size", [(50, 50), (2, 90)])
def test_a_blank_picture_is_an_error(size: tuple[int, int]) -> None:
    with pytest.raises(NoDigitError, match="blank"):
        segment(Image.new("L", size, 200))
