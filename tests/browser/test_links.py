"""Links to a drawing and to a view of the Gallery: each opens what it was copied from."""

import random
import re
import threading
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect

from mnist_demo import Dataset, load_dataset
from mnist_demo.ui.compute import model_store
from tests.browser.conftest import Open, serve
from tests.browser.pen import FOUR, SEVEN, Strokes, draw
from tests.browser.test_draw import inked_pixels
from tests.browser.test_gallery import alternatives, choose, open_gallery, open_tile, tiles, unfold

pytestmark = pytest.mark.browser

CLIPBOARD = ["clipboard-read", "clipboard-write"]
USUAL = 1500  # characters of a usual drawing's link, at most
# A stroke from (70, 60) by steps right, and one of a single point.
HAND_MADE = "BGA8XfXfXfXf.CACA"
REFUSED = "The drawing in this link cannot be read."
HOSTILE = [
    *("", ".", "AAAA.", "AAA", "AAAAf", "AAAA..AAAA", "A.A.AAAA", "AAAA_A", "AAAA A"),
    *("____", "AAAAAA", "EZEZ", "IwEYgf", "AAAAfe", "f.AAAA", "A.AAAA"),  # outside; no brush
    *("<script>alert(1)</script>", "%00%ff%", "AAAA" + "ff" * 3000, ".".join(["AAAA"] * 1300)),
]


def copied(page: Page, button: str) -> str:
    """The link that the button copies."""
    page.evaluate("navigator.clipboard.writeText('')")
    page.locator(f"#{button} button").click()
    expect(page.locator(f"#{button} span")).to_have_text("Copied.")
    return str(page.evaluate("navigator.clipboard.readText()"))


