"""The gate by itself, before an app that says what reached it; over HTTP: tests/hostile/."""

from types import SimpleNamespace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from mnist_demo.ui.serving.request_filter import HEADERS, MAX_DRAWING, RequestFilter

PAGES = SimpleNamespace(api_name="lambda", api_visibility="private")
PUBLIC = SimpleNamespace(api_name="predict", api_visibility="public")
BLOCKS = SimpleNamespace(fns={0: PUBLIC, 7: PAGES})
CALL = {"data": [1], "fn_index": 7, "session_hash": "a1"}


async def _translate(request: Request) -> Response:
    body = await request.body()
    if b"refuse" in body:
        return JSONResponse({"error": "No."}, 500)
    if b"fail" in body:
        return JSONResponse({"error": None}, 500)
    return Response(body or b"reached")


@pytest.fixture
def client() -> TestClient:
    routes = [Route("/{path:path}", _translate, methods=["GET", "POST", "PUT", "OPTIONS"])]
    app: Any = Starlette(routes=routes, middleware=[Middleware(RequestFilter)])
    app.get_blocks = lambda: BLOCKS
    app.api_info = {"named_endpoints": {"/predict": {"parameters": [{"parameter_name": "x"}]}}}
    return TestClient(app)


@pytest.mark.parametrize("path", ["/", "/config", "/assets/a.js", "/gradio_api/heartbeat/a1"])
def test_what_the_page_needs_is_let_in(path: str, client: TestClient) -> None:
    answer = client.get(path)
    assert answer.text == "reached"
    for name, value in HEADERS.items():
        assert answer.headers[name.decode()] == value.decode()


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
