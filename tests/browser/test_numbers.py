"""Whole numbers on the pad: read without a mode, each digit in its box, one of them looked at."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LOOKS, Open
from tests.browser.pen import SEVEN, Strokes, draw

pytestmark = pytest.mark.browser

ONE: Strokes = [[(40, 80), (40, 210)]]
SMALL_SEVEN: Strokes = [[(90, 80), (170, 80), (120, 210)]]


def draw_at(page: Page, digits: list[tuple[Strokes, float]], scale: float = 1) -> None:
    """Draw each of the digits, moved to the right, smaller. A wide pad has the same unit."""
    for strokes, right in digits:
        moved = [[(x * scale + right, y * scale + 60) for x, y in stroke] for stroke in strokes]
        canvas = page.locator("#pad canvas")
        box = canvas.bounding_box()
        assert box is not None
        unit = box["height"] / 280
        for stroke in moved:
            page.mouse.move(box["x"] + stroke[0][0] * unit, box["y"] + stroke[0][1] * unit)
            page.mouse.down()
            for x, y in stroke[1:]:
                page.mouse.move(box["x"] + x * unit, box["y"] + y * unit, steps=6)
            page.mouse.up()


def boxes(page: Page) -> list[Any]:
    found = [each.bounding_box() for each in page.locator("#pad .boxes div").all()]
    return [box for box in found if box]


def test_a_number_is_read_and_each_digit_has_its_box(page: Page) -> None:
    draw(page, [*ONE, *SMALL_SEVEN])
    expect(page.locator("#prediction .digit")).to_have_text("17")
    expect(page.locator("#prediction .sentence")).to_contain_text("17")
    expect(page.locator("#pad .boxes div")).to_have_count(2)
    one, seven = boxes(page)
    assert one["x"] + one["width"] < seven["x"]
    expect(page.locator("#pad .boxes .chosen")).to_have_count(1)


@pytest.mark.slow
def test_one_digit_looks_as_ever(page: Page) -> None:
    draw(page, SEVEN)
    expect(page.locator("#prediction .digit")).to_have_text("7")
    expect(page.locator("#prediction .digit button")).to_have_count(0)
    expect(page.locator("#prediction .part")).to_be_hidden()
    expect(page.locator("#pad .boxes div")).to_have_count(0)


@pytest.mark.slow
def test_a_digit_is_chosen_by_click_and_by_arrow_keys(page: Page) -> None:
    draw(page, [*ONE, *SMALL_SEVEN])
    digits = page.get_by_role("radio")
    expect(digits).to_have_count(2)
    best = page.locator("#prediction .best .name")
    part = page.locator("#prediction .part")
    digits.nth(1).click()
    expect(best).to_have_text("7")
    expect(part).to_contain_text("Digit 2 of 2")
    expect(page.locator("#pad .boxes div").nth(1)).to_have_class("chosen")
    page.keyboard.press("ArrowLeft")
    expect(best).to_have_text("1")
    expect(digits.nth(0)).to_be_focused()
    expect(digits.nth(0)).to_have_attribute("aria-checked", "true")
    expect(page.locator("#pad .boxes div").nth(0)).to_have_class("chosen")
    draw(page, [[(230, 80), (230, 210)]])  # another digit: the least sure again
    expect(page.locator("#prediction .digit")).to_have_text("171")


@pytest.mark.slow
def test_the_panels_follow_the_chosen_digit(page: Page) -> None:
    draw(page, [*ONE, *SMALL_SEVEN])
    page.locator("#preprocessing summary").click()
    answers = page.locator("#preprocessing figcaption, #preprocessing .answer")
    page.get_by_role("radio").nth(0).click()
    expect(answers.last).to_contain_text("1")
    page.get_by_role("radio").nth(1).click()
    expect(answers.last).to_contain_text("7")


@pytest.mark.slow
def test_boxes_go_with_the_drawing(page: Page) -> None:
    draw(page, [*ONE, *SMALL_SEVEN])
    expect(page.locator("#pad .boxes div")).to_have_count(2)
    page.keyboard.press("ControlOrMeta+z")
    expect(page.locator("#prediction .digit")).to_have_text("1")
    expect(page.locator("#pad .boxes div")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("#pad .hint")).to_be_visible()


@pytest.mark.slow
@LOOKS
def test_a_wide_pad_holds_eight_digits(
    open_page: Open, server: str, width: int, height: int, scheme: str
) -> None:
    page = open_page(server, width, height, color_scheme=scheme)
    page.get_by_role("button", name="Wide pad", exact=True).click()
    canvas = page.locator("#pad canvas").bounding_box()
    assert canvas is not None
    assert canvas["width"] == pytest.approx(2 * canvas["height"], abs=2)
    digits = [ONE, SMALL_SEVEN] * 4
    rights = [70 * at - 40 * (at % 2) for at in range(8)]
    draw_at(page, list(zip(digits, rights, strict=True)), scale=0.6)
    expect(page.locator("#prediction .digit")).to_have_text("17171717")
    expect(page.locator("#pad .boxes div")).to_have_count(8)
    shown = page.locator("#prediction .headline").bounding_box()
    assert shown is not None
    for each in page.get_by_role("radio").all():
        box = each.bounding_box()
        assert box is not None
        assert shown["x"] <= box["x"]
        assert box["x"] + box["width"] <= shown["x"] + shown["width"] + 1
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.slow
def test_the_pad_widens_where_a_number_comes_near_its_edge(page: Page) -> None:
    wider = page.get_by_role("button", name="Wide pad", exact=True)
    draw(page, [[(110, 60), (245, 60), (165, 235)]])  # one digit may
    expect(page.locator("#prediction .digit")).to_have_text("7")
    expect(wider).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Escape")
    draw(page, [*ONE, [(160, 80), (250, 80), (200, 210)]])
    expect(wider).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#prediction .digit")).to_have_text("17")
    draw_at(page, [([[(300, 20), (300, 150)]], 0)])
    expect(page.locator("#prediction .digit")).to_have_text("171")
    expect(wider).to_be_disabled()  # what is there would be cut off
    page.keyboard.press("Escape")
    expect(wider).to_have_attribute("aria-pressed", "false")


@pytest.mark.slow
def test_it_widens_too_where_the_last_answer_came_before_the_pen_was_lifted(page: Page) -> None:
    draw(page, ONE)
    box = page.locator("#pad canvas").bounding_box()
    assert box is not None
    unit = box["width"] / 280
    page.mouse.move(box["x"] + 160 * unit, box["y"] + 80 * unit)
    page.mouse.down()
    for x, y in ((250, 80), (200, 210)):
        page.mouse.move(box["x"] + x * unit, box["y"] + y * unit, steps=8)
    expect(page.locator("#prediction .digit")).to_have_text("17")
    page.wait_for_timeout(500)
    page.mouse.up()
    wider = page.get_by_role("button", name="Wide pad", exact=True)
    expect(wider).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#prediction .digit")).to_have_text("17")


@pytest.mark.slow
def test_a_wide_drawing_can_be_linked_to(open_page: Open, server: str) -> None:
    page = open_page(server)
    page.get_by_role("button", name="Wide pad", exact=True).click()
    draw_at(page, [(ONE, 20), (SMALL_SEVEN, 100), (SMALL_SEVEN, 300)])
    expect(page.locator("#prediction .digit")).to_have_text("177")
    text = page.evaluate("""() => new Promise((resolve) => {
      document.addEventListener('link-parameters', ({ detail }) => resolve(detail.drawing));
      document.dispatchEvent(new CustomEvent('link-asked'));
    })""")
    again = open_page(f"{server}#drawing={text}")
    expect(again.locator("#prediction .digit")).to_have_text("177")
    wider = again.get_by_role("button", name="Wide pad", exact=True)
    expect(wider).to_have_attribute("aria-pressed", "true")
