import asyncio
from typing import Any

import pytest

from mnist_demo import load_checkpoint
from mnist_demo.ui.draw_tab import FOLLOWERS, break_drawing, collect, follow, read_by_own
from mnist_demo.ui.library import Library
from tests.ui.conftest import Strokes
from tests.ui.drawings import HOSTILE


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


def test_the_answer_of_an_own_model_comes_with_its_name(library: Library, seven: Strokes) -> None:
    own = {"mine": load_checkpoint("mlp")}
    told = asyncio.run(read_by_own(library, {"strokes": seven}, "mine", own))
    assert told["model"] == "mine"
    assert told["answer"]["digit"] == 7
    blank = asyncio.run(read_by_own(library, {"strokes": []}, "mine", own))
    assert blank == {"model": "mine", "answer": None}
    names: list[Any] = [None, 3, {}, [[[]]]]
    for name in names:  # what is no name is not sent back
        assert asyncio.run(read_by_own(library, {"strokes": seven}, name, own))["model"] is None
