"""No file of the server is opened, shown or fetched for a client, and none grows without bound."""

from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from tests.hostile.server import REPOSITORY, Server
from tests.hostile.values import DIGIT, bomb, file, png
from tests.hostile.visitor import API, Visitor

pytestmark = pytest.mark.slow  # each file starts a server

SECRETS = [
    str(REPOSITORY / "checkpoints" / "softmax.safetensors"),
    str(REPOSITORY / "app.py"),
    ".env",
    "/etc/passwd",
    "/proc/self/environ",
    "../work",
    "http://127.0.0.1:9/",
    "https://example.org/",
]
PICTURE = "This file is not a picture that can be read"


@pytest.fixture
def visitor(server: Server) -> Visitor:
    return Visitor(server.url)


def test_no_route_serves_a_file(visitor: Visitor, subtests: pytest.Subtests) -> None:
    for path in SECRETS:
        for route in ["file=", "file/", "proxy="]:
            for method in ["GET", "HEAD"]:
                with subtests.test(path=path, route=route, method=method):
                    for written in (path, quote(path, safe=""), f"//{path}"):
                        answer = visitor.http.request(method, f"{API}/{route}{written}")
                        assert answer.status_code == 404
                        assert len(answer.content) < 100


def test_no_folder_is_left_by_dots(visitor: Visitor, subtests: pytest.Subtests) -> None:
    for folder in ["static", "assets", "svelte"]:
        with subtests.test(folder=folder):
            for dots in ("../" * 12, "%2e%2e/" * 12, "..%2f" * 12, "%252e%252e%252f" * 12, "/"):
                answer = visitor.http.get(f"{folder}/{dots}etc/passwd")
                assert answer.status_code in (403, 404)
                assert "root:" not in answer.text


def test_what_the_page_does_not_need_is_not_there(
    visitor: Visitor, subtests: pytest.Subtests
) -> None:
    for route in [
        *("docs", "redoc", "openapi.json", "monitoring", "monitoring/a", "logout"),
        *(f"{API}/{name}" for name in ("deep_link", "dev/reload", "vibe-code", "token", "user")),
        *("?deep_link=abc", "config?deep_link=abc"),
    ]:
        with subtests.test(route=route):
            assert visitor.http.get(route).status_code == 404


def test_nor_for_who_sends_something(visitor: Visitor, subtests: pytest.Subtests) -> None:
    for name in ["component_server", "process_recording", "vibe-edit", "stream/a"]:
        with subtests.test(name=name):
            assert visitor.post(name, {"data": [], "fn_name": "a", "component_id": 1}).status == 404


def test_a_file_that_was_not_uploaded_is_not_opened(
    visitor: Visitor, subtests: pytest.Subtests
) -> None:
    for path in [*SECRETS, None, 3, ["/etc/passwd"], {"path": "/etc/passwd"}]:
        with subtests.test(path=path):
            number = next(
                one for one, each in visitor.events.items() if each["api_name"] == "predict"
            )
            for given in (
                file(path),
                file("a.png", url=path) if isinstance(path, str) else file(path),
            ):
                answer = visitor.send(number, [given, "softmax"])
                assert answer.status == 422
                assert "cannot be used" in (answer.error or "")


def test_a_link_into_the_uploads_is_not_one(server: Server, visitor: Visitor) -> None:
    """Nobody can make one there by a request; a path that leads out by dots is not within."""
    uploaded = visitor.upload("a.png", png(90, 90)).json()[0]
    out = f"{Path(uploaded).parent}/{'../' * 20}etc/passwd"
    number = next(one for one, each in visitor.events.items() if each["api_name"] == "predict")
    assert visitor.send(number, [file(out), "softmax"]).status == 422


def test_a_file_is_taken_only_where_one_is_asked_for(visitor: Visitor) -> None:
    number = visitor.event("prediction", "ask")
    address = file("https://example.org/a.png")
    for value in (address, DIGIT | {"picture": address}, [[address]]):
        answer = visitor.send(number, [value, "softmax", None])
        assert "cannot be used" in (answer.error or "")
        told = visitor.draw(value, "softmax").output["sentence"]["en"]  # where none is fetched
        assert told.startswith("This cannot be read: ")


def test_an_upload_stays_in_its_folder(
    server: Server, visitor: Visitor, subtests: pytest.Subtests
) -> None:
    for name in [
        "../../../a.png",
        "/etc/passwd",
        "..\\..\\a.png",
        "\u202egnp.exe",
        "a" * 400,
        "..",
    ]:
        with subtests.test(name=name):
            answer = visitor.upload(name, png(30, 30))
            assert answer.status_code in (200, 400)
            if answer.status_code == 200:
                path = Path(answer.json()[0])
                assert path.resolve().is_relative_to(server.root / "uploads")


def test_only_pictures_are_read(visitor: Visitor, subtests: pytest.Subtests) -> None:
    for content, words in [
        (b"GIF89a" + bytes(100), PICTURE),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", PICTURE),  # would start a program
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", PICTURE),
        (bomb(9000), "at most 64 megapixels"),
        (bomb(60_000), PICTURE),
        (png(90, 90)[:70], "cannot be read"),
        (b"", PICTURE),
    ]:
        with subtests.test(content=content[:20], words=words):
            number = next(
                one for one, each in visitor.events.items() if each["api_name"] == "predict"
            )
            uploaded = visitor.upload("a.png", content).json()[0]
            answer = visitor.send(number, [file(uploaded), "softmax"])
            assert answer.status == 422
            assert words in (answer.error or "")


@pytest.mark.parametrize("tells_length", [True, False])
@pytest.mark.parametrize("path", ["upload", "queue/join", "run/predict", "cancel"])
def test_a_body_has_its_bounds(path: str, tells_length: bool, visitor: Visitor) -> None:
    megabytes = 22
    piece = b" " * 2**20
    headers = {"content-type": "application/json"}
    if path == "upload":
        headers = {"content-type": "multipart/form-data; boundary=b"}
        piece = piece.replace(b" ", b"x")
    if tells_length:
        headers["content-length"] = str(megabytes * 2**20)
    body = (piece for _ in range(megabytes))
    try:
        answer = visitor.http.post(f"{API}/{path}", content=body, headers=headers)
    except httpx.WriteError:  # it has hung up already
        return
    assert answer.status_code == (413 if path != "upload" or tells_length else answer.status_code)
    assert answer.status_code in (400, 413)


def test_a_training_cannot_be_called_past_the_queue(visitor: Visitor) -> None:
    for number, event in visitor.events.items():
        if event["queue"]:
            body = {"fn_index": number, "data": visitor.initial(number), "session_hash": "a"}
            assert visitor.post("run/predict", body).status == 404
    assert visitor.post("run/train", {"data": []}).status == 404


def test_by_name_only_public_endpoints_are_called(visitor: Visitor) -> None:
    private = [event for event in visitor.events.values() if event["api_visibility"] == "private"]
    assert len(private) > 30
    names = {event["api_name"] for event in private} | {"finish", "predict_drawing", "lambda"}
    for name in filter(None, map(str, names)):
        for way in ("call", "call/v2", "run"):
            assert visitor.post(f"{way}/{name}", {"data": []}).status == 404


def test_every_answer_has_its_headers(visitor: Visitor, subtests: pytest.Subtests) -> None:
    for path in ["", "config", f"{API}/info", "nothing", "theme.css"]:
        with subtests.test(path=path):
            headers = visitor.http.get(path).headers
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "same-origin"
            policy = headers["content-security-policy"]
            assert "default-src 'self'" in policy
            assert "object-src 'none'" in policy
            assert "http" not in policy
