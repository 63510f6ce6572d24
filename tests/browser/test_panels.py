"""What folds open under the pad, in a real browser."""

import base64
import io
import itertools
import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, Request, expect

from tests.browser.conftest import Open
from tests.browser.events import askers
from tests.browser.pen import FOUR, ONE, SEVEN, collect, draw, label
from tests.browser.test_draw import inked_pixels
from tests.browser.train_tab import finished, open_train, start

pytestmark = pytest.mark.browser


def unfold(page: Page, panel: str) -> Locator:
    found = page.locator(f"#{panel}")
    found.locator("summary").click()
    expect(found.locator("details")).to_have_attribute("open", "")
    return found


def type_in(field: Locator, text: str) -> None:
    """Types until it stays: Gradio sets a field once more while the fold around it mounts."""
    while True:
        field.fill(text)
        field.page.wait_for_timeout(200)
        if field.input_value() == text:
            return


def test_folded_panels_ask_for_nothing(page: Page) -> None:
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request))
    draw(page, SEVEN)
    expect(page.locator("#prediction .digit")).to_have_text("7")
    page.wait_for_timeout(700)
    panels = page.locator(".panels > [id]").evaluate_all("all => all.map(({ id }) => id)")
    assert {"preprocessing", "replay"} <= {*panels}
    assert not askers(page, requests) & {*filter(None, panels)}


@pytest.mark.slow
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
    expect(panel.locator("li").first).to_be_hidden()


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
def test_all_that_is_open_follows_the_chosen_model_and_names_it(page: Page) -> None:
    followers = (
        "preprocessing",
        "model-comparison",
        "explanation",
        "robustness",
        "fool-it",
        "replay",
    )
    lines = [unfold(page, panel).locator(".of") for panel in followers]
    for line in lines:
        expect(line).to_have_text("Draw a digit first.")
    draw(page, SEVEN)
    for model in ("softmax", "mlp"):
        page.locator("#draw-model input").click()
        page.get_by_role("option", name=model, exact=True).click()
        for line in lines:
            expect(line).to_contain_text(model)
        expect(page.locator(".panels .late")).to_have_count(0)
    page.keyboard.press("Escape")
    for line in lines:
        expect(line).to_have_text("Draw a digit first.")
    expect(page.locator(".panels .shown").filter(visible=True)).to_have_count(0)


@pytest.mark.slow
def test_a_change_stays_for_the_next_drawing(page: Page) -> None:
    panel = unfold(page, "robustness")
    draw(page, SEVEN)
    clean = panel.locator("img").get_attribute("src") or ""
    for name, amount in (("rotation", "40"), ("noise", "0.5"), ("shift", "3")):
        panel.locator(f'label[data-name="{name}"] input').fill(amount)
    expect(panel.locator(".plot > svg")).to_contain_text("pixels to the right")
    expect(panel.locator("img")).not_to_have_attribute("src", clean)
    changed = panel.locator("img").get_attribute("src") or ""
    page.keyboard.press("Escape")
    expect(panel.locator("img")).to_be_hidden()
    draw(page, SEVEN)
    expect(panel.locator("img")).to_have_attribute("src", changed)
    expect(panel.locator('label[data-name="rotation"] output')).to_have_text("40")


@pytest.mark.slow
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


@pytest.mark.parametrize("size", [(1280, 800), pytest.param((390, 844), marks=pytest.mark.slow)])
def test_own_digits_are_collected_at_the_pad(
    open_page: Open, server: str, size: tuple[int, int]
) -> None:
    page = open_page(server, *size)
    collect(page)
    told = page.locator("#label-bar .message")
    for digit, strokes in ((7, SEVEN), (4, FOUR), (1, ONE)):
        draw(page, strokes)
        for part in ("#pad canvas", '#label-bar [data-label="9"]'):
            expect(page.locator(part)).to_be_in_viewport(ratio=0.9)
        label(page, digit)
        expect(told).to_contain_text(f"Added as a {digit}.")
        expect(page.locator("#pad .hint")).to_be_visible()  # blank, for the next one
    expect(told).to_contain_text("3 of the ten digits; still missing: 0, 2, 3, 5, 6, 8, 9.")
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.locator("#prediction .digit")).to_have_text("1")
    page.locator("#label-bar .done").click()
    expect(page.locator("#label-bar .bar")).to_be_hidden()
    expect(page.locator("#my-handwriting .set li")).to_have_count(3)
    expect(page.locator("#my-handwriting .scores")).to_be_in_viewport()
    expect(page.locator("#my-handwriting .scores")).to_contain_text("robust_cnn: 3 of 3")


