"""Who leaves is asked where that costs something; who loads the page again finds their own."""

import re

import pytest
from playwright.sync_api import Download, Page, expect

from tests.browser.conftest import Open
from tests.browser.pen import SEVEN, collect, draw, label
from tests.browser.train_tab import (
    moves,
    open_train,
    press,
    start_endless,
    steps_done,
    train_once,
    trains,
)

pytestmark = pytest.mark.browser

# Keeps the page's first listener, which decides: to a real event Gradio's client would end.
KEEP = """{
  const add = window.addEventListener;
  window.addEventListener = function (name, listener, ...options) {
    if (name === 'beforeunload') window.guard ??= listener;
    return add.call(this, name, listener, ...options);
  };
}"""
ASKS = """(wanted) => {
  let asks = false;
  guard({ preventDefault: () => { asks = true; }, stopImmediatePropagation() {} });
  return asks === wanted;
}"""


@pytest.fixture
def page(open_page: Open, server: str) -> Page:
    return open_page(server, script=KEEP)


def _asks(page: Page, wanted: bool) -> None:
    page.wait_for_function(ASKS, arg=wanted)


def _reload(page: Page) -> None:
    page.reload()
    page.locator("#pad canvas").wait_for(state="attached")


def test_only_who_would_lose_something_is_asked(page: Page) -> None:
    draw(page, SEVEN)
    expect(page.locator("#prediction .digit")).to_have_text("7")
    _asks(page, False)
    open_train(page, Epochs="1")
    train_once(page)
    _asks(page, True)
    downloads: list[Download] = []
    page.on("download", lambda download: downloads.append(download))
    with page.expect_download():
        press(page, "Save the model")
    _asks(page, False)
    for language, train in (("한국어", "새로 학습"), ("English", "Train a new one")):
        press(page, language)
        expect(page.locator("#train")).to_have_text(train)
    press(page, "Train 1 more epoch")  # another model, which is in no file
    _asks(page, True)
    expect(page.locator("#progress .line")).to_contain_text("Done")
    _asks(page, True)
    press(page, "Remove all")
    _asks(page, False)
    assert len(downloads) == 1


@pytest.mark.slow
def test_who_waits_or_trains_is_asked_and_may_stay(page: Page) -> None:
    start_endless(page)
    with page.expect_event("dialog") as asked:
        page.once("dialog", lambda dialog: dialog.dismiss())
        page.evaluate("setTimeout(() => window.location.reload())")
    assert asked.value.type == "beforeunload"
    moves(page, "#loss-chart polyline", "points")  # Gradio's client goes on too
    press(page, "Pause")
    expect(page.locator("#runs tbody tr")).to_have_count(1)
    press(page, "Remove all")
    _asks(page, False)


def test_a_page_that_is_loaded_again_has_its_models_digits_and_runs(page: Page) -> None:
    collect(page)
    draw(page, SEVEN)
    label(page, 7)
    expect(page.locator("#my-handwriting .set li")).to_have_count(1)
    open_train(page, Epochs="1")
    train_once(page)
    said = page.locator("#progress .line").inner_text()
    page.once("dialog", lambda dialog: dialog.accept())
    _reload(page)
    expect(page.locator("#runs tbody tr")).to_have_count(1)
    expect(page.locator("#progress .line")).to_have_text(said)
    expect(page.locator("#loss-chart polyline").first).to_be_attached()
    expect(page.get_by_label("Learn my own 1 digits too")).to_be_visible()
    _asks(page, True)
    press(page, "Train 1 more epoch")
    expect(page.locator("#progress .line")).to_contain_text("Done")
    expect(page.locator("#runs tbody tr")).to_have_count(1)
    page.get_by_role("tab", name="Draw", exact=True).click()
    expect(page.locator("#draw-model input")).to_have_value("my softmax, 1 own digits")
    page.locator("#my-handwriting summary").click()
    expect(page.locator("#my-handwriting .set li")).to_have_count(1)


@pytest.mark.slow
def test_a_run_goes_on_after_the_page_is_loaded_again(page: Page) -> None:
    start_endless(page)
    page.wait_for_timeout(500)
    steps = steps_done(page)
    page.get_by_role("tab", name="Draw", exact=True).click()
    page.once("dialog", lambda dialog: dialog.accept())
    _reload(page)
    page.get_by_role("tab", name="Train", exact=True).click()
    trains(page)
    assert steps_done(page) >= steps
    press(page, "Pause")
    expect(page.locator("#progress .line")).to_contain_text(re.compile("Paused after"))
    expect(page.locator("#runs tbody tr")).to_have_count(1)


@pytest.mark.slow
def test_another_page_of_the_browser_begins_with_nothing(page: Page, server: str) -> None:
    open_train(page, Epochs="1")
    train_once(page)
    _asks(page, True)
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto(f"{server}?tab=train")  # in the same tab, but not the same page again
    page.locator("#train").wait_for()
    expect(page.locator("#progress .line")).to_contain_text("Press Train")
    expect(page.locator("#runs tbody tr")).to_have_count(0)
