"""The whole page, on a projector and on a phone, light and dark."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import LOOKS, Open
from tests.browser.pen import SEVEN, draw
from tests.browser.train_tab import unfold
from tests.conftest import quick

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


@pytest.mark.slow
def test_on_a_phone_it_says_what_mnist_is_below_them(open_page: Open, server: str) -> None:
    page = open_page(server, 390, 844)
    told = page.get_by_text("It learnt from MNIST").locator("visible=true")
    expect(told).to_have_count(1)
    bars, box = page.locator("#prediction .bars").bounding_box(), told.bounding_box()
    assert bars is not None
    assert box is not None
    assert box["y"] > bars["y"] + bars["height"]


BUTTONS = """() => [...document.querySelectorAll('.flush button, .button')]
  .filter((each) => each.checkVisibility())
  .filter((each) => !each.matches('.tile, .cell, .layer, .name, .pairs button, li > .remove'))
  .map((each) => [each.textContent.trim() || each.className, each.getBoundingClientRect().height,
    ...['fontSize', 'lineHeight'].map((name) => getComputedStyle(each)[name])])"""
FOLDS = """() => [...document.querySelectorAll('summary, .fold > button')]
  .filter((each) => each.checkVisibility() && !each.closest('.guide'))
  .map((each) => {
    const [style, before] = [getComputedStyle(each), getComputedStyle(each, '::before')];
    const title = getComputedStyle(each.querySelector('h2, span'));
    const frame = getComputedStyle(each.parentElement);
    return [...['padding', 'cursor', 'color', 'borderRadius'].map((name) => style[name]),
      before.width, before.borderWidth, before.transform, title.fontSize, title.fontWeight,
      ...['border', 'borderRadius', 'backgroundColor', 'padding'].map((name) => frame[name]),
    ].join();
  })"""


OPEN_ALL = """() => {
  const closed = 'details:not([open]) > summary, .fold > button:not(.open)';
  for (const each of document.querySelectorAll(closed)) if (each.checkVisibility()) each.click();
}"""


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, pytest.param(390, marks=pytest.mark.slow)])
def test_buttons_are_of_one_height_and_folds_of_one_kind(
    open_page: Open, server: str, width: int
) -> None:
    page = open_page(server, width, 800)
    for tab in ("Draw", "Train", "Gallery"):
        page.get_by_role("tab", name=tab, exact=True).click()
        if tab == "Gallery":
            page.locator("#tiles .tile").first.click()
            page.locator("#detail .card").wait_for()
        folds = page.evaluate(FOLDS)
        assert len(folds) >= 2
        assert len(set(folds)) == 1, folds
        page.evaluate(OPEN_ALL)
        page.mouse.move(0, 0)
        page.wait_for_timeout(500)
        buttons = page.evaluate(BUTTONS)
        assert {height for _, height, *_ in buttons} == {44}, buttons
        folds = page.evaluate(FOLDS)
        assert len(set(folds)) == 1, folds


@pytest.mark.slow
@pytest.mark.parametrize("size", quick((390, 844), of=((390, 844), (820, 1180))))
def test_a_name_does_not_run_below_the_arrow_of_its_dropdown(
    open_page: Open, server: str, size: tuple[int, int]
) -> None:
    page = open_page(server, *size)
    page.get_by_role("tab", name="Train", exact=True).click()
    unfold(page, "settings")
    page.locator("#field-optimizer").wait_for()
    fields = """() => [...document.querySelectorAll('[role=combobox]')]
      .filter((each) => each.checkVisibility())
      .map((each) => {
        const arrow = each.parentElement.querySelector('svg').getBoundingClientRect();
        const padding = parseFloat(getComputedStyle(each).paddingRight);
        return arrow.left - (each.getBoundingClientRect().right - padding);
      })"""
    room = page.evaluate(fields)
    assert len(room) >= 3
    assert min(room) >= 0, room


@pytest.mark.slow
def test_light_or_dark_is_chosen_and_kept(open_page: Open, server: str) -> None:
    page = open_page(server, color_scheme="light")
    for shown, choice in ((True, "dark"), (False, "light")):
        page.get_by_role("button", name="Light or dark").click()
        assert page.evaluate("document.body.classList.contains('dark')") is shown
        assert f"__theme={choice}" in page.url
        again = open_page(page.url, color_scheme="light")
        assert again.evaluate("document.body.classList.contains('dark')") is shown


@pytest.mark.slow
def test_it_grows_with_the_screen(open_page: Open, server: str) -> None:
    page = open_page(server, 1920, 1080)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1920
    used = page.locator("#intro").bounding_box()
    assert used is not None
    assert used["width"] > 0.75 * 1920


@pytest.mark.slow
def test_the_pad_or_the_curves_alone_fill_the_screen(open_page: Open, server: str) -> None:
    page = open_page(server, 1280, 720)
    size = "document.querySelector('#prediction .bars').getBoundingClientRect().height"
    draw(page, SEVEN)
    expect(page.locator("#prediction .digit")).to_have_text("7")
    before = page.evaluate(size)
    page.get_by_role("button", name="Present", exact=True).click()
    for hidden in (".panels", "#examples", "footer"):
        expect(page.locator(hidden).first).to_be_hidden()
    page.wait_for_function(f"{size} > {1.1 * before}")
    assert page.evaluate("document.documentElement.scrollHeight") <= 720
    draw(page, SEVEN)  # where the pad is now
    expect(page.locator("#prediction .digit")).to_have_text("7")
    page.get_by_role("tab", name="Train", exact=True).click()
    expect(page.locator("#train")).to_be_visible()
    expect(page.locator("#recipe")).to_be_hidden()
    loss, accuracy = (
        page.locator(f"#{name}-chart").bounding_box() for name in ("loss", "accuracy")
    )
    assert loss is not None
    assert accuracy is not None
    assert loss["width"] + accuracy["width"] > 0.8 * 1280
    assert loss["y"] + loss["height"] <= 720
    page.get_by_role("button", name="End presentation", exact=True).click()
    expect(page.locator("#recipe")).to_be_visible()
    page.wait_for_function("!document.fullscreenElement")


@pytest.mark.slow
def test_the_api_page_tells_each_endpoint(open_page: Open, server: str) -> None:
    page = open_page(server)
    page.get_by_role("button", name="Use via API", exact=False).click()
    for name in ("/predict", "/predict_strokes", "/read_number", "/sample_test_digits", "/train"):
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