@pytest.mark.slow
def test_a_set_that_was_kept_is_not_what_it_was_when_the_server_was_lost(page: Page) -> None:
    collect(page)
    told, tiles = page.locator("#label-bar .message"), page.locator("#my-handwriting .set li")
    for digit, strokes in ((7, SEVEN), (4, FOUR)):
        draw(page, strokes)
        label(page, digit)
        expect(told).to_contain_text(f"Added as a {digit}.")
    for event in ("server-lost", "all-kept"):
        page.evaluate("name => document.dispatchEvent(new CustomEvent(name))", event)
    page.locator("#my-handwriting .remove").first.click()
    expect(tiles).to_have_count(1)
    with page.expect_response(lambda response: "restore" in (response.request.post_data or "")):
        page.evaluate("document.dispatchEvent(new CustomEvent('started-anew'))")
    page.wait_for_timeout(1000)
    expect(tiles).to_have_count(1)


@pytest.mark.slow
def test_an_answer_that_is_lost_does_not_end_the_collecting(
    chromium: Browser, server: str
) -> None:  # which costs the page an error
    page = chromium.new_page(locale="en-US", reduced_motion="reduce")
    page.goto(server)
    collect(page)
    draw(page, SEVEN)
    page.route("**/gradio_api/**", lambda route: route.fulfill(status=500, body="no JSON"))
    label(page, 7)
    button = page.locator('#label-bar [data-label="4"]')
    expect(button).to_be_disabled()
    page.unroute("**/gradio_api/**")
    expect(button).to_be_enabled(timeout=20_000)
    page.keyboard.press("Escape")  # the drawing is still there
    draw(page, FOUR)
    label(page, 4)
    expect(page.locator("#label-bar .message")).to_contain_text("Added as a 4.")
    page.close()


@pytest.mark.slow
def test_what_looks_like_no_digit_is_collected_only_by_who_is_sure(page: Page) -> None:
    collect(page)
    question = page.locator("#label-bar .question")
    for answer, count in ((".no", 0), (".yes", 1)):
        draw(page, [[(100, 100), (103, 100)]], moves=2)
        label(page, 8)
        expect(question).to_contain_text("Add it as an 8 all the same?")
        question.locator(answer).click()
        expect(question).to_be_hidden()
        expect(page.locator("#my-handwriting .set li")).to_have_count(count)
        page.keyboard.press("Escape")


@pytest.mark.slow
def test_the_scores_follow_a_new_model_at_once(page: Page) -> None:
    collect(page)
    draw(page, SEVEN)
    label(page, 7)
    scores = page.locator("#my-handwriting .scores li")
    expect(scores).to_have_count(6)
    open_train(page, Epochs="1")
    start(page)
    finished(page)
    page.get_by_role("tab", name="Draw", exact=True).click()
    expect(scores).to_have_count(7)
    expect(scores.first).to_contain_text("my softmax")
    frames = page.locator("#my-handwriting .frames")
    expect(frames).to_contain_text("my softmax")


