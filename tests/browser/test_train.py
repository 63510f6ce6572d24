"""The Train tab in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from mnist_demo.ui.train.recipe_form import DEFAULT_RECIPE
from tests.browser.conftest import Open
from tests.browser.pen import SEVEN, draw
from tests.browser.train_tab import (
    choose_recipe,
    fill,
    finished,
    moves,
    open_train,
    pause,
    points,
    press,
    setting,
    start,
    start_endless,
    steps_done,
    train_once,
    trains,
    unfold,
)

pytestmark = pytest.mark.browser


@pytest.mark.slow
def test_the_fast_recipe_is_offered_first(page: Page) -> None:
    page.get_by_role("tab", name="Train", exact=True).click()
    expect(page.locator("#recipe input")).to_have_value(DEFAULT_RECIPE)
    expect(page.get_by_text("31,306 parameters")).to_be_visible()
    unfold(page, "settings")
    expect(page.get_by_label("Epochs", exact=False).first).to_have_value(
        re.compile("^10?$")
    )  # by the data


def test_two_epochs_of_softmax_draw_both_charts_and_give_a_model_to_use(page: Page) -> None:
    open_train(page, Epochs="2")
    start(page)
    finished(page)
    expect(page.locator("#progress .line")).to_contain_text(re.compile(r"reads \d+\.\d\d% of the"))
    assert points(page, "loss-chart") > 20
    assert points(page, "accuracy-chart") > 20
    assert page.locator("#accuracy-chart circle").count() > 5  # tests now and then

    page.get_by_role("tab", name="Draw", exact=True).click()
    expect(page.locator("#draw-model input")).to_have_value("my softmax")
    draw(page, SEVEN)
    expect(page.locator("#prediction .digit")).to_be_visible()

    page.get_by_role("tab", name="Gallery", exact=True).click()
    expect(page.locator("#gallery-model input")).to_have_value("my softmax")
    expect(page.locator("#gallery-summary")).to_contain_text("my softmax reads")


def test_charts_move_during_the_run_and_a_pause_keeps_what_was_learnt(page: Page) -> None:
    start_endless(page)
    moves(page, "#loss-chart polyline", "points")
    for fact in ("Epoch", "Step", "Images per second", "Time left"):
        expect(page.locator("#progress dt", has_text=re.compile(f"^{fact}$"))).to_be_visible()
    row = page.locator("#runs tfoot tr")
    expect(row).to_contain_text("my softmax")
    expect(row).to_contain_text("trains now")
    before = steps_done(page)
    pause(page)
    finished(page)
    expect(row).to_have_count(0)

    press(page, "Go on")
    trains(page)
    for left in ("#train", "#resume"):
        expect(page.locator(left)).to_be_hidden()
    moves(page, "#loss-chart polyline", "points")
    assert steps_done(page) > before
    pause(page)
    expect(page.locator("#runs tbody tr")).to_have_count(1)


@pytest.mark.slow
def test_a_hundred_images_train_with_the_recipe_that_is_offered_first(page: Page) -> None:
    page.get_by_role("tab", name="Train", exact=True).click()
    unfold(page, "experiments")
    fill(setting(page, "Training images"), "100")
    train_once(page)
    expect(page.locator("#progress .line")).to_contain_text("Done")
    expect(page.locator("#progress .note")).to_contain_text("cut from 128 to 100")


WATCH_PLACES = """() => {
  window.places = { 'loss-chart': new Set(), 'accuracy-chart': new Set() };
  const look = () => {
    for (const [chart, seen] of Object.entries(window.places)) {
      const box = document.querySelector(`#${chart} .plot`).getBoundingClientRect();
      seen.add([box.x, box.y + scrollY, box.width, box.height].map(Math.round).join());
    }
    requestAnimationFrame(look);
  };
  look();
}"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("size", "language"), [((390, 844), "ko"), ((820, 1180), "en"), ((1280, 800), "en")]
)
def test_the_charts_stay_where_they_are_from_start_to_end(
    open_page: Open, server: str, size: tuple[int, int], language: str
) -> None:
    page = open_page(f"{server}?tab=train&recipe=softmax&epochs=2&language={language}", *size)
    expect(page.locator("#recipe input")).to_have_value("softmax")
    page.wait_for_timeout(500)  # until the tab has its last size
    page.evaluate(WATCH_PLACES)
    train_once(page)
    expect(page.locator("#settings-now input").first).to_be_visible()
    page.wait_for_timeout(200)
    places = page.evaluate("Object.values(window.places).map((seen) => [...seen])")
    assert [len(each) for each in places] == [1, 1], places


