"""The Train tab in a real browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from mnist_demo import get_recipe, load_checkpoint
from mnist_demo.architectures import count_parameters
from mnist_demo.ui.recipe_form import DEFAULT_RECIPE
from tests.browser.conftest import Open
from tests.browser.pen import SEVEN, draw

pytestmark = pytest.mark.browser


def fill(field: Locator, value: str) -> None:
    """Type `value`. Gradio takes back what is typed in the first instant after a fold opened."""
    for _ in range(10):
        field.fill(value)
        field.press("Tab")
        field.page.wait_for_timeout(100)
        if field.input_value() == value:
            return
    expect(field).to_have_value(value)


def choose_recipe(page: Page, name: str) -> None:
    """Choose a recipe, and wait until its parameters are told, the settings with them."""
    page.locator("#recipe input").click()
    page.get_by_role("option", name=name, exact=True).click()
    parameters = count_parameters(get_recipe(name).build(seed=0))
    expect(page.get_by_text(f"{parameters:,} parameters")).to_be_visible()


def open_train(page: Page, **settings: str) -> None:
    """Open the Train tab, choose softmax and set `settings`, by their labels."""
    page.get_by_role("tab", name="Train", exact=True).click()
    choose_recipe(page, "softmax")
    page.locator("#settings > button").click()
    for label, value in settings.items():
        field = page.get_by_label(label.replace("_", " "), exact=False).first
        fill(field, value)


def start(page: Page) -> None:
    page.get_by_role("button", name="Train", exact=True).click()


def finished(page: Page) -> None:
    expect(page.locator("#download")).to_be_visible(timeout=120_000)


def points(page: Page, chart: str, colour: str = "c0") -> int:
    """How many points the curve of that colour has."""
    line = page.locator(f"#{chart} polyline.{colour}")
    return len((line.get_attribute("points") or "").split()) if line.count() else 0


def epochs_done(page: Page) -> float:
    """After how many epochs the run was stopped, as the page says it."""
    return float(re.findall(r"after ([\d.]+) epochs", page.locator("#progress").inner_text())[0])


def test_the_fast_recipe_is_offered_first(page: Page) -> None:
    page.get_by_role("tab", name="Train", exact=True).click()
    expect(page.locator("#recipe input")).to_have_value(DEFAULT_RECIPE)
    expect(page.get_by_text("31,306 parameters")).to_be_visible()
    page.locator("#settings > button").click()
    expect(page.get_by_label("Epochs", exact=False).first).to_have_value("1")


def test_two_epochs_of_softmax_draw_both_charts_and_give_a_model_to_use(page: Page) -> None:
    open_train(page, Epochs="2")
    start(page)
    expect(page.locator("#progress .line")).to_contain_text("Training: epoch")
    finished(page)
    expect(page.locator("#progress .line")).to_contain_text(re.compile(r"reads \d+\.\d\d% of the"))
    assert points(page, "loss-chart") > 20
    assert points(page, "accuracy-chart") > 20
    assert page.locator("#accuracy-chart circle").count() == 2

    page.get_by_role("tab", name="Draw", exact=True).click()
    expect(page.locator("#draw-model input")).to_have_value("my softmax")
    draw(page, SEVEN)
    expect(page.locator("#answer .digit")).to_be_visible()

    page.get_by_role("tab", name="Gallery", exact=True).click()
    expect(page.locator("#gallery-model input")).to_have_value("my softmax")
    expect(page.locator("#gallery-summary")).to_contain_text("my softmax reads")


def test_charts_move_during_the_run_and_stop_keeps_what_was_learnt(page: Page) -> None:
    open_train(page, Epochs="500")
    start(page)
    expect(page.locator("#loss-chart polyline")).to_have_count(1)
    seen = set()
    for _ in range(10):
        seen.add(page.locator("#loss-chart polyline").get_attribute("points"))
        page.wait_for_timeout(200)
    assert len(seen) >= 4
    for fact in ("Epoch", "Step", "Images per second", "Time left"):
        expect(page.locator("#progress dt", has_text=re.compile(f"^{fact}$"))).to_be_visible()
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.locator("#progress .line")).to_contain_text("Stopped after")
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_visible()

    stopped_at = epochs_done(page)
    page.get_by_role("button", name="Go on", exact=True).click()
    expect(page.locator("#progress .line")).to_contain_text("Training: epoch")
    for left in ("#train", "#resume", "#download"):
        expect(page.locator(left)).to_be_hidden()
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.locator("#progress .line")).to_contain_text("Stopped after")
    assert epochs_done(page) > stopped_at


def test_the_model_downloads_as_a_checkpoint(page: Page, tmp_path: Path) -> None:
    open_train(page, Epochs="1", Seed="7")
    start(page)
    finished(page)
    with page.expect_download() as download:
        page.locator("#download").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    checkpoint = load_checkpoint(path)
    assert path.name == "my_softmax.safetensors"
    assert (checkpoint.recipe.name, checkpoint.seed) == ("softmax", 7)
    assert checkpoint.recipe.changes() == {"epochs": 1}
    assert f"{checkpoint.metrics['test_accuracy']:.2%}" in page.locator("#progress").inner_text()


def test_choosing_a_recipe_fills_in_its_settings_layers_and_parameters(page: Page) -> None:
    open_train(page)
    choose_recipe(page, "simple_cnn")
    expect(page.get_by_text("50,186 parameters")).to_be_visible()
    expect(page.get_by_label("Learning rate", exact=False).first).to_have_value("0.001")
    expect(page.get_by_label("Epochs", exact=False).first).to_have_value("15")
    page.get_by_role("button", name="Its layers", exact=False).click()
    expect(page.get_by_text("32 x 28 x 28")).to_be_visible()


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("Learning_rate", "0", "learning_rate must be a number"),
        ("Learning_rate", "1000000", "learning_rate must be a number"),
        ("Epochs", "0", "epochs must be a whole number"),
        ("Batch_size", "-5", "batch_size must be a whole number"),
        ("Momentum", "2", "momentum must be a number"),
    ],
)
def test_a_wrong_setting_is_named_and_training_can_start_again(
    open_page: Open, server: str, setting: str, value: str, words: str
) -> None:
    page = open_page(server)
    open_train(page, **{setting: value})
    start(page)
    expect(page.get_by_text(words)).to_be_visible()
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_visible()


def test_a_loss_that_blows_up_is_explained(page: Page) -> None:
    open_train(page)
    choose_recipe(page, "deep_cnn")
    expect(page.get_by_label("Epochs", exact=False).first).to_have_value("10")
    page.get_by_label("Optimizer", exact=False).first.click()
    page.get_by_role("option", name="sgd", exact=True).click()
    field = page.get_by_label("Learning rate", exact=False).first
    fill(field, "100")
    start(page)
    expect(page.locator("#progress .line")).to_contain_text("no longer a number", timeout=60_000)
    expect(page.get_by_role("button", name="Go on", exact=True)).to_be_hidden()


def test_what_another_visitor_trains_is_not_offered(open_page: Open, server: str) -> None:
    one, other = open_page(server), open_page(server)
    open_train(one, Epochs="1")
    start(one)
    finished(one)
    other.locator("#draw-model input").click()
    expect(other.get_by_role("option", name="simple_cnn", exact=True)).to_be_visible()
    expect(other.get_by_role("option", name="my softmax", exact=True)).to_have_count(0)