@pytest.mark.slow
def test_own_digits_are_scored_saved_and_opened_again(page: Page, tmp_path: Path) -> None:
    collect(page)
    panel = page.locator("#my-handwriting")
    label(page, 7)
    expect(page.locator("#label-bar .message")).to_contain_text("blank")
    for count, (digit, strokes) in enumerate(((7, SEVEN), (4, FOUR)), 1):
        draw(page, strokes)
        label(page, digit)
        expect(panel.locator(".set li")).to_have_count(count)
    expect(panel.locator(".scores")).to_contain_text("robust_cnn: 2 of 2 (on MNIST: 99.")
    with page.expect_download() as waiting:
        panel.get_by_role("button", name="Save as a file").click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    assert [each["label"] for each in json.loads(path.read_text())["drawings"]] == [7, 4]
    panel.get_by_role("button", name="Remove all").click()
    expect(panel.locator(".set li")).to_have_count(0)
    panel.get_by_role("button", name="Bring back").click()
    expect(panel.locator(".set .label")).to_have_text(["7", "4"])
    expect(panel.get_by_role("button", name="Bring back")).to_be_hidden()
    panel.get_by_role("button", name="Remove all").click()
    expect(panel.locator(".set li")).to_have_count(0)
    panel.locator("input[type=file]").set_input_files(path)
    expect(panel.locator(".set li")).to_have_count(2)
    expect(panel.get_by_role("button", name="Bring back")).to_be_hidden()
    panel.locator(".remove").first.click()
    expect(panel.locator(".set li")).to_have_count(1)
    panel.get_by_role("button", name="Bring back").click()
    expect(panel.locator(".set .label")).to_have_text(["7", "4"])
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
    expect(panel.locator(".collect")).to_be_enabled()


@pytest.mark.slow
def test_the_own_set_of_one_visitor_is_not_seen_by_another(open_page: Open, server: str) -> None:
    one, other = open_page(server), open_page(server)
    collect(one)
    draw(one, SEVEN)
    label(one, 7)
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
    before = inked_pixels(page)
    draw(page, [[(20, 260), (60, 260)]])  # the pen draws on top of it
    assert inked_pixels(page) > before
    page.get_by_role("button", name="Undo", exact=True).click()
    assert inked_pixels(page) == before


@pytest.mark.slow
def test_a_number_without_a_test_digit_is_refused_at_the_field(page: Page) -> None:
    page.locator("#examples > button").click()
    number, refused = page.get_by_label("Test digit, by number"), page.locator("#example-refused")
    for typed, told in (
        ("99999", "There is no test digit 99,999; choose a whole number from 0 to"),
        ("2.5", "There is no test digit 2.5;"),
        ("", "Type the number of a test digit"),
    ):
        type_in(number, typed)
        page.get_by_role("button", name="Put it on the pad").click()
        expect(refused).to_contain_text(told)
    number.fill("5")
    page.get_by_role("button", name="Put it on the pad").click()
    expect(page.locator("#prediction .digit")).to_be_visible()
    expect(refused).to_be_hidden()


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
    collect(page)
    label(page, 1)
    expect(page.locator("#label-bar .message")).to_contain_text("not a picture")


DRAG = """([content, address]) => {
    const transfer = new DataTransfer();
    const file = new File([Uint8Array.from(content ?? [])], 'photo.png', { type: 'image/png' });
    if (address) transfer.setData('text/uri-list', address);
    else transfer.items.add(file);
    return ['dragover', 'drop'].map((kind) => !document.querySelector('h1').dispatchEvent(
        new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: transfer })));
}"""


@pytest.mark.slow
def test_a_file_that_is_dropped_beside_the_pad_is_read_on_it(page: Page) -> None:
    file = io.BytesIO()
    paper = np.full((300, 300), 240, dtype=np.uint8)
    paper[60:240, 140:160] = 40
    Image.fromarray(paper).save(file, "PNG")
    content = [*file.getvalue()]
    assert page.evaluate(DRAG, [content, None]) == [True, True]  # else the browser opens it
    expect(page.locator("#prediction .digit")).to_have_text("1")
    assert page.evaluate(DRAG, [None, "https://example.com/4.png"]) == [True, True]
    expect(page.locator("#prediction .sentence")).to_contain_text("lies on another page")
    open_train(page)
    assert page.evaluate(DRAG, [content, None]) == [True, True]


