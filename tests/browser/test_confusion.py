"""The confusion matrix where it is only looked at, as after a training."""

from collections.abc import Iterator

import gradio as gr
import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from mnist_demo.ui.confusion import confusion_matrix, describe_confusion
from mnist_demo.ui.page import launch_options

pytestmark = pytest.mark.browser

COUNTS = np.eye(10, dtype=np.int64) * 900
COUNTS[4, 9] = 40


@pytest.fixture
def matrix() -> Iterator[str]:
    with gr.Blocks(analytics_enabled=False) as app:
        shown = confusion_matrix(elem_id="matrix", clickable=False)
        app.load(lambda: describe_confusion(COUNTS), None, shown, api_visibility="private")
    _, url, _ = app.launch(prevent_thread_lock=True, quiet=True, **launch_options())
    yield url
    app.close()


def test_it_has_counts_and_heads_and_no_buttons(chromium: Browser, matrix: str) -> None:
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(matrix)
    cells = page.locator("#matrix .cell")
    expect(cells.nth(49)).to_have_text("40")
    expect(cells.nth(49)).to_have_attribute("title", "label 4, predicted 9: 40 digits")
    assert cells.count() == 100
    assert page.locator("#matrix button").count() == 0
    assert page.locator("#matrix [tabindex]").count() == 0
    heads = page.locator("#matrix thead th").all_inner_texts()
    assert heads == ["predicted", *map(str, range(10))]
    assert page.locator("#matrix tbody th").first.inner_text() == "label"
    page.close()
    assert faults == []
