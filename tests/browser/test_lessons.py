"""Lessons: their links, their panel, a guess, all set-ups one after another; the form's marks."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from mnist_demo.ui.i18n.translate import LANGUAGES
from mnist_demo.ui.train.lessons import LESSONS, lesson_address
from mnist_demo.ui.train.links import read_link
from tests.browser.conftest import Open
from tests.browser.train_tab import (
    choose_recipe,
    fill,
    finished,
    open_train,
    pause,
    press,
    setting,
    start,
    trains,
    unfold,
)
from tests.conftest import quick

pytestmark = pytest.mark.browser

TWO = "?tab=train&recipe=softmax,mlp&train_images=600&epochs=1&question=Which+will+win%3F"


def asked(page: Page) -> dict[str, list[str]]:
    """What the address of the page asks for."""
    return parse_qs(urlsplit(page.url).query)


def play(page: Page, name: str) -> list[str]:
    """Guess and choose, so that the form is filled more than once; what the choices are called."""
    link = read_link(LESSONS[name])
    expect(page.locator("#lesson .question")).to_be_visible()
    expect(page.locator("#recipe input")).to_have_value(link.set_ups[0].recipe.name)
    choices = page.locator("#lesson .choices button")
    names = choices.all_text_contents()
    assert len(names) == (len(link.set_ups) if len(link.set_ups) > 1 else 0)
    if names:
        choices.first.click()
        expect(page.get_by_role("button", name="Train", exact=True)).to_be_enabled()
        expect(choices.first).to_have_attribute("aria-pressed", "true")
        choices.last.click()
        expect(choices.last).to_have_attribute("aria-pressed", "true")
        expect(page.locator("#recipe input")).to_have_value(link.set_ups[-1].recipe.name)
    return names


@pytest.mark.parametrize("name", quick("steps", of=LESSONS))
def test_a_lessons_link_stays_and_its_copy_is_the_same_lesson(
    name: str, open_page: Open, server: str
) -> None:
    address = server + lesson_address(name)["en"]
    opened = parse_qs(urlsplit(address).query)
    page = open_page(address, permissions=["clipboard-read", "clipboard-write"])
    guide = page.locator("#lesson .guide")
    expect(guide.locator(".try")).to_have_text(LANGUAGES["en"][f"lesson_{name}_try"])
    names = play(page, name)
    assert asked(page) == opened
    guide.locator("summary").click()
    expect(guide.locator(".learnt")).to_have_text(LANGUAGES["en"][f"lesson_{name}_learnt"])
    press(page, "Copy a link to this set-up")
    expect(page.locator("#link span")).to_have_text("Copied.")
    copy = open_page(page.evaluate("navigator.clipboard.readText()"))
    assert play(copy, name) == names
    assert asked(copy) == opened


@pytest.mark.slow
def test_a_lesson_is_opened_on_the_page_and_all_its_set_ups_trained(
    open_page: Open, server: str
) -> None:
    page = open_page(server)
    page.get_by_role("tab", name="Train", exact=True).click()
    page.locator("#lessons summary").first.click()
    page.locator("#lessons article").first.get_by_role("link").click()
    play(page, "filters")
    assert asked(page)["recipe"] == ["softmax,simple_cnn"]
    page = open_page(server + TWO)
    lesson, train = page.locator("#lesson"), page.get_by_role("button", name="Train", exact=True)
    expect(train).to_be_disabled()
    expect(page.locator("#progress .line")).to_contain_text("First make your guess")
    expect(lesson.get_by_role("button", name="Train them all")).to_be_hidden()
    lesson.get_by_role("button", name="mlp").click()
    expect(train).to_be_enabled()
    expect(page.locator("#recipe input")).to_have_value("softmax")  # a guess chooses nothing
    lesson.get_by_role("button", name="Train them all").click()
    finished(page, 2)
    expect(lesson.locator(".line")).to_contain_text(re.compile("You guess"))
    expect(lesson.get_by_role("button", name=re.compile("^softmax: "))).to_be_visible()
    expect(lesson.get_by_role("button", name=re.compile("^mlp: .*your guess"))).to_be_visible()
    assert asked(page)["recipe"] == ["softmax,mlp"]


@pytest.mark.slow
def test_a_lesson_that_is_opened_on_a_phone_is_to_be_seen(open_page: Open, server: str) -> None:
    page = open_page(f"{server}?tab=train", 390, 844)
    page.locator("#lessons summary").first.click()
    page.locator("#lessons article").nth(3).get_by_role("link").click()
    question = page.locator("#lesson .question")
    expect(question).to_have_text(LANGUAGES["en"]["lesson_wrong_question"])
    page.wait_for_timeout(700)
    expect(question).to_be_in_viewport()
    page.get_by_role("button", name="한국어", exact=True).click()
    expect(question).to_have_text(LANGUAGES["ko"]["lesson_wrong_question"])


@pytest.mark.slow
def test_what_was_learnt_unfolds_when_all_are_trained_and_curves_are_told_apart(
    open_page: Open, server: str
) -> None:
    page = open_page(server + lesson_address("steps")["en"])
    choices = page.locator("#lesson .choices button")
    choices.first.click()
    learnt = page.locator("#lesson .learnt")
    expect(learnt).to_be_hidden()
    page.get_by_role("button", name="Train them all").click()
    finished(page, 3)
    expect(learnt).to_be_visible()
    ends = page.locator("#loss-chart .end")
    expect(ends.filter(has_text=re.compile(r"^0\.0002"))).not_to_have_count(0)
    expect(ends.filter(has_text=re.compile(r"^20"))).not_to_have_count(0)
    page.locator("#lessons summary").first.click()
    page.locator("#lessons article").first.get_by_role("link").click()
    expect(choices).to_have_count(2)
    expect(page.locator("#resume")).to_be_hidden()  # there is a guess to make
    expect(learnt).to_be_hidden()


@pytest.mark.slow
def test_a_pause_ends_the_training_of_all(open_page: Open, server: str) -> None:
    page = open_page(f"{server}?tab=train&recipe=softmax,mlp&epochs=1000&batch_size=1")
    page.get_by_role("button", name="Train them all").click()
    trains(page)
    pause(page)
    finished(page, 1)
    again = page.get_by_role("button", name="Train them all")
    expect(again).to_be_enabled()
    expect(page.locator("#recipe input")).to_have_value("softmax")
    # It has not been trained: so it is gone on with.
    expect(page.locator("#lesson .choices button").first).to_contain_text("so far")
    row = page.locator("#runs tbody tr").first
    name, before = (
        row.locator(".name").text_content(),
        float(row.locator("td.number").nth(3).inner_text()),
    )
    again.click()
    trains(page)
    assert page.locator("#runs tfoot .name").text_content() == name
    epochs = page.locator("#runs tfoot td.number").nth(3)
    assert float(epochs.inner_text()) > before - 0.01  # of a run under way two decimals are told
    pause(page)
    finished(page, 1)


@pytest.mark.slow
def test_a_lesson_is_made_from_the_form(open_page: Open, server: str) -> None:
    page = open_page(server)
    open_train(page, "softmax", Epochs="2")
    page.locator("#lesson-editor summary").click()
    editor = page.locator("#lesson-editor")
    editor.get_by_role("button", name="Add the set-up above").click()
    expect(editor.locator("li")).to_have_count(1)
    choose_recipe(page, "mlp")
    editor.get_by_role("button", name="Add the set-up above").click()
    expect(editor.locator("li")).to_have_count(2)
    editor.locator("textarea").fill("Which, and why?")
    editor.get_by_label("Change its layers").check()
    other = open_page(editor.get_by_role("link").get_attribute("href") or "")
    expect(other.locator("#lesson .question")).to_have_text("Which, and why?")
    expect(other.locator("#lesson .choices button")).to_have_count(2)
    expect(other.locator("#layers")).to_be_hidden()


def said(page: Page, element: str, words: str) -> None:
    """Wait until that is said by the mark at the element."""
    page.wait_for_function(
        """([element, words]) => getComputedStyle(document.querySelector(element), '::after')
            .content.includes(words)""",
        arg=[element, words],
    )


@pytest.mark.slow
def test_a_fold_says_what_is_changed_though_an_older_answer_comes_later(
    open_page: Open, server: str
) -> None:
    page = open_page(server)
    held: list[Route] = []

    def hold(route: Route) -> None:
        """The questions about a form that is only half filled in."""
        data = (route.request.post_data_json or {}).get("data", [])
        if "simple_cnn" in data and 40 not in data:
            held.append(route)
        else:
            route.continue_()

    page.route("**/run/predict*", hold)
    page.wait_for_timeout(1000)  # what the first page still asks for would be broken off
    page.goto(f"{server}?tab=train&recipe=simple_cnn&train_images=600&epochs=40")
    expect(page.locator("#settings > button")).to_be_visible()
    said(page, "#settings > button > span", "changed: epochs 40")
    said(page, "#experiments > button > span", "changed: 600 images")
    assert held
    for route in held:
        with page.expect_response("**/run/predict*"):
            route.continue_()
    page.wait_for_timeout(300)
    said(page, "#settings > button > span", "changed: epochs 40")
    said(page, "#experiments > button > span", "changed: 600 images")


@pytest.mark.slow
def test_what_is_typed_is_checked_at_its_field_used_and_shown_on_the_fold(page: Page) -> None:
    open_train(page, "softmax")
    fill(setting(page, "Epochs"), "2.5")
    said(page, "#field-epochs", "Epochs must be a whole number from 1 to 1,000, not 2.5")
    start(page)
    expect(page.get_by_text("not 2.5")).to_be_visible()
    fill(setting(page, "Epochs"), "1")
    unfold(page, "experiments")
    fill(setting(page, "Training images"), "600")
    said(page, "#experiments > button > span", "changed: 600 images")
    choose_recipe(page, "mlp")
    expect(setting(page, "Epochs")).to_have_value("10")
    expect(setting(page, "Training images")).to_have_value("600")
    fill(setting(page, "Epochs"), "1")
    recipe = page.locator("#recipe input")
    recipe.click()
    recipe.press("Tab")  # leaves the recipe as it was
    setting(page, "Learning rate").fill("0.03")  # without Enter or Tab
    start(page)
    finished(page, 1)
    expect(page.locator("#runs tbody tr")).to_contain_text("learning rate 0.03")
    expect(setting(page, "Epochs")).to_have_value("1")
