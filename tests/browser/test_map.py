"""The map of the test digits, in the Gallery, in a real browser."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import LOOKS, Open
from tests.browser.test_gallery import open_gallery

pytestmark = [pytest.mark.browser, pytest.mark.slow]

POINT = re.compile(r"Test digit (\d+): label \d, (mis)?read as \d\.")
# How many pixels of the map are of a colour of their own, neither paper nor ink.
COUNT_COLOURED = """() => {
  const canvas = document.querySelector('#map .stage canvas');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let at = 0; at < data.length; at += 4) {
    const [low, high] = [Math.min(...data.slice(at, at + 3)), Math.max(...data.slice(at, at + 3))];
    if (high - low > 60) count += 1;
  }
  return count;
}"""
PICTURE = "document.querySelector('#map .stage canvas').toDataURL()"


def frame_of(page: Page, number: int = 0) -> Locator:
    """One of the maps that stand side by side."""
    return page.locator("#map .frame").nth(number)


def open_map(page: Page, maps: int = 2) -> Locator:
    """Unfold it, and wait for its maps; the part where the points are."""
    page.locator("#map summary").click()
    expect(frame_of(page).locator(".which button")).to_have_count(maps)
    expect(page.locator("#map .seen")).to_contain_text(re.compile("ha(s|ve) a ring"))
    stage = frame_of(page).locator(".stage")
    stage.scroll_into_view_if_needed()
    return stage


def box_of(stage: Locator) -> dict[str, Any]:
    box = stage.bounding_box()
    assert box
    return {**box}


def draw_around(page: Page, stage: Locator, *, by: float) -> None:
    """A square around the middle, of a share of the side of the stage."""
    box = box_of(stage)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    reach = by * min(box["width"], box["height"]) / 2
    page.mouse.move(x - reach, y - reach)
    page.mouse.down()
    for right, down in ((1, -1), (1, 1), (-1, 1)):
        page.mouse.move(x + right * reach, y + down * reach, steps=3)
    page.mouse.up()


def move_to_a_point(page: Page, stage: Locator) -> str:
    """Move the mouse until there is a point below it; what is said of it."""
    box = box_of(stage)
    for step in range(60):
        x = box["x"] + box["width"] * (0.3 + 0.4 * step / 60)
        page.mouse.move(x, box["y"] + box["height"] * 0.5)
        page.wait_for_timeout(30)
        tip = page.locator("#map .tip:visible")
        if tip.count():
            return tip.locator("span").inner_text()
    raise AssertionError("there is no point in the middle of the map")


def test_folded_it_asks_for_nothing(open_page: Open, server: str) -> None:
    page = open_page(server)
    asked: list[Any] = []
    page.on("request", lambda request: asked.append(request.post_data or ""))
    open_gallery(page)
    assert frame_of(page).locator(".which button").count() == 0
    before = len([each for each in asked if '"known"' in each])
    open_map(page)
    assert before == 0
    assert [each for each in asked if '"known"' in each]


def test_by_mouse_a_point_is_shown_and_opened(page: Page) -> None:
    open_gallery(page)
    stage = open_map(page)
    page.wait_for_function(f"({COUNT_COLOURED})() > 2000")
    told = move_to_a_point(page, stage)
    assert POINT.fullmatch(told)
    page.mouse.down()
    page.mouse.up()
    number = re.findall(r"\d+", told)[0]
    expect(page.locator("#detail h2")).to_contain_text(f"Test digit {number}:")
    page.locator("#detail .next").click()
    expect(page.locator("#detail h2")).not_to_contain_text(f"Test digit {number}:")
    page.keyboard.press("Escape")
    expect(page.locator("#detail .card")).to_be_hidden()
    expect(stage).to_be_focused()


def test_what_lies_over_the_points_draws_none_of_them_anew(page: Page) -> None:
    open_gallery(page)
    stage = open_map(page)
    page.wait_for_function(f"({COUNT_COLOURED})() > 2000")
    page.evaluate("""() => {
      const { fill } = Uint32Array.prototype; // with the paper, before all points
      window.painted = 0;
      Uint32Array.prototype.fill = function (...values) {
        window.painted += 1;
        return fill.apply(this, values);
      };
    }""")
    move_to_a_point(page, stage)
    move_to_a_point(page, stage)
    assert page.evaluate("window.painted") == 0
    stage.focus()
    page.keyboard.press("+")
    page.wait_for_function("window.painted > 0")


def test_by_keys_points_are_walked_heard_and_opened(page: Page) -> None:
    open_gallery(page)
    stage = open_map(page)
    stage.focus()
    whole = page.evaluate(PICTURE)
    for key in ("+", "+", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
    page.wait_for_function(f"(before) => {PICTURE} !== before", arg=whole)
    page.keyboard.press("PageDown")
    expect(page.locator("#map .spoken")).to_contain_text(re.compile(r"Test digit .* 1 of \d+ in"))
    first = page.locator("#map .tip span").inner_text()
    page.keyboard.press("PageDown")
    expect(page.locator("#map .spoken")).to_contain_text(re.compile(r"2 of \d+ in view"))
    page.keyboard.press("PageUp")
    expect(page.locator("#map .tip span")).to_have_text(first)
    page.keyboard.press("Escape")
    expect(page.locator("#map .tip")).to_be_hidden()
    page.keyboard.press("PageDown")
    page.keyboard.press("PageUp")
    expect(page.locator("#map .tip span")).to_have_text(first)
    page.keyboard.press("Enter")
    number = re.findall(r"\d+", first)[0]
    expect(page.locator("#detail h2")).to_contain_text(f"Test digit {number}:")
    page.keyboard.press("Escape")
    expect(stage).to_be_focused()
    page.keyboard.press("Home")


def test_what_is_drawn_around_becomes_the_filter(page: Page) -> None:
    open_gallery(page)
    stage = open_map(page)
    page.locator("#map .lasso").click()
    draw_around(page, stage, by=0.5)
    expect(page.locator("#gallery-summary")).to_contain_text("shown: chosen on the map.")
    expect(page.locator("#map .lasso")).to_have_attribute("aria-pressed", "false")
    count = re.findall(r"([\d,]+) shown", page.locator("#gallery-summary").inner_text())[0]
    expect(page.locator("#map .line")).to_contain_text(f"{count} digits are shown below.")
    page.locator("#gallery-link button").wait_for()
    page.locator("#show-all").click()
    expect(page.locator("#gallery-summary")).not_to_contain_text("chosen on the map")
    page.locator("#map .in-view").click()
    expect(page.locator("#gallery-summary")).to_contain_text("shown: chosen on the map.")


def test_the_points_move_to_another_model_s_map(open_page: Open, server: str) -> None:
    page = open_page(f"{server}?tab=gallery&gallery_model=mlp&gallery_other=softmax")
    page.locator("#tiles .tile").first.wait_for()
    open_map(page, maps=3)
    which = frame_of(page).locator(".which button")
    expect(which).to_have_text(["mlp", "softmax", "the pixels"])
    pictures = set()
    for at, name in ((1, "softmax"), (2, "the pixels"), (0, "mlp")):
        which.nth(at).click()
        expect(page.locator("#map .seen")).to_contain_text(f"On the map of {name}, ")
        page.wait_for_timeout(300)
        pictures.add(page.evaluate(PICTURE))
    assert len(pictures) == 3


def test_the_way_there_is_seen_where_motion_is_not_reduced(open_page: Open, server: str) -> None:
    page = open_page(
        f"{server}?tab=gallery&gallery_model=mlp&gallery_other=softmax",
        reduced_motion="no-preference",
    )
    page.locator("#tiles .tile").first.wait_for()
    open_map(page, maps=3)
    page.wait_for_timeout(300)
    frame_of(page).locator(".which button").nth(1).click()
    seen = set()
    for _ in range(8):
        page.wait_for_timeout(100)
        seen.add(page.evaluate(PICTURE))
    assert len(seen) > 2


def test_with_a_second_model_two_maps_stand_side_by_side(open_page: Open, server: str) -> None:
    page = open_page(f"{server}?tab=gallery&gallery_model=mlp&gallery_other=softmax")
    page.locator("#tiles .tile").first.wait_for()
    stage = open_map(page, maps=3)
    beside = page.locator("#map .beside")
    expect(beside).to_have_attribute("aria-pressed", "true")
    pressed = page.locator('#map .which [aria-pressed="true"]')
    expect(pressed).to_have_text(["mlp", "softmax"])
    other = frame_of(page, 1).locator(".stage")
    assert box_of(other)["y"] == box_of(stage)["y"]
    expect(page.locator("#map .seen")).to_contain_text(re.compile("map of mlp.*map of softmax"))
    frame_of(page, 1).locator(".which button").nth(2).click()
    expect(pressed).to_have_text(["mlp", "the pixels"])
    beside.click()
    expect(page.locator("#map .stage")).to_have_count(1)
    expect(page.locator("#map .seen")).not_to_contain_text("map of the pixels")
    beside.click()
    expect(pressed).to_have_text(["mlp", "softmax"])


def test_what_is_chosen_on_one_map_stands_out_on_both(open_page: Open, server: str) -> None:
    page = open_page(f"{server}?tab=gallery&gallery_model=mlp&gallery_other=softmax")
    page.locator("#tiles .tile").first.wait_for()
    stage = open_map(page, maps=3)
    page.wait_for_function(f"({COUNT_COLOURED})() > 1000")
    coloured = page.evaluate(f"({COUNT_COLOURED})()")
    page.locator("#map .lasso").click()
    other = frame_of(page, 1).locator(".stage")
    other.scroll_into_view_if_needed()
    draw_around(page, other, by=0.3)
    expect(page.locator("#gallery-summary")).to_contain_text("shown: chosen on the map.")
    page.wait_for_function(f"(before) => ({COUNT_COLOURED})() < before / 2", arg=coloured)
    assert page.evaluate(f"({COUNT_COLOURED})()") > 20
    stage.scroll_into_view_if_needed()
    move_to_a_point(page, stage)
    page.mouse.down()
    page.mouse.up()
    expect(page.locator("#detail h2")).to_contain_text("Test digit")
    expect(page.locator("#gallery-summary")).to_contain_text("shown: chosen on the map.")
    assert page.evaluate(f"({COUNT_COLOURED})()") < coloured / 2
    stage.click(position={"x": 3, "y": 3})  # where no point is
    expect(page.locator("#gallery-summary")).not_to_contain_text("chosen on the map")
    page.wait_for_function(f"(before) => ({COUNT_COLOURED})() === before", arg=coloured)


def test_those_in_view_are_of_the_map_that_was_used_last(open_page: Open, server: str) -> None:
    page = open_page(f"{server}?tab=gallery&gallery_model=mlp&gallery_other=softmax")
    page.locator("#tiles .tile").first.wait_for()
    open_map(page, maps=3)
    for _ in range(4):
        frame_of(page, 1).locator(".in").click()
    page.locator("#map .in-view").click()
    expect(page.locator("#map .line")).to_contain_text("digits are shown below.")
    expect(page.locator("#map .line")).not_to_contain_text("10,000")


def test_the_map_forgets_what_was_chosen_as_the_gallery_does(page: Page) -> None:
    open_gallery(page)
    stage = open_map(page)
    page.wait_for_function(f"({COUNT_COLOURED})() > 1000")
    coloured = page.evaluate(f"({COUNT_COLOURED})()")
    page.locator("#map .lasso").click()
    stage.scroll_into_view_if_needed()
    draw_around(page, stage, by=0.3)
    expect(page.locator("#map .line")).to_contain_text("digits are shown below.")
    page.wait_for_function(f"(before) => ({COUNT_COLOURED})() < before / 2", arg=coloured)
    expect(stage).to_be_in_viewport()  # nobody is taken away from it
    page.locator("#show-all").click()
    expect(page.locator("#map .line")).to_have_text("")
    page.wait_for_function(f"(before) => ({COUNT_COLOURED})() === before", arg=coloured)


def test_a_second_map_is_to_be_had_on_a_phone(open_page: Open, server: str) -> None:
    page = open_page(
        f"{server}?tab=gallery&gallery_model=mlp&gallery_other=softmax", 390, 844, has_touch=True
    )
    page.locator("#tiles .tile").first.wait_for()
    stage = open_map(page, maps=3)
    expect(page.locator("#map .stage")).to_have_count(1)
    page.locator("#map .beside").click()
    below = box_of(frame_of(page, 1).locator(".stage"))
    assert below["y"] > box_of(stage)["y"] + box_of(stage)["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_drawing_lies_on_the_map_and_moves_with_the_pen(page: Page) -> None:
    open_gallery(page)
    open_map(page)
    pad = page.locator("#map .pad canvas")
    pad.scroll_into_view_if_needed()
    box = box_of(pad)

    def move(x: float, y: float) -> None:
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=5)

    expect(page.locator("#map .drawn")).to_contain_text("Draw a digit here")
    move(0.45, 0.2)
    page.mouse.down()
    move(0.45, 0.8)
    expect(page.locator("#map .drawn")).to_contain_text("labels: 1 (")
    before = page.evaluate(PICTURE)
    move(0.9, 0.8)
    page.mouse.up()
    page.wait_for_function(f"(before) => {PICTURE} !== before", arg=before)
    page.locator("#map .pad .clear").click()
    expect(page.locator("#map .drawn")).to_contain_text("Draw a digit here")


@LOOKS
def test_it_fits_and_is_told_in_the_page_s_language(
    open_page: Open, server: str, width: int, height: int, scheme: str
) -> None:
    page = open_page(server, width, height, color_scheme=scheme)
    open_gallery(page)
    stage = open_map(page)
    page.wait_for_function(f"({COUNT_COLOURED})() > 1000")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert box_of(stage)["width"] <= width
    page.get_by_role("button", name="한국어").click()
    expect(page.locator("#map h2")).to_have_text("지도")
    expect(page.locator("#map .seen")).to_contain_text("가장 가까운 점 열 개 중")
    expect(frame_of(page).locator(".which button").nth(1)).to_have_text("픽셀")


def test_a_finger_shows_a_point_first_and_opens_it_then(open_page: Open, server: str) -> None:
    page = open_page(server, 390, 844, has_touch=True, is_mobile=True)
    open_gallery(page)
    stage = open_map(page)
    box = box_of(stage)
    for step in range(40):
        x = box["x"] + box["width"] * (0.25 + 0.5 * step / 40)
        page.touchscreen.tap(x, box["y"] + box["height"] * 0.55)
        if page.locator("#map .now").is_visible():
            break
    expect(page.locator("#map .now span")).to_have_text(POINT)
    expect(page.locator("#map .tip")).to_be_hidden()
    page.locator("#map .open").click()
    expect(page.locator("#detail .card")).to_be_visible()
