"""The page in two languages: the browser's at first, another one at the press of a button."""

import re
import time
from collections.abc import Iterable
from string import Formatter

import pytest
from playwright.sync_api import Page, Route, expect

from mnist_demo.ui.i18n.translate import LANGUAGES
from tests.browser.conftest import PATIENCE, Open
from tests.browser.pen import SEVEN, draw
from tests.browser.test_draw import inked_pixels
from tests.browser.train_tab import moves, start_endless, unfold

pytestmark = pytest.mark.browser

# All that people read or hear, Gradio's own footer and menus left out.
FIND_TEXTS = """() => {
  const found = [];
  const inside = document.querySelector('.gradio-container');
  const walker = document.createTreeWalker(inside, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const one = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    if (one.closest('footer, style, script')) continue;
    if (node !== one) found.push(node.textContent.trim());
    else {
      const names = ['aria-label', 'title', 'alt', 'placeholder'];
      found.push(...names.map((name) => one.getAttribute(name)));
      if (one.matches('input[role=combobox]')) found.push(one.value);
    }
  }
  return [...new Set(found.filter(Boolean))];
}"""
SHORT = "?recipe=softmax&epochs=1"


def _pattern(words: str) -> re.Pattern[str]:
    """What matches the words with anything filled in, line by line, with or without bold."""
    parts = []
    for text, field, _, _ in Formatter().parse(words.replace("**", "")):
        parts += [re.escape(text), ".+" if field is not None else ""]
    return re.compile("".join(parts))


def _only_in(language: str) -> list[re.Pattern[str]]:
    """The words of a language that no other one has, and that are long enough to be known again."""
    others = [texts for name, texts in LANGUAGES.items() if name != language]
    return [
        _pattern(line)
        for key, words in LANGUAGES[language].items()
        if all(words != texts[key] for texts in others)
        for line in words.split("\n")
        if len(re.findall(r"[^\W\d_]", re.sub(r"\{.*?\}", "", line))) > 3
    ]


def _left(page: Page, language: str) -> list[str]:
    """What is still said in a language."""
    patterns = _only_in(language)
    texts: Iterable[str] = page.evaluate(FIND_TEXTS)
    return [text for text in texts if any(pattern.fullmatch(text) for pattern in patterns)]


def _nothing_is_left(page: Page, language: str) -> None:
    """Wait until nothing is said in a language; a run's name, its visitor's, may stay."""
    ends = time.monotonic() + PATIENCE / 1000
    while told := [text for text in _left(page, language) if "my softmax" not in text]:
        assert time.monotonic() < ends, told
        page.wait_for_timeout(50)


def _switch(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    draw_tab = {"English": "Draw", "한국어": "그리기"}[name]
    expect(page.get_by_role("tab", name=draw_tab, exact=True)).to_be_attached()


def _unfold_all(page: Page) -> None:
    closed = page.locator("details:visible:not([open]) > summary")
    while closed.count():
        closed.first.click()


def _open_tab(page: Page, at: int) -> None:
    page.get_by_role("tab").nth(at).click()


def _train(page: Page) -> None:
    """Press Train, in whatever language."""
    page.locator("#train").click()
    expect(page.locator("#runs tbody tr")).to_have_count(1)


@pytest.mark.parametrize(
    ("locale", "address", "language", "first_tab", "footer"),
    [
        ("ko-KR", "", "ko", "그리기", "API를 통해 사용"),
        *(
            pytest.param(*case, marks=pytest.mark.slow)
            for case in (
                ("ko-KR", "?language=en", "en", "Draw", "Use via API"),
                ("en-US", "", "en", "Draw", "Use via API"),
                ("fr-FR", "", "en", "Draw", "Use via API"),
                ("en-US", "?language=ko", "ko", "그리기", "API를 통해 사용"),
                ("ko-KR", "?language=xx", "ko", "그리기", "API를 통해 사용"),
            )
        ),
    ],
)
def test_the_address_decides_then_the_browser(
    open_page: Open,
    server: str,
    locale: str,
    address: str,
    language: str,
    first_tab: str,
    footer: str,
) -> None:
    page = open_page(server + address, locale=locale)
    expect(page.get_by_role("tab", name=first_tab, exact=True)).to_be_visible()
    expect(page.locator("footer")).to_contain_text(footer)
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page).to_have_title(LANGUAGES[language]["title"])
    other = {"en": "ko", "ko": "en"}[language]
    for at in range(3):
        _open_tab(page, at)
        _nothing_is_left(page, other)
    assert len(_left(page, language)) > 50  # or the patterns would find nothing


@pytest.mark.slow
def test_the_switch_turns_all_there_is_on_every_tab(open_page: Open, server: str) -> None:
    page = open_page(server + SHORT, locale="en-US")
    draw(page, SEVEN)
    expect(page.locator("#prediction .digit")).to_have_text("7")
    _unfold_all(page)
    unfold(page, "examples")
    expect(page.locator("#model-comparison tbody tr")).to_have_count(6)
    expect(page.locator("#robustness polyline").first).to_be_attached()
    _open_tab(page, 1)
    for fold in ("experiments", "settings", "layers"):
        unfold(page, fold)
    _train(page)
    _unfold_all(page)
    expect(page.locator("#report .mistakes li").first).to_be_visible()
    _open_tab(page, 2)
    page.locator("#tiles .tile").first.wait_for()
    for fold in ("mixed-up", "two-models"):
        unfold(page, fold)
    page.locator("#tiles .tile").nth(2).click()
    expect(page.locator("#reasons section section")).to_have_count(2)

    # A run's name is its visitor's, and stays.
    page.evaluate("document.querySelectorAll('#runs .name').forEach((name) => name.remove())")
    for name, other in (("한국어", "en"), ("English", "ko"), ("한국어", "en")):
        _switch(page, name)
        for at in range(3):
            _open_tab(page, at)
            _nothing_is_left(page, other)


