"""A walk through all there is, in each language: nowhere stands what only a program would say."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.pen import SEVEN, draw, label
from tests.browser.train_tab import ENDLESS, fill

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OF_A_PROGRAM = re.compile(
    r"\[object \w+\]|\bundefined\b|\bNaN\b|\bnull\b|\bNone\b|\{\w*\}|Traceback"
    r"|\b[A-Z]\w*(?:Error|Exception)\b|\bFile \"|\.py\b"
)
PNG = "image/png"
# Each text that stands on the page, hidden or not, and what people hear or find in fields.
FIND_TEXTS = """() => {
  const names = ['aria-label', 'aria-description', 'aria-valuetext', 'title', 'alt', 'placeholder'];
  const found = [document.title];
  const { SHOW_TEXT, SHOW_ELEMENT } = NodeFilter;
  const walker = document.createTreeWalker(document.body, SHOW_TEXT | SHOW_ELEMENT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const one = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    if (one.closest('style, script, noscript')) continue;
    if (node !== one) found.push(node.textContent);
    else found.push(...names.map((name) => one.getAttribute(name)), one.value, one.label);
  }
  return [...new Set(found.filter((text) => typeof text === 'string').map((text) => text.trim()))];
}"""


class Walk:
    """A page whose texts are looked at, on every tab and with all open, whenever `look` is called.

    seen: all of them so far, which says how far the walk has come.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.seen: set[str] = set()

    def look(self, when: str, choices: bool = False) -> None:
        for tab in range(3):
            self.show(tab)
            self.open_all()
            self.look_here(f"{when}, tab {tab}")
            if choices:
                self._look_at_choices(f"{when}, tab {tab}, a choice")

    def look_here(self, when: str) -> None:
        texts = self.page.evaluate(FIND_TEXTS)
        self.seen.update(texts)
        assert [text for text in texts if OF_A_PROGRAM.search(text)] == [], when

    def show(self, tab: int) -> None:
        self.page.get_by_role("tab").nth(tab).click()

    def open_all(self) -> None:
        """Every fold of the tab that is shown."""
        closed = "details:not([open]) > summary:visible, button.label-wrap:not(.open):visible"
        for _ in range(20):  # with one open, more may be there
            if not (folds := self.page.locator(closed)).count():
                return
            folds.first.click()
        raise AssertionError("there is always one more to open")

    def switch(self, language: str) -> None:
        self.page.locator(f"#intro button[lang={language}]").click()
        expect(self.page.locator("html")).to_have_attribute("lang", language)

    def _look_at_choices(self, when: str) -> None:
        # Not the recipes, which have the same names in all languages: who leaves their list, even
        # by the Tab key and without a choice, gets the recipe's own settings back.
        choices = self.page.locator("input[role=combobox]:not(#recipe input):visible").all()
        assert choices
        for choice in choices:
            choice.click()
            expect(self.page.locator("li[role=option]").first).to_be_visible()
            self.look_here(when)
            choice.press("Escape")
            expect(self.page.locator("li[role=option]")).to_have_count(0)


def draw_and_open_all(walk: Walk) -> None:
    """A drawing, its answer, and every panel below it filled; a digit collected."""
    page = walk.page
    walk.show(0)
    draw(page, SEVEN)
    expect(page.locator("#prediction .digit")).to_have_text("7")
    walk.open_all()
    for filled in (
        "#preprocessing li",
        "#model-comparison tbody tr",
        "#explanation section",
        "#robustness polyline",
        "#replay polyline",
    ):
        expect(page.locator(filled).first).to_be_attached()
    page.locator("#my-handwriting .collect").click()
    label(page, 7)
    expect(page.locator("#my-handwriting .set li").first).to_be_visible()
    page.locator("#pad .undo").click()
    expect(page.locator("#preprocessing li").first).to_be_visible()
    walk.look_here("a drawing")


