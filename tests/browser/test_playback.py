"""Back through the training, in a real browser."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import LOOKS, Open
from tests.browser.pen import SEVEN, draw
from tests.browser.train_tab import finished, moves, start_endless, train_once

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SET_UP = "?tab=train&recipe=softmax&epochs=2&train_images=3000"
NAME = "my softmax, 3,000 images"
MOMENT = re.compile(r"^Step [\d,]+, epoch \d+\.\d\d, ")
DONE = re.compile(r"^\d+\.\d% of 1,000 test images read right$")


def _open_panel(page: Page) -> None:
    page.locator("#playback summary").focus()
    page.keyboard.press("Enter")


def _slider(page: Page, key: str, times: int = 1) -> None:
    page.locator("#playback input").focus()
    for _ in range(times):
        page.keyboard.press(key)


def _step(page: Page) -> int:
    told = page.locator("#playback .told").inner_text()
    return int(told.split(",")[0].removeprefix("Step "))


def test_the_slider_goes_back_and_a_moment_becomes_a_model_and_a_run(
    open_page: Open, server: str
) -> None:
    page = open_page(f"{server}{SET_UP}")
    expect(page.locator("#train")).to_be_visible()  # the address has been read
    page.get_by_role("tab", name="Draw", exact=True).click()
    draw(page, SEVEN)
    page.get_by_role("tab", name="Train", exact=True).click()
    train_once(page)
    expect(page.locator("#playback .moving")).to_be_hidden()
    _open_panel(page)
    expect(page.locator("#playback .told")).to_have_text(MOMENT)
    expect(page.locator("#playback .digits li")).to_have_count(20)
    expect(page.locator("#playback .weights img")).to_have_count(10)
    expect(page.locator("#loss-chart .mark")).to_have_count(1)
    expect(page.locator("#playback .tested")).to_have_text(DONE)

    _slider(page, "Home")
    expect(page.locator("#playback .told")).to_have_text(re.compile("^Step 0, epoch 0.00, 0.0 s$"))
    expect(page.locator("#playback input")).to_have_attribute(
        "aria-valuetext", "Step 0, epoch 0.00, 0.0 s"
    )
    expect(page.locator("#playback .tested")).to_have_text(DONE)
    spoken = page.locator("#playback p.spoken")
    expect(spoken).to_have_text(
        re.compile(r"^Step 0, .* of 20 right\. .* It would have read your drawing as an? \d")
    )
    first = page.locator("#playback .tested").inner_text()

    _slider(page, "ArrowRight", 4)  # quickly: the last one wins
    expect(page.locator("#playback input")).to_have_value("4")
    expect(page.locator("#playback .tested")).to_have_text(DONE)
    expect(page.locator("#playback .tested")).not_to_have_text(first)
    step = _step(page)
    page.wait_for_timeout(300)

    page.get_by_role("button", name="Save as a model", exact=True).click()
    expect(page.locator("#playback .message")).to_contain_text("Saved.")
    name = f"{NAME}, step {step:,}"
    expect(page.locator("#runs tbody tr")).to_have_count(2)
    expect(page.locator("#draw-model input")).to_have_value(name)
    expect(page.locator("#playback .told")).to_have_text(re.compile(f"^Step {step:,},"))

    page.get_by_role("button", name="Go on from here", exact=True).click()
    expect(page.locator("#runs tbody tr")).to_have_count(3)
    expect(page.locator("#runs tbody")).to_contain_text(f"began with the weights of step {step:,}")
    expect(page.locator("#playback .name")).to_have_text(f"{NAME}, on from step {step:,}")


def test_curves_show_since_when_it_reads_the_drawing(open_page: Open, server: str) -> None:
    page = open_page(f"{server}{SET_UP}")
    train_once(page)
    _open_panel(page)
    expect(page.locator("#playback .tested")).to_have_text(DONE)
    expect(page.locator("#playback .curve")).to_be_hidden()  # nothing is drawn
    page.get_by_role("tab", name="Draw", exact=True).click()
    draw(page, SEVEN)
    page.get_by_role("tab", name="Train", exact=True).click()
    since = page.locator("#playback .since")
    expect(since).to_have_text(re.compile(r"^(From step [\d,]+ on it|It) (reads|changed) .*\.$"))
    expect(page.locator("#playback .curve polyline")).to_have_count(10)
    seven = page.locator("#playback .curve polyline.c7").get_attribute("points") or ""
    places = [float(point.split(",")[0]) for point in seven.split()]
    assert len(places) == int(page.locator("#playback input").get_attribute("max") or 0) + 1
    mark = page.locator("#playback .curve .mark")
    told = since.inner_text()
    for key, place in (("Home", places[0]), ("ArrowRight", places[1]), ("End", places[-1])):
        _slider(page, key)
        expect(mark).to_have_count(1)
        page.wait_for_timeout(500)
        assert float(mark.get_attribute("x1") or 0) == pytest.approx(place, abs=0.1)
        reads = page.locator("#playback .reads").inner_text()
        digit, share = re.findall(r"(\d) \((\d+)%\)", reads)[0]
        legend = page.locator(f"#playback .curve .legend .c{digit}").inner_text()
        named, there = legend.removesuffix("%").split()
        assert named == digit
        assert int(there) == pytest.approx(int(share), abs=1)  # it was rounded on its way
    expect(since).to_have_text(told)
    found = Axe().run(page, "#playback .curve").response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []


def test_it_plays_like_a_film_and_pauses(open_page: Open, server: str) -> None:
    page = open_page(f"{server}{SET_UP}")
    train_once(page)
    _open_panel(page)
    play = page.locator("#playback .play")
    expect(play).to_have_text("Play")
    play.click()
    expect(play).to_have_text("Pause")
    moves(page, "#playback input", "aria-valuetext")
    play.click()
    expect(play).to_have_text("Play")
    page.wait_for_timeout(1500)  # what was asked for before comes still
    told = page.locator("#playback .told").inner_text()
    page.wait_for_timeout(700)
    expect(page.locator("#playback .told")).to_have_text(told)
    play.click()
    expect(play).to_have_text("Play")  # it has come to the end
    slider = page.locator("#playback input")
    assert slider.input_value() == slider.get_attribute("max")


def test_an_answer_that_is_lost_does_not_stop_the_film(
    chromium: Browser, server: str
) -> None:  # which costs the page an error
    page = chromium.new_page(locale="en-US", reduced_motion="reduce")
    page.goto(f"{server}{SET_UP}")
    train_once(page)
    _open_panel(page)
    play, asks = page.locator("#playback .play"), "**/gradio_api/run/*"
    play.click()
    expect(play).to_have_text("Pause")
    page.route(asks, lambda route: route.fulfill(status=500, body="no JSON"))
    page.wait_for_timeout(1500)
    page.unroute(asks)
    expect(play).to_have_text("Play")  # it has come to the end
    slider = page.locator("#playback input")
    assert slider.input_value() == slider.get_attribute("max")
    page.close()


def test_a_run_under_way_is_followed_and_nothing_is_asked_while_folded(page: Page) -> None:
    start_endless(page)
    page.wait_for_timeout(500)
    expect(page.locator("#playback .digits li")).to_have_count(0)
    _open_panel(page)
    moves(page, "#playback input", "aria-valuetext")
    expect(page.get_by_role("button", name="Go on from here", exact=True)).to_be_disabled()
    _slider(page, "Home")
    expect(page.locator("#playback .told")).to_contain_text("Step 0,")
    page.wait_for_timeout(1500)
    expect(page.locator("#playback .told")).to_contain_text("Step 0,")  # it stays there
    page.locator("#pause").click()
    finished(page)
    expect(page.get_by_role("button", name="Go on from here", exact=True)).to_be_enabled()
    _open_panel(page)  # it folds
    expect(page.locator("#loss-chart .mark")).to_have_count(0)


@LOOKS
def test_it_has_no_fault_and_fits_the_screen_in_both_languages(
    open_page: Open, server: str, width: int, height: int, scheme: str
) -> None:
    page = open_page(f"{server}{SET_UP}", width, height, color_scheme=scheme)
    train_once(page)
    _open_panel(page)
    expect(page.locator("#playback .tested")).to_have_text(DONE)
    for language in ("한국어", "English"):
        page.get_by_role("button", name=language).click()
        expect(page.locator("#playback .weights img")).to_have_count(10)
        page.wait_for_timeout(400)
        found = Axe().run(page, "#playback").response["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    controls = page.locator("#playback :is(button, input)")
    heights = controls.evaluate_all("(all) => all.map((one) => one.offsetHeight)")
    assert min(heights) >= 43  # a finger's
