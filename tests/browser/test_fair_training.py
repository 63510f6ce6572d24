"""Who waits for a training, and what it may take, in a real browser."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, serve
from tests.browser.train_tab import (
    ENDLESS,
    finished,
    open_train,
    pause,
    press,
    start,
    start_endless,
    trains,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def strict_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from serve(tmp_path_factory.mktemp("empty"), max_steps=40, max_seconds=300)


def _line(page: Page) -> str:
    return page.locator("#progress .line").inner_text()


def test_who_waits_sees_their_place_and_has_their_turn(open_page: Open, server: str) -> None:
    one, two, three = (open_page(server) for _ in range(3))
    start_endless(one)
    open_train(two, Epochs="1")
    open_train(three, **ENDLESS)
    start(two)
    expect(two.locator("#progress .line")).to_have_text("Others are training: you are next.")
    start(three)
    expect(three.locator("#progress .line")).to_contain_text("you are number 2 in line")
    expect(two.locator("#progress .facts")).to_contain_text(re.compile(r"in about \d+ (s|min)"))
    press(two, "Leave the line")
    expect(two.locator("#progress .line")).to_contain_text("Press Train")
    expect(three.locator("#progress .line")).to_have_text("Others are training: you are next.")
    one.close()  # the tab, amid an epoch
    expect(three.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    trains(three)
    pause(three)
    finished(three)


def test_two_tabs_of_one_visitor_train_one_after_the_other(open_page: Open, server: str) -> None:
    one = open_page(server)
    two = one.context.new_page()
    two.goto(server)
    two.locator("#pad canvas").wait_for(state="attached")
    start_endless(one)
    open_train(two, Epochs="1")
    start(two)
    expect(two.locator("#progress .line")).to_contain_text("you are next")
    pause(one)
    finished(two)
    finished(one)
    expect(two.locator("#progress .line")).to_contain_text("Done")


def test_who_reloads_frees_the_place(open_page: Open, server: str) -> None:
    two = open_page(server)
    tab = open_page(server).context.new_page()  # Gradio's own script complains of being cut off
    tab.goto(server)
    tab.locator("#pad canvas").wait_for(state="attached")
    start_endless(tab)
    open_train(two, **ENDLESS)
    start(two)
    expect(two.locator("#progress .line")).to_contain_text("you are next")
    tab.once("dialog", lambda dialog: dialog.accept())
    tab.reload()  # its run goes on when it is its turn again
    expect(two.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    trains(two)
    pause(two)
    finished(two)


def test_who_reloads_while_they_wait_keep_their_place(open_page: Open, server: str) -> None:
    one, three = open_page(server), open_page(server)
    two = open_page(server).context.new_page()  # Gradio's own script complains of being cut off
    two.goto(server)
    two.locator("#pad canvas").wait_for(state="attached")
    start_endless(one)
    for page, told in ((two, "you are next"), (three, "you are number 2 in line")):
        open_train(page, Epochs="1")
        start(page)
        expect(page.locator("#progress .line")).to_contain_text(told)
    for _ in range(2):
        two.once("dialog", lambda dialog: dialog.accept())
        two.reload()
        two.get_by_role("tab", name="Train", exact=True).click()
        expect(two.locator("#progress .line")).to_contain_text("you are next")
        expect(three.locator("#progress .line")).to_contain_text("you are number 2 in line")
    pause(one)
    finished(two)
    finished(three)
    expect(two.locator("#progress .line")).to_contain_text("Done")
    expect(two.locator("#runs tbody tr")).to_have_count(1)


def test_who_left_the_line_is_not_put_into_it_again(open_page: Open, server: str) -> None:
    one = open_page(server)
    two = open_page(server).context.new_page()
    two.goto(server)
    two.locator("#pad canvas").wait_for(state="attached")
    start_endless(one)
    open_train(two, Epochs="1")
    start(two)
    press(two, "Leave the line")
    expect(two.locator("#progress .line")).to_contain_text("Press Train")
    two.reload()
    two.get_by_role("tab", name="Train", exact=True).click()
    two.wait_for_timeout(2000)  # for what should not come
    expect(two.locator("#progress .line")).to_contain_text("Press Train")
    pause(one)
    finished(one)
    expect(two.locator("#runs tbody tr")).to_have_count(0)


def test_a_budget_is_told_before_and_ends_a_run_as_if_paused(
    open_page: Open, strict_server: str
) -> None:
    page = open_page(strict_server)
    open_train(page, Epochs="10")
    expect(page.locator("#budget")).to_contain_text("40 steps or 5 min, whichever comes first")
    start(page)
    line = page.locator("#progress .line")
    expect(line).to_contain_text("On this server a training may take 40 steps")
    assert _line(page).startswith("Paused after 0.6 epochs.")  # of softmax, which has 62 steps
    press(page, "Go on")
    expect(line).to_contain_text("Paused after 1.3 epochs")


def test_without_a_budget_nothing_is_told(page: Page) -> None:
    page.get_by_role("tab", name="Train", exact=True).click()
    expect(page.locator("#train")).to_be_visible()
    expect(page.locator("#budget")).to_be_hidden()
