"""A language that was added by the steps of docs/CONTRIBUTING.md, in Chromium."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.contributing import follow

pytestmark = pytest.mark.browser

SERVE = """
from mnist_demo.ui.page import build_app
from mnist_demo.ui.serving.launch import launch_options
app = build_app()
_, url, _ = app.launch(prevent_thread_lock=True, quiet=True, **launch_options(app))
print(url, flush=True)
input()
"""


@pytest.fixture(scope="module")
def german_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = follow("Add a language", tmp_path_factory.mktemp("language"))
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", SERVE], cwd=folder, **pipes) as server:
        assert server.stdout
        yield server.stdout.readline().strip()
        server.terminate()


@pytest.mark.parametrize(("locale", "address"), [("de-AT", ""), ("en-US", "?language=de")])
def test_the_page_speaks_it_as_far_as_it_goes(
    open_page: Open, german_server: str, locale: str, address: str
) -> None:
    page = open_page(german_server + address, locale=locale)
    expect(page.locator("html")).to_have_attribute("lang", "de")
    for tab in ("Zeichnen", "Trainieren", "Gallery"):
        expect(page.get_by_role("tab", name=tab, exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    for language, tab in (("한국어", "그리기"), ("Deutsch", "Zeichnen")):
        page.get_by_role("button", name=language, exact=True).click()
        expect(page.get_by_role("tab", name=tab, exact=True)).to_be_visible()
