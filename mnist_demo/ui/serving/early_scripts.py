"""Scripts that the page runs before Gradio's own, or where a browser cannot run these.

What `launch(head=...)` names, Gradio's script adds to the page once its client has begun to talk to
the server.
"""

import json

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mnist_demo.ui.components.custom_html import page_scripts
from mnist_demo.ui.gradio_internals import CONFIG_SCRIPT, PAGE
from mnist_demo.ui.i18n.translate import translate
from mnist_demo.ui.serving.request_filter import path_below

EARLY_SCRIPTS = (
    "serving/old_browser.js",
    "gradio_internals.js",
    "serving/own_address.js",
    "serving/reconnect.js",
    "components/connection/former_session.js",
    "train/leaving.js",
)


class EarlyScripts:
    """Middleware, within the ResponseCache; `launch_options` puts it into the app."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        words = f"<script>var oldBrowserWords = {json.dumps(translate('old_browser'))};</script>"
        self._scripts = (words + page_scripts(*EARLY_SCRIPTS)).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or path_below(scope) != PAGE:
            await self._app(scope, receive, send)
            return
        start: Message = {}
        page = bytearray()

        async def collect(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            page.extend(message.get("body", b""))
            if not message.get("more_body"):
                whole = page.replace(CONFIG_SCRIPT, self._scripts + CONFIG_SCRIPT, 1)
                headers = [each for each in start["headers"] if each[0] != b"content-length"]
                headers.append((b"content-length", str(len(whole)).encode()))
                await send({**start, "headers": headers})
                await send({"type": "http.response.body", "body": bytes(whole)})

        await self._app(scope, receive, collect)
