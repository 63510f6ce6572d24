"""More tabs of one browser than it opens connections to a host: six."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from mnist_demo.data.mnist import data_directory
from mnist_demo.ui.page import build_app
from mnist_demo.ui.serving.checked_blocks import CheckedBlocks
from mnist_demo.ui.serving.settings import Settings
from tests.browser.conftest import PATIENCE, Open
from tests.browser.pen import SEVEN, draw
from tests.browser.train_tab import pause, press, start, start_endless, trains
from tests.serving import launch

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def app() -> Iterator[CheckedBlocks]:
    app = build_app(Settings(data=data_directory()))
    app.store.compute.pool.prepare()
    launch(app)
    yield app
    app.close()


def _open_tab(context: BrowserContext, url: str) -> Page:
    tab = context.new_page()
    tab.goto(url)
    tab.locator("#pad canvas").wait_for()
    return tab


def test_ten_tabs_load_and_answer_while_four_of_them_train_or_wait(
    open_page: Open, app: CheckedBlocks
) -> None:
    server = app.local_url or ""
    first = open_page(server)
    tabs = [first, *(_open_tab(first.context, server) for _ in range(3))]
    start_endless(first)
    for tab in tabs[1:]:
        tab.get_by_role("tab", name="Train", exact=True).click()
        start(tab)
        expect(tab.locator("#progress .line")).to_contain_text("Others are training")
    tabs += [_open_tab(first.context, server) for _ in range(6)]
    last = tabs[-1]
    draw(last, SEVEN)
    expect(last.locator("#prediction .digit")).to_have_text("7")
    last.get_by_role("tab", name="Gallery", exact=True).click()
    expect(last.locator("#gallery-summary")).to_contain_text("reads")
    for tab in tabs[1:4]:
        press(tab, "Leave the line")
    trains(first)
    pause(first)


def test_a_tab_is_open_until_it_is_closed_or_left(open_page: Open, app: CheckedBlocks) -> None:
    pages, url = app.open_sessions.pages, app.local_url or ""
    others = set(pages)

    def opened(wanted: int) -> set[str]:
        """The sessions, once there are so many."""
        deadline = time.monotonic() + PATIENCE / 1000
        while len(found := set(pages) - others) != wanted:
            assert time.monotonic() < deadline, found
            first.wait_for_timeout(20)
        return found

    first = open_page(url)
    (kept,) = opened(1)
    second = _open_tab(first.context, url)
    both = opened(2)
    second.reload()
    second.locator("#pad canvas").wait_for()
    assert opened(2) & both == {kept}
    second.close(run_before_unload=True)
    assert opened(1) == {kept}
