from dataclasses import replace
from typing import Any

import pytest

from mnist_demo import load_checkpoint
from mnist_demo.ui.draw_tab import FOLLOWERS, break_drawing, collect, follow, read_drawing
from mnist_demo.ui.library import DEFAULT_MODEL, Library
from mnist_demo.ui.words import tell
from tests.ui.conftest import Strokes
from tests.ui.english import english

NAN, INF = float("nan"), float("inf")


def _nested(depth: int) -> Any:
    nest: list[Any] = []
    for _ in range(depth):
        nest = [nest]
    return nest


HOSTILE: dict[str, Any] = {
    "nothing": None,
    "a number": 3,
    "a text": "7",
    "a list": [[[1, 2]]],
    "no strokes": {},
    "strokes that are a text": {"strokes": "[[1, 2]]"},
    "strokes that are a dict": {"strokes": {"0": [[1, 2]]}},
    "numbers for strokes": {"strokes": [1, 2, 3]},
    "one point for a stroke": {"strokes": [[1, 2]]},
    "three coordinates": {"strokes": [[[1, 2, 3]]]},
    "texts for points": {"strokes": [["a", "b"]]},
    "texts for coordinates": {"strokes": [[["a", "b"]]]},
    "no coordinates": {"strokes": [[[None, None]]]},
    "dicts for points": {"strokes": [[{"x": 1, "y": 2}]]},
    "unequal points": {"strokes": [[[1, 2], [3]]]},
    "NaN": {"strokes": [[[NAN, 0], [1, 1]]]},
    "infinity": {"strokes": [[[0, 0], [INF, 1]]]},
    "far away": {"strokes": [[[0, 0], [1e300, 1]]]},
    "a number without end": {"strokes": [[[10**400, 0]]]},
    "too many points": {"strokes": [[[1, 2]] * 50_001]},
    "huge nests": {"strokes": _nested(5_000)},
    "many empty strokes": {"strokes": [[]] * 10_000},
}


@pytest.mark.parametrize("drawing", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_drawing_cannot_be_read(drawing: Any, library: Library) -> None:
    answer = english(read_drawing(library, drawing, "softmax", {}))
    assert answer is not None
    assert answer.keys() == {"sentence"}
    assert answer["sentence"].startswith("This cannot be read: ")
    assert len(answer["sentence"]) < 300


@pytest.mark.parametrize("drawing", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("panel", FOLLOWERS)
def test_a_panel_shows_nothing_of_what_is_no_drawing(
    panel: str, drawing: Any, library: Library
) -> None:
    assert follow(library, FOLLOWERS[panel], drawing, "softmax", {}) is None
    assert break_drawing(library, None, drawing, "softmax", {}) == {}
    assert (
        collect(library, {"action": {"kind": "add", "label": 1}}, (), drawing, "mlp", {})[1] == ()
    )


def test_a_blank_pad_has_no_answer(library: Library) -> None:
    assert read_drawing(library, {"strokes": []}, "softmax", {}) is None


def _read(library: Library, strokes: Strokes, model: str = DEFAULT_MODEL, **own: Any) -> Any:
    return english(read_drawing(library, {"strokes": strokes}, model, own))


def test_a_drawing_has_ten_shares_that_are_one_together(library: Library, seven: Strokes) -> None:
    answer = _read(library, seven)
    assert answer["digit"] == 7
    assert answer["sentence"] == "It reads a 7."
    assert len(answer["shares"]) == 10
    assert sum(answer["shares"]) == pytest.approx(1, abs=1e-3)
    assert max(answer["shares"]) == answer["shares"][7]
    assert answer["picture"].startswith("data:image/png;base64,")


@pytest.mark.parametrize("strokes", [[[[5, 5]]], [[[5, 5], [9, 5]], [[7, 2], [7, 12]]]])
def test_of_a_dot_nothing_is_said(strokes: Strokes, library: Library) -> None:
    assert _read(library, strokes) == {"sentence": english(tell("answer_little"))}


def test_where_and_how_large_it_is_drawn_does_not_matter(library: Library, seven: Strokes) -> None:
    moved = [[[3 * x - 500, 3 * y + 99] for x, y in stroke] for stroke in seven]
    assert _read(library, moved) == _read(library, seven)


def test_the_chosen_model_answers(library: Library, seven: Strokes) -> None:
    assert _read(library, seven, "mlp")["shares"] != _read(library, seven, "softmax")["shares"]


def test_a_visitors_own_model_answers(library: Library, seven: Strokes) -> None:
    own = english(
        read_drawing(library, {"strokes": seven}, "mine", {"mine": load_checkpoint("mlp")})
    )
    assert own == _read(library, seven, "mlp")


@pytest.mark.parametrize(
    ("threshold", "sentence"), [(0.9999, "Not sure: a "), (0.0001, ""), ("high", ""), (None, "")]
)
def test_the_threshold_of_the_model_is_minded(
    threshold: Any, sentence: str, library: Library, seven: Strokes
) -> None:
    plain = load_checkpoint("softmax")
    mine = replace(plain, metrics=dict(plain.metrics) | {"threshold": threshold})
    answer = english(read_drawing(library, {"strokes": seven}, "mine", {"mine": mine}))
    expected = _read(library, seven, "softmax")
    assert answer is not None
    assert answer["shares"] == expected["shares"]
    if sentence:
        assert answer["sentence"].startswith(sentence)
    else:
        assert not answer["sentence"].startswith("Not sure")


def test_an_unknown_model_is_told_with_the_valid_names(library: Library, seven: Strokes) -> None:
    answer = _read(library, seven, "nonsense")
    assert answer.keys() == {"sentence", "gone"}
    assert answer["gone"]
    for name in ("'nonsense'", *library.names({})):
        assert name in answer["sentence"]
