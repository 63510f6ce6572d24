"""What the page answers to a drawing, and the route by which it asks.

An event of Gradio's takes more of the processor than a network that reads a digit, and a class asks
a hundred times a second. So what a shipped model reads is asked for beside Gradio's events. A
visitor's own model lies in Gradio's session, which only an event reaches.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mnist_demo.ui.answer import describe_answer
from mnist_demo.ui.answers import ANSWERS, Steps
from mnist_demo.ui.gate import ANSWER, parse_body
from mnist_demo.ui.library import Library, Own
from mnist_demo.ui.refuse import sentence
from mnist_demo.ui.sketchpad import Sketch, is_quick, read_sketch
from mnist_demo.ui.words import reason_of, tell


def answer_route() -> Route:
    """POST {drawing, model} for what `read_drawing` returns; the gate bounds it."""
    return Route(ANSWER, _answer, methods=["POST"])


async def _answer(request: Request) -> Response:
    """What a shipped model reads; of any other name, that it is not there."""
    asked = parse_body(await request.body())
    library: Library = request.app.get_blocks().library
    value = await read_drawing(library, asked.get("drawing"), asked.get("model"), {})
    return Response(orjson.dumps(value), media_type="application/json")


async def read_drawing(
    library: Library, drawing: Any, model_name: Any, own: Own
) -> dict[str, Any] | None:
    """The answer to a drawing; None for a blank pad."""
    read: Callable[[], Sketch | None] = partial(read_sketch, drawing)
    if not is_quick(drawing):  # nobody else waits for it
        reading = asyncio.get_running_loop().run_in_executor(None, read)
        await asyncio.wait([reading])
        read = reading.result
    return await asyncio.wrap_future(ANSWERS.run(_answer_to(library, read, model_name, own)))


def _answer_to(
    library: Library, read: Callable[[], Sketch | None], model_name: Any, own: Own
) -> Steps[dict[str, Any] | None]:
    try:
        sketch = read()
    except ValueError as error:
        return {"sentence": tell("bad_drawing", reason=reason_of(error))}
    if sketch is None:
        return None
    if sketch.is_tiny:
        return {"sentence": tell("answer_little")}
    try:
        checkpoint = library.model(model_name, own)
    except ValueError as error:
        return {"sentence": sentence(error), "gone": model_name is not None}
    (shares,) = yield checkpoint.model, sketch.digit[None]
    return describe_answer(shares, sketch.digit, checkpoint.threshold)
