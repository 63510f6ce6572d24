"""The Gallery tab in a real browser."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import LOOKS, Open
from tests.browser.train_tab import fill, finished, open_train, start

pytestmark = pytest.mark.browser

PAGE = 60
STATUS = "#tiles .status"


def open_gallery(page: Page) -> None:
    page.get_by_role("tab", name="Gallery", exact=True).click()
    tiles(page).first.wait_for()  # without MNIST, the model reads digits first


def tiles(page: Page) -> Locator:
    return page.locator("#tiles .tile")


def alternatives(page: Page) -> list[str]:
    """The text alternatives of all tiles, in their order."""
    return tiles(page).evaluate_all("all => all.map((one) => one.getAttribute('aria-label'))")


def wait_for_others(page: Page, before: list[str]) -> None:
    page.wait_for_function(
        """(before) => {
          const now = [...document.querySelectorAll('#tiles .tile')];
          return JSON.stringify(now.map((one) => one.getAttribute('aria-label')))
            !== JSON.stringify(before);
        }""",
        arg=before,
    )


def choose(page: Page, name: str, option: str) -> None:
    """Choose `option` of the dropdown called `name`; wait for other tiles."""
    before = alternatives(page)
    page.locator(f"#gallery-{name} input").click()
    page.get_by_role("option", name=option, exact=True).click()
    wait_for_others(page, before)


def choose_softmax(page: Page) -> None:
    choose(page, "model", "softmax")
    expect(page.locator("#gallery-summary")).to_contain_text("softmax reads")


def unfold(page: Page, fold: str) -> None:
    page.locator(f"#{fold} > button").click()
    content = {"mixed-up": "#gallery-confusion table", "two-models": "#agreement .quiet"}[fold]
    page.locator(content).first.wait_for()


def open_tile(page: Page, at: int) -> str:
    """Open the tile at that place; its text alternative."""
    tile = tiles(page).nth(at)
    text = tile.get_attribute("aria-label") or ""
    tile.click()
    number = re.findall(r"test digit (\d+)", text)[0]
    expect(page.locator("#detail h2")).to_contain_text(f"Test digit {number}:")
    return text


def focused(page: Page) -> Any:
    return page.evaluate(
        "[...document.querySelectorAll('#tiles .tile')].indexOf(document.activeElement)"
    )


def test_first_there_are_a_model_an_order_tiles_and_pages(page: Page) -> None:
    open_gallery(page)
    texts = alternatives(page)
    assert len(texts) == PAGE
    pattern = re.compile(r"test digit \d+, label \d, read as \d, \d+%")
    assert all(pattern.fullmatch(text) for text in texts)
    summary = page.locator("#gallery-summary").inner_text()
    assert re.search(
        r"robust_cnn reads [\d,]+ of [\d,]+ (unseen )?test images right \(\d+\.\d\d%\)", summary
    )
    assert re.search(r"loss is \d\.\d{4}:", summary)
    expect(page.locator("#gallery-order input")).to_have_value("hardest first")
    expect(page.locator("#tiles .pager")).to_be_in_viewport()
    for folded in ("#gallery-confusion table", "#gallery-label", "#agreement", "#gallery-seed"):
        expect(page.locator(folded)).to_be_hidden()
    for closed in ("#detail .card", "#reasons .card", "#show-all"):
        expect(page.locator(closed)).to_be_hidden()


class TestOrder:
    @pytest.mark.slow
    def test_the_hardest_are_mistakes_and_come_first(self, page: Page) -> None:
        open_gallery(page)
        choose_softmax(page)
        for text in alternatives(page)[:20]:  # of any data set it misreads more
            label, prediction = re.findall(r"label (\d), read as (\d)", text)[0]
            assert label != prediction
        assert all(verdict.startswith("✗") for verdict in tiles(page).all_inner_texts()[:20])

    @pytest.mark.slow
    def test_the_least_sure_come_first(self, page: Page) -> None:
        open_gallery(page)
        choose_softmax(page)
        choose(page, "order", "least sure first")
        shares = [int(text.rsplit(" ", 1)[1].rstrip("%")) for text in alternatives(page)]
        assert shares == sorted(shares)

    @pytest.mark.slow
    def test_by_number(self, page: Page) -> None:
        open_gallery(page)
        choose(page, "order", "by number")
        numbers = [int(text.split()[2].rstrip(",")) for text in alternatives(page)]
        assert numbers == list(range(PAGE))

    @pytest.mark.slow
    def test_shuffle_shows_others_and_the_seed_brings_them_back(self, page: Page) -> None:
        open_gallery(page)
        first = alternatives(page)
        shuffle = page.get_by_role("button", name="Shuffle", exact=True)
        shuffle.click()
        wait_for_others(page, first)
        expect(page.locator("#gallery-order input")).to_have_value("at random")
        seed, shuffled = page.locator("#gallery-seed input"), alternatives(page)
        expect(seed).not_to_have_value("0")  # Gradio shows it a moment after the tiles
        value = seed.input_value()
        shuffle.click()
        wait_for_others(page, shuffled)
        expect(seed).not_to_have_value(value)
        fill(seed, value)
        page.wait_for_function(
            """(before) => JSON.stringify([...document.querySelectorAll('#tiles .tile')]
              .map((one) => one.getAttribute('aria-label'))) === JSON.stringify(before)""",
            arg=shuffled,
        )

    @pytest.mark.slow
    def test_the_most_disputed_by_two_models(self, page: Page) -> None:
        open_gallery(page)
        choose(page, "order", "most disputed by two models")
        expect(page.locator("#gallery-other input")).to_have_value("softmax")  # chosen and shown
        expect(page.locator("#gallery-summary")).to_contain_text("robust_cnn and softmax differ")
        tile = tiles(page).first
        shown = [tile.locator(part).inner_text() for part in (".verdict", ".second")]
        open_tile(page, 0)
        answers = [
            page.locator("#detail tr", has=page.get_by_text(name, exact=True)).locator(".verdict")
            for name in ("robust_cnn", "softmax")
        ]
        told = [answer.inner_text() for answer in answers]
        assert told[0][-1] != told[1][-1]
        assert [text[:3] for text in shown] == told


class TestPages:
    @pytest.mark.slow
    def test_all_can_be_paged_through(self, page: Page) -> None:
        open_gallery(page)
        choose(page, "order", "by number")
        last = int(page.locator("#tiles .pager input").get_attribute("max") or 0)
        total = re.findall(
            r"of ([\d,]+) (?:unseen )?test", page.locator("#gallery-summary").inner_text()
        )[0]
        assert last == -(-int(total.replace(",", "")) // PAGE)
        expect(page.get_by_role("button", name="Previous", exact=True)).to_be_disabled()
        page.get_by_role("button", name="Next", exact=True).click()
        expect(page.locator(STATUS)).to_have_text(f"page 2 of {last}")
        expect(tiles(page).first).to_have_attribute("aria-label", re.compile("test digit 60,"))
        number = page.locator("#tiles .pager input")
        number.fill(str(last))
        number.press("Enter")
        expect(page.locator(STATUS)).to_have_text(f"page {last} of {last}")
        expect(tiles(page).last).to_have_attribute(
            "aria-label", re.compile(f"test digit {int(total.replace(',', '')) - 1},")
        )
        expect(page.get_by_role("button", name="Next", exact=True)).to_be_disabled()

    @pytest.mark.slow
    def test_clicks_that_come_before_the_answer_are_not_lost(self, page: Page) -> None:
        open_gallery(page)
        page.evaluate("for (let i = 0; i < 3; i++) document.querySelector('#tiles .next').click()")
        expect(page.locator(STATUS)).to_have_text(re.compile("^page 4 of"))
        page.wait_for_timeout(500)
        expect(page.locator(STATUS)).to_have_text(re.compile("^page 4 of"))
        expect(page.locator("#tiles .pager input")).to_have_value("4")

    @pytest.mark.slow
    def test_a_page_that_is_not_there_leads_to_one_that_is(self, page: Page) -> None:
        open_gallery(page)
        number = page.locator("#tiles .pager input")
        last = number.get_attribute("max") or ""
        for typed, there in (("9999", last), ("0", "1"), ("9999", last), ("-3", "1")):
            number.fill(typed)
            number.press("Enter")
            expect(number).to_have_value(there)
            expect(page.locator(STATUS)).to_have_text(f"page {there} of {last}")
            assert len(alternatives(page)) > 0
        number.fill("")
        number.press("Enter")
        expect(number).to_have_value("1")

    @pytest.mark.slow
    def test_the_page_is_kept_while_another_tab_is_shown(self, page: Page) -> None:
        open_gallery(page)
        page.get_by_role("button", name="Next", exact=True).click()
        expect(page.locator(STATUS)).to_have_text(re.compile("^page 2 of"))
        before = alternatives(page)
        page.get_by_role("tab", name="Draw", exact=True).click()
        page.get_by_role("tab", name="Gallery", exact=True).click()
        page.wait_for_timeout(500)
        assert alternatives(page) == before


class TestConfusion:
    @pytest.mark.slow
    def test_a_cell_opens_exactly_its_digits(self, page: Page) -> None:
        open_gallery(page)
        choose_softmax(page)
        unfold(page, "mixed-up")
        cells = page.locator("#gallery-confusion button")
        assert cells.count() == 100
        texts = cells.evaluate_all("all => all.map((one) => one.getAttribute('aria-label'))")
        counts = [int(re.findall(r": (\d+) digit", text)[0]) for text in texts]
        wrong = [0 if at % 11 == 0 else count for at, count in enumerate(counts)]
        at = wrong.index(max(wrong))
        before = alternatives(page)
        cells.nth(at).click()
        expect(tiles(page).first).to_be_in_viewport(ratio=1)
        expect(page.locator("#gallery-summary")).to_be_in_viewport()
        wait_for_others(page, before)
        words = f"label {at // 10}, read as {at % 10}"
        expect(page.locator("#gallery-summary")).to_contain_text(f"{counts[at]} shown: {words}.")
        assert len(alternatives(page)) == min(counts[at], PAGE)
        assert all(f"{words}," in text for text in alternatives(page))
        expect(cells.nth(at)).to_have_attribute("aria-pressed", "true")
        expect(page.locator("#gallery-label input")).to_have_value(str(at // 10))
        expect(page.locator("#gallery-prediction input")).to_have_value(str(at % 10))
        filtered = alternatives(page)
        page.get_by_role("button", name="Show all", exact=True).click()
        wait_for_others(page, filtered)
        assert alternatives(page) == before
        expect(page.locator("#gallery-label input")).to_have_value("any")
        expect(cells.nth(at)).to_have_attribute("aria-pressed", "false")

    @pytest.mark.slow
    def test_it_goes_by_keyboard(self, page: Page) -> None:
        open_gallery(page)
        unfold(page, "mixed-up")
        cells = page.locator("#gallery-confusion button")
        expect(page.locator("#gallery-confusion button[tabindex='0']")).to_have_count(1)
        cells.first.focus()
        for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowUp", "ArrowLeft", "ArrowLeft"):
            page.keyboard.press(key)
        expect(cells.nth(10)).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#gallery-summary")).to_contain_text("label 1, read as 0")
        expect(cells.nth(10)).to_be_focused()

    @pytest.mark.slow
    def test_a_mistake_can_be_seen_beside_the_diagonal(self, page: Page) -> None:
        open_gallery(page)
        choose_softmax(page)
        unfold(page, "mixed-up")
        cells = page.locator("#gallery-confusion button")
        colours = cells.evaluate_all("all => all.map((one) => getComputedStyle(one).background)")
        texts = cells.all_inner_texts()
        blank = {colours[at] for at, text in enumerate(texts) if not text}
        wrong = {colours[at] for at, text in enumerate(texts) if text and at % 11}
        assert len(blank) == 1
        assert wrong
        assert not wrong & blank


class TestFilters:
    @pytest.mark.slow
    def test_by_label_by_prediction_and_by_verdict(self, page: Page) -> None:
        open_gallery(page)
        choose_softmax(page)  # which misreads some of each digit
        unfold(page, "mixed-up")
        choose(page, "label", "3")
        assert {re.findall(r"label (\d)", text)[0] for text in alternatives(page)} == {"3"}
        choose(page, "shown", "right")
        assert page.locator("#tiles .tile.wrong").count() == 0
        choose(page, "prediction", "5")
        expect(page.locator("#gallery-summary")).to_contain_text(
            "There are none: label 3, read as 5, right."
        )
        assert alternatives(page) == []
        expect(page.locator("#tiles .pager")).to_be_hidden()


class TestTwoModels:
    @pytest.mark.slow
    def test_each_count_opens_exactly_its_digits(self, page: Page) -> None:
        open_gallery(page)
        unfold(page, "two-models")
        expect(page.locator("#agreement")).to_contain_text("Choose a second model")
        page.locator("#gallery-other input").click()
        page.get_by_role("option", name="mlp", exact=True).click()
        buttons = page.locator("#agreement button")
        expect(buttons).to_have_count(4)
        counts = [text.replace(",", "") for text in buttons.locator("b").all_inner_texts()]
        total = re.findall(
            r"of ([\d,]+) (?:unseen )?test", page.locator("#gallery-summary").inner_text()
        )[0]
        assert sum(map(int, counts)) == int(total.replace(",", ""))
        words = (
            "right by both",
            "right by robust_cnn alone",
            "right by mlp alone",
            "wrong by both",
        )
        for at, (count, told) in enumerate(zip(counts, words, strict=True)):
            buttons.nth(at).click()
            expect(buttons.nth(at)).to_have_attribute("aria-pressed", "true")
            told = f"{int(count):,} shown: {told}" if int(count) else f"There are none: {told}"
            expect(page.locator("#gallery-summary")).to_contain_text(told)
            expect(tiles(page)).to_have_count(min(int(count), PAGE))
        page.locator("#one-model").click()
        expect(page.locator("#gallery-other input")).to_have_value("")
        expect(page.locator("#agreement")).to_contain_text("Choose a second model")
        expect(page.locator("#one-model")).to_be_hidden()
        expect(tiles(page)).to_have_count(PAGE)


class TestDetail:
    @pytest.mark.slow
    def test_every_model_answers_and_the_wrong_ones_stand_out(self, page: Page) -> None:
        open_gallery(page)
        choose_softmax(page)
        text = open_tile(page, 0)
        label, prediction = re.findall(r"label (\d), read as (\d)", text)[0]
        rows = page.locator("#detail tbody tr")
        expect(rows).to_have_count(6)
        expect(page.locator("#detail tbody tr.chosen .name")).to_have_text("softmax")
        expect(page.locator("#detail tbody tr.chosen .verdict")).to_have_text(f"✗ {prediction}")
        for row in rows.all():
            verdict = row.locator(".verdict").inner_text()
            wrong = verdict[-1] != label
            assert verdict.startswith("✗" if wrong else "✓")
            assert ("wrong" in (row.get_attribute("class") or "")) == wrong
            assert row.locator("td.share").count() == 10
            numbers = [int(one) for one in row.locator("td.share").all_inner_texts() if one]
            assert sum(numbers) == pytest.approx(100, abs=5)
        expect(page.locator("#detail th.share.label")).to_have_text(label)

    @pytest.mark.slow
    def test_why_it_thinks_so(self, page: Page) -> None:
        open_gallery(page)
        choose_softmax(page)
        open_tile(page, 0)
        expect(page.locator("#reasons h2")).to_contain_text("Why does softmax read a")
        sections = page.locator("#reasons .sections > section")
        expect(sections).to_have_count(2)
        expect(sections.nth(0).locator("figure")).to_have_count(2)
        expect(sections.nth(1).locator("figure")).to_have_count(8)
        expect(page.locator("#reasons")).to_contain_text("no hidden layer")
        choose(page, "model", "mlp")
        expect(page.locator("#reasons h2")).to_contain_text("Why does mlp read a")
        expect(page.locator("#reasons")).to_contain_text("last hidden layer")
        expect(page.locator("#detail tbody tr.chosen .name")).to_have_text("mlp")

    @pytest.mark.slow
    def test_the_next_digit_follows(self, page: Page) -> None:
        open_gallery(page)
        open_tile(page, 0)
        second, first = alternatives(page)[1], alternatives(page)[0]
        for name, text in (("Next digit", second), ("Previous digit", first)):
            page.locator("#detail").get_by_role("button", name=name, exact=True).click()
            number = re.findall(r"test digit (\d+)", text)[0]
            expect(page.locator("#detail h2")).to_contain_text(f"Test digit {number}:")

    @pytest.mark.slow
    def test_it_can_be_opened_in_draw_with_its_model(self, open_page: Open, server: str) -> None:
        page = open_page(server, 390, 844)
        open_gallery(page)
        choose_softmax(page)
        text = open_tile(page, 3)
        prediction = re.findall(r"read as (\d)", text)[0]
        page.get_by_role("button", name="Open in Draw", exact=True).click()
        expect(page.locator("#pad canvas")).to_be_in_viewport(ratio=1)
        expect(page.locator("#draw-model input")).to_have_value("softmax")
        expect(page.locator("#prediction .digit")).to_have_text(prediction)
        expect(page.get_by_role("button", name="Clear", exact=True)).to_be_enabled()
        page.get_by_role("tab", name="Gallery", exact=True).click()
        expect(page.locator("#detail .card")).to_be_visible()


class TestKeyboard:
    @pytest.mark.slow
    def test_the_arrows_move_and_there_is_one_stop_for_tab(self, page: Page) -> None:
        open_gallery(page)
        tiles(page).first.focus()
        columns = page.evaluate(
            """() => {
              const all = [...document.querySelectorAll('#tiles .tile')];
              return all.filter((one) => one.offsetTop === all[0].offsetTop).length;
            }"""
        )
        assert columns > 3
        for key, at in (
            ("ArrowRight", 1),
            ("ArrowDown", 1 + columns),
            ("ArrowLeft", columns),
            ("ArrowUp", 0),
            ("ArrowUp", 0),
            ("End", PAGE - 1),
            ("ArrowRight", PAGE - 1),
            ("Home", 0),
        ):
            page.keyboard.press(key)
            assert focused(page) == at, key
        assert page.locator("#tiles .tile[tabindex='0']").count() == 1
        page.keyboard.press("Tab")
        assert focused(page) == -1
        expect(page.locator("#tiles .pager :focus")).to_have_count(1)

    @pytest.mark.slow
    def test_page_down_turns_the_page_and_keeps_the_place(self, page: Page) -> None:
        open_gallery(page)
        tiles(page).nth(2).focus()
        page.keyboard.press("PageDown")
        expect(page.locator(STATUS)).to_have_text(re.compile("^page 2 of"))
        assert focused(page) == 2
        page.keyboard.press("PageUp")
        expect(page.locator(STATUS)).to_have_text(re.compile("^page 1 of"))
        assert focused(page) == 2

    @pytest.mark.slow
    def test_the_arrows_lead_on_from_an_open_digit(self, page: Page) -> None:
        open_gallery(page)
        numbers = [re.findall(r"test digit (\d+)", text)[0] for text in alternatives(page)]
        tiles(page).first.focus()
        page.keyboard.press("Enter")
        for key, at in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1)):
            expect(page.locator("#detail h2")).to_be_focused()
            page.keyboard.press(key)
            expect(page.locator("#detail h2")).to_contain_text(f"Test digit {numbers[at]}:")

    def test_enter_opens_and_escape_closes_and_gives_the_focus_back(self, page: Page) -> None:
        open_gallery(page)
        tiles(page).nth(4).focus()
        page.keyboard.press("Enter")
        expect(page.locator("#detail h2")).to_be_focused()
        expect(page.locator("#detail .card")).to_be_in_viewport()
        page.keyboard.press("Escape")
        expect(page.locator("#detail .card")).to_be_hidden()
        expect(page.locator("#reasons .card")).to_be_hidden()
        assert focused(page) == 4


@pytest.mark.slow
def test_an_own_model_can_be_looked_at(page: Page) -> None:
    open_train(page, Epochs="1")
    start(page)
    finished(page)
    open_gallery(page)
    expect(page.locator("#gallery-summary")).to_contain_text("my softmax reads")
    open_tile(page, 0)
    expect(page.locator("#detail tbody tr")).to_have_count(7)
    expect(page.locator("#detail tbody tr.chosen .name")).to_have_text("my softmax")


@LOOKS
@pytest.mark.slow
def test_with_all_open_nothing_is_cut_off(
    open_page: Open, server: str, width: int, height: int, scheme: str
) -> None:
    page = open_page(server, width, height, color_scheme=scheme)
    open_gallery(page)
    choose_softmax(page)
    unfold(page, "mixed-up")
    choose(page, "order", "most disputed by two models")  # which opens the other fold
    open_tile(page, 0)
    expect(page.locator("#reasons .sections > section")).to_have_count(2)
    outside = page.evaluate(
        """() => [...document.querySelectorAll('.gradio-container *')]
          .filter((node) => node.checkVisibility({ visibilityProperty: true }))
          .filter((node) => !node.closest('svg, .sr-only, [aria-hidden=true]'))
          .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
          .map((node) => node.outerHTML.slice(0, 120))"""
    )
    assert outside == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    side = page.locator("#gallery-confusion button").first.bounding_box()
    assert side is not None
    assert min(side["width"], side["height"]) >= 24  # what WCAG 2.2 asks of a target


@pytest.mark.slow
def test_without_mnist_all_tabs_work_and_say_so(open_page: Open, server_without_mnist: str) -> None:
    page = open_page(server_without_mnist)
    open_gallery(page)
    notice = page.get_by_text("MNIST is missing or damaged here")
    expect(notice.filter(visible=True)).to_be_visible()
    expect(page.locator("#gallery-summary")).to_contain_text("saw them in training")
    page.get_by_role("tab", name="Train", exact=True).click()
    expect(notice.filter(visible=True)).to_be_visible()
    page.locator("#recipe input").click()
    page.get_by_role("option", name="softmax", exact=True).click()
    expect(page.get_by_text("7,850 parameters")).to_be_visible()
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.locator("#progress .line")).to_contain_text("of the 1,000 unseen test images right")


@pytest.mark.slow
def test_its_dropdowns_cannot_be_emptied(page: Page) -> None:
    page.get_by_role("tab", name="Gallery", exact=True).click()
    order = page.locator("#gallery-order input")
    order.click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Backspace")
    page.keyboard.press("Tab")
    expect(order).to_have_value("hardest first")
    expect(page.locator("#gallery-summary")).to_contain_text("reads")


@pytest.mark.slow
def test_what_it_takes_to_fool_the_models_follows_the_chosen_one(page: Page) -> None:
    open_gallery(page)
    curves = page.locator("#attack-curves")
    curves.locator("summary").click()
    expect(curves.locator(".made-for")).to_contain_text("Made to fool robust_cnn")
    rows = curves.locator("tbody tr")
    expect(rows).to_have_count(6)
    expect(curves.locator("svg polyline")).to_have_count(6)
    expect(curves.locator(".pictures img")).to_have_count(4)
    expect(curves.locator("tr.attacked th")).to_have_text("robust_cnn")
    choose_softmax(page)
    expect(curves.locator(".made-for")).to_contain_text("Made to fool softmax")
    expect(curves.locator("tr.attacked th")).to_have_text("softmax")
