"""A small app of Gradio's, served: what the tests of its inside ask and watch."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import gradio as gr
import httpx
import pytest
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from mnist_demo.ui import gradio_internals as internals
from tests.serving import free_port

SESSION = "a-visitor"


@contextmanager
def relies_on(part: str) -> Iterator[None]:
    """Whatever goes wrong within is told as a change of that part of Gradio."""
    try:
        yield
    except Exception as error:  # noqa: BLE001  # whatever comes of another Gradio
        pytest.fail(f"gradio {gr.__version__} has changed {part}: {error!r}")


class Probe:
    """Middleware that keeps the scope of the last request."""

    scope: Scope

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        Probe.scope = scope
        await self._app(scope, receive, send)


class Told(internals.OwnBlocks):
    def input_error(self, error: Exception) -> gr.Error:
        return gr.Error(f"Told: {type(error).__name__}", print_exception=False)


class SmallApp:
    """A small app of Gradio's that is served, and what its handlers have seen."""

    def __init__(self) -> None:
        self.requests: list[Any] = []
        self.closed = 0
        texts = gr.I18n(en={"first": "First"}, ko={"first": "Erstes"})
        with Told(analytics_enabled=False) as self.blocks:
            self.state, kept = gr.State(0), gr.State(())
            self.choice = gr.Dropdown(["a", "b"], label=texts("first"))
            self.text = gr.Textbox()
            shown = gr.Textbox()
            go, stop = gr.Button(), gr.Button()
            quick: Any = {"queue": False, "api_visibility": "private"}
            events = {
                "see": go.click(self._see, self.choice, self.text, api_name="see", queue=False),
                "own": go.click(self._see, self.choice, self.text, **quick),
                "both": go.click(self._both, [self.state, self.text], shown, api_name="both"),
                "refuse": go.click(self._refuse, None, self.text, **quick),
                "fail": go.click(self._fail, None, self.text, **quick),
                "twice": go.click(self._twice, None, [self.text, shown], **quick),
                "run": (run := go.click(self._run, None, [kept, self.text])),
                "after": run.then(lambda kept: str(kept), kept, shown, queue=False),
                "stop": stop.click(None, None, None, cancels=[run], queue=False),
            }
        self.numbers = {name: event["id"] for name, event in events.items()}
        self.server, self.url, _ = self.blocks.launch(
            prevent_thread_lock=True,
            server_port=free_port(),
            quiet=True,
            ssr_mode=False,
            i18n=texts,
            app_kwargs={"middleware": [Middleware(Probe)]},
        )
        self.http = httpx.Client(base_url=self.url, timeout=60)

    def _see(self, choice: str) -> str:
        self.requests.append(internals.current_request())
        return choice

    def _both(self, state: int, text: str) -> str:
        self.requests.append(internals.current_request())
        return f"{state} {text}"

    def _refuse(self) -> None:
        raise gr.Error("No.", print_exception=False)

    def _fail(self) -> None:
        raise RuntimeError

    def _twice(self) -> list[Any]:
        update = gr.update(value="said")
        return [update, update]

    async def _run(self) -> AsyncIterator[tuple[Any, str]]:
        try:
            for at in range(1000):
                yield (at,), str(at)
                await asyncio.sleep(0.02)
        finally:
            self.closed += 1

    def run(self, name: str, *data: Any) -> httpx.Response:
        body = {"data": data, "session_hash": SESSION, "fn_index": self.numbers[name]}
        return self.http.post("gradio_api/run/x", json=body, headers={"x-test": name})

    def messages(self, name: str, *data: Any, until: str = "close_stream") -> list[Any]:
        """What the queue tells of an event until that message."""
        body = {"data": data, "session_hash": SESSION, "fn_index": self.numbers[name]}
        event = self.http.post("gradio_api/queue/join", json=body).json()["event_id"]
        return [{"event_id": event}, *self.follow(until)]

    def follow(self, until: str = "close_stream") -> Iterator[Any]:
        with self.http.stream("GET", f"gradio_api/queue/data?session_hash={SESSION}") as stream:
            for line in filter(None, stream.iter_lines()):
                yield (message := json.loads(line.removeprefix("data:")))
                if message["msg"] == until:
                    return


def wait_for(wanted: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not wanted():
        assert time.monotonic() < deadline
        time.sleep(0.02)
