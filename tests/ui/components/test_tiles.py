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
        "alt": f"test digit 12, label {label}, predicted 3, 75%",
    }


def test_a_page_tells_where_it_is() -> None:
    shown = english(describe_page([], 3, 1167))
    assert shown["status"] == "page 3 of 1,167"
    assert (shown["before"], shown["after"]) == ("page", "of 1,167")  # a field stands between
    assert (shown["page"], shown["pages"]) == (3, 1167)
    assert shown["asked"] is None
    assert describe_page([], 3, 1167, asked=9)["asked"] == 9
