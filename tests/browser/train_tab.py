"""What the browser tests of the Train tab do there."""

import re

from playwright.sync_api import Locator, Page, expect

from mnist_demo import get_recipe
from mnist_demo.networks.introspection import count_parameters

# Of a training that goes on until the test ends it: no machine takes an image at a time, so often
# through all of them, while a test runs.
ENDLESS = {"Epochs": "1000", "Batch_size": "1"}


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
    page.locator(f'li[role="option"][aria-label="{name}"]').click()  # not one of the builder's
    parameters = count_parameters(get_recipe(name).build(seed=0))
    expect(page.locator("#recipe-facts")).to_contain_text(f"{parameters:,} parameters")


def unfold(page: Page, name: str) -> None:
    """Open the accordion of that name, where it is not open."""
    button = page.locator(f"#{name} > button").first
    if "open" not in (button.get_attribute("class") or "").split():
        button.click()


def setting(page: Page, label: str) -> Locator:
    return page.locator("#settings, #experiments").get_by_label(label, exact=False).first


def open_train(page: Page, recipe: str = "softmax", **settings: str) -> None:
    """Open the Train tab, choose a recipe and set `settings`, by their labels."""
    page.get_by_role("tab", name="Train", exact=True).click()
    choose_recipe(page, recipe)
    unfold(page, "settings")
    for label, value in settings.items():
        fill(setting(page, label.replace("_", " ")), value)


def start(page: Page) -> None:
    page.locator("#train").click()


def start_endless(page: Page) -> None:
    """Start a training that only `pause`, or who leaves, ends; wait until it trains."""
    open_train(page, **ENDLESS)
    start(page)
    trains(page)


def trains(page: Page) -> None:
    """Wait until a training is under way, and its first losses are drawn."""
    expect(page.locator("#progress .line")).to_contain_text(re.compile(r"Training \w+: epoch"))
    expect(page.locator("#loss-chart polyline").first).to_be_attached()


def moves(page: Page, selector: str, attribute: str, times: int = 3) -> None:
    """Wait until the first such element has had so many other values of the attribute."""
    element = page.locator(selector).first
    for _ in range(times):
        expect(element).not_to_have_attribute(attribute, element.get_attribute(attribute) or "")


def pause(page: Page) -> None:
    press(page, "Pause")
    expect(page.locator("#progress .line")).to_contain_text("Paused after")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def finished(page: Page, runs: int = 1) -> None:
    """Wait until that many runs are in the table."""
    expect(page.locator("#runs tbody tr")).to_have_count(runs)
    expect(page.locator("#train")).to_be_visible()


def train_once(page: Page, runs: int = 1) -> None:
    start(page)
    finished(page, runs)


def points(page: Page, chart: str, colour: str = "c0") -> int:
    """How many points the line of that colour has."""
    line = page.locator(f"#{chart} polyline.{colour}").first
    return len((line.get_attribute("points") or "").split()) if line.count() else 0


def steps_done(page: Page) -> int:
    """Of the training under way, as the page says it."""
    fact = page.locator("#progress dt", has_text=re.compile("^Step$")).locator("+ dd")
    return int(fact.inner_text().split(" / ")[0].replace(",", ""))
