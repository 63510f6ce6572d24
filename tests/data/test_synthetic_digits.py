from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from mnist_demo import load_checkpoint, predict_probabilities
from mnist_demo.data.non_digits import draw_non_digits
from mnist_demo.data.stroke_templates import STROKE_TEMPLATES
from mnist_demo.data.synthetic_digits import _parse, draw_digit, draw_digits, sample_strokes
from mnist_demo.digits.mnist_format import MNIST_PEN, MNIST_PENS, SIZE, resize, stroke_width

Images = NDArray[Any]


@pytest.fixture(scope="module")
def drawn() -> tuple[Images, NDArray[np.int64]]:
    return draw_digits(300, seed=1)


class TestTemplates:
    def test_each_digit_has_some_ways(self) -> None:
        assert list(STROKE_TEMPLATES) == list(range(10))
        for styles in STROKE_TEMPLATES.values():
            assert len(styles) >= 3
            assert len({strokes for _, strokes in styles}) == len(styles)

    def test_a_way_is_a_weight_and_strokes(self, subtests: pytest.Subtests) -> None:
        for digit in STROKE_TEMPLATES:
            with subtests.test(digit=digit):
                for weight, strokes in STROKE_TEMPLATES[digit]:
                    assert 0 < weight < 10
                    assert isinstance(
                        strokes, tuple
                    )  # a text in brackets would be a style of letters
                    assert 1 <= len(strokes) <= 3

    def test_a_stroke_is_points_about_its_box(self, subtests: pytest.Subtests) -> None:
        for digit in STROKE_TEMPLATES:
            with subtests.test(digit=digit):
                for _, strokes in STROKE_TEMPLATES[digit]:
                    for text in strokes:
                        points, corners = _parse(text)
                        assert points.shape == (len(text.split()), 2)
                        assert corners.shape == points.shape[:1]
                        assert corners.sum() == text.count("!")
                        assert len(points) >= 2
                        assert points.min() >= -10
                        assert points.max() <= 110

    def test_a_digit_is_about_as_large_as_its_box(self, subtests: pytest.Subtests) -> None:
        for digit in STROKE_TEMPLATES:
            with subtests.test(digit=digit):
                for _, strokes in STROKE_TEMPLATES[digit]:
                    points = np.concatenate([_parse(text)[0] for text in strokes])
                    assert 90 <= np.ptp(points, axis=0).max() <= 130


class TestDigits:
    def test_they_are_bytes_and_come_in_turn(self, drawn: tuple[Images, NDArray[np.int64]]) -> None:
        images, labels = drawn
        assert images.shape == (300, SIZE, SIZE)
        assert images.dtype == np.uint8
        assert labels.dtype == np.int64
        assert labels.tolist() == [*range(10)] * 30

    def test_a_seed_draws_the_same_each_time(self) -> None:
        first, again, other = (draw_digits(25, seed) for seed in (5, 5, 6))
        assert np.array_equal(first[0], again[0])
        assert np.array_equal(first[1], again[1])
        assert not np.array_equal(first[0], other[0])

    def test_more_drawings_begin_with_the_same(self) -> None:
        assert np.array_equal(draw_digits(30, 5)[0][:12], draw_digits(12, 5)[0])

    def test_no_drawing_comes_twice(self, drawn: tuple[Images, NDArray[np.int64]]) -> None:
        assert len({image.tobytes() for image in drawn[0]}) == 300

    def test_numpys_random_state_is_left_alone(self) -> None:
        before = np.random.get_state(legacy=False)["state"]["key"].copy()
        draw_digits(10, 0)
        assert np.array_equal(np.random.get_state(legacy=False)["state"]["key"], before)

    @pytest.mark.parametrize("count", [0, 1, 11])
    def test_any_number_can_be_drawn(self, count: int) -> None:
        images, labels = draw_digits(count, 0)
        assert images.shape == (count, SIZE, SIZE)
        assert labels.shape == (count,)

    def test_one_digit_is_as_all_are(self) -> None:
        digit = draw_digit(4, np.random.default_rng(0))
        assert digit.shape == (SIZE, SIZE)
        assert digit.dtype == np.float32
        assert 0 == digit.min() < digit.max() <= 1

    def test_they_are_in_the_frame_and_centred(
        self, drawn: tuple[Images, NDArray[np.int64]]
    ) -> None:
        for image in np.concatenate([drawn[0], draw_non_digits(100, seed=1)]):
            rows, columns = np.nonzero(image)
            assert image.max() > 150
            assert 19 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= 21
            edge = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
            if edge.any():  # too lopsided to be centred
                continue
            at = np.arange(SIZE)
            mass = image.astype(float)
            centre = [(mass.sum(axis=1 - axis) * at).sum() / mass.sum() for axis in (0, 1)]
            assert np.abs(np.subtract(centre, 14)).max() < 0.75

    def test_the_pen_is_about_as_wide_as_mnists(
        self, drawn: tuple[Images, NDArray[np.int64]]
    ) -> None:
        fine, widths = 6, []
        for image in drawn[0]:
            enlarged = resize(image / np.float32(255), fine * SIZE, fine * SIZE)
            inside = ndimage.distance_transform_edt(enlarged > 0.5)
            widths.append(stroke_width(inside) / fine)
        assert np.median(widths) == pytest.approx(MNIST_PEN, abs=0.4)
        low, high = np.quantile(widths, [0.05, 0.95])
        assert low == pytest.approx(MNIST_PENS[0], abs=0.4)
        assert high == pytest.approx(MNIST_PENS[1], abs=0.6)  # wider where strokes meet

    def test_a_network_that_never_saw_them_reads_most(
        self, drawn: tuple[Images, NDArray[np.int64]]
    ) -> None:
        images, labels = drawn
        model = load_checkpoint("simple_cnn").model
        answers = predict_probabilities(model, images / np.float32(255)).argmax(axis=1)
        assert (answers == labels).mean() > 0.85


class TestStrokes:
    def test_a_digit_is_written_in_as_many_strokes_as_a_way_of_it(
        self, subtests: pytest.Subtests
    ) -> None:
        for digit in STROKE_TEMPLATES:
            with subtests.test(digit=digit):
                random = np.random.default_rng(digit)
                counts = {len(strokes) for _, strokes in STROKE_TEMPLATES[digit]}
                written = [sample_strokes(digit, random) for _ in range(60)]
                assert {len(strokes) for strokes in written} == counts
                for strokes in written:
                    points = np.concatenate(strokes)
                    assert points.shape[1] == 2
                    assert np.isfinite(points).all()
                    assert 50 < np.ptp(points, axis=0).max() < 250

    def test_no_two_are_alike(self) -> None:
        random = np.random.default_rng(0)
        assert len({sample_strokes(8, random)[0].tobytes() for _ in range(30)}) == 30
