"""The page below a path that nobody tells the app of, and within another page."""

import http.server
import re
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE
from tests.browser.pen import SEVEN, draw
from tests.browser.replicas import ROOT, run_nginx, wait_until_healthy
from tests.browser.train_tab import open_train, train_once
from tests.serving import free_port

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# One passes on by which name it was asked, as JupyterHub's does; the other not even that.
NGINX = """pid {folder}/pid;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        location /user/x/proxy/7860/ {{
            proxy_pass {app};
            proxy_set_header Host $http_host;
        }}
        location /silent/ {{ proxy_pass {app}; }}
    }}
}}
"""
GRADIOS_OWN = "/static/js/iframeResizer"  # asked for before any script of ours could tell where


@pytest.fixture(scope="module")
def proxy(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of nginx."""
    folder, port = tmp_path_factory.mktemp("proxy"), free_port()
    settings = folder / "nginx.conf"
    settings.write_text(NGINX.format(folder=folder, port=port, app=server), encoding="utf-8")
    with run_nginx(settings):
        wait_until_healthy(port, "/silent/")
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(locale="en-US", reduced_motion="reduce")
    page.set_default_timeout(PATIENCE)
    yield page
    page.close()


@pytest.mark.nginx
@pytest.mark.parametrize("path", ["/user/x/proxy/7860/", "/silent/"])
def test_all_is_asked_for_below_the_address_that_was_opened(
    page: Page, proxy: str, path: str
) -> None:
    missing: list[str] = []
    page.on("response", lambda answer: missing.append(answer.url) if not answer.ok else None)
    page.goto(proxy + path)
    page.locator("#pad canvas").wait_for()
    draw(page, SEVEN)
    expect(page.locator("#prediction .digit")).to_have_text("7")
    open_train(page, Epochs="1")
    train_once(page)  # which is told by a stream
    assert [url for url in missing if GRADIOS_OWN not in url] == []


@pytest.fixture
def course(server: str) -> Iterator[str]:
    """A page of another origin that shows ours by the lines which the documents give."""
    text = (ROOT / "docs/HOSTING.md").read_text(encoding="utf-8")
    (snippet,) = re.findall(r"```html\n(.*?)```", text, re.DOTALL)
    content = snippet.replace("https://mnist.example/", server).encode()

    class Course(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    host = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Course)
    threading.Thread(target=host.serve_forever, daemon=True).start()
    yield f"http://localhost:{host.server_port}/"
    host.shutdown()
    host.server_close()


def test_a_course_shows_it_in_a_frame(page: Page, course: str) -> None:
    page.goto(course)
    frame = page.frame_locator("iframe")
    canvas = frame.locator("#pad canvas")
    canvas.wait_for()
    box = canvas.bounding_box()
    assert box is not None
    x = box["x"] + box["width"] / 2
    page.mouse.move(x, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(x, box["y"] + box["height"] - 40, steps=10)
    page.mouse.up()
    expect(frame.locator("#prediction .digit")).to_have_text("1")
