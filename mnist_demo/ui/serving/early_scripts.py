"""Scripts that run before all of Gradio's: what `launch(head=...)` names, Gradio's own puts in the
page once its client has begun to talk to the server. The first one runs in browsers that cannot
run the others."""

import json

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mnist_demo.ui.components.custom_html import page_scripts
from mnist_demo.ui.gradio_internals import HEAD, PAGE
from mnist_demo.ui.i18n.translate import translate
from mnist_demo.ui.serving.request_filter import path_below

EARLY_SCRIPTS = (
    "serving/old_browser.js",
    "gradio_internals.js",
    "serving/reconnect.js",
    "train/leaving.js",
)


class EarlyScripts:
    """Middleware, within the ResponseCache: puts them at the start of the page's head."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        words = f"<script>var oldBrowserWords = {json.dumps(translate('old_browser'))};</script>"
        self._head = HEAD + (words + page_scripts(*EARLY_SCRIPTS)).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or path_below(scope) != PAGE:
            await self._app(scope, receive, send)
            return
        start: Message | None = None  # held back: the length that it tells is another one

        async def insert(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            if start:
                body = message.get("body", b"")
                message = {**message, "body": body.replace(HEAD, self._head, 1)}
                await send(_lengthen(start, len(message["body"]) - len(body)))
                start = None
            await send(message)

        await self._app(scope, receive, insert)


def _lengthen(start: Message, by: int) -> Message:
    headers = [
        (name, str(int(value) + by).encode() if name == b"content-length" else value)
        for name, value in start["headers"]
    ]
    return {**start, "headers": headers}
