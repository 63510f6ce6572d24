"""The gate by itself, before an app that says what reached it; over HTTP: tests/hostile/."""

from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from mnist_demo.ui.serving.request_filter import HEADERS, MAX_DRAWING, RequestFilter

FILE, TEXT = gr.File(), gr.Textbox()
PAGES = SimpleNamespace(api_name="lambda", api_visibility="private", inputs=[TEXT])
PUBLIC = SimpleNamespace(api_name="predict", api_visibility="public", inputs=[FILE, gr.State()])
BLOCKS = SimpleNamespace(fns={0: PUBLIC, 7: PAGES})
X = {"parameter_name": "x", "parameter_has_default": False}
CALL = {"data": [1], "fn_index": 7, "session_hash": "a1"}


async def _translate(request: Request) -> Response:
    body = await request.body()
    if b"refuse" in body:
        return JSONResponse({"error": "No."}, 500)
    if b"fail" in body:
        return JSONResponse({"error": None}, 500)
    if b"stream" in body:
        return Response(body, media_type="text/event-stream")
    return Response(body or b"reached")


@pytest.fixture
def client() -> TestClient:
    routes = [Route("/{path:path}", _translate, methods=["GET", "POST", "PUT", "OPTIONS"])]
    app: Any = Starlette(routes=routes, middleware=[Middleware(RequestFilter)])
    app.get_blocks = lambda: BLOCKS
    app.api_info = {"named_endpoints": {"/predict": {"parameters": [X]}}}
    return TestClient(app)


@pytest.mark.parametrize("path", ["/", "/config", "/assets/a.js", "/gradio_api/heartbeat/a1"])
def test_what_the_page_needs_is_let_in(path: str, client: TestClient) -> None:
    answer = client.get(path)
    assert answer.text == "reached"
    for name, value in HEADERS.items():
        assert answer.headers[name.decode()] == value.decode()


def test_a_stream_asks_proxies_not_to_hold_it_back(client: TestClient) -> None:
    stream = client.post("/gradio_api/queue/join", json=CALL | {"stream": True})
    assert stream.headers["x-accel-buffering"] == "no"
    assert "x-accel-buffering" not in client.get("/").headers


def test_a_call_reaches_the_app_whole(client: TestClient) -> None:
    assert client.post("/gradio_api/queue/join", json=CALL).json() == CALL
    assert client.post("/gradio_api/run/predict", json=CALL).json() == CALL
    assert client.post("/gradio_api/call/v2/predict", json={"x": 1}).json() == {"x": 1}


def test_a_drawing_reaches_its_route_whole_and_bounded(client: TestClient) -> None:
    assert client.post("/answer", content=b"x" * MAX_DRAWING).content == b"x" * MAX_DRAWING
    assert client.post("/answer", content=b"x" * (MAX_DRAWING + 1)).status_code == 413
    for method in ("GET", "PUT", "DELETE"):
        assert client.request(method, "/answer").status_code == 404
    assert client.post("/answer/").status_code == 404


@pytest.mark.parametrize("path", ["/docs", "/gradio_api/file=/etc/passwd", "/gradio_api/vibe-code"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_all_else_is_not(method: str, path: str, client: TestClient) -> None:
    answer = client.request(method, path)
    assert answer.status_code == 404
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_who_may_ask_from_elsewhere_is_for_gradio_to_say(client: TestClient) -> None:
    assert client.options("/gradio_api/queue/join").text == "reached"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"fn_index": 8}, 404),
        ({"fn_index": True}, 404),
        ({"fn_index": "7"}, 404),
        ({"fn_index": None}, 404),
        ({"session_hash": ""}, 400),
        ({"session_hash": "a/b"}, 400),
        ({"data": {}}, 400),
        ({"batched": True}, 400),
    ],
)
def test_a_call_is_checked(changes: dict[str, Any], status: int, client: TestClient) -> None:
    assert client.post("/gradio_api/queue/join", json=CALL | changes).status_code == status


@pytest.mark.parametrize("path", ["run/lambda", "call/lambda", "call/v2/lambda", "run/none"])
def test_the_pages_own_are_not_called_by_name(path: str, client: TestClient) -> None:
    assert client.post(f"/gradio_api/{path}", json=CALL).status_code == 404


def test_arguments_by_name_are_those_of_the_endpoint(client: TestClient) -> None:
    for body in ({}, {"y": 1}, {"x": 1, "y": 1}):
        assert client.post("/gradio_api/call/v2/predict", json=body).status_code == 422


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"data": NaN}', b'{"data": "\\ud800"}', b"[" * 10**6, b"\xff"]
)
def test_a_body_is_json(body: bytes, client: TestClient) -> None:
    for path in ("queue/join", "run/predict", "call/predict", "cancel"):
        assert client.post(f"/gradio_api/{path}", content=body).status_code == 400


def test_a_refusal_is_no_failure_of_the_server(client: TestClient) -> None:
    path = "/gradio_api/run/predict"
    answer = client.post(path, json=CALL | {"data": ["refuse"]})
    assert (answer.status_code, answer.json()) == (422, {"error": "No."})
    assert client.post(path, json=CALL | {"data": ["fail"]}).status_code == 500


UPLOADED = {"path": "/tmp/gradio/a.png", "meta": {"_type": "gradio.FileData"}}
NOT_UPLOADED = [
    UPLOADED | {"path": "http://127.0.0.1:9/a.png"},
    UPLOADED | {"path": "HTTPS://127.0.0.1:9/a.png"},
    UPLOADED | {"url": "https://example.org/a.png"},
    UPLOADED | {"path": None},
    UPLOADED | {"path": ["/etc/passwd"]},
    UPLOADED | {"url": 3},
]


def _call(client: TestClient, value: Any, path: str, number: int | None = None) -> int:
    body = {"x": value} if "v2" in path else CALL | {"fn_index": number, "data": [value]}
    return client.post(f"/gradio_api/{path}", json=body).status_code


@pytest.mark.parametrize("path", ["run/predict", "call/predict", "call/v2/predict"])
def test_a_file_that_was_uploaded_is_let_in_where_one_is_asked_for(
    path: str, client: TestClient
) -> None:
    assert _call(client, UPLOADED, path) == 200
    assert _call(client, {"a": [UPLOADED | {"url": ""}]}, path) == 200
    for file in NOT_UPLOADED:
        assert _call(client, file, path) == 422
        assert _call(client, [[{"a": file}]], path) == 422


def test_no_file_is_let_in_elsewhere(client: TestClient, subtests: pytest.Subtests) -> None:
    for path in ["run/predict", "queue/join"]:
        for file in [UPLOADED, UPLOADED | {"meta": 3}, *NOT_UPLOADED]:
            with subtests.test(path=path, file=file):
                assert _call(client, [[{"a": file}]], path, number=7) == 422
                for more in (
                    {"event_data": file},
                    {"data": [1, file]},
                    {"data": [], "trigger_id": [file]},
                ):
                    assert client.post(f"/gradio_api/{path}", json=CALL | more).status_code == 422


def test_a_call_by_its_name_is_checked_as_what_is_called(client: TestClient) -> None:
    """Of `call`, Gradio passes a number over that comes with the name; of `run`, the name."""
    assert _call(client, UPLOADED, "call/predict", number=7) == 200
    assert _call(client, UPLOADED, "run/predict", number=7) == 422


def test_however_deep_a_file_lies_it_is_found(client: TestClient) -> None:
    value: Any = UPLOADED
    for _ in range(900):
        value = [value]
    assert _call(client, value, "queue/join", number=7) == 422