@pytest.mark.slow
def test_the_drawing_the_runs_and_what_is_open_are_kept(open_page: Open, server: str) -> None:
    page = open_page(server + SHORT, locale="ko-KR")
    draw(page, SEVEN)
    expect(page.locator("#prediction .digit")).to_have_text("7")
    page.locator("#preprocessing summary").click()
    expect(page.locator("#preprocessing .steps li")).to_have_count(3)
    _open_tab(page, 1)
    _train(page)
    name = page.locator("#runs .name").inner_text()
    assert name.startswith("내 softmax")
    _open_tab(page, 0)
    ink = inked_pixels(page)
    page.evaluate("document.querySelector('#pad canvas').mine = true")
    _switch(page, "English")
    assert inked_pixels(page) == ink
    assert page.evaluate("document.querySelector('#pad canvas').mine")
    expect(page.locator("#prediction .sentence")).to_have_text(re.compile("^[ -~]+$"))
    expect(page.locator("#preprocessing .steps .title").first).to_contain_text("squeezed")
    expect(page.locator("#draw-model input")).to_have_value(name)
    _open_tab(page, 1)
    expect(page.locator("#runs .name")).to_have_text(name)
    expect(page.locator("#loss-chart polyline").first).to_be_attached()
    expect(page.locator("#recipe input")).to_have_value("softmax")


@pytest.mark.slow
def test_a_training_under_way_speaks_the_new_language_too(open_page: Open, server: str) -> None:
    page = open_page(server, locale="en-US")
    start_endless(page)
    line = page.locator("#progress .line")
    _switch(page, "한국어")
    expect(line).to_contain_text("학습 중: 에포크")
    expect(page.locator("#loss-chart .live > text").last).to_have_text("에포크")
    expect(page.locator("#loss-chart .live")).to_have_attribute("aria-label", re.compile("^손실"))
    moves(page, "#loss-chart polyline", "points")  # it goes on
    page.locator("#pause").click()
    expect(line).to_contain_text("멈췄어요")


def test_the_last_choice_stays_though_words_of_another_come_later(
    open_page: Open, server: str
) -> None:
    page = open_page(server + "?tab=train", locale="en-US")
    held: list[Route] = []
    words = re.compile(r"/assets/ko-[^/]*\.js")  # Gradio's own
    page.route(words, lambda route: held.append(route))  # Playwright marks it
    with page.expect_request(words) as asked:
        _switch(page, "한국어")
    _switch(page, "English")
    held[0].continue_()
    page.evaluate("(words) => import(words).then(() => {})", asked.value.url)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("footer")).to_contain_text("Use via API")
    _nothing_is_left(page, "ko")


@pytest.mark.slow
def test_it_sticks_on_reload_and_in_a_copied_link(open_page: Open, server: str) -> None:
    page = open_page(
        server + "?tab=train", locale="en-US", permissions=["clipboard-read", "clipboard-write"]
    )
    _switch(page, "한국어")
    expect(page).to_have_url(re.compile(r"(?=.*\btab=train\b)(?=.*\blanguage=ko\b)"))
    _open_tab(page, 0)
    _open_tab(page, 1)
    page.locator("#link button").click()
    expect(page.locator("#link span")).to_have_text("복사했어요.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "language=ko" in copied
    page.reload()
    expect(page.get_by_role("tab", name="학습", exact=True)).to_be_visible()
    _nothing_is_left(page, "en")
    other = open_page(copied, locale="en-US")
    expect(other.locator("#train")).to_have_text("학습 시작")


@pytest.mark.slow
def test_an_error_is_told_in_the_language_of_the_page(open_page: Open, server: str) -> None:
    page = open_page(server + "?tab=train&recipe=softmax", locale="en-US")
    _switch(page, "한국어")
    unfold(page, "settings")
    rate = page.locator("#settings").get_by_label("학습률").first
    rate.fill("1000")
    rate.press("Tab")
    page.wait_for_function(
        """words => [...document.querySelectorAll('#settings *')]
            .some((each) => getComputedStyle(each, '::after').content.includes(words))""",
        arg="학습률: 0.000001에서 100 사이의 수여야 해요 (입력한 값: 1,000)",
    )


@pytest.mark.slow
def test_the_switch_is_reached_by_keyboard_and_says_which_is_chosen(page: Page) -> None:
    english, korean = (page.locator(f"#intro button[lang={name}]") for name in ("en", "ko"))
    expect(english).to_have_attribute("aria-pressed", "true")
    english.focus()
    page.keyboard.press("Tab")
    expect(korean).to_be_focused()
    page.keyboard.press("Enter")
    expect(korean).to_have_attribute("aria-pressed", "true")
    expect(english).to_have_attribute("aria-pressed", "false")
    expect(page.locator("html")).to_have_attribute("lang", "ko")


@pytest.mark.slow
def test_in_korean_nothing_scrolls_sideways_on_a_phone(open_page: Open, server: str) -> None:
    page = open_page(server, 390, 844, locale="ko-KR")
    for at in range(3):
        _open_tab(page, at)
        _unfold_all(page)
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for button in page.locator("#intro button:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 36
