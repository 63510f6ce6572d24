"""Several replicas behind nginx: each visitor stays at one, and survives the end of it."""

import re
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Open
from tests.browser.pen import ONE, SEVEN, draw
from tests.browser.replicas import Replica, Site, serve_replicas
from tests.browser.train_tab import finished, moves, pause, start_endless

pytestmark = [pytest.mark.browser, pytest.mark.nginx, pytest.mark.slow]
TRIES = 16  # that all of them land at one of two replicas happens once in 2**15 times


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serve_replicas(tmp_path_factory.mktemp("site")) as site:
        yield site


def _reads(page: Page, digit: str) -> None:
    expect(page.locator("#prediction .digit")).to_have_text(digit)


def _open(site: Site, open_page: Callable[[], Page]) -> tuple[Replica, Page]:
    """A page, and the replica that it is at."""
    page = open_page()
    page.locator("#pad canvas").wait_for()
    app = float(page.evaluate("window.gradio_config.app_id"))
    return next(each for each in site.replicas if each.app_id() == app), page


def _open_at_each(site: Site, open_page: Callable[[], Page]) -> dict[int, Page]:
    """A page at each replica, by its port."""
    pages: dict[int, Page] = {}
    for _ in range(TRIES):
        replica, page = _open(site, open_page)
        pages[replica.port] = page
        if len(pages) == len(site.replicas):
            return pages
    raise AssertionError("all of them are at one replica")


def test_a_whole_visit_stays_at_one_replica(site: Site, open_page: Open) -> None:
    page = open_page(site.url)
    draw(page, SEVEN)
    _reads(page, "7")
    start_endless(page)
    trainings = set()
    for _ in range(5):
        moves(page, "#loss-chart polyline", "points", times=1)
        trainings.add(tuple(replica.status()["training"] for replica in site.replicas))
    assert len(trainings) == 1
    assert sorted(*trainings) == ["0", "1"]
    pause(page)
    finished(page)
    page.get_by_role("tab", name="Draw", exact=True).click()
    expect(page.locator("#draw-model input")).to_have_value(re.compile("my softmax, "))
    draw(page, ONE)
    expect(page.locator("#prediction .digit")).to_be_visible()


def test_visitors_with_one_address_are_spread(site: Site, open_page: Open) -> None:
    assert len(_open_at_each(site, lambda: open_page(site.url))) == 2


def test_a_stream_is_passed_on_at_once(site: Site) -> None:
    # nginx would hold a few bytes back until they are many: for hours.
    with urllib.request.urlopen(f"{site.url}gradio_api/heartbeat/a-test", timeout=120) as stream:
        assert stream.readline() == b"data: ALIVE\n"


def test_only_who_has_no_cookie_gets_one(site: Site) -> None:
    with urllib.request.urlopen(site.url) as answer:
        cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("mnist_demo=")
    for part in ("Path=/", "HttpOnly", "SameSite=Lax"):
        assert part in cookie
    again = urllib.request.Request(site.url, headers={"Cookie": cookie.split(";")[0]})
    with urllib.request.urlopen(again) as answer:
        assert answer.headers["Set-Cookie"] is None


def test_when_a_replica_ends_its_visitors_draw_on_at_another(
    chromium: Browser, tmp_path: Path
) -> None:
    with serve_replicas(tmp_path) as site:

        def open_page() -> Page:
            page = chromium.new_context().new_page()
            page.goto(site.url)
            return page

        pages = _open_at_each(site, open_page)
        gone, left = site.replicas
        gone.process.kill()
        gone.process.wait()
        for replica in (left, gone):
            draw(pages[replica.port], SEVEN)
            _reads(pages[replica.port], "7")
        for page in pages.values():
            page.context.close()
