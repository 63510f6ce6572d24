"""/healthz for machines, /status for the host, /class for a class: addresses beside the page."""

import asyncio
import time
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from mnist_demo.ui.compute.torch_thread import TorchThread
from mnist_demo.ui.serving.addresses import show_class_page
from mnist_demo.ui.serving.logs import format_pairs
from mnist_demo.ui.serving.status import Status

PATIENCE = 2.0  # seconds: a training makes way within one step, most computations within parts


def host_routes(status: Status, torch_thread: TorchThread, host: str | None = None) -> list[Route]:
    """The routes, for `launch_options(...)`: before all of Gradio's own."""
    return [
        Route("/healthz", partial(check_health, status, torch_thread)),
        Route("/status", partial(show_status, status)),
        Route("/class", partial(show_class_page, host)),
    ]


async def check_health(status: Status, torch_thread: TorchThread, _: Request) -> JSONResponse:
    """200 where the web server and the networks' thread answer; else 503, with the reason.

    That a training runs, or the data set is still loading, is no illness. A computation that makes
    no way for some seconds is reported: who asks decides how often in a row is too often.
    """
    probe = torch_thread.probe()
    try:
        await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(probe.answer)), PATIENCE)
    except TimeoutError:
        silent = time.monotonic() - probe.asked
        reason = f"the networks' thread has not answered for {silent:.0f} seconds"
        return JSONResponse({"status": "unhealthy", "reason": reason}, 503)
    return JSONResponse({"status": "ok", **status.app(), **status.cost()})


async def show_status(status: Status, _: Request) -> PlainTextResponse:
    """One line of key=value: who is here, what trains, what it takes."""
    return PlainTextResponse(
        format_pairs({**status.load(), **status.app(), **status.cost()}) + "\n"
    )
