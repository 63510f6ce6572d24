"""What the page is told when its server is back."""

from typing import Any

import pytest

from mnist_demo import load_checkpoint
from mnist_demo.ui.components.connection import on_reconnect
from mnist_demo.ui.components.custom_html import page_scripts, read_text
from mnist_demo.ui.compute.model_store import DEFAULT_MODEL, ModelStore
from mnist_demo.ui.serving.early_scripts import EARLY_SCRIPTS

MINE = {"mine": load_checkpoint("softmax")}


def _look(store: ModelStore, known: bool, user_models: Any, *chosen: Any) -> Any:
    """Whether all is kept, and what is chosen now."""
    shown = on_reconnect(store, known, user_models, *chosen)
    assert shown["known"] is True
    updates = [shown[name] for name in ("draw_model", "gallery_model", "gallery_other")]
    assert [update["choices"] for update in updates] == [store.names(user_models)] * 3
    return shown["connection"]["kept"], [update["value"] for update in updates]


def test_what_is_still_there_stays_chosen(store: ModelStore) -> None:
    assert _look(store, True, MINE, "mine", "mlp", "mine") == (True, ["mine", "mlp", "mine"])
    assert _look(store, True, {}, "mlp", "mlp", None) == (True, ["mlp", "mlp", None])


def test_a_server_that_does_not_know_the_page_has_kept_nothing(store: ModelStore) -> None:
    kept, chosen = _look(store, False, {}, "mine", "mlp", "mine")
    assert not kept
    assert chosen == [DEFAULT_MODEL, "mlp", None]


@pytest.mark.parametrize("place", range(3))
def test_a_model_that_is_gone_is_told_and_replaced(place: int, store: ModelStore) -> None:
    chosen = ["mlp", "mlp", "mlp"]
    chosen[place] = "mine"
    kept, now = _look(store, True, {}, *chosen)
    assert not kept
    assert now[place] == (None if place == 2 else DEFAULT_MODEL)


@pytest.mark.parametrize("name", [7, ["mlp"], {"a": 1}, "", float("nan")])
def test_whatever_a_client_sends_a_model_is_chosen(name: Any, store: ModelStore) -> None:
    kept, chosen = _look(store, True, {}, name, name, name)
    assert not kept
    assert chosen == [DEFAULT_MODEL, DEFAULT_MODEL, None]


def test_no_update_is_used_twice(store: ModelStore) -> None:
    shown = on_reconnect(store, True, {}, "mlp", "mlp", "mlp")
    assert len({id(update) for update in shown.values() if isinstance(update, dict)}) == 4


def test_no_script_of_the_head_ends_early() -> None:
    scripts = ("i18n/language.js", *EARLY_SCRIPTS)
    assert page_scripts(*scripts).count("</script>") == len(scripts)
    assert not any("</" in read_text(name) for name in scripts)
