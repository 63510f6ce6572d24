"""What the page answers to a drawing, and the route by which it asks.

An event of Gradio's takes more of the processor than a network that reads a digit, and a class asks
a hundred times a second. So what a shipped model reads is asked for beside Gradio's events. A
visitor's own model lies in Gradio's session, which only an event reaches.

An answer says when to ask again; prediction_card.js minds that while the pen moves.
"""

from functools import partial

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.compute.pacing import Pacer
from mnist_demo.ui.draw.predict import predict_drawing
from mnist_demo.ui.gradio_internals import app_blocks
from mnist_demo.ui.serving.request_filter import ANSWER, parse_body

ASK_AGAIN_AFTER = "ask-again-after"  # a header: milliseconds


def answer_route() -> Route:
    """POST {drawing, model} for what `predict_drawing` returns; the RequestFilter bounds it."""
    return Route(ANSWER, partial(_answer, Pacer()), methods=["POST"])


async def _answer(pacer: Pacer, request: Request) -> Response:
    """What a shipped model reads; of any other name, that it is not there."""
    turn = pacer.ask()
    question = parse_body(await request.body())
    store: ModelStore = app_blocks(request.scope).store
    value = await predict_drawing(store, question.get("drawing"), question.get("model"), {})
    headers = {ASK_AGAIN_AFTER: str(round(1000 * pacer.answer(turn)))}
    return Response(orjson.dumps(value), headers=headers, media_type="application/json")
