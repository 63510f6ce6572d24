from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from scipy import ndimage

from mnist_demo import Dataset, load_checkpoint, predict_probabilities
from mnist_demo.data import embedded_digits
from mnist_demo.handwriting import (
    NOTHING,
    _parse,
    add_training_images,
    cut_piece,
    draw_digit,
    draw_digits,
    draw_nothings,
    fragment,
    scribble,
    write_digit,
)
from mnist_demo.mnist_format import MNIST_PEN, MNIST_PENS, SIZE, resize, stroke_width
from mnist_demo.templates import WAYS

Images = NDArray[Any]


@pytest.fixture(scope="module")
def drawn() -> tuple[Images, NDArray[np.int64]]:
    return draw_digits(300, seed=1)


@pytest.fixture(scope="module")
def nothings() -> Images:
    return draw_nothings(100, seed=1)


def _way(path: Images) -> float:
    """The length of a stroke."""
    return float(np.hypot(*np.diff(path, axis=0).T).sum())


def _chord(path: Images) -> float:
    """How far apart its ends are."""
    return float(np.hypot(*(path[-1] - path[0])))


class TestTemplates:
    def test_each_digit_has_some_ways(self) -> None:
        assert list(WAYS) == list(range(10))
        for ways in WAYS.values():
            assert len(ways) >= 3
            assert len({strokes for _, strokes in ways}) == len(ways)

    @pytest.mark.parametrize("digit", WAYS)
    def test_a_way_is_a_weight_and_strokes(self, digit: int) -> None:
        for weight, strokes in WAYS[digit]:
            assert 0 < weight < 10
            assert isinstance(strokes, tuple)  # a text in brackets would be a way of letters
            assert 1 <= len(strokes) <= 3

    @pytest.mark.parametrize("digit", WAYS)
    def test_a_stroke_is_points_about_its_box(self, digit: int) -> None:
        for _, strokes in WAYS[digit]:
            for text in strokes:
                points, corners = _parse(text)
                assert points.shape == (len(text.split()), 2)
                assert corners.shape == points.shape[:1]
                assert corners.sum() == text.count("!")
                assert len(points) >= 2
                assert points.min() >= -10
                assert points.max() <= 110

    @pytest.mark.parametrize("digit", WAYS)
    def test_a_digit_is_about_as_large_as_its_box(self, digit: int) -> None:
        for _, strokes in WAYS[digit]:
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
        self, drawn: tuple[Images, NDArray[np.int64]], nothings: Images
    ) -> None:
        for image in np.concatenate([drawn[0], nothings]):
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
    @pytest.mark.parametrize("digit", WAYS)
    def test_a_digit_is_written_in_as_many_strokes_as_a_way_of_it(self, digit: int) -> None:
        random = np.random.default_rng(digit)
        counts = {len(strokes) for _, strokes in WAYS[digit]}
        written = [write_digit(digit, random) for _ in range(60)]
        assert {len(strokes) for strokes in written} == counts
        for strokes in written:
            points = np.concatenate(strokes)
            assert points.shape[1] == 2
            assert np.isfinite(points).all()
            assert 50 < np.ptp(points, axis=0).max() < 250

    def test_no_two_are_alike(self) -> None:
        random = np.random.default_rng(0)
        assert len({write_digit(8, random)[0].tobytes() for _ in range(30)}) == 30


