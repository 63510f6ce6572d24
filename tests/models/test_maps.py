import numpy as np
import pytest

from mnist_demo.models.maps import ALIKE, GRID, count_mixing, draw_map, place
from mnist_demo.models.neighbours import directions


@pytest.fixture
def positions() -> np.ndarray:
    return np.random.default_rng(0).standard_normal((50, 2)).astype(np.float32) * [3, 1]


def test_a_map_fills_its_square_and_keeps_its_shape(positions: np.ndarray) -> None:
    drawn = draw_map(positions)
    assert drawn.dtype == np.uint16
    low, high = drawn.min(axis=0), drawn.max(axis=0)
    assert max(high - low) == GRID
    np.testing.assert_allclose((low + high.astype(float)) / 2, GRID / 2, atol=1)
    for axis in (0, 1):
        np.testing.assert_allclose(np.corrcoef(drawn[:, axis], positions[:, axis])[0, 1], 1)


@pytest.mark.parametrize("angle", [0.5, 2.0, 4.0])
@pytest.mark.parametrize("mirror", [1, -1])
def test_a_map_is_turned_and_mirrored_as_its_reference(
    angle: float, mirror: int, positions: np.ndarray
) -> None:
    reference = draw_map(positions)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turned = (positions * [mirror, 1]) @ turn * 7 + 100
    difference = draw_map(turned, reference).astype(int) - reference.astype(int)
    assert np.abs(difference).max() <= 2


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf])
def test_what_is_no_number_or_one_point_is_on_the_map(value: float) -> None:
    drawn = draw_map(np.full((3, 2), value, dtype=np.float32))
    assert drawn.shape == (3, 2)


def test_a_digit_of_the_map_belongs_where_it_is() -> None:
    features = np.random.default_rng(0).standard_normal((200, 30)).astype(np.float32)
    placed = draw_map(features[:, :2])
    indices, position = place(features[17], directions(features), placed)
    assert indices[0] == 17
    assert len(indices) == ALIKE
    assert np.abs(position.astype(int) - placed[17].astype(int)).max() < 0.1 * GRID


def test_a_digit_lies_among_those_most_like_it() -> None:
    features = np.eye(2, dtype=np.float32)[np.repeat([0, 1], 20)]
    placed = np.repeat([[0, 0], [GRID, GRID]], 20, axis=0).astype(np.uint16)
    for side, feature in enumerate(np.eye(2, dtype=np.float32)):
        indices, position = place(feature * 5, directions(features), placed)
        assert set(indices // 20) == {side}
        assert position.tolist() == [GRID * side] * 2


def test_mixing_counts_the_labels_of_the_nearest_points() -> None:
    generator = np.random.default_rng(0)
    labels = np.repeat([3, 8], 30)
    apart = np.where(labels[:, None] == 3, 0, 60_000) + generator.integers(0, 900, (60, 2))
    mixing = count_mixing(apart.astype(np.uint16), labels)
    assert mixing[3, 3] == mixing[8, 8] == 30 * ALIKE
    assert mixing.sum() == 60 * ALIKE
    mixed = count_mixing(generator.integers(0, 900, (60, 2)).astype(np.uint16), labels)
    assert mixed[3, 8] > 50
    assert mixed.sum() == 60 * ALIKE


@pytest.mark.parametrize("count", [1, 2, 5, 30])
def test_points_on_one_place_are_counted_too(count: int) -> None:
    mixing = count_mixing(np.zeros((count, 2), dtype=np.uint16), np.zeros(count, dtype=np.int64))
    assert mixing.sum() == count * min(ALIKE, count - 1)
