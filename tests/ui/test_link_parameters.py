from typing import Any

import pytest

from mnist_demo.ui.link_parameters import MAX_LENGTH, parse_parameters


def test_parameters_are_taken_apart() -> None:
    assert parse_parameters("?tab=train&question=Why%3F") == {"tab": "train", "question": "Why?"}


@pytest.mark.parametrize("search", ["", "?", None, 5, ["x"], {}, "?&&"])
def test_what_is_none_holds_nothing(search: Any) -> None:
    assert parse_parameters(search) == {}


def test_a_long_one_is_cut() -> None:
    assert len(parse_parameters("?a=" + "x" * 2 * MAX_LENGTH)["a"]) < MAX_LENGTH