class TestNothings:
    def test_they_are_bytes(self, nothings: Images) -> None:
        assert nothings.shape == (100, SIZE, SIZE)
        assert nothings.dtype == np.uint8
        assert len({image.tobytes() for image in nothings}) == 100

    def test_a_seed_draws_the_same_each_time(self) -> None:
        assert np.array_equal(draw_nothings(12, 5), draw_nothings(12, 5))
        assert not np.array_equal(draw_nothings(12, 5), draw_nothings(12, 6))

    @pytest.mark.parametrize("count", [0, 1])
    def test_there_may_be_none_of_them(self, count: int) -> None:
        assert draw_nothings(count, 0).shape == (count, SIZE, SIZE)

    def test_a_scribble_is_a_few_strokes(self) -> None:
        random = np.random.default_rng(0)
        scribbles = [scribble(random) for _ in range(60)]
        assert {len(strokes) for strokes in scribbles} == {1, 2, 3}
        assert np.isfinite(np.concatenate([path for one in scribbles for path in one])).all()

    def test_a_fragment_is_one_bent_piece(self) -> None:
        random = np.random.default_rng(0)
        for _ in range(100):
            (piece,) = fragment(random)
            assert _chord(piece) < 0.8 * _way(piece)

    def test_a_piece_is_part_of_its_stroke_and_never_nearly_straight(self) -> None:
        random = np.random.default_rng(0)
        pieces = 0
        for number in range(500):
            stroke = write_digit(number % 10, random)[0]
            piece = cut_piece(stroke, random)
            if piece is None:
                continue
            pieces += 1
            assert _chord(piece) < 0.8 * _way(piece)
            starts = np.flatnonzero((stroke == piece[0]).all(axis=1))
            assert any(np.array_equal(stroke[at : at + len(piece)], piece) for at in starts)
            assert len(stroke) / 4 - 1 <= len(piece) <= 0.4 * len(stroke) + 1
        assert pieces > 50

    @pytest.mark.parametrize("points", [0, 1, 5, 15, 200])
    def test_a_line_and_a_dot_have_no_piece(self, points: int) -> None:
        random = np.random.default_rng(0)
        line = np.linspace((0, 0), (30, 100), points)
        dot = np.full((points, 2), 7.0)
        assert all(cut_piece(path, random) is None for path in (line, dot) for _ in range(50))


class TestTrainingImages:
    @pytest.mark.parametrize(
        ("times", "drawings", "nothings"),
        [(0, 0, 0), (2, 0, 0), (0, 30, 0), (0, 0, 7), (1, 5, 3)],
    )
    def test_they_are_as_many_as_asked_for(
        self, times: int, drawings: int, nothings: int, tiny: Dataset
    ) -> None:
        images, labels = add_training_images(
            tiny.train_images, tiny.train_labels, times, drawings, nothings, seed=3
        )
        count = 512 + times * 1500 + drawings + nothings
        assert images.shape == (count, 28, 28)
        assert labels.shape == (count,)
        assert images.dtype == torch.uint8
        assert labels.dtype == torch.int64
        assert torch.equal(images[:512], tiny.train_images)
        assert torch.equal(labels[:512], tiny.train_labels)
        assert (labels == NOTHING).sum() == nothings
        assert set(labels.tolist()) <= {*range(10), NOTHING}

    def test_each_image_has_its_label(self, tiny: Dataset) -> None:
        added, labels = add_training_images(
            tiny.train_images[:4], tiny.train_labels[:4], 2, 20, 6, seed=3
        )
        once = embedded_digits()
        drawn, truth = draw_digits(20, 3)
        expected = [once.train_images, once.train_images, drawn, draw_nothings(6, 3)]
        assert torch.equal(added[4:], torch.cat([torch.as_tensor(part) for part in expected]))
        parts = [once.train_labels, once.train_labels, torch.from_numpy(truth)]
        assert torch.equal(labels[4:-6], torch.cat(parts))
        assert labels[-6:].tolist() == [NOTHING] * 6

    def test_the_test_images_are_not_among_them(self, tiny: Dataset, embedded: Dataset) -> None:
        added, _ = add_training_images(tiny.train_images, tiny.train_labels, 1, 0, 0, seed=3)
        tested = {image.numpy().tobytes() for image in embedded.test_images}
        assert not tested & {image.numpy().tobytes() for image in added}

    def test_a_seed_makes_other_drawings_of_digits_and_of_none(self, tiny: Dataset) -> None:
        parts = (tiny.train_images[:1], tiny.train_labels[:1])
        first, again, other = (
            add_training_images(*parts, 0, 10, 10, seed)[0] for seed in (1, 1, 2)
        )
        assert torch.equal(first, again)
        same = (first == other).flatten(1).all(dim=1)
        assert same.tolist() == [True, *[False] * 20]
