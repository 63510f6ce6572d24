"""Draws on the pad as a hand would: many small moves."""

import itertools
from collections.abc import Sequence

from playwright.sync_api import Page

Strokes = Sequence[Sequence[tuple[float, float]]]

# In the pad's own 280 units.
SEVEN: Strokes = [[(70, 60), (205, 60), (125, 235)]]
ONE: Strokes = [[(140, 50), (140, 230)]]
FOUR: Strokes = [[(110, 50), (85, 150), (200, 150)], [(175, 95), (165, 240)]]


def draw(page: Page, strokes: Strokes, moves: int = 8) -> None:
    """Draw `strokes` with the mouse, each piece of a stroke in `moves` moves."""
    page.locator("#pad canvas").scroll_into_view_if_needed()
    box = page.locator("#pad canvas").bounding_box()
    assert box is not None
    unit = box["width"] / 280

    def move(x: float, y: float) -> None:
        page.mouse.move(box["x"] + x * unit, box["y"] + y * unit)

    for stroke in strokes:
        move(*stroke[0])
        page.mouse.down()
        for (x0, y0), (x1, y1) in itertools.pairwise(stroke):
            for step in range(1, moves + 1):
                move(x0 + (x1 - x0) * step / moves, y0 + (y1 - y0) * step / moves)
        page.mouse.up()


def collect(page: Page) -> None:
    """Unfold "Your hand", and have the ten buttons at the pad."""
    page.locator("#my-handwriting summary").click()
    page.locator("#my-handwriting .collect").click()
    page.locator("#label-bar .bar").wait_for()


def label(page: Page, digit: int) -> None:
    """Say that the drawing on the pad is this digit."""
    page.locator(f'#label-bar [data-label="{digit}"]').click()
