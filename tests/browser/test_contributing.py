"""A language that was added by the steps of docs/CONTRIBUTING.md, in Chromium."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.contributing import follow
from tests.serving import free_port

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def german_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = follow("Add a language", tmp_path_factory.mktemp("language"))
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "text": True}
    command = [sys.executable, "-m", "mnist_demo", "serve", "--port", str(free_port())]
    with subprocess.Popen(command, cwd=folder, **pipes) as server:
        assert server.stdout
        yield server.stdout.readline().split()[1]  # Open http://...
        server.terminate()


@pytest.mark.parametrize(
    ("locale", "address"),
    [("de-AT", ""), ("en-US", "?language=de")],
)
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
