"""A server of the app, Chromium, and a page that fails its test where it raised an error."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from mnist_demo.data.mnist import data_directory
from mnist_demo.ui.page import build_app
from mnist_demo.ui.serving.settings import Settings
from tests.browser.chromium import find_chromium, launch_chromium
from tests.serving import launch

GRADIOS_OWN = "/gradio_api/mcp/schema"  # its API page asks for it also where no MCP server runs

PATIENCE = 60_000  # milliseconds: a bound for what never comes, whatever else the machine does

Open = Callable[..., Page]
# On a projector and on a phone, light and dark; one of the four where the slow ones are left out.
LOOKS = pytest.mark.parametrize(
    ("width", "height", "scheme"),
    [
        (1280, 800, "light"),
        *(
            pytest.param(*look, marks=pytest.mark.slow)
            for look in ((390, 844, "light"), (1280, 800, "dark"), (390, 844, "dark"))
        ),
    ],
)
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="package")  # not longer: its event loop forbids others in this thread
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        if not Path(find_chromium(playwright)).exists():
            pytest.skip("no Chromium: install it, or run `playwright install chromium`")
        browser = launch_chromium(playwright)
        yield browser
        browser.close()


def serve(data: Path, **budget: Any) -> Iterator[str]:
    app = build_app(Settings(data=data, **budget))
    app.store.compute.pool.prepare()  # as `python app.py` does
    url = launch(app)
    yield url
    app.close()


@pytest.fixture(scope="package")
def server() -> Iterator[str]:
    """The app on MNIST where it is there, else on the bundled digits."""
    yield from serve(data_directory())


@pytest.fixture(scope="package")
def server_without_mnist(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from serve(tmp_path_factory.mktemp("empty"))


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Open]:
    """Opens a page as a new visitor. Each must have raised no error and asked only its server."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_as_new_visitor(
        url: str, width: int = 1280, height: int = 800, script: str = "", **options: Any
    ) -> Page:
        """script: runs before the page's own."""
        server = re.split("[?#]", url)[0]
        # Else a digit may draw itself on the pad before the test does.
        settings = {"reduced_motion": "reduce"} | options
        context = chromium.new_context(viewport={"width": width, "height": height}, **settings)
        contexts.append(context)
        page = context.new_page()
        page.add_init_script(script)
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda message: (
                errors.append(f"{message.text} ({message.location['url']})")
                if message.type == "error" and not message.location["url"].endswith(GRADIOS_OWN)
                else None
            ),
        )
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((server, "data:", "blob:"))
                else errors.append(f"asked for {request.url}")
            ),
        )
        page.goto(url)
        page.locator("#pad canvas").wait_for(state="attached")  # another tab may be shown
        return page

    yield open_as_new_visitor
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page(open_page: Open, server: str) -> Page:
    return open_page(server)
