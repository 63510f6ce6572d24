"""Scripts that run before all of Gradio's, and in browsers that cannot run these."""

import json

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mnist_demo.ui.components.custom_html import page_scripts
from mnist_demo.ui.gradio_internals import HEAD, PAGE
from mnist_demo.ui.i18n.translate import translate
from mnist_demo.ui.serving.request_filter import path_below


class EarlyScripts:
    """Middleware, within the ResponseCache: puts them at the start of the page's head.

    Those of `launch(head=)` come later: Gradio's own put them there.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        words = f"<script>var oldBrowserWords = {json.dumps(translate('old_browser'))};</script>"
        scripts = page_scripts("serving/old_browser.js", "train/leaving.js")
        self._head = HEAD + (words + scripts).encode()

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
