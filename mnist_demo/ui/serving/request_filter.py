"""What stands before Gradio: of its routes those that the page and the API need, bounded, checked.

Gradio serves more than this app needs (deep links, a proxy, a component's server functions, hot
reload), and lets a client call a training past its queue. docs/SECURITY.md says what is kept out.
"""

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import gradio as gr
import orjson
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mnist_demo.ui import gradio_internals
from mnist_demo.ui.i18n.translate import translate_for_visitor

MAX_JSON = 16 * 2**20  # bytes: a model of 10 MB as base64, and the table of runs beside it
MAX_WORD = 1024  # bytes: that a page is open
MAX_DRAWING = 3 * 2**20  # bytes: the largest picture that the pad sends, and 50,000 points
MAX_UPLOAD = 21 * 2**20  # bytes: one file of `max_file_size`, and what multipart adds
_READ = rf"{gradio_internals.READ}|/healthz|/status|/class"
ANSWER = "/answer"  # not Gradio's: see predict_route.py
PRESENCE = "/presence"  # nor is this: see presence.py

# Gradio's page has scripts in itself and makes functions of text: neither can be forbidden. But
# nothing comes from another host, and nothing goes to one. Who may frame the page is left open: a
# course's page may, and there is nothing here that a click could betray.
HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=(), payment=()",
    b"content-security-policy": b"default-src 'self'; script-src 'self' 'unsafe-inline' "
    b"'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    b"font-src 'self' data:; connect-src 'self' data: blob:; media-src 'self' data: blob:; "
    b"worker-src 'self' blob:; frame-src 'none'; object-src 'none'; base-uri 'self'; "
    b"form-action 'self'",
}


# nginx holds a stream back until it has a page of it, unless the stream says so.
_STREAM, _UNBUFFERED = b"text/event-stream", (b"x-accel-buffering", b"no")


class RequestRefusedError(Exception):
    """What a request is answered with instead of what it asks for: a status, and a sentence."""

    def __init__(self, status: int, key: str) -> None:
        super().__init__(key)
        self.status = status
        self.error_sentence = translate_for_visitor(key)


class RequestFilter:
    """Middleware; `launch_options` puts it into the app."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":  # the app's own start and end; there are no web sockets
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        gradio_internals.app_blocks(scope).filtered = True  # see CheckedBlocks
        answer = _CheckedResponse(scope, send)
        try:
            await self._app(scope, await _check(scope, receive), answer.send)
        except RequestRefusedError as refused:
            if not answer.begun:
                error_sentence = JSONResponse({"detail": refused.error_sentence}, refused.status)
                await error_sentence(scope, receive, answer.send)
        except RuntimeError as error:  # a stream of a session that is gone, which it has been told
            if not answer.begun or not isinstance(error.__cause__, HTTPException):
                raise
            await answer.send({"type": "http.response.body", "body": b""})


async def _check(scope: Scope, receive: Receive) -> Receive:
    """Where the request's body comes from. Raises RequestRefusedError where it is not let in."""
    method, path = scope["method"], path_below(scope)
    if method == "OPTIONS":  # Gradio answers it, by who may ask from elsewhere
        return receive
    if method in ("GET", "HEAD") and re.fullmatch(_READ, path):
        if gradio_internals.DEEP_LINK in scope["query_string"]:
            raise RequestRefusedError(404, "request_unknown")
        return receive
    if method != "POST":
        raise RequestRefusedError(404, "request_unknown")
    if path == ANSWER:
        return _bounded(scope, receive, MAX_DRAWING)
    if path == PRESENCE:
        return _bounded(scope, receive, MAX_WORD)
    if re.fullmatch(gradio_internals.UPLOAD, path):
        return _bounded(scope, receive, MAX_UPLOAD)
    call = re.fullmatch(gradio_internals.CALL, path)
    if not call and not re.fullmatch(gradio_internals.CANCEL, path):
        raise RequestRefusedError(404, "request_unknown")
    content = await _read_body(scope, receive)
    body = parse_body(content)
    if call:
        _check_call(scope, call["way"], call["name"], body)
    return _replay(content, receive)


