"""The page and its files: made and compressed once, then sent from memory.

Gradio makes the page anew for each visitor, half a megabyte, sends it as it is, and compresses
every script at every request: most of what a class costs that opens the page.
"""

import asyncio
import re
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mnist_demo.ui.gradio_internals import (
    FILE,
    HASHED_FILE,
    ORIGIN_HEADERS,
    PAGE,
    app_blocks,
    app_id,
)
from mnist_demo.ui.serving.request_filter import path_below

MOST = 16 * 2**20  # bytes: all files of Gradio's page take 6 MB
_FOREVER = (b"cache-control", b"public, max-age=31536000, immutable")
_SINGLE = (b"range", b"if-range")  # who sends these wants a part


@dataclass(frozen=True)
class _CachedResponse:
    """headers: but for the length of the body."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    async def send(self, send: Send) -> None:
        headers = [*self.headers, (b"content-length", str(len(self.body)).encode())]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


class ResponseCache:
    """Middleware, within the RequestFilter; `launch_options` puts it into the app.

    For whoever takes gzip, which every browser does. What was sent last stays, up to MOST bytes.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._compressing = GZipMiddleware(app)
        self._making = asyncio.Lock()  # a class that comes at once has each made once
        self._answers: OrderedDict[Any, _CachedResponse] = OrderedDict()
        self._size = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = _key(scope)
        if key is None:
            await self._app(scope, receive, send)
            return
        answer = self._look_up(key)
        if answer is None:
            async with self._making:
                answer = self._look_up(key) or await self._make(key, scope)
        await answer.send(send)

    def _look_up(self, key: Any) -> _CachedResponse | None:
        if key not in self._answers:
            return None
        self._answers.move_to_end(key)
        return self._answers[key]

    async def _make(self, key: Any, scope: Scope) -> _CachedResponse:
        answer = await _collect(self._compressing, scope)
        if answer.status == 200:
            self._answers[key] = answer
            self._size += len(answer.body)
            while self._size > MOST:
                _, dropped = self._answers.popitem(last=False)
                self._size -= len(dropped.body)
        return answer


def _key(scope: Scope) -> Any:
    """By what the answer is known; None where it is made for this request alone."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return None
    path = path_below(scope)
    if path != PAGE and not re.fullmatch(FILE, path):
        return None
    headers = scope["headers"]
    encodings = b",".join(value for name, value in headers if name == b"accept-encoding")
    if b"gzip" not in encodings or any(name in _SINGLE for name, _ in headers):
        return None
    app = app_id(app_blocks(scope))  # another one after `gradio app.py` has reloaded
    if path != PAGE:
        return app, path
    # The page holds the address that it was asked by.
    origin = tuple(header for header in headers if header[0] in ORIGIN_HEADERS)
    address = scope["scheme"], scope.get("root_path"), scope["path"], scope["query_string"]
    return app, address, origin


async def _collect(app: ASGIApp, scope: Scope) -> _CachedResponse:
    """The whole answer of `app`, whether or not the client waits for it."""
    started: Message = {}
    body = bytearray()
    asked = False

    async def receive() -> Message:
        nonlocal asked
        if asked:
            await asyncio.Event().wait()  # nobody leaves
        asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        started.update(message if message["type"] == "http.response.start" else {})
        body.extend(message.get("body", b""))

    await app(scope, receive, send)
    headers = [header for header in started["headers"] if header[0] != b"content-length"]
    if re.fullmatch(HASHED_FILE, path_below(scope)) and started["status"] == 200:
        headers.append(_FOREVER)
    return _CachedResponse(started["status"], tuple(headers), bytes(body))
