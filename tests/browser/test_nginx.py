"""A class behind nginx with the very lines that docs/SECURITY.md shows."""

import json
import re
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from mnist_demo.ui.page import build_app
from mnist_demo.ui.serving.settings import Settings
from tests.browser.replicas import ROOT, run_nginx, wait_until_healthy
from tests.serving import free_port, launch

pytestmark = [pytest.mark.nginx, pytest.mark.slow]
DRAWING = {"drawing": {"strokes": [[[70, 60], [205, 60], [125, 235]]]}, "model": "softmax"}
PENS, SECONDS, RATE = 10, 4, 12


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of nginx, and the app behind it."""
    folder = tmp_path_factory.mktemp("site")
    text = (ROOT / "docs/SECURITY.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```nginx\n(.*?)```", text, re.DOTALL)
    app, port = build_app(Settings(data=folder)), free_port()
    behind = launch(app).rstrip("/")
    block = block.replace("listen 80;", f"listen 127.0.0.1:{port};")
    block = block.replace("http://127.0.0.1:7860", behind)
    paths = "".join(
        f"{name}_temp_path {folder}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    settings = folder / "nginx.conf"
    settings.write_text(f"pid {folder}/pid;\nevents {{}}\nhttp {{\n{paths}{block}}}\n", "utf-8")
    with run_nginx(settings):
        address = f"http://127.0.0.1:{port}"
        wait_until_healthy(port, "/")
        yield address
    app.close()


def _post(address: str, content: bytes, kind: str = "application/json") -> int:
    request = urllib.request.Request(address, content, {"Content-Type": kind})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return int(answer.status)


def test_a_class_of_pens_is_answered(site: str) -> None:
    content = json.dumps(DRAWING).encode()

    def draw(_: int) -> list[int]:
        answers = []
        for _ in range(SECONDS * RATE):
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
