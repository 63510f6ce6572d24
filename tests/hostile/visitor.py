"""A client that speaks the page's own protocol, and sends with it whatever it likes."""

import json
import random
import time
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import httpx

API = "gradio_api"


@dataclass(frozen=True)
class Answer:
    """status: of HTTP. text: all that came. output: what an event gave, None where it was refused.

    finished: False where it was left before its end.
    """

    status: int
    text: str
    output: Any = None
    finished: bool = True

    @property
    def error(self) -> str | None:
        """The sentence of a refusal, of a handler or of what stands before it."""
        found = self.output if isinstance(self.output, dict) else {}
        return found.get("error") or found.get("detail")

    @property
    def failed(self) -> bool:
        """Whether a handler raised anything but a message for people."""
        return isinstance(self.output, dict) and self.output.get("error", "") is None


class Visitor:
    """One browser. session: what tells it from others."""

    def __init__(self, url: str, session: str | None = None) -> None:
        self.url = url
        self.session = session or f"{random.getrandbits(52):x}"
        # A new connection each time: the server may just be closing one that rests.
        fresh = httpx.Limits(max_keepalive_connections=0)
        self.http = httpx.Client(base_url=url, timeout=60, limits=fresh)

    @cached_property
    def config(self) -> Any:
        return self.http.get("config").json()

    @cached_property
    def events(self) -> dict[int, Any]:
        """All that the server can be asked for, by fn_index, whatever it is called."""
        return {each["id"]: each for each in self.config["dependencies"] if each["backend_fn"]}

    @cached_property
    def components(self) -> dict[int, Any]:
        return {each["id"]: each for each in self.config["components"]}

    def component(self, elem_id: str) -> int:
        """The number of the component with that id on the page."""
        return next(
            number
            for number, each in self.components.items()
            if each["props"].get("elem_id") == elem_id
        )

    def event(self, elem_id: str, name: str) -> int:
        """The first event of that name of a component."""
        target = [self.component(elem_id), name]
        return next(number for number, each in self.events.items() if target in each["targets"])

    def initial(self, number: int) -> list[Any]:
        """The event's data as the page has them at first."""
        return [
            self.components[one]["props"].get("value") if one in self.components else None
            for one in self.events[number]["inputs"]
        ]

    def send(self, number: int, data: list[Any], seconds: float = 60, **more: Any) -> Answer:
        """The answer to an event, sent as the page sends it."""
        body = {"fn_index": number, "data": data, "session_hash": self.session, **more}
        if self.events[number]["queue"]:
            return self.queue(body, seconds)
        return self.post("run/predict", body)

    def draw(self, drawing: Any, model: Any) -> Answer:
        """The answer to a drawing, asked for as the page asks for that of a shipped model."""
        return self.post_at("answer", {"drawing": drawing, "model": model})

    def post(self, path: str, body: Any) -> Answer:
        return self.post_at(f"{API}/{path}", body)

    def post_at(self, path: str, body: Any) -> Answer:
        content = body if isinstance(body, bytes) else write(body)
        headers = {"content-type": "application/json"}
        answer = self.http.post(path, content=content, headers=headers)
        return Answer(answer.status_code, answer.text, _read(answer.text))

    def queue(self, body: dict[str, Any], seconds: float = 60) -> Answer:
        """Join the queue and wait for the end, or cancel when the time is up, as Pause does."""
        joined = self.post("queue/join", body)
        if joined.status != 200:
            return joined
        event = joined.output["event_id"]
        ends = time.monotonic() + seconds
        text, output, finished = joined.text, None, False
        path = f"{API}/queue/data?session_hash={self.session}"
        with self.http.stream("GET", path) as stream:
            for line in stream.iter_lines():
                text += line
                message = _read(line.removeprefix("data:")) or {}
                if message.get("msg") in ("process_completed", "process_generating"):
                    output = message["output"]
                    finished = message["msg"] == "process_completed"
                if finished or time.monotonic() > ends:
                    break
        if not finished:
            cancelled = {"session_hash": self.session, "fn_index": body["fn_index"]}
            self.post("cancel", cancelled | {"event_id": event})
        return Answer(stream.status_code, text, output, finished)

    def upload(self, name: str, content: bytes) -> httpx.Response:
        return self.http.post(f"{API}/upload", files={"files": (name, content)})


def write(body: Any) -> bytes:
    """JSON, and what Python takes for it: NaN, infinities, half of a surrogate pair."""
    return json.dumps(body).encode()


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
