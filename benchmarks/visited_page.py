"""The page as a visitor's browser has it: what it sends and waits for, and nothing to look at.

What is sent was taken from Chromium's network log. An event outside of the queue is one POST; one
in it is a POST that joins the queue, and its messages come through a stream that all of a visitor's
events share. Which component an event belongs to, and what goes with it, stands in /config.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from benchmarks.web_client import Response, WebClient
from mnist_demo.ui.serving.predict_route import ASK_AGAIN_AFTER

API = "/gradio_api"
PATIENCE = 120.0  # seconds: what has not come by then is lost


class PageError(Exception):
    """What must not happen: a status other than 200, an error event, an answer that never came."""


@dataclass(frozen=True)
class Answer:
    """data: by component. seconds: from sending to the answer; of a queued event, also from its
    start to its end, without the waiting for its turn."""

    data: dict[int, Any]
    seconds: float
    running_seconds: float


class Layout:
    """What /config says of components and events."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._events: list[dict[str, Any]] = config["dependencies"]
        self._ids = {
            part["props"]["elem_id"]: part["id"]
            for part in config["components"]
            if part["props"].get("elem_id")
        }
        # The models that a route answers for, past Gradio's events.
        self.shipped: list[str] = next(
            part["props"]["props"]["shipped"]
            for part in config["components"]
            if part["props"].get("elem_id") == "prediction"
        )
        self.values = {  # a State's never leaves the server
            part["id"]: None if part["type"] == "state" else part["props"].get("value")
            for part in config["components"]
        }

    def id(self, name: str) -> int:
        """The component whose elem_id is `name`."""
        return self._ids[name]

    def find(self, name: str, event: str) -> list[dict[str, Any]]:
        """The server's events of a component; "load" is the page's own."""
        target = [0 if event == "load" else self.id(name), event]
        return [each for each in self._events if each["backend_fn"] and target in each["targets"]]

    def after(self, event: dict[str, Any]) -> list[dict[str, Any]]:
        """The server's events that follow an event."""
        return [
            each
            for each in self._events
            if each["backend_fn"] and each["trigger_after"] == event["id"]
        ]


@dataclass
class _Waiting:
    """An event in the queue."""

    messages: asyncio.Queue[dict[str, Any] | None] = field(default_factory=asyncio.Queue)


