"""Inside a network, layer by layer: what can be pressed, and what follows."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open
from tests.browser.pen import ONE, SEVEN, draw
from tests.browser.test_panels import unfold

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def _open(page: Page, view: str = "") -> Locator:
    draw(page, SEVEN)
    panel = unfold(page, "explanation")
    if view:
        panel.locator(".views button", has_text=view).click()
        expect(panel.locator(".parts-of h3")).to_contain_text(f"{view}:")
    return panel


def _choose(page: Page, model: str) -> None:
    page.locator("#draw-model input").click()
    page.get_by_role("option", name=model, exact=True).click()


def _press(sheet: Locator, column: float, row: float = 0.5, columns: int = 8) -> None:
    """A picture of the sheet, by its place in rows of `columns`."""
    box = sheet.bounding_box()
    assert box is not None
    side = box["width"] / columns
    sheet.click(position={"x": (column + 0.5) * side, "y": row * side})


def test_every_kind_of_model_has_its_layers(page: Page) -> None:
    panel = _open(page)
    for model, layers, sections in (
        ("softmax", 1, 2),
        ("simple_cnn", 3, 1),
        ("mlp", 3, 1),
        ("robust_cnn", 8, 1),
    ):
        _choose(page, model)
        expect(panel.locator(".of")).to_contain_text(model)
        expect(panel.locator(".views button")).to_have_count(layers)
        expect(panel.locator(".sections section")).to_have_count(sections)
        expect(panel.locator(".sections section").first).to_contain_text("for 7")
        for number in range(layers):
            panel.locator(".views button").nth(number).click()
            expect(panel.locator(".views [aria-pressed=true]")).to_have_count(1)
            expect(panel.locator(".views button").nth(number)).to_have_attribute(
                "aria-pressed", "true"
            )
            loaded = "image => image.complete && image.naturalWidth >= 28"
            page.wait_for_function(loaded, arg=panel.locator(".sheet img").element_handle())
        panel.locator(".views button").first.click()


def test_a_press_switches_a_filter_off_and_on(page: Page) -> None:
    panel = _open(page, "conv1")
    line, sheet, all_on = (panel.locator(part) for part in (".line", ".sheet", ".all-on"))
    expect(line).to_contain_text("With all of it on, it reads a 7")
    expect(all_on).to_be_disabled()
    _press(sheet, 0)
    expect(line).to_contain_text("With 1 switched off")
    _press(sheet, 3)
    expect(line).to_contain_text("With 2 switched off")
    expect(sheet.locator(".off")).to_have_count(2)
    _press(sheet, 0)
    expect(line).to_contain_text("With 1 switched off")
    panel.locator(".views button", has_text="conv2").click()  # what is off stays off
    expect(line).to_contain_text("With 1 switched off")
    expect(sheet.locator(".off")).to_have_count(0)
    all_on.click()
    expect(line).to_contain_text("With all of it on")


def test_it_can_be_done_by_keys(page: Page) -> None:
    panel = _open(page, "conv2")
    sheet, at = panel.locator(".sheet"), panel.locator(".at")
    sheet.focus()
    page.keyboard.press("ArrowRight")
    expect(at).to_contain_text("filter 2:")
    page.keyboard.press("ArrowDown")
    expect(at).to_contain_text("filter 10:")
    page.keyboard.press("Space")
    expect(panel.locator(".line")).to_contain_text("With 1 switched off")
    expect(at).to_have_text("filter 10: off")
    page.keyboard.press("End")
    expect(at).to_contain_text("filter 32:")
    page.keyboard.press("Enter")
    expect(panel.locator(".sum h3")).to_contain_text("filter 32, row")


def test_the_sum_under_the_pointer_is_shown(page: Page) -> None:
    panel = _open(page, "conv1")
    sheet, total = panel.locator(".sheet"), panel.locator(".sum h3")
    expect(panel.locator(".sum")).to_be_hidden()
    sheet.hover(position={"x": 30, "y": 30})
    expect(total).to_contain_text(re.compile(r"filter 1, row 1\d, column 1\d"))
    expect(panel.locator(".term td")).to_have_count(18)
    expect(panel.locator(".sum dt").last).to_have_text("after norm, relu")
    before = panel.locator(".sum dd").first.text_content()
    draw(page, ONE)  # it follows the drawing
    sheet.scroll_into_view_if_needed()
    expect(panel.locator(".sum dd").first).not_to_have_text(before or "")
    panel.locator(".views button").first.click()  # another layer has other sums
    expect(panel.locator(".sum")).to_be_hidden()


def test_a_finger_may_show_the_sum_too(open_page: Open, server: str) -> None:
    page = open_page(server, 390, 844, has_touch=True, is_mobile=True)
    panel = _open(page, "conv1")
    box = panel.locator(".sheet").bounding_box()
    assert box is not None
    assert box["width"] / 8 > 32  # a map
    panel.get_by_role("button", name="shows its sum").click()
    panel.locator(".sheet").evaluate("sheet => sheet.scrollIntoView({ block: 'start' })")
    panel.locator(".sheet").tap(position={"x": 20, "y": 130})
    expect(panel.locator(".sum h3")).to_contain_text("filter 25, row")
    expect(panel.locator(".bars")).to_be_in_viewport(ratio=1)  # above what is pressed
    panel.locator(".sheet").evaluate("sheet => sheet.scrollIntoView({ block: 'center' })")
    panel.locator(".sheet").tap(position={"x": 20, "y": 20})
    expect(panel.locator(".sum h3")).to_contain_text("filter 1, row")
    expect(panel.locator(".line")).to_contain_text("With all of it on")
    panel.get_by_role("button", name="switches it off").click()
    panel.locator(".sheet").tap(position={"x": 20, "y": 20})
    expect(panel.locator(".line")).to_contain_text("With 1 switched off")


def test_what_matters_most_is_framed(page: Page) -> None:
    panel = _open(page, "conv3")
    panel.locator(".find").click()
    expect(panel.locator(".found")).to_contain_text("Of 64, each switched off in turn")
    expect(panel.locator(".sheet .ranked")).to_have_text(["1", "2", "3", "4", "5"])
    draw(page, ONE)  # that was of another drawing
    expect(panel.locator(".found")).to_be_hidden()


def test_another_model_has_all_of_it_on(page: Page) -> None:
    panel = _open(page, "conv1")
    _press(panel.locator(".sheet"), 0)
    expect(panel.locator(".line")).to_contain_text("With 1 switched off")
    _choose(page, "mlp")
    expect(panel.locator(".of")).to_contain_text("mlp")
    expect(panel.locator(".line")).to_contain_text("With all of it on")
    expect(panel.locator(".views [aria-pressed=true]")).to_contain_text("your drawing")


def test_pixels_lose_their_ink(open_page: Open, server: str) -> None:
    page = open_page(f"{server}?draw_model=softmax")
    panel = _open(page)
    picture = panel.locator(".sheet img")
    expect(picture).to_have_attribute("src", re.compile("^data:"))
    before = picture.get_attribute("src") or ""
    _press(panel.locator(".sheet"), 14, 9.5, columns=28)
    expect(panel.locator(".line")).to_contain_text("With 1 switched off")
    expect(picture).not_to_have_attribute("src", before)
    draw(page, ONE)  # whose pixels are others
    expect(panel.locator(".line")).to_contain_text("With all of it on")
