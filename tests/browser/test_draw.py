"""The Draw tab in a real browser."""

import base64
import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.pen import FOUR, ONE, SEVEN, draw

pytestmark = pytest.mark.browser


def inked_pixels(page: Page) -> int:
    """How many pixels of the pad's canvas hold ink."""
    return page.evaluate(
        """() => {
          const canvas = document.querySelector('#pad canvas');
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          return data.filter((value, index) => index % 4 === 3 && value > 0).length;
        }"""
    )


def test_blank_pad_says_what_to_do_and_predicts_nothing(page: Page) -> None:
    expect(page.get_by_text("Draw a digit from 0 to 9 here")).to_be_visible()
    expect(page.locator("#prediction .sentence")).to_contain_text("Draw a digit on the pad")
    expect(page.locator("#prediction .digit")).to_be_hidden()
    assert page.locator("#prediction .share").all_inner_texts() == [""] * 10


@pytest.mark.slow
def test_where_nobody_draws_a_digit_draws_itself_once_and_goes(
    open_page: Open, server: str
) -> None:
    page = open_page(server, reduced_motion="no-preference")
    expect(page.locator("#prediction .digit")).to_have_text("3")
    expect(page.locator("#pad .hint")).to_be_hidden()
    expect(page.locator("#pad .hint")).to_be_visible()
    expect(page.locator("#prediction .digit")).to_be_hidden()
    expect(page.locator("#pad .undo")).to_be_disabled()


@pytest.mark.slow
def test_it_makes_way_for_a_pen(open_page: Open, server: str) -> None:
    page = open_page(server, reduced_motion="no-preference")
    expect(page.locator("#pad .hint")).to_be_hidden()  # it has begun
    draw(page, SEVEN)
    expect(page.locator("#prediction .digit")).to_have_text("7")
    page.keyboard.press("ControlOrMeta+z")
    expect(page.locator("#pad .hint")).to_be_visible()


def test_a_drawing_is_read(page: Page) -> None:
    for strokes, digit in ((SEVEN, "7"), (ONE, "1"), (FOUR, "4")):
        draw(page, strokes)
        expect(page.locator("#prediction .digit")).to_have_text(digit)
        expect(page.locator("#prediction .best .name")).to_have_text(digit)
        expect(page.get_by_text("Draw a digit from 0 to 9 here")).to_be_hidden()
        shares = page.locator("#prediction .share").all_inner_texts()
        assert sum(float(share.rstrip("%")) for share in shares) == pytest.approx(100, abs=1)
        page.keyboard.press("Escape")


def test_the_answer_comes_while_the_pen_is_down(page: Page) -> None:
    box = page.locator("#pad canvas").bounding_box()
    assert box is not None
    x = box["x"] + box["width"] / 2
    page.mouse.move(x, box["y"] + 60)
    page.mouse.down()
    for y in range(60, 300, 10):
        page.mouse.move(x, box["y"] + y)
    expect(page.locator("#prediction .digit")).to_have_text("1")
    page.mouse.up()


@pytest.mark.slow
def test_the_picture_that_the_model_sees_is_the_drawing(page: Page) -> None:
    draw(page, ONE)
    expect(page.locator("#prediction .digit")).to_have_text("1")
    source = page.locator("#prediction img").get_attribute("src")
    assert source is not None
    picture = Image.open(io.BytesIO(base64.b64decode(source.split(",", 1)[1])))
    pixels = np.asarray(picture)
    assert pixels.shape == (28, 28)
    rows, columns = np.nonzero(pixels > 127)
    assert np.ptp(rows) >= 17  # a standing line fills MNIST's box of 20 from top to bottom
    assert np.ptp(columns) <= 4


@pytest.mark.slow
def test_undo_takes_back_a_stroke_and_a_clearing(page: Page) -> None:
    draw(page, ONE)
    one = inked_pixels(page)
    draw(page, [[(60, 60), (80, 220)]])
    assert inked_pixels(page) > one
    page.get_by_role("button", name="Undo", exact=True).click()
    assert inked_pixels(page) == one
    page.get_by_role("button", name="Clear", exact=True).click()
    assert inked_pixels(page) == 0
    expect(page.locator("#prediction .sentence")).to_contain_text("Draw a digit on the pad")
    page.get_by_role("button", name="Undo", exact=True).click()
    assert inked_pixels(page) == one
    expect(page.locator("#prediction .digit")).to_have_text("1")


def test_keyboard_shortcuts_undo_and_clear(page: Page) -> None:
    draw(page, FOUR)
    both = inked_pixels(page)
    page.keyboard.press("Control+z")
    assert 0 < inked_pixels(page) < both
    page.keyboard.press("Escape")
    assert inked_pixels(page) == 0
    expect(page.get_by_role("button", name="Clear", exact=True)).to_be_disabled()


