"""Screens, pens, browsers and settings that are not those of the other tests."""

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import Open
from tests.browser.pen import SEVEN, draw
from tests.browser.train_tab import open_train, train_once

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DRAWN = """() => {
  const canvas = document.querySelector('#pad canvas');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let inked = 0;
  for (let at = 3; at < data.length; at += 4) inked += data[at] > 127;
  return [canvas.width, inked];
}"""
KEEP_QUERIES = """{
  const match = window.matchMedia;
  window.queries = [];
  window.matchMedia = (query) => {
    const list = match.call(window, query);
    if (query.includes('dppx')) queries.push(list);
    return list;
  };
}"""
# As a browser does that gives back white for what was drawn.
FALSIFY = """{
  const { prototype } = CanvasRenderingContext2D;
  const read = prototype.getImageData;
  prototype.getImageData = function (...box) {
    const pixels = read.apply(this, box);
    pixels.data.fill(255);
    return pixels;
  };
  HTMLCanvasElement.prototype.toDataURL = () => 'data:image/png,white';
}"""
SAID = """() => {
  window.said = [];
  for (const region of document.querySelectorAll('#prediction [role=status]')) {
    const note = () => window.said.push(region.textContent);
    new MutationObserver(note).observe(region, { childList: true, characterData: true });
  }
}"""


def _picture(side: int) -> bytes:
    pixels = np.full((side, side), 255, np.uint8)
    pixels[side // 5 : 4 * side // 5, side * 9 // 20 : side * 11 // 20] = 0
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def _choose(page: Page, content: bytes) -> None:
    picture = FilePayload(name="one.png", mimeType="image/png", buffer=content)
    page.locator("#pad .photo-button input").set_input_files(picture)


def test_a_screen_of_another_density_gets_its_pixels_and_the_drawing_stays(
    open_page: Open, server: str
) -> None:
    page = open_page(server, script=KEEP_QUERIES)
    draw(page, SEVEN)
    width, inked = page.evaluate(DRAWN)
    client = page.context.new_cdp_session(page)
    for density in (2, 1):
        screen = {"width": 1280, "height": 800, "mobile": False, "deviceScaleFactor": density}
        client.send("Emulation.setDeviceMetricsOverride", screen)
        # Chromium tells its pages of a real screen; of one that is made up it does not.
        page.evaluate("queries.at(-1).dispatchEvent(new Event('change'))")
        page.wait_for_function(f"({DRAWN})()[0] === {density * width}")
        assert page.evaluate(DRAWN)[1] == pytest.approx(density**2 * inked, rel=0.05)
        assert page.evaluate("queries.at(-1).media") == f"(resolution: {density}dppx)"


def test_a_moving_touch_is_the_pads_own(page: Page) -> None:
    """Which keeps Scribble from an iPad's Pencil; only a browser there has that."""
    event = "new TouchEvent('touchmove', { cancelable: true, bubbles: true })"
    assert page.evaluate(f"document.querySelector('#pad canvas').dispatchEvent({event})") is False
    assert page.evaluate(f"document.querySelector('#pad').dispatchEvent({event})") is True


def test_where_pixels_are_falsified_the_file_itself_is_sent(open_page: Open, server: str) -> None:
    page = open_page(server, script=FALSIFY)
    content = _picture(400)
    with page.expect_request("**/answer") as asked:
        _choose(page, content)
    sent = json.loads(asked.value.post_data or "")["drawing"]["picture"]
    assert base64.b64decode(sent.partition(",")[2]) == content
    expect(page.locator("#prediction .digit")).to_have_text("1")
    _choose(page, _picture(1700))
    expect(page.locator("#prediction .sentence")).to_contain_text("false pixels")
    draw(page, SEVEN)  # strokes need no pixels


def test_where_pixels_are_falsified_a_test_digit_is_seen(open_page: Open, server: str) -> None:
    page = open_page(server, script=FALSIFY)
    page.locator("#examples > button").click()
    page.get_by_role("button", name="Put it on the pad", exact=True).click()
    expect(page.locator("#prediction .digit")).not_to_be_empty()
    shot = Image.open(io.BytesIO(page.locator("#pad canvas").screenshot())).convert("L")
    dark = (np.asarray(shot) < 100).mean()
    assert 0.02 < dark < 0.5


def test_a_screen_reader_hears_an_answer_once(page: Page) -> None:
    page.evaluate(SAID)
    draw(page, SEVEN, moves=40)
    expect(page.locator("#prediction [role=status]")).to_have_text("It reads a 7.")
    page.keyboard.press("Escape")
    expect(page.locator("#prediction [role=status]")).to_contain_text("Draw")
    assert page.evaluate("window.said.length") == 2


def test_an_old_browser_is_told_so(open_page: Open, server: str) -> None:
    for language, words in (("en-US", "too old for this page"), ("ko-KR", "너무 오래됐어요")):
        page = open_page(server, script="delete Array.prototype.at", locale=language)
        expect(page.get_by_role("alert")).to_contain_text(words)
    assert open_page(server).locator("#old-browser").count() == 0


SYSTEM = {"light": "rgb(0, 0, 0)", "dark": "rgb(255, 255, 255)"}  # Chromium's CanvasText
COLOURS = """(selector) => [...document.querySelectorAll(selector)]
  .filter((each) => each.checkVisibility())
  .map((each) => getComputedStyle(each).backgroundColor)"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_contrast_theme_leaves_bars_matrix_and_choice_visible(
    open_page: Open, server: str, scheme: str
) -> None:
    page = open_page(server, forced_colors="active", color_scheme=scheme)
    draw(page, SEVEN)
    expect(page.locator("#prediction .digit")).to_have_text("7")

    def differ(*selectors: str) -> None:
        colours = [page.evaluate(COLOURS, selector)[0] for selector in selectors]
        assert len({*colours}) == len(colours), (selectors, colours)

    differ("#prediction .track", "#prediction .best .bar")
    differ("[role=tab][aria-selected=true]", "[role=tab][aria-selected=false]")
    page.locator("#model-comparison summary").click()
    page.locator("#model-comparison .bar").first.wait_for()
    differ("#model-comparison .track", "#model-comparison .bar")
    open_train(page, Epochs="1")
    train_once(page)
    page.locator("#report summary").click()
    page.locator("#report .cell").first.wait_for()
    differ("#progress .track", "#progress .bar")
    differ("#report .track", "#report .fill")
    assert len({*page.evaluate(COLOURS, "#report .cell")}) > 10
    # What no browser forces, lines and words in an SVG, has the theme's colours all the same.
    expect(page.locator("#loss-chart text").first).to_have_css("fill", SYSTEM[scheme])
