"""When a panel asks its server: only while it is open, and not at the cost of the pen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.browser.conftest import Open
from tests.browser.events import askers
from tests.browser.pen import SEVEN, draw
from tests.browser.test_gradio_internals import WATCH_PROGRESS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PANELS = {"preprocessing", "model-comparison", "explanation", "robustness", "fool-it", "replay"}
PACE = 250  # milliseconds from one question of a panel to the next
RESTED = 1500  # in which all of them have asked

Asking = Callable[[], set[str]]


def _watch(page: Page) -> Asking:
    """Tells whose panels have asked since it was called last."""
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request))

    def asking() -> set[str]:
        asked = askers(page, requests) & PANELS
        requests.clear()
        return asked

    return asking


def _unfold_all(page: Page) -> None:
    for panel in sorted(PANELS):
        page.locator(f"#{panel} summary").click()
    page.wait_for_timeout(RESTED)


def _hold_the_pen_down(page: Page) -> None:
    """Draw for longer than panels wait, and do not lift the pen."""
    canvas = page.locator("#pad canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    for step in range(4 * PACE // 20):
        page.mouse.move(box["x"] + 60 + 2 * step, box["y"] + 60)
        page.wait_for_timeout(20)


@pytest.mark.parametrize(("height", "in_sight"), [(800, set[str]()), (8000, PANELS)])
def test_while_the_pen_moves_only_what_is_in_sight_asks(
    open_page: Open, server: str, height: int, in_sight: set[str]
) -> None:
    page = open_page(server, height=height)
    _unfold_all(page)
    asking = _watch(page)
    _hold_the_pen_down(page)
    assert asking() == in_sight
    page.mouse.up()
    page.wait_for_timeout(RESTED)
    assert asking() == PANELS
    page.wait_for_timeout(RESTED)
    assert asking() == set()


def test_in_a_tab_that_is_not_shown_nothing_asks_until_it_is(page: Page) -> None:
    draw(page, SEVEN)
    _unfold_all(page)
    line = page.locator("#robustness .of")
    expect(line).to_contain_text("robust_cnn")
    page.get_by_role("tab", name="Gallery", exact=True).click()
    page.wait_for_timeout(RESTED)
    asking = _watch(page)
    page.evaluate("document.dispatchEvent(new CustomEvent('model', { detail: 'mlp' }))")
    page.wait_for_timeout(RESTED)
    assert asking() == set()
    page.get_by_role("tab", name="Draw", exact=True).click()
    page.wait_for_timeout(RESTED)
    assert asking() == PANELS


def test_what_comes_into_sight_asks_while_the_pen_moves(page: Page) -> None:
    _unfold_all(page)
    asking = _watch(page)
    _hold_the_pen_down(page)
    page.locator("#replay").evaluate("one => one.scrollIntoView()")
    page.wait_for_timeout(3 * PACE)
    assert "replay" in asking()


def test_after_a_fault_it_asks_again(chromium: Browser, server: str) -> None:
    page = chromium.new_page(locale="en-US", reduced_motion="reduce")
    page.goto(server)
    page.locator("#pad canvas").wait_for()
    page.locator("#robustness summary").click()
    asking = _watch(page)
    page.route("**/gradio_api/run/*", lambda route: route.fulfill(status=500, body="no JSON"))
    draw(page, SEVEN)
    while "robustness" not in asking():
        page.wait_for_timeout(100)
    page.unroute("**/gradio_api/run/*")
    draw(page, SEVEN)
    expect(page.locator("#robustness .of")).to_contain_text("robust_cnn")
    page.close()


def test_an_event_marks_no_progress_that_is_not_shown(page: Page) -> None:
    page.evaluate(WATCH_PROGRESS)
    _unfold_all(page)
    draw(page, SEVEN)
    expect(page.locator("#fool-it .of")).to_contain_text("robust_cnn")
    assert page.evaluate("window.marked") == {}