class VisitedPage:
    """One visitor's page. Every method raises `PageError` for what must not happen."""

    def __init__(self, url: str, layout: Layout, session: str) -> None:
        self._web = WebClient(url)
        self._layout = layout
        self._session = session
        self._values = dict(layout.values)
        self._waiting: dict[str, _Waiting] = {}
        self._early: dict[str, list[dict[str, Any]]] = {}  # came before the answer to `join`
        self._tasks: set[asyncio.Task[None]] = set()
        self._stream: asyncio.Task[None] | None = None

    async def open(self, assets: list[str]) -> None:
        """Load the page and what belongs to it, and run its own events."""
        await self._get("/")
        await asyncio.gather(*(self._get(path) for path in assets))
        self._keep(self._heartbeat())
        await asyncio.gather(*(self._ask(event, None) for event in self._layout.find("", "load")))

    def put(self, name: str, value: Any) -> None:
        """Set a component's value, as the visitor or its script does."""
        self._values[self._layout.id(name)] = value

    async def read(self) -> tuple[Any, float, float]:
        """The answer to the drawing on the pad, asked for as the page does; the seconds; and those
        that the page is told to wait before it asks again."""
        drawing, model = (self._values[self._layout.id(name)] for name in ("pad", "draw-model"))
        if model not in self._layout.shipped:
            answer = await self.trigger("prediction", "ask")
            return answer.data[self._layout.id("prediction")]["answer"], answer.seconds, 0.0
        started = time.perf_counter()
        body = json.dumps({"drawing": drawing, "model": model}).encode()
        async with _patience():
            response = await self._post("/answer", body)
        pause = int(response.headers.get(ASK_AGAIN_AFTER, 0)) / 1000
        return json.loads(response.body), time.perf_counter() - started, pause

    async def trigger(
        self, name: str, event: str, on_start: Callable[[], None] | None = None
    ) -> Answer:
        """Send the event of a component; the answer of the first one there is.

        What the page sends thereupon by itself is waited for as well. on_start: called when a
        queued event has its turn.
        """
        first, *others = self._layout.find(name, event)
        answers = await asyncio.gather(
            self._ask(first, self._layout.id(name), on_start),
            *(self._ask(other, self._layout.id(name)) for other in others),
        )
        return answers[0]

    async def follow(self, name: str, event: str) -> None:
        """Send what the page sends when that event has ended."""
        for first in self._layout.find(name, event):
            await self._follow(first, self._layout.id(name))

    def close(self) -> None:
        """Leave."""
        for task in self._tasks:
            task.cancel()
        self._web.close()

    async def _follow(self, event: dict[str, Any], trigger: int) -> None:
        for after in self._layout.after(event):
            await self._ask(after, trigger)
            await self._follow(after, trigger)

    async def _ask(
        self,
        event: dict[str, Any],
        trigger: int | None,
        on_start: Callable[[], None] | None = None,
    ) -> Answer:
        body = json.dumps(
            {
                "data": [self._values.get(each) for each in event["inputs"]],
                "event_data": {},
                "fn_index": event["id"],
                "trigger_id": trigger or 0,
                "session_hash": self._session,
            }
        ).encode()
        started = time.perf_counter()
        async with _patience():
            if event["queue"]:
                output, running = await self._join(body, on_start)
            else:
                response = await self._post(f"{API}/run/predict", body)
                output, running = json.loads(response.body), 0.0
        seconds = time.perf_counter() - started
        data = dict(zip(event["outputs"], output["data"], strict=True))
        self._take(data)
        return Answer(data, seconds, running or seconds)

    def _take(self, data: dict[int, Any]) -> None:
        for component, value in data.items():
            if isinstance(value, dict) and value.get("__type__") == "update":
                if "value" in value:
                    self._values[component] = value["value"]
            else:
                self._values[component] = value

    async def _join(
        self, body: bytes, on_start: Callable[[], None] | None
    ) -> tuple[dict[str, Any], float]:
        """What a queued event put out at last, and the seconds from its start to its end."""
        response = await self._post(f"{API}/queue/join?", body)
        event = json.loads(response.body)["event_id"]
        waiting = self._waiting[event] = _Waiting()
        for early in self._early.pop(event, []):
            waiting.messages.put_nowait(early)
        if self._stream is None:
            self._stream = self._keep(self._read_stream())
        started = time.perf_counter()
        try:
            while (message := await waiting.messages.get()) is not None:
                if message["msg"] == "process_starts":
                    started = time.perf_counter()
                    if on_start:
                        on_start()
                if message["msg"] == "process_completed":
                    if not message["success"]:
                        raise PageError(f"error event: {message['output'].get('error')}")
                    return message["output"], time.perf_counter() - started
        finally:
            del self._waiting[event]
        raise PageError("the stream of messages broke off")

    async def _read_stream(self) -> None:
        """Hand out messages until the server closes the stream; open it anew if some wait still."""
        try:
            while self._waiting:
                await self._read_messages()
        except (PageError, OSError, EOFError):
            for waiting in self._waiting.values():
                waiting.messages.put_nowait(None)
        finally:
            self._stream = None

    async def _read_messages(self) -> None:
        path = f"{API}/queue/data?session_hash={self._session}"
        async with self._web.stream(path) as (status, lines):
            if status != 200:
                raise PageError(f"status {status}")
            async for line in lines:
                if not line.startswith(b"data:"):
                    continue
                message = json.loads(line[5:])
                if message["msg"] == "close_stream":
                    return
                if message["msg"] == "unexpected_error":
                    raise PageError(message["message"])
                event = message.get("event_id")
                if event in self._waiting:
                    self._waiting[event].messages.put_nowait(message)
                elif event:
                    self._early.setdefault(event, []).append(message)

    async def _heartbeat(self) -> None:
        """By this the server knows that the visitor is there."""
        async with self._web.stream(f"{API}/heartbeat/{self._session}") as (_, lines):
            async for _ in lines:
                pass

    def _keep(self, work: Any) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _get(self, path: str) -> Response:
        return _check(await self._web.get(path))

    async def _post(self, path: str, body: bytes) -> Response:
        return _check(await self._web.post(path, body))


@asynccontextmanager
async def _patience() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(PATIENCE):
            yield
    except TimeoutError:
        raise PageError(f"no answer within {PATIENCE:.0f} s") from None


def _check(response: Response) -> Response:
    if response.status != 200:
        raise PageError(f"status {response.status}: {response.body[:200].decode(errors='replace')}")
    return response
