"""An app that is served on the embedded digits, with the host's routes beside the page."""

from collections.abc import Iterator
from dataclasses import dataclass

import gradio as gr
import pytest

from mnist_demo.ui.host.health import host_routes
from mnist_demo.ui.host.status import Status
from mnist_demo.ui.lab.line import Line
from mnist_demo.ui.launching import launch_options
from mnist_demo.ui.library import Library
from mnist_demo.ui.page import build_app


@dataclass(frozen=True)
class Served:
    app: gr.Blocks
    status: Status
    url: str


@pytest.fixture(scope="session")
def served(library: Library) -> Iterator[Served]:
    line = Line(1)
    app = build_app(library=library, line=line)
    status = Status(app, library, line)
    options = launch_options(host_routes(status))
    _, url, _ = app.launch(prevent_thread_lock=True, quiet=True, **options)
    yield Served(app, status, url)
    app.close()
