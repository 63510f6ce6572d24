"""The whole page, on a projector and on a phone, light and dark."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import LOOKS, Open
from tests.browser.pen import SEVEN, draw

pytestmark = pytest.mark.browser


@LOOKS
def test_nothing_is_cut_off_or_scrolls_sideways(
    open_page: Open, server: str, width: int, height: int, scheme: str
) -> None:
    page = open_page(server, width, height, color_scheme=scheme)
    draw(page, SEVEN)
    expect(page.locator("#prediction .digit")).to_have_text("7")
    for tab in ("Draw", "Train", "Gallery"):
        page.get_by_role("tab", name=tab, exact=True).click()
        if tab == "Gallery":
            page.locator("#tiles .tile").first.wait_for()
        outside = page.evaluate(
            """() => [...document.querySelectorAll('.gradio-container *')]
              .filter((node) => node.checkVisibility({ visibilityProperty: true }))
              .filter((node) => !node.closest('svg, .sr-only, [aria-hidden=true]'))
              .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
              .map((node) => node.outerHTML.slice(0, 120))"""
        )
        assert outside == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a_phone_pad_and_bars_fit_without_scrolling(open_page: Open, server: str) -> None:
    page = open_page(server, 390, 844)
    draw(page, SEVEN)
    expect(page.locator("#prediction .digit")).to_have_text("7")
    bars = page.locator("#prediction .bars").bounding_box()
    assert bars is not None
    assert bars["y"] + bars["height"] <= 844


def test_the_api_page_tells_each_endpoint(open_page: Open, server: str) -> None:
    page = open_page(server)
    page.get_by_role("button", name="Use via API", exact=False).click()
    for name in ("/predict", "/predict_strokes", "/sample_test_digits", "/train"):
        expect(page.get_by_text(name, exact=True).first).to_be_visible()
    for words in ("Read the digit in a picture", "Draw test digits at random", "Train a recipe"):
        expect(page.get_by_text(words, exact=False).first).to_be_visible()


@pytest.mark.slow
def test_who_comes_back_asks_for_no_file_again(open_page: Open, server: str) -> None:
    page = open_page(server)
    fetched = """() => performance.getEntriesByType('resource')
        .filter((each) => each.name.includes('/assets/') && each.transferSize > 0).length"""
    assert page.evaluate(fetched) > 20
    again = page.context.new_page()
    again.goto(server)
    again.locator("#pad canvas").wait_for()
    assert again.evaluate(fetched) == 0
