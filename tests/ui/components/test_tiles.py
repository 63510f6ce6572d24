import numpy as np
import pytest

from mnist_demo.ui.components.png import png_data_uri
from mnist_demo.ui.components.tiles import describe_page, describe_tile
from tests.ui.english import english


@pytest.mark.parametrize(
    ("label", "verdict", "detail"), [(3, "✓ 3", "75%"), (8, "✗ 3", "75%, is 8")]
)
def test_a_tile_tells_the_answer_and_whether_it_is_right(
    label: int, verdict: str, detail: str
) -> None:
    image = np.full((28, 28), 9, dtype=np.uint8)
    probabilities = np.full(10, 0.25 / 9, dtype=np.float32)
    probabilities[3] = 0.75
    assert english(describe_tile(12, image, label, probabilities)) == {
        "index": 12,
        "picture": png_data_uri(image),
        "right": label == 3,
        "verdict": verdict,
        "detail": detail,
        "alt": f"test digit 12, label {label}, read as 3, 75%",
    }


def test_a_page_tells_where_it_is() -> None:
    shown = english(describe_page([], 3, 1167))
    assert shown["status"] == "page 3 of 1,167"
    assert (shown["before"], shown["after"]) == ("page", "of 1,167")  # a field stands between
    assert (shown["page"], shown["pages"]) == (3, 1167)
    assert shown["asked"] is None
    assert describe_page([], 3, 1167, asked=9)["asked"] == 9


@pytest.mark.parametrize(("label", "detail"), [(3, ""), (5, ""), (8, "is 8")])
def test_where_two_models_are_looked_at_a_tile_tells_both_answers(label: int, detail: str) -> None:
    image = np.full((28, 28), 9, dtype=np.uint8)
    first, second = (np.full(10, 0.01, dtype=np.float32) for _ in range(2))
    first[3], second[5] = 0.75, 0.5
    tile = english(describe_tile(12, image, label, first, second))
    assert tile["verdict"] == ("✓ 3 75%" if label == 3 else "✗ 3 75%")
    assert tile["second"]["text"] == ("✓ 5 50%" if label == 5 else "✗ 5 50%")
    assert (tile["right"], tile["second"]["right"]) == (label == 3, label == 5)
    assert tile["detail"] == detail
    alt = f"test digit 12, label {label}, read as 3, 75%; by the second model 5, 50%"
    assert tile["alt"] == alt
