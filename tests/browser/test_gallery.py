"""The Gallery tab in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open

pytestmark = pytest.mark.browser


def open_gallery(page: Page) -> None:
    page.get_by_role("tab", name="Gallery", exact=True).click()
    page.locator("#tiles li").first.wait_for()


def choose_softmax(page: Page) -> None:
    page.locator("#gallery-model input").click()
    page.get_by_role("option", name="softmax", exact=True).click()
    expect(page.locator("#gallery-summary")).to_contain_text("softmax reads")


def alternatives(page: Page) -> list[str]:
    """The text alternatives of all tiles, in their order."""
    return page.locator("#tiles img").evaluate_all("images => images.map((image) => image.alt)")


def wait_for_others(page: Page, before: list[str]) -> None:
    page.wait_for_function(
        """(before) => {
          const now = [...document.querySelectorAll('#tiles img')].map((image) => image.alt);
          return JSON.stringify(now) !== JSON.stringify(before);
        }""",
        arg=before,
    )


def test_tiles_say_label_prediction_and_probability(page: Page) -> None:
    open_gallery(page)
    texts = alternatives(page)
    assert len(texts) == 40
    pattern = re.compile(r"test digit \d+, label \d, predicted \d, \d+%")
    assert all(pattern.fullmatch(text) for text in texts)
    summary = page.locator("#gallery-summary").inner_text()
    assert re.search(r"robust_cnn reads [\d,]+ of [\d,]+ test images right \(\d+\.\d\d%\)", summary)


def test_shuffle_shows_others_and_the_seed_brings_them_back(page: Page) -> None:
    open_gallery(page)
    first = alternatives(page)
    page.get_by_role("button", name="Shuffle", exact=True).click()
    wait_for_others(page, first)
    shuffled = alternatives(page)
    page.locator("#gallery-seed input").fill("0")
    wait_for_others(page, shuffled)
    assert alternatives(page) == first


def test_mistakes_alone_are_wrong_by_sign_and_by_colour(page: Page) -> None:
    open_gallery(page)
    choose_softmax(page)  # the default model may make none
    before = alternatives(page)
    page.get_by_label("Mistakes only", exact=True).check()
    wait_for_others(page, before)
    verdicts = page.locator("#tiles .verdict").all_inner_texts()
    assert verdicts
    assert all(verdict.startswith("✗") for verdict in verdicts)
    assert page.locator("#tiles .right").count() == 0
    for text in alternatives(page):
        label, prediction = re.findall(r"label (\d), predicted (\d)", text)[0]
        assert label != prediction


def test_one_digit_alone(page: Page) -> None:
    open_gallery(page)
    before = alternatives(page)
    page.locator("#gallery-digit input").click()
    page.get_by_role("option", name="3", exact=True).click()
    wait_for_others(page, before)
    assert {re.findall(r"label (\d)", text)[0] for text in alternatives(page)} == {"3"}


def test_another_model_has_other_figures(page: Page) -> None:
    open_gallery(page)
    before = page.locator("#gallery-summary").inner_text()
    choose_softmax(page)
    assert page.locator("#gallery-summary").inner_text() != before


def test_without_mnist_all_tabs_work_and_say_so(open_page: Open, server_without_mnist: str) -> None:
    page = open_page(server_without_mnist)
    open_gallery(page)
    notice = page.get_by_text("MNIST is not here, so embedded digits are used instead")
    expect(notice.filter(visible=True)).to_be_visible()
    expect(page.locator("#gallery-summary")).to_contain_text("of 297 test images right")
    page.get_by_role("tab", name="Train", exact=True).click()
    expect(notice.filter(visible=True)).to_be_visible()
    page.locator("#recipe input").click()
    page.get_by_role("option", name="softmax", exact=True).click()
    expect(page.get_by_text("7,850 parameters")).to_be_visible()
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.locator("#progress .line")).to_contain_text("of the 297 test images right")