@pytest.mark.slow
def test_every_model_can_be_chosen(page: Page) -> None:
    draw(page, SEVEN)
    expect(page.locator("#prediction .digit")).to_have_text("7")
    expect(page.locator("#draw-model input")).to_have_value("robust_cnn")
    before = page.locator("#prediction .share").all_inner_texts()
    page.locator("#draw-model input").click()
    for name in ("softmax", "mlp", "simple_cnn", "deep_cnn", "fast_cnn", "robust_cnn"):
        expect(page.get_by_role("option", name=name, exact=True)).to_be_visible()
    page.get_by_role("option", name="mlp", exact=True).click()
    page.wait_for_function(
        """(before) => [...document.querySelectorAll('#prediction .share')]
          .some((share, index) => share.textContent !== before[index])""",
        arg=before,
    )


@pytest.mark.slow
def test_the_drawing_survives_a_change_of_tab_and_of_size(page: Page) -> None:
    draw(page, SEVEN)
    expect(page.locator("#prediction .digit")).to_have_text("7")
    page.get_by_role("tab", name="Gallery", exact=True).click()
    page.get_by_role("tab", name="Draw", exact=True).click()
    assert inked_pixels(page) > 0
    page.set_viewport_size({"width": 600, "height": 800})
    page.wait_for_timeout(200)
    assert inked_pixels(page) > 0
    expect(page.locator("#prediction .digit")).to_have_text("7")


def test_a_finger_draws_and_the_page_does_not_scroll(open_page: Open, server: str) -> None:
    page = open_page(server, 390, 844, has_touch=True, is_mobile=True)
    box = page.locator("#pad canvas").bounding_box()
    assert box is not None
    client = page.context.new_cdp_session(page)
    x = box["x"] + box["width"] / 2
    for index in range(20):
        kind = "touchStart" if index == 0 else "touchMove"
        at = {"x": x, "y": box["y"] + 40 + index * 12}
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [at]})
    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.locator("#prediction .digit")).to_have_text("1")
    assert page.evaluate("scrollY") == 0


@pytest.mark.slow
def test_what_another_visitor_draws_is_not_seen(open_page: Open, server: str) -> None:
    one, other = open_page(server), open_page(server)
    draw(one, SEVEN)
    expect(one.locator("#prediction .digit")).to_have_text("7")
    expect(other.locator("#prediction .digit")).to_be_hidden()
    draw(other, ONE)
    expect(other.locator("#prediction .digit")).to_have_text("1")
    expect(one.locator("#prediction .digit")).to_have_text("7")


POINT = """([kind, type, id, x, y]) => {
    const canvas = document.querySelector('#pad canvas');
    canvas.setPointerCapture = () => {}; // of a pointer that there is none of
    const box = canvas.getBoundingClientRect();
    const [clientX, clientY] = [box.left + x, box.top + y];
    const about = { pointerType: type, pointerId: id, clientX, clientY, bubbles: true };
    canvas.dispatchEvent(new PointerEvent(kind, about));
}"""
WATCH = "document.addEventListener('drawing', ({ detail }) => { window.drawn = detail.strokes; })"


Event = tuple[str, str, int, float, float]


def _point(page: Page, *events: Event) -> None:
    for event in events:
        page.evaluate(POINT, list(event))


def _stroke(kind: str, number: int, x: float, end: str = "pointerup") -> tuple[Event, ...]:
    """A line downwards."""
    return (
        ("pointerdown", kind, number, x, 50),
        ("pointermove", kind, number, x, 150),
        (end, kind, number, x, 150),
    )


@pytest.mark.slow
def test_a_palm_leaves_nothing_beside_a_pen(page: Page) -> None:
    page.evaluate(WATCH)
    _point(
        page,
        ("pointerdown", "touch", 5, 200, 200),
        ("pointermove", "touch", 5, 203, 202),
        ("pointerdown", "pen", 6, 60, 50),
        ("pointermove", "touch", 5, 205, 205),
        ("pointermove", "pen", 6, 60, 150),
        ("pointerup", "touch", 5, 205, 205),
        ("pointerup", "pen", 6, 60, 150),
        *_stroke("touch", 7, 210),  # it still rests there
        *_stroke("pen", 8, 100),
    )
    strokes = page.evaluate("window.drawn")
    assert len(strokes) == 2
    assert all(x < 160 for stroke in strokes for x, _ in stroke)


@pytest.mark.slow
def test_a_touch_that_the_system_takes_away_is_no_stroke(page: Page) -> None:
    page.evaluate(WATCH)
    _point(page, *_stroke("touch", 5, 100, end="pointercancel"))
    page.wait_for_function("window.drawn?.length === 0")
    expect(page.get_by_role("button", name="Undo", exact=True)).to_be_disabled()
    _point(page, *_stroke("touch", 6, 100))
    assert len(page.evaluate("window.drawn")) == 1
