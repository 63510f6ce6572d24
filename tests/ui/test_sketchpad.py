from typing import Any

import pytest

from mnist_demo.ui.sketchpad import read_strokes, sketchpad


@pytest.mark.parametrize(
    "value",
    [
        *(None, 0, 1.5, True, "strokes", b"strokes", (), [], [[[1, 2]]], {}),
        {"lines": []},
        {"strokes": None},
        {"strokes": 0},
        {"strokes": "[]"},
        {"strokes": {"strokes": []}},
    ],
    ids=repr,
)
def test_what_holds_no_list_of_strokes_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="a drawing must be"):
        read_strokes(value)


@pytest.mark.parametrize("strokes", [[], [[[1, 2], [3, 4]]], ["not yet checked"]])
def test_strokes_are_taken_out(strokes: list[Any]) -> None:
    assert read_strokes({"strokes": strokes, "more": 1}) == strokes


def test_a_new_pad_is_blank() -> None:
    assert read_strokes(sketchpad().value) == []
