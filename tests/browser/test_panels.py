"""What folds open under the pad, in a real browser."""

import base64
import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, Request, expect

from tests.browser.conftest import Open
from tests.browser.events import askers
from tests.browser.pen import FOUR, ONE, SEVEN, draw
from tests.browser.test_draw import inked_pixels

pytestmark = pytest.mark.browser


def unfold(page: Page, panel: str) -> Locator:
    found = page.locator(f"#{panel}")
    found.locator("summary").click()
    expect(found.locator("details")).to_have_attribute("open", "")
    return found


def test_folded_panels_ask_for_nothing(page: Page) -> None:
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request))
    draw(page, SEVEN)
    expect(page.locator("#prediction .digit")).to_have_text("7")
    page.wait_for_timeout(700)
    panels = page.locator(".panels > [id]").evaluate_all("all => all.map(({ id }) => id)")
    assert {"preprocessing", "replay"} <= {*panels}
    assert not askers(page, requests) & {*filter(None, panels)}


def test_what_it_sees_shows_three_steps_that_follow_the_drawing(page: Page) -> None:
    panel = unfold(page, "preprocessing")
    expect(panel.locator("li")).to_have_count(0)
    draw(page, SEVEN)
    expect(panel.locator("li")).to_have_count(3)
    expect(panel.locator("li .answer").last).to_contain_text("7 (")
    before = panel.locator("img").last.get_attribute("src")
    draw(page, ONE)
    expect(panel.locator("img").last).not_to_have_attribute("src", before or "")
    page.keyboard.press("Escape")
    expect(panel.locator("li")).to_have_count(0)


@pytest.mark.slow
def test_all_models_stand_side_by_side(page: Page) -> None:
    draw(page, SEVEN)
    panel = unfold(page, "model-comparison")
    rows = panel.locator("tbody tr")
    expect(rows).to_have_count(6)
    row = rows.filter(has_text="robust_cnn")
    expect(row.locator(".digit")).to_have_text("7")
    expect(row.locator("td").nth(2)).to_have_text("446,122")
    expect(row).to_have_class("")


@pytest.mark.slow
def test_inside_of_every_kind_of_model(page: Page) -> None:
    draw(page, SEVEN)
    panel = unfold(page, "explanation")
    for model, sections in (("softmax", 2), ("simple_cnn", 3), ("mlp", 2), ("robust_cnn", 8)):
        page.locator("#draw-model input").click()
        page.get_by_role("option", name=model, exact=True).click()
        expect(panel.locator("section")).to_have_count(sections)
        expect(panel.locator("section").first).to_contain_text("for 7")
        images = panel.locator("img")
        widths = images.evaluate_all("images => images.map(image => image.naturalWidth)")
        assert min(widths) >= 28, model


def test_a_shift_breaks_the_dense_models_and_reset_mends_them(page: Page) -> None:
    draw(page, SEVEN)
    panel = unfold(page, "robustness")
    expect(panel.locator("polyline")).to_have_count(6)
    slider = panel.locator('label[data-name="shift"] input')
    slider.fill("6")
    expect(panel.locator(".caption")).to_have_text("Probability of a 7")
    expect(panel.locator(".plot > svg")).to_contain_text("pixels to the right")
    legend = panel.locator(".legend span").filter(has_text="softmax")
    expect(legend).not_to_contain_text("9")
    expect(panel.locator("img")).to_be_visible()
    panel.get_by_role("button", name="Undo all changes").click()
    expect(panel.locator('label[data-name="shift"] output')).to_have_text("0")


@pytest.mark.slow
def test_replay_shows_when_it_became_a_7(page: Page) -> None:
    draw(page, SEVEN, moves=20)
    panel = unfold(page, "replay")
    expect(panel.locator("polyline.c7")).to_have_count(1)
    panel.get_by_role("button", name="Play").click()
    expect(panel.get_by_role("button", name="Pause")).to_be_visible()
    expect(panel.get_by_role("button", name="Play")).to_be_visible(timeout=10_000)
    scrub = panel.locator("input[type=range]")
    expect(scrub).to_have_value("1")
    scrub.fill("0.5")
    expect(panel.locator(".legend")).to_contain_text("7")


def test_own_digits_are_collected_scored_saved_and_opened_again(page: Page, tmp_path: Path) -> None:
    panel = unfold(page, "my-handwriting")
    seven, four = (panel.get_by_role("button", name=name, exact=True) for name in ("7", "4"))
    seven.click()
    expect(panel.locator(".message")).to_contain_text("blank")
    draw(page, SEVEN)
    seven.click()
    expect(panel.locator(".message")).to_have_text("Added as a 7.")
    expect(panel.locator(".set li")).to_have_count(1)
    page.keyboard.press("Escape")
    draw(page, FOUR)
    four.click()
    expect(panel.locator(".set li")).to_have_count(2)
    expect(panel.locator(".scores")).to_contain_text("robust_cnn: 2 of 2 (on MNIST: 99.")
    with page.expect_download() as waiting:
        panel.get_by_role("button", name="Save as a file").click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    assert [each["label"] for each in json.loads(path.read_text())["drawings"]] == [7, 4]
    panel.get_by_role("button", name="Remove all").click()
    expect(panel.locator(".set li")).to_have_count(0)
    panel.locator("input[type=file]").set_input_files(path)
    expect(panel.locator(".set li")).to_have_count(2)
    panel.locator(".remove").first.click()
    expect(panel.locator(".set li")).to_have_count(1)
    page.get_by_role("tab", name="Train", exact=True).click()
    expect(page.get_by_label("Learn my own 1 digits too")).to_be_checked()


