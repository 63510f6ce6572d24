"""The cache by itself, before an app that counts; and before the page as Gradio makes it."""

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.page import build_app
from mnist_demo.ui.serving import response_cache
from mnist_demo.ui.serving.response_cache import ResponseCache
from tests.serving import launch

FILE = "/assets/index-DphvyggB.js"
PLAIN = {"accept-encoding": "identity"}
FORWARDED = {"x-forwarded-host": "class.example", "x-forwarded-proto": "https"}


class Counted:
    """An app whose answers tell what they were asked, and which counts them."""

    def __init__(self) -> None:
        self.made: Counter[str] = Counter()
        routes = [Route("/{path:path}", self._answer, methods=["GET", "POST"])]
        self.app: Any
        self.app = Starlette(routes=routes, middleware=[Middleware(ResponseCache)])
        self.app.get_blocks = lambda: SimpleNamespace(app_id=1)
        self.client = TestClient(self.app)

    async def _answer(self, request: Request) -> Response:
        self.made[request.url.path] += 1
        await asyncio.sleep(0)
        status = 404 if "missing" in request.url.path else 200
        return Response(f"{request.url} " * 100, status, media_type="text/plain")


@pytest.fixture
def counted() -> Counted:
    return Counted()


@pytest.mark.parametrize("path", ["/", FILE, "/static/a.js", "/theme.css?v=1", "/favicon.ico"])
def test_what_all_visitors_get_is_made_once(path: str, counted: Counted) -> None:
    first, second = counted.client.get(path), counted.client.get(path)
    assert first.text == second.text == f"http://testserver{path} " * 100
    assert first.headers == second.headers
    assert second.headers["content-encoding"] == "gzip"
    assert second.headers["vary"] == "Accept-Encoding"
    assert int(second.headers["content-length"]) < len(second.text)
    assert counted.made.total() == 1


@pytest.mark.parametrize("path", ["/config", "/status", "/gradio_api/info", "/x/assets/a.js"])
def test_nothing_else_is_kept(path: str, counted: Counted) -> None:
    for _ in range(2):
        assert counted.client.get(path).status_code == 200
    assert counted.made.total() == 2


@pytest.mark.parametrize(
    ("method", "headers"),
    [("POST", {}), ("HEAD", {}), ("GET", PLAIN), ("GET", {"range": "bytes=0-9"})],
)
def test_who_asks_otherwise_is_answered_anew(
    method: str, headers: dict[str, str], counted: Counted
) -> None:
    for _ in range(2):
        answer = counted.client.request(method, FILE, headers=headers)
        assert "content-encoding" not in answer.headers
    assert counted.made.total() == 2


def test_a_failure_is_not_kept(counted: Counted) -> None:
    for _ in range(2):
        answer = counted.client.get("/assets/missing-DphvyggB.js")
        assert answer.status_code == 404
        assert "cache-control" not in answer.headers
    assert counted.made.total() == 2


def test_a_browser_keeps_what_its_name_tells_apart(counted: Counted) -> None:
    assert "immutable" in counted.client.get(FILE).headers["cache-control"]
    for path in ("/", "/assets/plain.js", "/static/a-DphvyggB.js", "/theme.css?v=DphvyggB"):
        assert "cache-control" not in counted.client.get(path).headers


@pytest.mark.parametrize("headers", [FORWARDED, {"host": "other.example"}])
def test_the_page_is_made_for_each_address_that_it_is_asked_by(
    headers: dict[str, str], counted: Counted
) -> None:
    here, there = counted.client.get("/"), counted.client.get("/", headers=headers)
    assert counted.made["/"] == 2
    assert counted.client.get("/").text == here.text
    assert counted.client.get("/", headers=headers).text == there.text
    counted.client.get("/?tab=train")
    assert counted.made["/"] == 3


def test_after_a_reload_the_page_is_made_anew(counted: Counted) -> None:
    counted.client.get("/")
    counted.app.get_blocks = lambda: SimpleNamespace(app_id=2)
    counted.client.get("/")
    assert counted.made["/"] == 2


def test_a_class_that_comes_at_once_has_it_made_once(counted: Counted) -> None:
    async def come() -> None:
        transport = httpx.ASGITransport(app=counted.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://class") as client:
            answers = await asyncio.gather(*(client.get(FILE) for _ in range(30)))
        assert len({answer.text for answer in answers}) == 1

    asyncio.run(come())
    assert counted.made[FILE] == 1


def test_what_was_asked_for_last_stays(monkeypatch: pytest.MonkeyPatch, counted: Counted) -> None:
    size = int(counted.client.get("/assets/0").headers["content-length"])
    monkeypatch.setattr(response_cache, "MOST", 3 * size + size // 2)
    for number in (1, 2, 0, 3, 0, 1):
        counted.client.get(f"/assets/{number}")
    assert counted.made == {"/assets/0": 1, "/assets/1": 2, "/assets/2": 1, "/assets/3": 1}


@pytest.fixture(scope="module")
def ask() -> Iterator[Callable[..., httpx.Response]]:
    """Asks the page's own server."""
    app = build_app(store=ModelStore())
    url = launch(app)
    with httpx.Client(base_url=url) as client:
        yield client.get
    app.close()


def _page(ask: Callable[..., httpx.Response], **headers: str) -> str:
    answer = ask("/", headers=headers)
    assert answer.status_code == 200
    assert ("content-encoding" in answer.headers) == ("accept-encoding" not in headers)
    return answer.text


@pytest.mark.parametrize("others", [{}, FORWARDED, {"host": "class.example"}])
def test_it_is_the_page_that_gradio_makes(
    others: dict[str, str], ask: Callable[..., httpx.Response]
) -> None:
    cached = [_page(ask, **others), _page(ask, **others, cookie="a=b", **{"user-agent": "b"})]
    assert {_page(ask, **others, **PLAIN)} == set(cached)
    assert ("class.example" in cached[0]) == bool(others)


def test_all_files_of_the_page_are_compressed_and_kept(
    ask: Callable[..., httpx.Response],
) -> None:
    files = re.findall(r'(?:src|href)="\.?(/assets/[^"]+\.(?:js|css))"', ask("/").text)
    assert files
    for path in files:
        answer = ask(path)
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.text == ask(path, headers=PLAIN).text