def parameters(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


class TestDrawing:
    @pytest.mark.slow
    @pytest.mark.parametrize("width", [1280, 390])
    def test_it_is_opened_as_it_was_drawn(self, open_page: Open, server: str, width: int) -> None:
        page = open_page(server, width, 844, permissions=CLIPBOARD)
        button = page.locator("#drawing-link button")
        expect(button).to_be_disabled()
        draw(page, FOUR)
        expect(page.locator("#prediction .digit")).to_have_text("4")
        address = copied(page, "drawing-link")
        assert len(address) < USUAL
        assert urlsplit(address).query == ""
        asked: list[str] = []
        other = page.context.new_page()
        other.on("request", lambda request: asked.append(request.url))
        other.goto(address)
        expect(other.locator("#prediction .digit")).to_have_text("4")
        assert asked
        assert not any("drawing=" in url for url in asked)
        assert abs(inked_pixels(other) / inked_pixels(page) - 1) < 0.02
        assert copied(other, "drawing-link") == address
        assert other.evaluate("document.documentElement.scrollWidth") <= width

    @pytest.mark.slow
    def test_it_can_be_taken_back_and_cleared(self, open_page: Open, server: str) -> None:
        page = open_page(f"{server}#drawing={HAND_MADE}", permissions=CLIPBOARD)
        expect(page.locator("#pad .hint")).to_be_hidden()
        ink = inked_pixels(page)
        page.get_by_role("button", name="Undo", exact=True).click()
        assert inked_pixels(page) == 0
        expect(page.locator("#drawing-link button")).to_be_disabled()
        page.get_by_role("button", name="Redo", exact=True).click()
        assert inked_pixels(page) == ink
        assert copied(page, "drawing-link").endswith(f"#drawing={HAND_MADE}")
        page.get_by_role("button", name="Clear", exact=True).click()
        draw(page, SEVEN)
        expect(page.locator("#prediction .digit")).to_have_text("7")
        assert "#" not in page.url  # which held another drawing

    @pytest.mark.slow
    def test_the_model_comes_along_where_it_is_not_the_default(
        self, open_page: Open, server: str
    ) -> None:
        page = open_page(server + "?language=en", permissions=CLIPBOARD)
        draw(page, SEVEN)
        expect(page.locator("#prediction .digit")).to_have_text("7")
        page.locator("#draw-model input").click()
        page.get_by_role("option", name="mlp", exact=True).click()
        expect(page.locator("#draw-model input")).to_have_value("mlp")
        page.wait_for_timeout(500)
        address = copied(page, "drawing-link")
        assert parameters(address) == {"draw_model": "mlp", "language": "en"}
        other = open_page(address, permissions=CLIPBOARD)
        expect(other.locator("#draw-model input")).to_have_value("mlp")
        expect(other.locator("#prediction .best .share")).to_have_text(
            page.locator("#prediction .best .share").inner_text()
        )
        assert copied(other, "drawing-link") == address
        other.locator("#draw-model input").click()
        other.get_by_role("option", name="robust_cnn", exact=True).click()
        expect(other.locator("#draw-model input")).to_have_value("robust_cnn")
        other.wait_for_timeout(500)
        assert "draw_model" not in copied(other, "drawing-link")

    @pytest.mark.slow
    def test_a_model_that_is_not_there_is_told(self, open_page: Open, server: str) -> None:
        page = open_page(f"{server}?draw_model=<b>#drawing={HAND_MADE}")
        expect(page.get_by_text("draw_model must be one of softmax")).to_be_visible()
        expect(page.locator("#draw-model input")).to_have_value("robust_cnn")
        assert inked_pixels(page) > 0

    @pytest.mark.slow
    def test_the_width_of_the_brush_comes_along(self, open_page: Open, server: str) -> None:
        page = open_page(server, permissions=CLIPBOARD)
        page.get_by_label("Brush width").fill("30")
        draw(page, SEVEN)
        address = copied(page, "drawing-link")
        other = open_page(address, permissions=CLIPBOARD)
        expect(other.get_by_label("Brush width")).to_have_value("30")
        assert copied(other, "drawing-link") == address

    @pytest.mark.slow
    def test_no_digit_draws_itself_over_it(self, open_page: Open, server: str) -> None:
        page = open_page(f"{server}#drawing={HAND_MADE}", reduced_motion="no-preference")
        expect(page.locator("#pad .hint")).to_be_hidden()
        ink = inked_pixels(page)
        page.wait_for_timeout(5000)
        assert inked_pixels(page) == ink

    @pytest.mark.slow
    def test_any_drawing_comes_back_as_it_was_copied(self, open_page: Open, server: str) -> None:
        page = open_page(server, permissions=CLIPBOARD)
        chance = random.Random(0)
        for _ in range(4):
            strokes: Strokes = [
                [(chance.uniform(-20, 300), chance.uniform(-20, 300)) for _ in range(4)]
                for _ in range(chance.randint(1, 3))
            ]
            page.keyboard.press("Escape")
            draw(page, [[(140, 140), *stroke] for stroke in strokes], moves=12)
            address = copied(page, "drawing-link")
            page.keyboard.press("Escape")
            page.goto(address)  # on the same page: only what stands behind the # is another
            expect(page.locator("#drawing-link button")).to_be_enabled()
            assert copied(page, "drawing-link") == address

    @pytest.mark.slow
    def test_what_is_no_drawing_is_told_and_leaves_the_pad_blank(
        self, open_page: Open, server: str
    ) -> None:
        page = open_page(f"{server}#drawing={HOSTILE[3]}")
        for text in HOSTILE:
            page.goto(f"{server}#drawing={HAND_MADE}")
            expect(page.locator("#drawing-link span")).to_have_text("")
            page.goto(f"{server}#drawing={text}")
            expect(page.locator("#drawing-link span")).to_have_text(REFUSED)
            assert inked_pixels(page) == 0, text[:80]
            expect(page.locator("#drawing-link button")).to_be_disabled()
        draw(page, SEVEN)
        expect(page.locator("#prediction .digit")).to_have_text("7")
        expect(page.locator("#drawing-link span")).to_have_text("")

    @pytest.mark.slow
    def test_a_photo_and_a_test_digit_have_no_link(self, page: Page) -> None:
        draw(page, SEVEN)
        button = page.locator("#drawing-link button")
        expect(button).to_be_enabled()
        open_gallery(page)
        open_tile(page, 0)
        page.get_by_role("button", name="Open in Draw", exact=True).click()
        expect(button).to_be_disabled()
        expect(button).to_have_attribute("title", re.compile("a test digit has its link"))
        draw(page, SEVEN)
        expect(button).to_be_disabled()


VIEWS: list[dict[str, str]] = [
    {"model": "softmax", "label": "3", "shown": "wrong"},
    {"model": "mlp", "other": "softmax", "shown": "first", "digit": "18"},
    {"order": "random", "seed": "77", "digit": "0"},
    {"order": "disagreement", "other": "mlp"},
    {"model": "softmax", "label": "4", "prediction": "9", "order": "index"},
]


def view_address(server: str, view: dict[str, str]) -> str:
    return (
        f"{server}?{urlencode({'tab': 'gallery'} | {f'gallery_{k}': v for k, v in view.items()})}"
    )


def open_view(open_page: Open, server: str, view: dict[str, str], width: int = 1280) -> Page:
    page = open_page(view_address(server, view), width, 844, permissions=CLIPBOARD)
    if "digit" in view:
        expect(page.locator("#detail h2")).to_contain_text(f"Test digit {view['digit']}:")
    expect(page.locator("#gallery-summary")).to_contain_text(f"{view.get('model', 'robust_cnn')} ")
    expect(page.locator("#gallery-model input")).to_have_value(view.get("model", "robust_cnn"))
    if {"label", "prediction", "shown"} & view.keys():
        expect(page.locator("#show-all")).to_be_visible()
    return page


class TestView:
    @pytest.mark.parametrize(
        "view", [VIEWS[0], *(pytest.param(view, marks=pytest.mark.slow) for view in VIEWS[1:])]
    )
    def test_a_link_is_copied_as_it_was_opened(
        self, view: dict[str, str], open_page: Open, server: str
    ) -> None:
        page = open_view(open_page, server, view)
        expect(page.get_by_role("tab", name="Gallery", exact=True)).to_have_attribute(
            "aria-selected", "true"
        )
        expected = parameters(view_address(server, view))
        page.wait_for_timeout(300)
        assert parameters(copied(page, "gallery-link")) == expected
        shown = alternatives(page)
        if "label" in view:
            assert {re.findall(r"label (\d)", text)[0] for text in shown} == {view["label"]}
        if view.get("shown") == "wrong":
            assert page.locator("#tiles .tile.right").count() == 0

    @pytest.mark.slow
    def test_a_view_that_was_chosen_is_shown_to_others(self, open_page: Open, server: str) -> None:
        page = open_page(server, permissions=CLIPBOARD)
        open_gallery(page)
        assert parameters(copied(page, "gallery-link")) == {"tab": "gallery"}
        choose(page, "model", "softmax")
        unfold(page, "mixed-up")
        choose(page, "label", "5")
        choose(page, "order", "by number")
        open_tile(page, 2)
        shown, title = alternatives(page), page.locator("#detail h2").inner_text()
        address = copied(page, "gallery-link")
        other = open_page(address, permissions=CLIPBOARD)
        expect(other.locator("#detail h2")).to_have_text(title)
        expect(other.locator("#gallery-order input")).to_have_value("by number")
        assert alternatives(other) == shown
        assert copied(other, "gallery-link") == address
        other.locator("#detail .close").click()
        assert "digit" not in copied(other, "gallery-link")

    @pytest.mark.slow
    def test_what_cannot_be_used_is_told_and_the_rest_is_shown(
        self, open_page: Open, server: str
    ) -> None:
        wrong = {"model": "<i>no</i>", "seed": "1.5", "digit": "999999", "order": "x" * 3000}
        page = open_page(view_address(server, {"label": "2", "shown": "right"} | wrong))
        told = page.get_by_text("A part of this page's address was not used")
        expect(told.filter(has_text="gallery_model must be one of softmax")).to_be_visible()
        expect(told.filter(has_text="gallery_seed must be a number")).to_be_visible()
        expect(told.filter(has_text="gallery_digit must be a whole number")).to_be_visible()
        expect(page.locator("#show-all")).to_be_visible()
        assert {re.findall(r"label (\d)", text)[0] for text in alternatives(page)} == {"2"}
        expect(page.locator("#detail .card")).to_be_hidden()

    @pytest.mark.slow
    def test_it_is_shown_where_the_data_set_comes_later_than_the_page(
        self, open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        there = threading.Event()

        def load_late(data: Path | None) -> Dataset:
            there.wait()
            return load_dataset(data, download=False)

        monkeypatch.setattr(model_store, "load_dataset", load_late)
        servers = serve(tmp_path)
        view = {"model": "softmax", "label": "3", "digit": "7"}
        page = open_page(view_address(next(servers), view), permissions=CLIPBOARD)
        expect(page.locator("#gallery-model input")).to_have_value("softmax")
        page.wait_for_timeout(1000)
        expect(tiles(page)).to_have_count(0)
        there.set()
        expect(page.locator("#detail h2")).to_contain_text("Test digit 7:")
        assert {re.findall(r"label (\d)", text)[0] for text in alternatives(page)} == {"3"}
        assert parameters(copied(page, "gallery-link")) == parameters(view_address("", view))
        page.close()
        next(servers, None)

    @pytest.mark.slow
    def test_on_a_phone_the_button_is_there_and_nothing_is_cut_off(
        self, open_page: Open, server: str
    ) -> None:
        page = open_view(open_page, server, VIEWS[1], width=390)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert parameters(copied(page, "gallery-link")) == parameters(
            view_address(server, VIEWS[1])
        )


@pytest.mark.slow
def test_no_link_carries_what_belongs_to_another(open_page: Open, server: str) -> None:
    view = {"model": "softmax", "label": "3"}
    lesson = "&recipe=softmax,mlp&question=Which%3F&draw_model=mlp&__theme=dark"
    page = open_page(
        f"{view_address(server, view)}{lesson}#drawing={HAND_MADE}", permissions=CLIPBOARD
    )
    expect(page.locator("#show-all")).to_be_visible()
    expect(tiles(page).first).to_be_visible()
    page.wait_for_timeout(300)
    assert parameters(copied(page, "gallery-link")) == parameters(view_address(server, view))
    page.get_by_role("tab", name="Train", exact=True).click()
    assert parameters(copied(page, "link")) == {
        "tab": "train",
        "recipe": "softmax,mlp",
        "question": "Which?",
    }
    page.get_by_role("tab", name="Draw", exact=True).click()
    address = copied(page, "drawing-link")
    assert parameters(address) == {"draw_model": "mlp"}
    assert urlsplit(address).fragment == f"drawing={HAND_MADE}"
