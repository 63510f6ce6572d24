"""A network is built by blocks, by keys and as text, which stay in step, and is trained."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from mnist_demo import RECIPES
from tests.browser.conftest import LOOKS, Open
from tests.browser.train_tab import (
    choose_recipe,
    fill,
    finished,
    open_train,
    pause,
    setting,
    start,
    unfold,
)

pytestmark = pytest.mark.browser

OWN = "conv 8, relu, pool, linear 10"
DEEP = "linear 60, sigmoid, " * 4 + "linear 10"


def blocks(page: Page) -> Locator:
    """Of the layers, without the picture and the digits."""
    return page.locator('#network button.layer:not([data-index="-1"])')


def expect_network(page: Page, text: str) -> None:
    """By blocks, as text, and in the address."""
    expect(blocks(page).locator("b")).to_have_text(text.split(", "))
    expect(page.locator("#network textarea")).to_have_value(text)
    plain = re.sub(r"[ ,]", lambda sign: {" ": r"\+", ",": "%2C"}[sign[0]], text)
    expect(page).to_have_url(re.compile(rf"layers={plain}(&|$)"))


def open_builder(page: Page, recipe: str = "simple_cnn") -> None:
    open_train(page, recipe)
    unfold(page, "layers")
    expect(blocks(page)).to_have_count(RECIPES[recipe].layers.count(",") + 1)


def write(page: Page, text: str) -> None:
    page.locator("#network textarea").fill(text)


def press_tool(page: Page, name: str) -> None:
    page.locator("#network").get_by_role("button", name=name, exact=True).click()


def test_by_mouse(open_page: Open, server: str) -> None:
    page = open_page(server)
    open_builder(page)
    blocks(page).nth(1).click()  # the first relu
    press_tool(page, "Remove")
    first = "conv 32, pool, conv 64, relu, pool, linear 10 xavier"
    expect_network(page, first)
    blocks(page).nth(2).click()
    page.locator("#network").get_by_label("filters").fill("24")
    page.locator("#network").get_by_label("filters").press("Enter")
    second = first.replace("conv 64", "conv 24")
    expect_network(page, second)
    press_tool(page, "dropout")
    expect_network(page, second.replace("conv 24", "conv 24, dropout 0.3"))
    press_tool(page, "← Earlier")
    expect_network(page, second.replace("conv 24", "dropout 0.3, conv 24"))
    for _ in range(2):
        press_tool(page, "Undo")
    expect_network(page, second)
    press_tool(page, "Redo")
    expect_network(page, second.replace("conv 24", "conv 24, dropout 0.3"))
    press_tool(page, "Back to the recipe's own")
    expect(blocks(page).locator("b")).to_have_text(RECIPES["simple_cnn"].layers.split(", "))
    expect(page).not_to_have_url(re.compile("layers="))


@pytest.mark.slow
def test_a_layer_is_dragged(open_page: Open, server: str) -> None:
    page = open_page(server)
    open_builder(page)
    blocks(page).nth(3).drag_to(blocks(page).nth(0))
    expect_network(page, "conv 64, conv 32, relu, pool, relu, pool, linear 10 xavier")
    expect(blocks(page).nth(0)).to_have_attribute("aria-pressed", "true")


@pytest.mark.slow
def test_by_keys(open_page: Open, server: str) -> None:
    page = open_page(server)
    open_builder(page)
    blocks(page).nth(0).focus()
    page.keyboard.press("ArrowRight")
    expect(blocks(page).nth(1)).to_be_focused()
    page.keyboard.press("Alt+ArrowRight")
    expect_network(page, "conv 32, pool, relu, conv 64, relu, pool, linear 10 xavier")
    expect(blocks(page).nth(2)).to_be_focused()
    page.keyboard.press("Delete")
    expect_network(page, "conv 32, pool, conv 64, relu, pool, linear 10 xavier")
    for _ in range(9):
        page.keyboard.press("ArrowRight")
    expect(blocks(page).last).to_be_focused()
    page.keyboard.press("Delete")  # the last one stays
    expect(blocks(page)).to_have_count(6)


def test_as_text(open_page: Open, server: str) -> None:
    page = open_page(server)
    open_builder(page)
    write(page, "conv 8, rellu, pool")
    error = page.locator("#network .error")
    expect(error).to_have_text("Layer 2, 'rellu': there is no layer 'rellu'; do you mean relu?")
    expect(page.locator("#network mark")).to_have_text("rellu")
    expect(blocks(page).nth(1)).to_have_class(re.compile("wrong"))
    expect(blocks(page).nth(0)).to_contain_text("8 x 28 x 28")
    page.locator("#train").click()
    expect(page.get_by_text("there is no layer 'rellu'").last).to_be_visible()
    expect(page.locator("#progress .line")).not_to_contain_text("Training")
    write(page, "conv 8, relu, pool")
    expect(error).to_have_text("")
    expect(blocks(page)).to_have_count(4)
    expect(page.locator("#network .total")).to_contain_text("15,770 parameters")
    expect(page.locator("#recipe-facts")).to_contain_text("15,770 parameters")
    expect(page.locator("#network .epoch")).to_contain_text("One epoch")


@pytest.mark.slow
def test_what_has_no_time_is_asked_for_it_once(open_page: Open, server: str) -> None:
    page = open_page(server)
    open_builder(page)
    fill(setting(page, "Batch size"), "0")
    write(page, OWN)
    expect(blocks(page)).to_have_count(4)
    page.wait_for_timeout(2_000)  # it was asked for, and there is none
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(3_000)
    assert not [url for url in asked if "/queue/join" in url or "/run/" in url]
    expect(page.locator("#network .epoch")).to_be_empty()


@pytest.mark.slow
def test_it_starts_from_any_recipe(open_page: Open, server: str) -> None:
    page = open_page(server)
    open_builder(page)
    page.locator("#network select").select_option("mlp")
    expect_network(page, RECIPES["mlp"].layers)
    expect(page.locator("#recipe input")).to_have_value("simple_cnn")
    choose_recipe(page, "softmax")
    expect(blocks(page)).to_have_count(1)
    press_tool(page, "Undo")
    expect(blocks(page).locator("b")).to_have_text(RECIPES["mlp"].layers.split(", "))


def test_a_link_brings_it_and_it_trains_under_its_own_name(open_page: Open, server: str) -> None:
    layers = OWN.replace(" ", "+")
    page = open_page(f"{server}?tab=train&recipe=softmax&layers={layers}&train_images=600&epochs=1")
    expect(page.locator("#layers")).to_contain_text("Change its layers")
    start(page)  # the fold was never open
    finished(page)
    expect(page.locator("#runs tbody th").first).to_contain_text("my cnn: conv 8")
    unfold(page, "layers")
    expect_network(page, OWN)


@pytest.mark.slow
def test_its_blocks_live_while_it_trains(open_page: Open, server: str) -> None:
    page = open_page(f"{server}?tab=train&layers={DEEP}&recipe=softmax&epochs=1000&batch_size=1")
    unfold(page, "layers")
    expect(page.locator("#network .live")).to_be_hidden()
    start(page)
    expect(page.locator("#network .live")).to_be_visible()
    gradients = page.locator("#network .bars .gradients")
    expect(gradients.nth(1)).to_have_attribute("title", re.compile(r"gradients: \d"))
    titles = gradients.evaluate_all("bars => bars.map(bar => bar.title)")
    sizes = [float(title.split()[1]) for title in titles if title]
    assert len(sizes) == DEEP.count(",") + 1
    assert sizes[0] < sizes[-1] / 100  # it starves
    write(page, OWN)  # another network than the one that trains
    expect(page.locator("#network .live")).to_be_hidden()
    pause(page)


@LOOKS
def test_it_is_all_there_to_be_seen(
    width: int, height: int, scheme: str, open_page: Open, server: str
) -> None:
    page = open_page(server, width, height, color_scheme=scheme)
    open_builder(page, "robust_cnn")
    blocks(page).nth(0).click()
    edges = "blocks => blocks.map(block => [block.getBoundingClientRect()].map(" + (
        "({left, right}) => [left, right, block.scrollWidth - block.clientWidth])[0])"
    )
    for left, right, hidden in blocks(page).evaluate_all(edges):
        assert 0 <= left <= right <= width
        assert hidden <= 0
