"""Whose page is open, who listens, and whose models stay."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from mnist_demo.ui.serving import presence
from tests.ui.serving.conftest import Served

SEVEN = [[[70, 60], [205, 60], [125, 235]]]


@pytest.fixture
def http(served: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.url, timeout=60) as client:
        yield client


def _tell(http: httpx.Client, session: Any, *, is_open: Any = True) -> httpx.Response:
    return http.post("presence", json={"session": session, "open": is_open})


def _wait_for(wanted: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not wanted():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _use(http: httpx.Client, session: str) -> None:
    """An event of that session, which Gradio then keeps."""
    body = {"data": [SEVEN, "mlp"], "session_hash": session}
    assert http.post("gradio_api/run/predict_strokes", json=body).status_code == 200


def _closed(served: Served, session: str) -> Callable[[], bool]:
    return lambda: served.app.state_holder.session_data[session].is_closed


def _open(served: Served, session: str) -> Callable[[], bool]:
    return lambda: session in served.app.open_sessions.pages


def test_a_page_is_open_until_it_says_goodbye(http: httpx.Client, served: Served) -> None:
    _use(http, "goes")
    before = served.status.load()["visitors"]  # a call has no page
    for _ in range(2):
        assert _tell(http, "goes").json() == http.get("gradio_api/app_id").json()
    _wait_for(_open(served, "goes"))
    assert served.status.load()["visitors"] == before + 1
    _tell(http, "goes", is_open=False)
    _wait_for(_closed(served, "goes"))
    _wait_for(lambda: served.status.load()["visitors"] == before)
    _tell(http, "goes")  # it was kept by the browser, and is shown again
    _wait_for(lambda: not _closed(served, "goes")() and _open(served, "goes")())
    _tell(http, "goes", is_open=False)


def test_a_page_that_falls_silent_counts_as_closed(
    http: httpx.Client, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "SILENCE", 0.2)
    _use(http, "silent")
    _tell(http, "silent")
    _wait_for(_closed(served, "silent"))


def test_who_is_not_known_does_no_harm(http: httpx.Client, served: Served) -> None:
    """As behind nginx, where another replica takes the place of one that has ended."""
    for is_open in (False, True, False):
        assert _tell(http, "of-another", is_open=is_open).status_code == 200
    _wait_for(lambda: not _open(served, "of-another")())
    assert "of-another" not in served.app.state_holder.session_data


def test_what_is_no_session_is_refused(http: httpx.Client, subtests: pytest.Subtests) -> None:
    for session in (None, 3, "", "a/b", "a" * 65, ["a"]):
        with subtests.test(session=session):
            assert _tell(http, session).status_code == 400
    assert _tell(http, "a" * 2000).status_code == 413
    assert http.get("presence").status_code == 404


def test_of_very_many_pages_the_first_are_held(
    http: httpx.Client, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "MOST", 1)
    for name in ("first", "second"):
        _tell(http, name)
    _wait_for(_open(served, "first"))
    assert not _open(served, "second")()
    _tell(http, "first", is_open=False)
    _wait_for(lambda: not _open(served, "first")())


@pytest.mark.parametrize("holds", [True, False], ids=["as gradio_client does", "as our page does"])
def test_who_passes_by_pushes_out_no_open_page(
    holds: bool, http: httpx.Client, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served.app.state_holder, "capacity", 5)
    _use(http, "stays")
    if holds:
        with http.stream("GET", "gradio_api/heartbeat/stays") as heartbeat:
            lines = heartbeat.iter_lines()
            next(lines)
            _pass_by(http, served)
    else:
        _tell(http, "stays")
        _wait_for(_open(served, "stays"))
        _pass_by(http, served)
        _tell(http, "stays", is_open=False)
    _wait_for(_closed(served, "stays"))
    _pass_by(http, served, stays=False)


def _pass_by(http: httpx.Client, served: Served, *, stays: bool = True) -> None:
    for number in range(8):
        _use(http, f"call{stays}{number}")
    assert ("stays" in served.app.state_holder.session_data) is stays
    # Those who came before others are over the bound: one goes for each that comes.
    assert f"call{stays}7" in served.app.state_holder.session_data


def test_protected_are_so_many_of_those_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "PROTECTED", 2)
    sessions = presence.OpenSessions()
    sessions.pages.update(["a", "b", "c"])
    assert sessions.protected() == {"a", "b"}


def test_where_nobody_looks_everybody_listens() -> None:
    sessions = presence.OpenSessions()
    assert sessions.listens("a")
    sessions.watched = True
    assert not sessions.listens("a")
    sessions.streams["a"] += 1
    assert sessions.listens("a")
