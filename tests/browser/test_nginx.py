"""A class behind nginx with the very lines that docs/SECURITY.md shows."""

import json
import re
import socket
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from mnist_demo.ui.page import build_app
from mnist_demo.ui.serving.settings import Settings
from tests.browser.replicas import ROOT, run_nginx, wait_until_healthy
from tests.serving import free_port, launch

pytestmark = [pytest.mark.nginx, pytest.mark.slow]
DRAWING = {"drawing": {"strokes": [[[70, 60], [205, 60], [125, 235]]]}, "model": "softmax"}
PENS, SECONDS, RATE = 30, 2, 12.5
SCREEN_RATE = 40  # answers a second for one pen, where the server has time for them
PAGES, FILES, CONNECTIONS = 40, 72, 6  # that a page loads, by as many connections of a browser
(BLOCK,) = re.findall(
    r"```nginx\n(.*?)```", (ROOT / "docs/SECURITY.md").read_text(encoding="utf-8"), re.DOTALL
)
(EVENTS,) = re.findall(r"events \{.*\}", BLOCK)


@contextmanager
def _nginx(folder: Path, behind: str, more: str = "") -> Iterator[int]:
    """The port of nginx with the lines of the document; behind: the address that it asks."""
    port = free_port()
    block = BLOCK.replace("listen 80;", f"listen 127.0.0.1:{port};")
    block = block.replace("http://127.0.0.1:7860", behind)
    paths = "".join(
        f"{name}_temp_path {folder}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    settings = folder / "nginx.conf"
    http = f"{paths}{block}{more}"
    settings.write_text(f"pid {folder}/pid;\n{EVENTS}\nhttp {{\n{http}}}\n", "utf-8")
    with run_nginx(settings):
        wait_until_healthy(port, "/")
        yield port


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of nginx, and the app behind it."""
    folder = tmp_path_factory.mktemp("site")
    app = build_app(Settings(data=folder))
    with _nginx(folder, launch(app).rstrip("/")) as port:
        yield f"http://127.0.0.1:{port}"
    app.close()


@pytest.fixture(scope="module")
def limits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of nginx before a server that answers everything at once."""
    other = free_port()
    quick = f"server {{ listen 127.0.0.1:{other}; return 200; }}\n"
    folder = tmp_path_factory.mktemp("limits")
    with _nginx(folder, f"http://127.0.0.1:{other}", quick) as port:
        yield port


def _post(address: str, content: bytes, kind: str = "application/json") -> int:
    request = urllib.request.Request(address, content, {"Content-Type": kind})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return int(answer.status)


def _ask_at_once(port: int, address: str, connections: int, asked: list[str]) -> Counter[str]:
    """How often each status was answered to the same requests, sent in one go by each of some
    connections from one address of this machine."""
    with ExitStack() as stack:
        clients = [
            stack.enter_context(
                socket.create_connection(("127.0.0.1", port), 60, source_address=(address, 0))
            )
            for _ in range(connections)
        ]
        for client in clients:
            client.sendall("".join(asked).encode())
        answers = [
            line.split()[1]
            for client in clients
            for line in stack.enter_context(client.makefile(encoding="latin-1"))
            if line.startswith("HTTP/1.1 ")
        ]
    return Counter(answers)


def _requests(text: str, count: int) -> list[str]:
    """As many of them in a row; with the last one the connection ends."""
    last = text.replace("Host: x", "Host: x\r\nConnection: close")
    return [text] * (count - 1) + [last]


def test_a_second_of_a_class_that_draws_is_let_through(limits: int) -> None:
    content = json.dumps(DRAWING)
    head = f"POST /answer HTTP/1.1\r\nHost: x\r\nContent-Length: {len(content)}\r\n\r\n"
    asked = _requests(head + content, SCREEN_RATE)
    assert _ask_at_once(limits, "127.0.0.2", PENS, asked) == {"200": PENS * SCREEN_RATE}


def test_the_pages_of_a_class_open_at_once(limits: int) -> None:
    asked = _requests("GET /assets/index.js HTTP/1.1\r\nHost: x\r\n\r\n", FILES // CONNECTIONS)
    seen = _ask_at_once(limits, "127.0.0.3", PAGES * CONNECTIONS, asked)
    assert seen == {"200": PAGES * FILES}


def test_what_is_let_through_each_second_is_enough_for_a_class() -> None:
    (rate,) = re.findall(r"zone=calls:10m rate=(\d+)r/s", BLOCK)
    (connections,) = re.findall(r"limit_conn open (\d+);", BLOCK)
    assert int(rate) >= PENS * SCREEN_RATE
    assert int(connections) >= PAGES * CONNECTIONS


def test_a_class_of_pens_is_answered(site: str) -> None:
    content = json.dumps(DRAWING).encode()

    def draw(_: int) -> list[int]:
        answers = []
        for _ in range(int(SECONDS * RATE)):
            begun = time.monotonic()
            answers.append(_post(f"{site}/answer", content))
            time.sleep(max(0, begun + 1 / RATE - time.monotonic()))
        return answers

    with ThreadPoolExecutor(PENS) as pens:
        answers = [status for each in pens.map(draw, range(PENS)) for status in each]
    assert answers == [200] * len(answers)


def test_the_page_has_its_own_address_and_what_the_app_takes_is_let_through(site: str) -> None:
    with urllib.request.urlopen(f"{site}/config", timeout=60) as answer:
        assert json.load(answer)["root"] == site
    part = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.bin"\r\n\r\n'
    content = part + bytes(17 * 2**20) + b"\r\n--b--\r\n"
    assert _post(f"{site}/gradio_api/upload", content, "multipart/form-data; boundary=b") == 200
