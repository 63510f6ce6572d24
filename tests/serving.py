"""Serving the page to a test, on a port of its own: where several processes search Gradio's
range from 7860 on at once, two of them find the same."""

import socket
from collections.abc import Sequence

import gradio as gr
from starlette.routing import Route

from mnist_demo.ui.serving.launch import launch_options


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def launch(app: gr.Blocks, routes: Sequence[Route] = ()) -> str:
    """Serve `app` until it is closed; its address."""
    options = launch_options(app, routes)
    _, url, _ = app.launch(prevent_thread_lock=True, quiet=True, server_port=free_port(), **options)
    return url