def open_a_digit(walk: Walk) -> None:
    """In the Gallery: a second model, mistakes, a digit, and why it is read so."""
    page = walk.page
    walk.show(2)
    walk.open_all()
    page.locator("#tiles .tile").first.click()
    expect(page.locator("#detail tbody tr").first).to_be_visible()
    expect(page.locator("#reasons section section").first).to_be_visible()
    page.locator("#gallery-other input").click()
    page.locator("li[role=option]").last.click()
    expect(page.locator("#agreement button").first).to_be_visible()
    page.locator("#gallery-confusion button").nth(1).click()
    page.locator("#shuffle").click()
    expect(page.locator("#gallery-seed input")).to_be_visible()
    walk.look_here("a digit of the Gallery")


def wait_and_leave(walk: Walk, other: Page) -> None:
    """Behind another visitor, in line."""
    other.locator("#train").click()
    expect(other.locator("#pause")).to_be_visible()
    walk.show(1)
    walk.page.locator("#train").click()
    expect(walk.page.locator("#progress .facts dd").first).to_be_visible()
    walk.look_here("in line")
    walk.page.locator("#leave").click()
    expect(walk.page.locator("#train")).to_be_visible()
    other.close()


def be_refused(walk: Walk) -> None:
    """A setting, a file of a model, a set of digits and a picture that cannot be used."""
    page = walk.page
    walk.show(1)
    walk.open_all()
    rate = page.locator("#settings input[type=number]").first
    good = rate.input_value()
    fill(rate, "-1")
    page.locator("#train").click()
    page.get_by_test_id("toast-text").first.wait_for()
    page.locator("#runs .open").set_input_files(
        {"name": "model.pt", "mimeType": "application/zip", "buffer": b"no model"}
    )
    expect(page.locator("#runs .message")).not_to_be_empty()
    walk.look_here("a refusal")
    fill(rate, good)
    walk.show(0)
    page.locator("#my-handwriting input[type=file]").set_input_files(
        {"name": "set.json", "mimeType": "application/json", "buffer": b"{}"}
    )
    expect(page.locator("#my-handwriting .message")).not_to_be_empty()
    page.locator("#pad input[type=file]").set_input_files(
        {"name": "a.png", "mimeType": PNG, "buffer": b"no picture"}
    )
    expect(page.locator("#prediction .digit")).to_be_hidden()
    walk.look_here("a picture that is none")


def train(walk: Walk) -> None:
    """A run under way, paused, and looked at closely."""
    page = walk.page
    walk.show(1)
    page.locator("#train").click()
    expect(page.locator("#loss-chart polyline").first).to_be_attached()
    expect(page.locator("#live-view .digits li").first).to_be_attached()
    walk.look("in training")
    walk.show(1)
    page.locator("#pause").click()
    expect(page.locator("#runs tbody tr")).to_have_count(1)
    expect(page.locator("#report .matrix").first).to_be_visible()
    page.locator("#loss-chart .live").hover()
    expect(page.locator("#loss-chart .readout")).to_be_visible()
    page.locator("#runs [data-kind=rename]").click()
    walk.look("after the training")


@pytest.mark.parametrize("language", ["en", "ko"])
def test_nowhere_stands_what_only_a_program_would_say(
    open_page: Open, server: str, language: str
) -> None:
    settings = "&".join(f"{name.lower()}={value}" for name, value in ENDLESS.items())
    address = f"{server}?recipe=softmax&{settings}"
    walk = Walk(open_page(address, locale=language))
    walk.look("at first", choices=True)
    draw_and_open_all(walk)
    open_a_digit(walk)
    wait_and_leave(walk, open_page(f"{address}&tab=train", locale=language))
    be_refused(walk)
    draw(walk.page, SEVEN)  # in the picture's place
    train(walk)
    walk.switch({"en": "ko", "ko": "en"}[language])
    walk.look("in the other language", choices=True)
    assert len(walk.seen) > 700


def test_a_lesson_and_a_link_with_faults(open_page: Open, server: str) -> None:
    walk = Walk(open_page(f"{server}?tab=train&recipe=softmax,mlp&question=Why%3F&epochs=1"))
    expect(walk.page.locator("#lesson .choices button")).to_have_count(2)
    walk.look("a lesson")
    walk = Walk(open_page(f"{server}?tab=train&recipe=nonsense&epochs=x&seed=&hide=a"))
    walk.page.get_by_test_id("toast-text").first.wait_for()
    walk.look_here("a link with faults")
