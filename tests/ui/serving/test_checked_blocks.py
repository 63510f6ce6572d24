"""What a client may not send is refused, also by a Gradio that calls nothing of ours."""

from typing import Any

import gradio as gr
import httpx
import pytest
from fastapi import FastAPI

from mnist_demo.ui import gradio_internals
from mnist_demo.ui.i18n.translate import translate
from mnist_demo.ui.serving.checked_blocks import CheckedBlocks
from tests.ui.serving.conftest import Served

ADDRESS = {"path": "http://127.0.0.1:9/a.png", "meta": {"_type": "gradio.FileData"}}
HTTP = httpx.Client()  # one for all: each of its own would read the certificates again


def _ask(served: Served, path: str, **body: Any) -> httpx.Response:
    return HTTP.post(f"{served.url}gradio_api/{path}", json={"session_hash": "a1", **body})


@pytest.fixture(
    params=[True, pytest.param(False, marks=pytest.mark.slow)], ids=["called", "not called"]
)
def _hook(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether Gradio calls the method of ours that it calls today."""
    if not request.param:
        monkeypatch.delattr(gradio_internals.OwnBlocks, "preprocess_data")


@pytest.mark.usefixtures("_hook")
def test_no_address_is_fetched(served: Served) -> None:
    numbers = [each for each, function in served.app.fns.items() if function.fn]
    assert len(numbers) > 30
    for number in numbers:
        count = len(served.app.fns[number].inputs)
        for path in ("run/predict", "queue/join"):
            answer = _ask(served, path, fn_index=number, data=[[ADDRESS]] * max(count, 1))
            assert answer.status_code == 422
            assert answer.json() == {"detail": translate("bad_input")["en"]}
    for path in ("run/predict", "call/predict"):
        assert _ask(served, path, data=[ADDRESS, "softmax"]).status_code == 422
    body = {"picture": ADDRESS, "model": "softmax"}
    answer = HTTP.post(f"{served.url}gradio_api/call/v2/predict", json=body)
    assert answer.status_code == 422
    assert answer.json() == {"detail": translate("bad_input")["en"]}


def test_a_value_that_is_none_of_its_component_is_told_in_our_words(served: Served) -> None:
    answer = _ask(served, "run/predict", data=[7, "softmax"])
    assert (answer.status_code, answer.json()["error"]) == (422, translate("bad_input")["en"])
    answer = _ask(served, "run/predict", data=[None, "nonsense"])
    assert answer.status_code == 422
    assert "nonsense" in answer.json()["error"]


def test_where_it_would_be_mounted_without_its_routes_it_is_refused() -> None:
    with CheckedBlocks(analytics_enabled=False) as app:
        pass
    with pytest.raises(RuntimeError, match=r"cannot be mounted at '/mnist'.*GRADIO_ROOT"):
        gr.mount_gradio_app(FastAPI(), app, path="/mnist")


def test_that_requests_come_through_the_filter_is_known(served: Served) -> None:
    assert getattr(served.app, "filtered", False)
