"""What the page is told when its server is back."""

from types import SimpleNamespace
from typing import Any

import pytest
from gradio.context import LocalContext

from mnist_demo import load_checkpoint
from mnist_demo.ui.connection import look_again
from mnist_demo.ui.custom_html import page_head, read_asset
from mnist_demo.ui.library import DEFAULT_MODEL, Library

MINE = {"mine": load_checkpoint("softmax")}


def _look(library: Library, known: bool, own: Any, *chosen: Any) -> Any:
    """Whether all is kept, and what is chosen now."""
    told, now_known, *updates = look_again(library, known, own, *chosen)
    assert now_known is True
    assert [update["choices"] for update in updates] == [library.names(own)] * 3
    return told["kept"], [update["value"] for update in updates]


def test_what_is_still_there_stays_chosen(library: Library) -> None:
    assert _look(library, True, MINE, "mine", "mlp", "mine") == (True, ["mine", "mlp", "mine"])
    assert _look(library, True, {}, "mlp", "mlp", None) == (True, ["mlp", "mlp", None])


def test_a_server_that_does_not_know_the_page_has_kept_nothing(library: Library) -> None:
    kept, chosen = _look(library, False, {}, "mine", "mlp", "mine")
    assert not kept
    assert chosen == [DEFAULT_MODEL, "mlp", None]


@pytest.mark.parametrize("place", range(3))
def test_a_model_that_is_gone_is_told_and_replaced(place: int, library: Library) -> None:
    chosen = ["mlp", "mlp", "mlp"]
    chosen[place] = "mine"
    kept, now = _look(library, True, {}, *chosen)
    assert not kept
    assert now[place] == (None if place == 2 else DEFAULT_MODEL)


@pytest.mark.parametrize("name", [7, ["mlp"], {"a": 1}, "", float("nan")])
def test_whatever_a_client_sends_a_model_is_chosen(name: Any, library: Library) -> None:
    kept, chosen = _look(library, True, {}, name, name, name)
    assert not kept
    assert chosen == [DEFAULT_MODEL, DEFAULT_MODEL, None]


def test_no_update_is_used_twice(library: Library) -> None:
    updates = look_again(library, True, {}, "mlp", "mlp", "mlp")[2:]
    assert len({id(update) for update in updates}) == 3


def test_a_page_that_is_back_is_no_longer_taken_for_closed(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, other = SimpleNamespace(is_closed=True), SimpleNamespace(is_closed=True)
    holder = SimpleNamespace(session_data={"mine": session, "other": other})
    tokens = (
        LocalContext.blocks.set(SimpleNamespace(state_holder=holder)),  # type: ignore[arg-type]
        LocalContext.request.set(SimpleNamespace(session_hash="mine")),  # type: ignore[arg-type]
    )
    try:
        look_again(library, True, {}, "mlp", "mlp", None)
    finally:
        LocalContext.blocks.reset(tokens[0])
        LocalContext.request.reset(tokens[1])
    assert not session.is_closed
    assert other.is_closed


def test_no_script_of_the_head_ends_early() -> None:
    scripts = ("language.js", "fetch.js")
    assert page_head(*scripts).count("</script>") == len(scripts)
    assert not any("</" in read_asset(name) for name in scripts)