@pytest.mark.slow
def test_a_bad_file_is_refused_with_its_reason(page: Page, tmp_path: Path) -> None:
    panel = unfold(page, "my-handwriting")
    path = tmp_path / "bad.json"
    path.write_text("<b>no</b>")
    panel.locator("input[type=file]").set_input_files(path)
    expect(panel.locator(".message")).to_contain_text("the file is not JSON")
    expect(panel.get_by_role("button", name="7", exact=True)).to_be_enabled()


@pytest.mark.slow
def test_the_own_set_of_one_visitor_is_not_seen_by_another(open_page: Open, server: str) -> None:
    one, other = open_page(server), open_page(server)
    draw(one, SEVEN)
    unfold(one, "my-handwriting").get_by_role("button", name="7", exact=True).click()
    expect(one.locator("#my-handwriting .set li")).to_have_count(1)
    unfold(other, "my-handwriting")
    other.wait_for_timeout(500)
    expect(other.locator("#my-handwriting .set li")).to_have_count(0)


def test_an_example_is_put_on_the_pad_and_can_be_taken_back(page: Page) -> None:
    page.locator("#examples > button").click()
    page.get_by_role("button", name="A crossed 7").click()
    expect(page.locator("#prediction .digit")).to_have_text("7")
    crossed = inked_pixels(page)
    assert crossed > 0
    page.get_by_role("button", name="A slashed 0").click()
    expect(page.locator("#prediction .digit")).to_have_text("0")
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.locator("#prediction .digit")).to_have_text("7")
    page.get_by_role("button", name="Redo", exact=True).click()
    expect(page.locator("#prediction .digit")).to_have_text("0")


@pytest.mark.slow
def test_a_test_digit_is_put_on_the_pad_as_it_is(page: Page) -> None:
    page.locator("#examples > button").click()
    page.wait_for_timeout(300)
    page.get_by_role("button", name="Put it on the pad").click()
    expect(page.locator("#prediction .digit")).to_be_visible()
    assert inked_pixels(page) > 0
    draw(page, ONE)  # the pen takes the picture's place
    expect(page.locator("#prediction .digit")).to_have_text("1")


@pytest.mark.slow
def test_the_arrow_keys_move_the_drawing(page: Page) -> None:
    draw(page, ONE)
    expect(page.locator("#prediction .digit")).to_have_text("1")
    panel = unfold(page, "preprocessing")
    expect(panel.locator("li")).to_have_count(3)
    before = panel.locator("img").first.get_attribute("src")
    page.locator("#pad canvas").focus()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    expect(panel.locator("img").first).not_to_have_attribute("src", before or "")
    expect(page.locator("#prediction .digit")).to_have_text("1")


@pytest.mark.slow
def test_the_brush_width_shows_on_the_pad(page: Page) -> None:
    draw(page, ONE)
    before = inked_pixels(page)
    page.locator("#pad input[type=range]").fill("30")
    assert inked_pixels(page) > 1.3 * before
    expect(page.locator("#prediction .digit")).to_have_text("1")


@pytest.mark.slow
def test_redo_by_keyboard(page: Page) -> None:
    draw(page, ONE)
    one = inked_pixels(page)
    page.keyboard.press("Control+z")
    assert inked_pixels(page) == 0
    page.keyboard.press("Control+Shift+z")
    assert inked_pixels(page) == one
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+y")
    assert inked_pixels(page) == one


def _drop(page: Page, picture: Image.Image, kind: str = "image/png") -> None:
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG")
    page.evaluate(
        """async ([data, kind]) => {
          const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
          const transfer = new DataTransfer();
          transfer.items.add(new File([bytes], 'digit.png', { type: kind }));
          const target = document.querySelector('#pad canvas');
          target.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true }));
        }""",
        [base64.b64encode(buffer.getvalue()).decode(), kind],
    )


def test_a_photo_that_is_dropped_is_read(page: Page) -> None:
    paper = np.tile(np.linspace(240, 170, 900, dtype=np.uint8), (1200, 1))
    paper[300:900, 430:480] = 40
    _drop(page, Image.fromarray(paper))
    expect(page.locator("#prediction .digit")).to_have_text("1")
    assert inked_pixels(page) > 0
    unfold(page, "my-handwriting").get_by_role("button", name="1", exact=True).click()
    expect(page.locator("#my-handwriting .message")).to_contain_text("not a picture")


@pytest.mark.slow
def test_a_blank_picture_is_told(page: Page) -> None:
    _drop(page, Image.new("L", (100, 100), 255))
    expect(page.locator("#prediction .sentence")).to_contain_text("no digit was found")
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.locator("#prediction .sentence")).to_contain_text("Draw a digit on the pad")


@pytest.mark.slow
def test_a_scribble_and_a_dot_are_not_called_digits(page: Page) -> None:
    page.locator("#examples > button").click()
    page.get_by_role("button", name="A scribble").click()
    expect(page.locator("#prediction .sentence")).to_contain_text("does not look like a digit")
    page.keyboard.press("Escape")
    draw(page, [[(100, 100), (103, 100)]], moves=2)
    expect(page.locator("#prediction .sentence")).to_contain_text("Too little ink")