@pytest.mark.slow
def test_what_was_cut_away_of_a_picture_is_told(page: Page) -> None:
    paper = np.full((300, 300), 240, dtype=np.uint8)
    paper[60:240, 140:160] = 40
    paper[:, :4] = 0
    page.locator(".preprocessing summary").click()
    _drop(page, Image.fromarray(paper))
    expect(page.locator(".preprocessing .steps li")).to_have_count(2)
    expect(page.locator(".preprocessing .answer").first).to_contain_text("Cut away: ")


@pytest.mark.slow
def test_white_ink_on_transparent_ground_is_read(page: Page) -> None:
    drawn = np.full((300, 300, 4), 255, dtype=np.uint8)
    drawn[..., 3] = 0
    drawn[60:240, 140:160, 3] = 255
    _drop(page, Image.fromarray(drawn))
    expect(page.locator("#prediction .digit")).to_have_text("1")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "name"), [(b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"), (b"%PDF-1.7", "PDF")]
)
def test_a_format_that_is_not_read_is_named_though_the_browser_knows_none(
    page: Page, content: bytes, name: str
) -> None:
    file = {"name": "photo", "mimeType": "", "buffer": content}
    page.locator("#pad input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    expect(page.locator("#prediction .sentence")).to_contain_text(f"the file is {name}")


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


@pytest.mark.slow
def test_what_it_sees_can_be_seen_on_a_phone(open_page: Open, server: str) -> None:
    page = open_page(server, 390, 844)
    draw(page, SEVEN)
    for picture in unfold(page, "preprocessing").locator(".steps img").all():
        box = picture.bounding_box()
        assert box is not None
        assert box["width"] >= 140


@pytest.mark.slow
def test_a_network_is_fooled_by_strength_and_by_single_pixels(open_page: Open, server: str) -> None:
    page = open_page(f"{server}?draw_model=softmax")
    draw(page, SEVEN)
    panel = unfold(page, "fool-it")
    line = panel.locator(".line")
    expect(line).to_have_text("softmax still reads a 7.")
    panel.get_by_role("button", name="The least that fools it").click()
    expect(line).to_contain_text("softmax read a 7, and is fooled: now it reads a")
    expect(panel.locator("tbody tr.fooled").first).to_contain_text("softmax")
    least = float(panel.locator("output").text_content() or 0)
    assert 0 < least < 0.5
    expect(panel.locator(".target option:disabled")).to_have_text("7")  # as it reads one already
    panel.get_by_label("How").select_option("pixels")
    expect(line).to_have_text("softmax still reads a 7.")
    game = panel.locator(".sum")
    game.click(position={"x": 5, "y": 5})
    expect(panel.locator(".count")).to_contain_text("Changed: 1.")
    game.press("ArrowRight")
    game.press(" ")
    expect(panel.locator(".count")).to_contain_text("Changed: 2.")
    game.press(" ")  # once more, and it is as it was
    expect(panel.locator(".count")).to_contain_text("Changed: 1.")
    box = game.locator("img").bounding_box()
    assert box is not None
    for row, column in itertools.product(range(12, 16), range(8, 15)):  # as a 9 is closed
        x, y = ((place + 0.5) / 28 for place in (column, row))
        game.click(position={"x": x * box["width"], "y": y * box["height"]})
    expect(line).to_contain_text("is fooled")
    expect(panel.locator(".count")).to_contain_text(re.compile(r"fewest so far: \d"))
    panel.get_by_role("button", name="Start over").click()
    expect(panel.locator(".count")).to_contain_text("Changed: 0.")
    page.locator("#draw-model input").click()
    page.get_by_role("option", name="mlp", exact=True).click()
    expect(panel.locator(".of")).to_contain_text("mlp")
    expect(panel.locator(".count")).to_contain_text("fewest so far: –")  # that was another's