@pytest.mark.slow
def test_the_learning_rate_changes_during_the_run_and_is_marked(page: Page) -> None:
    start_endless(page)
    rate = page.get_by_label("Learning rate now")
    expect(rate).to_have_value("0.02")
    rate.fill("0.5")
    rate.press("Enter")
    told = page.locator("#loss-chart .told")
    expect(told).to_have_text("learning rate 0.5")
    rate.fill("0.25")
    moves(page, "#loss-chart polyline", "points")  # which must not take back what is typed
    expect(rate).to_have_value("0.25")
    rate.fill("-1")
    rate.press("Enter")
    expect(page.get_by_text("Learning rate must be a number")).to_be_visible()
    pause(page)
    finished(page)
    expect(page.locator("#runs tbody tr")).to_contain_text("changed on the way: learning rate")
    fill(rate, "0.125")  # a run that is paused goes on with it
    press(page, "Go on")
    trains(page)
    expect(told.last).to_have_text("learning rate 0.125")
    pause(page)


@pytest.mark.slow
def test_so_do_the_settings_beside_it(page: Page) -> None:
    start_endless(page)
    expect(page.get_by_label("Dropout now")).to_have_count(0)  # softmax has no such layer
    for label, value in (("Weight decay now", "0.01"), ("Label smoothing now", "0.25")):
        page.get_by_label(label).fill(value)
        page.get_by_label(label).press("Enter")
    told = page.locator("#accuracy-chart .told")
    expect(told).to_have_text(["weight decay 0.01", "label smoothing 0.25"])
    chart = page.locator("#accuracy-chart .live")
    words = re.compile(r"epochs [\d.e-]+: weight decay 0.01, epochs .*: label smoothing 0.25$")
    expect(chart).to_have_attribute("aria-label", words)
    page.get_by_role("button", name="한국어").click()
    expect(told).to_have_text(["가중치 감쇠 0.01", "라벨 스무딩 0.25"])
    expect(page.get_by_label("지금 라벨 스무딩")).to_have_value("0.25")
    page.get_by_role("button", name="English").click()
    pause(page)


@pytest.mark.slow
def test_a_finished_run_trains_on(page: Page) -> None:
    open_train(page, Epochs="1")
    train_once(page)
    press(page, "Train 1 more epoch")
    expect(page.locator("#runs td:nth-child(6)")).to_have_text("2")
    expect(page.locator("#train")).to_have_text("Train a new one")
    expect(page.locator("#runs tbody tr")).to_have_count(1)


def test_choosing_a_recipe_fills_in_its_settings_layers_and_parameters(page: Page) -> None:
    open_train(page)
    choose_recipe(page, "simple_cnn")
    expect(page.get_by_text("50,186 parameters")).to_be_visible()
    expect(page.get_by_label("Learning rate", exact=False).first).to_have_value("0.001")
    expect(page.get_by_label("Epochs", exact=False).first).to_have_value("15")
    unfold(page, "layers")
    expect(page.get_by_text("32 x 28 x 28").first).to_be_visible()


@pytest.mark.slow
def test_a_click_brings_the_recipes_own_values_back(page: Page) -> None:
    open_train(page, Epochs="3", Learning_rate="0.5")
    press(page, "Back to the recipe's own values")
    expect(setting(page, "Epochs")).to_have_value("10")
    expect(setting(page, "Learning rate")).to_have_value("0.02")


@pytest.mark.slow
def test_a_wrong_setting_is_named_and_training_can_start_again(page: Page) -> None:
    open_train(page)
    for label, good, value, words in (
        ("Learning rate", "0.02", "1000000", "Learning rate must be a number"),
        ("Epochs", "1", "0", "Epochs must be a whole number"),
        ("Momentum", "0", "2", "Momentum must be a number"),
    ):
        fill(setting(page, label), value)
        start(page)
        expect(page.get_by_text(words)).to_be_visible()
        fill(setting(page, label), good)
    train_once(page)


@pytest.mark.slow
def test_a_loss_that_blows_up_is_explained(page: Page) -> None:
    open_train(page)
    choose_recipe(page, "deep_cnn")
    expect(page.get_by_label("Epochs", exact=False).first).to_have_value("10")
    page.get_by_label("Optimizer", exact=False).first.click()
    page.get_by_role("option", name="sgd", exact=True).click()
    field = page.get_by_label("Learning rate", exact=False).first
    fill(field, "100")
    start(page)
    expect(page.locator("#progress .line")).to_contain_text("no longer a number")
    expect(page.get_by_role("button", name="Go on", exact=True)).to_be_hidden()


@pytest.mark.slow
def test_what_another_visitor_trains_is_not_offered(open_page: Open, server: str) -> None:
    one, other = open_page(server), open_page(server)
    open_train(one, Epochs="1")
    train_once(one)
    other.locator("#draw-model input").click()
    expect(other.get_by_role("option", name="simple_cnn", exact=True)).to_be_visible()
    expect(other.get_by_role("option", name="my softmax", exact=True)).to_have_count(0)
