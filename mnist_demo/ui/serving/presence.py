"""Who is there: whose page is open, and who listens to what is told of their training.

Gradio's page holds a request open for as long as it is there. A browser opens six to a host, for
all of its tabs: the sixth would never load. So ours sends word every some seconds, and when it goes
(reconnect.js), and that request is held here in its place: what Gradio does when a page is closed,
it does as ever. A client that holds the request itself, such as gradio_client, may do so.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mnist_demo.ui.gradio_internals import (
    HEARTBEAT,
    SESSION,
    app_blocks,
    app_id,
    heartbeat_path,
    protect_sessions,
    reopen_session,
    stream_session,
)
from mnist_demo.ui.serving.request_filter import (
    PRESENCE,
    RequestRefusedError,
    parse_body,
    path_below,
)

SILENCE = 600.0  # seconds until a page counts as closed: timers of one out of sight run each minute
MOST = 1000  # pages; those beyond are served as all are, but count as closed
PROTECTED = 150  # sessions, of the 200 that there is room for: the rest is for who passes by


class OpenSessions:
    """The sessions of one app of which requests are open. watched: whether anybody looks."""

    def __init__(self) -> None:
        self.watched = False
        self.pages: Counter[str] = Counter()  # how many of each are open
        self.streams: Counter[str] = Counter()

    def protected(self) -> set[str]:
        """Those whose page is open, to be kept before others; the longest open, where too many."""
        return set(list(self.pages)[:PROTECTED])

    def listens(self, session: str) -> bool:
        """Whether anybody is told what becomes of that session's events, as far as is known."""
        return not self.watched or session in self.streams


class Presence:
    """Middleware, within the RequestFilter; `launch_options` puts it into the app."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._held: dict[str, _HeldPage] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                protect_sessions(scope, lambda: _sessions(scope).protected())
            await self._app(scope, receive, send)
            return
        sessions, path = _sessions(scope), path_below(scope)
        sessions.watched = True
        if path == PRESENCE:
            await self._hear(scope, receive, send)
        elif page := re.fullmatch(HEARTBEAT, path):
            with _counted(sessions.pages, page["session"]):
                await self._app(scope, receive, send)
        else:
            blocks, query = app_blocks(scope), scope["query_string"]
            session = stream_session(blocks, path, query)
            with _counted(sessions.streams, session):
                await self._app(scope, receive, send)

    async def _hear(self, scope: Scope, receive: Receive, send: Send) -> None:
        """POST {session, open}: whether that page is open. Tells which server this is."""
        told = parse_body(await Request(scope, receive).body())
        session = told.get("session")
        if not isinstance(session, str) or not re.fullmatch(SESSION, session, re.ASCII):
            raise RequestRefusedError(400, "request_body")
        held = self._held.get(session)
        if not told.get("open"):
            if held:
                held.end()
        elif held:
            held.renew()
        elif len(self._held) < MOST:
            self._held[session] = held = _HeldPage()
            held.task = asyncio.create_task(self._hold(scope, session, held))
        blocks = app_blocks(scope)
        await JSONResponse({"app_id": app_id(blocks)})(scope, receive, send)

    async def _hold(self, scope: Scope, session: str, held: "_HeldPage") -> None:
        """Ask Gradio what its own page would, until this one is closed."""
        reopen_session(app_blocks(scope), session)
        path = scope["path"].removesuffix(PRESENCE) + heartbeat_path(session)
        headers = [each for each in scope["headers"] if not each[0].startswith(b"content-")]
        request = {"method": "GET", "path": path, "raw_path": path.encode(), "headers": headers}
        # By this version the end of a request is told by what is received, not by what is sent.
        asgi = {**scope["asgi"], "spec_version": "2.3"}
        try:
            await self({**scope, **request, "asgi": asgi}, held.receive, _send_nowhere)
        finally:
            held.end()
            del self._held[session]


class _HeldPage:
    """A page's request: what Gradio receives of it."""

    task: "asyncio.Task[None]"  # held here, as asyncio does not

    def __init__(self) -> None:
        self._closed = asyncio.Event()
        self._asked = False
        self._silence = asyncio.get_running_loop().call_later(SILENCE, self._closed.set)

    def renew(self) -> None:
        """It is still open."""
        self._silence.cancel()
        self._silence = asyncio.get_running_loop().call_later(SILENCE, self._closed.set)

    def end(self) -> None:
        """It is closed."""
        self._silence.cancel()
        self._closed.set()

    async def receive(self) -> Message:
        if self._asked:
            await self._closed.wait()
            return {"type": "http.disconnect"}
        self._asked = True
        return {"type": "http.request", "body": b"", "more_body": False}


async def _send_nowhere(_: Message) -> None:
    pass


def _sessions(scope: Scope) -> OpenSessions:
    """Of the app that a request is for."""
    sessions: OpenSessions = app_blocks(scope).open_sessions
    return sessions


@contextmanager
def _counted(counts: Counter[str], session: str | None) -> Iterator[None]:
    if session is None:
        yield
        return
    counts[session] += 1
    try:
        yield
    finally:
        counts[session] -= 1
        if not counts[session]:
            del counts[session]
