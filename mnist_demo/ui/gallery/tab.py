"""The Gallery tab: a microscope on the test digits and what the models make of them."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from mnist_demo.ui.components.confusion_matrix import confusion_matrix
from mnist_demo.ui.components.notice import notice
from mnist_demo.ui.components.tiles import tiles
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.gallery import handlers
from mnist_demo.ui.gallery.agreement import agreement
from mnist_demo.ui.gallery.detail import detail
from mnist_demo.ui.gallery.neighbours import Neighbours
from mnist_demo.ui.gallery.reasons import reasons
from mnist_demo.ui.gallery.saliency_cache import SaliencyCache
from mnist_demo.ui.gallery.selection import ORDERS, SHOWN
from mnist_demo.ui.gallery.view_state import ANY
from mnist_demo.ui.i18n.labels import Options, labelled
from mnist_demo.ui.i18n.translate import translate

Parts = dict[str, Any]  # components, by the names that the handlers know them by

# The handlers say in our words that a model is gone; Gradio would refuse its name in its own.
QUIET: dict[str, Any] = {
    "show_progress": "hidden",
    "api_visibility": "private",
    "preprocess": False,
}
# What answers at once. A component that asks and is answered by one value sends every event: a
# later one would find the answer to the last in the place of its question.
LIVE: dict[str, Any] = {**QUIET, "queue": False, "trigger_mode": "always_last"}
EVERY: dict[str, Any] = {**LIVE, "trigger_mode": "multiple"}
# What may compute for seconds, when first asked for a model. More visitors wait in the queue.
SLOW: dict[str, Any] = {**QUIET, "trigger_mode": "always_last", "concurrency_limit": 4}


@dataclass(frozen=True)
class GalleryTab:
    """What other parts of the page update; `detail` fires `draw`, its value then has an index."""

    model: gr.Dropdown
    other: gr.Dropdown
    dataset_notice: gr.HTML
    detail: gr.HTML


def build_gallery_tab(store: ModelStore, user_models: gr.State) -> GalleryTab:
    dataset_notice = notice(classes="notice")
    parts = _controls(store) | _mixed_up() | _two_models(store)
    with gr.Row(elem_classes="bottom"):
        with gr.Column(min_width=260):
            parts["summary"] = notice(translate("loading"), elem_id="gallery-summary")
        small: dict[str, Any] = {"size": "sm", "scale": 0, "min_width": 110}
        parts["show_all"] = labelled(
            gr.Button, {"value": "show_all"}, visible=False, elem_id="show-all", **small
        )
    parts |= {"tiles": tiles(), "detail": detail(), "reasons": reasons()}
    _wire_settings(store, user_models, parts)
    _wire_detail(store, user_models, parts)
    return GalleryTab(parts["model"], parts["other"], dataset_notice, parts["detail"])


def _controls(store: ModelStore) -> Parts:
    with gr.Row(elem_classes="bottom"):
        return {
            "model": labelled(
                gr.Dropdown,
                {"label": "model"},
                choices=store.names({}),
                value=store.default_name,
                min_width=120,
                elem_id="gallery-model",
            ),
            "order": labelled(
                gr.Dropdown,
                {"label": "order"},
                [(translate(f"order_{order}"), order) for order in ORDERS],
                min_width=120,
                elem_id="gallery-order",
            ),
            "seed": labelled(
                gr.Number,
                {"label": "seed"},
                value=0,
                precision=0,
                min_width=90,
                visible=False,
                elem_id="gallery-seed",
            ),
            "shuffle": labelled(
                gr.Button,
                {"value": "shuffle"},
                size="md",
                scale=0,
                min_width=120,
                elem_id="shuffle",
            ),
        }


def _mixed_up() -> Parts:
    fold = labelled(gr.Accordion, {"label": "mixed_up"}, open=False, elem_id="mixed-up")
    with fold, gr.Row(elem_classes="columns"):
        with gr.Column(scale=3, min_width=280):
            matrix = confusion_matrix(elem_id="gallery-confusion")
        with gr.Column(scale=2, min_width=240):
            notice(translate("mixed_up_help"), classes="quiet")
            label, prediction = _digit_choice("label"), _digit_choice("prediction")
            shown = labelled(
                gr.Dropdown,
                {"label": "shown"},
                [(translate(f"shown_{value}"), value) for value in SHOWN],
                elem_id="gallery-shown",
            )
    return {"confusion": matrix, "label": label, "prediction": prediction, "shown": shown}


def _digit_choice(name: str) -> gr.Dropdown:
    options: Options = [
        (translate("any_digit"), ANY),
        *((str(digit), digit) for digit in range(10)),
    ]
    settings: dict[str, Any] = {"min_width": 90, "elem_id": f"gallery-{name}"}
    return labelled(gr.Dropdown, {"label": f"{name}_choice"}, options, **settings)


def _two_models(store: ModelStore) -> Parts:
    says = {"label": "two_models"}
    with labelled(gr.Accordion, says, open=False, elem_id="two-models") as fold:
        settings: dict[str, Any] = {"value": None, "elem_id": "gallery-other"}
        other = labelled(gr.Dropdown, {"label": "other"}, choices=store.names({}), **settings)
        compared = agreement()
    return {"two_models": fold, "other": other, "agreement": compared}


def _wire_settings(store: ModelStore, user_models: gr.State, parts: Parts) -> None:
    settings = ("model", "other", "order", "seed", "label", "prediction", "shown")
    inputs = [*(parts[name] for name in settings), user_models]
    outputs = [parts[name] for name in handlers.OUTPUTS]
    shown = parts["tiles"]
    for event in (shown.ask, parts["model"].change, parts["other"].input):
        event(partial(handlers.analyse, store), inputs, outputs, **SLOW)
    for name in ("order", "seed", "label", "prediction", "shown"):
        parts[name].input(partial(handlers.show, store), inputs, outputs, **LIVE)
    parts["shuffle"].click(partial(handlers.shuffle, store), inputs, outputs, **LIVE)
    parts["show_all"].click(partial(handlers.show_all, store), inputs, outputs, **LIVE)
    for name, handler in (
        ("confusion", handlers.pick_cell),
        ("agreement", handlers.pick_pair),
    ):
        parts[name].pick(partial(handler, store), [parts[name], *inputs], outputs, **EVERY)
    paged = [parts["summary"], shown]
    shown.change_page(partial(handlers.change_page, store), [shown, *inputs], paged, **EVERY)


def _wire_detail(store: ModelStore, user_models: gr.State, parts: Parts) -> None:
    shown, opened, model, why = (parts[name] for name in ("tiles", "detail", "model", "reasons"))
    shown.pick(partial(handlers.open_digit, store), [shown, model, user_models], opened, **EVERY)
    model.change(
        partial(handlers.reopen_digit, store), [opened, model, user_models], opened, **LIVE
    )
    explain_error = partial(handlers.explain_digit, store, Neighbours(store), SaliencyCache(store))
    why.ask(explain_error, [opened, model, user_models], why, **SLOW)