def path_below(scope: Scope) -> str:
    """The path below that where a proxy may have mounted the app."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", "").rstrip("/"))


def _check_call(scope: Scope, way: str | None, name: str | None, body: dict[str, Any]) -> None:
    """By its name only a public endpoint can be called; the page calls its own by their numbers."""
    blocks = gradio_internals.app_blocks(scope)
    function = gradio_internals.find_endpoint(blocks, name) if name else None
    if name and function is None:
        raise RequestRefusedError(404, "request_unknown")
    if way == "call/v2":
        _check_files(function, _arguments(scope, str(name), body), {})
        return
    number, session = body.get("fn_index"), body.get("session_hash")
    if way != "call" and number is not None:  # else it is passed over
        function = gradio_internals.find_function(blocks, number) if type(number) is int else None
    if function is None:
        raise RequestRefusedError(404, "request_unknown")
    if session is not None and not re.fullmatch(gradio_internals.SESSION, str(session), re.ASCII):
        raise RequestRefusedError(400, "request_body")
    if body.get("batched") or not isinstance(body.get("data"), list):
        raise RequestRefusedError(400, "request_body")
    _check_files(function, body["data"], {**body, "data": None})


def _arguments(scope: Scope, name: str, body: dict[str, Any]) -> list[Any]:
    """Of the second version of `call`, whose body holds the arguments by their names."""
    parameters = gradio_internals.endpoint_parameters(scope, name)
    needed = {each for each, may_be_left_out in parameters.items() if not may_be_left_out}
    if not needed <= body.keys() <= parameters.keys():
        raise RequestRefusedError(422, "request_arguments")
    return [body.get(each) for each in parameters]


def _check_files(function: Any, data: list[Any], others: Any) -> None:
    """Only a file that was uploaded, and only where a file is asked for.

    Gradio would take one anywhere, and fetch it for the client where its path is an address. So it
    is looked for here, where everything has to pass, whatever Gradio calls before a handler.
    """
    components = gradio_internals.match_inputs(function, len(data))
    for component, value in [*zip_longest(components, data), (None, others)]:
        for file in gradio_internals.find_files(value):
            sources = [file["path"], file.get("url") or ""]
            if not isinstance(component, gr.File) or not all(map(_is_on_disk, sources)):
                raise RequestRefusedError(422, "bad_input")


def _is_on_disk(path: Any) -> bool:
    return isinstance(path, str) and not gradio_internals.is_address(path)


async def _read_body(scope: Scope, receive: Receive) -> bytes:
    receive = _bounded(scope, receive, MAX_JSON)
    content = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise RequestRefusedError(400, "request_body")  # the client has gone
        content += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(content)


def parse_body(content: bytes) -> dict[str, Any]:
    """Strictly: no NaN, no half of a surrogate pair, which could not be sent back.

    Raises RequestRefusedError where it is no JSON object.
    """
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError:
        raise RequestRefusedError(400, "request_body") from None
    if not isinstance(body, dict):
        raise RequestRefusedError(400, "request_body")
    return body


def _bounded(scope: Scope, receive: Receive, most: int) -> Receive:
    """`receive`, which refuses a body of more bytes, at once where it tells its length."""
    told = dict(scope["headers"]).get(b"content-length", b"0")
    if not told.isdigit() or int(told[:20]) > most:
        raise RequestRefusedError(413, "request_large")
    count = 0

    async def receive_bounded() -> Message:
        nonlocal count
        message = await receive()
        count += len(message.get("body", b""))
        if count > most:
            raise RequestRefusedError(413, "request_large")
        return message

    return receive_bounded


def _replay(content: bytes, receive: Receive) -> Receive:
    """A body that has been read already, once more; then whether the client goes."""
    messages: Iterator[Message] = iter(
        [{"type": "http.request", "body": content, "more_body": False}]
    )

    async def replay() -> Message:
        return next(messages, None) or await receive()

    return replay


class _CheckedResponse:
    """Passes an answer on, with HEADERS.

    Gradio answers a refusal with 500, as if the server had failed; here it is 422, so that a host
    who counts failures counts failures.
    """

    def __init__(self, scope: Scope, send: Send) -> None:
        self._send = send
        self._is_call = path_below(scope).startswith("/gradio_api/run/")
        self._start: Message | None = None
        self.begun = False

    async def send(self, message: Message) -> None:
        self.begun = True
        if message["type"] == "http.response.start":
            headers = [*message.get("headers", ()), *HEADERS.items()]
            if any(name == b"content-type" and _STREAM in value for name, value in headers):
                headers.append(_UNBUFFERED)
            message["headers"] = headers
            if self._is_call and message["status"] == 500:
                self._start = message  # until it is known why
                return
        elif self._start is not None:
            if gradio_internals.is_refusal(message.get("body", b"")):
                self._start["status"] = 422
            await self._send(self._start)
            self._start = None
        await self._send(message)
