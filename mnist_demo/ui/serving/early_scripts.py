"""Scripts that the page runs before Gradio's own.

What `launch(head=...)` names, Gradio's script adds to the page once its client has begun to talk to
the server.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mnist_demo.ui.components.custom_html import page_scripts
from mnist_demo.ui.gradio_internals import CONFIG_SCRIPT, PAGE
from mnist_demo.ui.serving.request_filter import path_below

_SCRIPTS = ("gradio_internals.js", "serving/reconnect.js")


class EarlyScripts:
    """Middleware, within the ResponseCache; `launch_options` puts it into the app."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._scripts = page_scripts(*_SCRIPTS).encode()

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
