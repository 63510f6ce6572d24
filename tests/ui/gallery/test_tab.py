"""How the Gallery tab is wired; what its handlers do is tested beside them."""

import inspect
from typing import Any

import gradio as gr
import pytest

from mnist_demo.ui.components.sketchpad import sketchpad
from mnist_demo.ui.compute.model_store import DEFAULT_MODEL, ModelStore
from mnist_demo.ui.gallery.look_in_gallery import look_in_gallery
from mnist_demo.ui.gallery.tab import GalleryTab, build_gallery_tab


@pytest.fixture
def built(store: ModelStore) -> tuple[gr.Blocks, GalleryTab]:
    with gr.Blocks(analytics_enabled=False) as app, gr.Tabs() as tabs, gr.Tab("Gallery"):
        made = build_gallery_tab(store, gr.State({}), look_in_gallery(), tabs, sketchpad())
    return app, made


def test_it_offers_every_model_and_the_default_first(built: tuple[gr.Blocks, GalleryTab]) -> None:
    _, tab = built
    assert tab.model.value == DEFAULT_MODEL
    assert tab.dataset_notice.value is None


def test_no_handler_is_offered_to_others(built: tuple[gr.Blocks, GalleryTab]) -> None:
    app, _ = built
    assert app.fns
    assert {handler.api_visibility for handler in app.fns.values()} == {"private"}


def test_what_may_compute_for_seconds_waits_in_the_queue(
    built: tuple[gr.Blocks, GalleryTab],
) -> None:
    app, _ = built
    handlers: list[Any] = [one for one in app.fns.values() if one.queue]
    queued = {inspect.unwrap(one.fn).func.__name__: one.concurrency_limit for one in handlers}
    names = ("analyse", "explain_digit", "follow_view", "open_linked_digit")
    assert queued == dict.fromkeys((*names, "show_maps", "place_drawing", "show_attack_curves"), 4)


def test_all_is_folded_but_what_is_needed_first(built: tuple[gr.Blocks, GalleryTab]) -> None:
    app, _ = built
    folds = [block for block in app.blocks.values() if isinstance(block, gr.Accordion)]
    assert [fold.open for fold in folds] == [False, False]
