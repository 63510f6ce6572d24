"""What the browser tests of the Train tab do there."""

import re

from playwright.sync_api import Locator, Page, expect

from mnist_demo import get_recipe
from mnist_demo.networks.introspection import count_parameters


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
    page.get_by_role("button", name="Train", exact=True).click()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def finished(page: Page, runs: int = 1) -> None:
    """Wait until that many runs are in the table."""
    expect(page.locator("#runs tbody tr")).to_have_count(runs, timeout=120_000)
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_visible()


def train_once(page: Page, runs: int = 1) -> None:
    start(page)
    finished(page, runs)


def points(page: Page, chart: str, colour: str = "c0") -> int:
    """How many points the line of that colour has."""
    line = page.locator(f"#{chart} polyline.{colour}").first
    return len((line.get_attribute("points") or "").split()) if line.count() else 0


def epochs_done(page: Page) -> float:
    """After how many epochs the run was paused, as the page says it."""
    return float(re.findall(r"after ([\d.]+) epochs", page.locator("#progress").inner_text())[0])
