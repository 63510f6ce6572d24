"""The Gallery tab: a microscope on the test digits and what the models make of them."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

import gradio as gr

from mnist_demo.ui.components.confusion_matrix import confusion_matrix
from mnist_demo.ui.components.custom_html import read_text
from mnist_demo.ui.components.notice import notice
from mnist_demo.ui.components.tiles import tiles
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.compute.test_set import NO_DIGIT
from mnist_demo.ui.gallery import handlers, map_handlers
from mnist_demo.ui.gallery.agreement import agreement
from mnist_demo.ui.gallery.attack_curves import attack_curves, show_attack_curves
from mnist_demo.ui.gallery.attack_reader import AttackReader
from mnist_demo.ui.gallery.detail import detail
from mnist_demo.ui.gallery.map import map_panel
from mnist_demo.ui.gallery.map_maker import MapMaker
from mnist_demo.ui.gallery.neighbours import Neighbours
from mnist_demo.ui.gallery.reasons import reasons
from mnist_demo.ui.gallery.saliency_cache import SaliencyCache
from mnist_demo.ui.gallery.selection import ORDERS, SHOWN
from mnist_demo.ui.gallery.view_link import SETTINGS, ViewLink, view_link
from mnist_demo.ui.gallery.view_state import GallerySettings
from mnist_demo.ui.i18n.labels import Options, button, fold, labelled
from mnist_demo.ui.i18n.translate import translate
from mnist_demo.ui.wiring import EVERY, LIVE, QUIET, SLOW, UNCHECKED, by_name

Parts = dict[str, Any]  # components, by the names that the handlers know them by

# What the handlers of settings put out.
OUTPUTS = (
    *("summary", "tiles", "confusion", "agreement", "show_all", "two_models", "share"),
    *("one_model", "other", "order", "seed", "label", "prediction", "shown", "region"),
)


@dataclass(frozen=True)
class GalleryTab:
    """What other parts of the page update; `detail` fires `draw`, its value then has an index."""

    model: gr.Dropdown
    other: gr.Dropdown
    dataset_notice: gr.HTML
    detail: gr.HTML


def build_gallery_tab(
    store: ModelStore, user_models: gr.State, link: gr.HTML, tabs: gr.Tabs, pad: gr.HTML
) -> GalleryTab:
    """link: a `look_in_gallery`; what it asks for is shown in this tab, one of `tabs`. pad: whose
    drawing is put on the map."""
    dataset_notice = notice(classes="notice")
    parts = _build_controls(store) | _build_mixed_up() | _build_two_models(store)
    parts |= {"map": map_panel(), "region": gr.State(None)}
    with gr.Row(elem_classes="bottom"):
        with gr.Column(min_width=260):
            parts["summary"] = notice(translate("loading"), elem_id="gallery-summary")
        small: dict[str, Any] = {"scale": 0, "min_width": 120}
        parts["show_all"] = button("show_all", visible=False, elem_id="show-all", **small)
    parts |= {"tiles": tiles(), "share": view_link(), "detail": detail(), "reasons": reasons()}
    parts["attack_curves"] = attack_curves()
    _wire_settings(store, user_models, parts, link, tabs)
    _wire_detail(store, user_models, parts)
    _wire_attack_curves(store, user_models, parts)
    _wire_map(store, user_models, parts, pad)
    return GalleryTab(parts["model"], parts["other"], dataset_notice, parts["detail"])


def _build_controls(store: ModelStore) -> Parts:
    with gr.Row(elem_classes="bottom"):
        return {
            "model": labelled(
                gr.Dropdown,
                {"label": "model"},
                choices=store.names({}),
                value=store.default_name,
                min_width=190,
                filterable=False,
                elem_id="gallery-model",
            ),
            "order": labelled(
                gr.Dropdown,
                {"label": "order"},
                [(translate(f"order_{order}"), order) for order in ORDERS],
                min_width=190,
                filterable=False,  # so it cannot be emptied, and a phone shows no keyboard
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
            "shuffle": button("shuffle", scale=0, min_width=120, elem_id="shuffle"),
        }


def _build_mixed_up() -> Parts:
    with fold("mixed_up", "mixed-up"), gr.Row(elem_classes="columns"):
        with gr.Column(scale=3, min_width=280):
            matrix = confusion_matrix(elem_id="gallery-confusion")
        with gr.Column(scale=2, min_width=240):
            notice(translate("mixed_up_help"), classes="quiet")
            label, prediction = _digit_choice("label"), _digit_choice("prediction")
            shown = labelled(
                gr.Dropdown,
                {"label": "shown"},
                [(translate(f"shown_{value}"), value) for value in SHOWN],
                filterable=False,
                elem_id="gallery-shown",
            )
    return {"confusion": matrix, "label": label, "prediction": prediction, "shown": shown}


def _digit_choice(name: str) -> gr.Dropdown:
    options: Options = [
        (translate("any_digit"), NO_DIGIT),
        *((str(digit), digit) for digit in range(10)),
    ]
    settings: dict[str, Any] = {"min_width": 90, "filterable": False, "elem_id": f"gallery-{name}"}
    return labelled(gr.Dropdown, {"label": f"{name}_choice"}, options, **settings)


def _build_two_models(store: ModelStore) -> Parts:
    with fold("two_models", "two-models") as two_models:
        settings: dict[str, Any] = {"value": None, "elem_id": "gallery-other"}
        with gr.Row(elem_classes="bottom"):
            other = labelled(gr.Dropdown, {"label": "other"}, choices=store.names({}), **settings)
            small: dict[str, Any] = {"scale": 0, "min_width": 200}
            one_model = button("one_model", visible=False, elem_id="one-model", **small)
        compared = agreement()
    return {"two_models": two_models, "other": other, "one_model": one_model, "agreement": compared}


def _wire_settings(
    store: ModelStore, user_models: gr.State, parts: Parts, link: gr.HTML, tabs: gr.Tabs
) -> None:
    names = [field.name for field in fields(GallerySettings) if field.name != "user_models"]
    settings = {name: parts[name] for name in names} | {"user_models": user_models}
    outputs = {name: parts[name] for name in OUTPUTS}
    tiles = parts["tiles"]

    def wire(handler: Callable[..., Any], **more: Any) -> dict[str, Any]:
        return by_name(partial(handler, store), more | settings, outputs)

    for event in (tiles.ask, parts["model"].change, parts["other"].input):
        event(**wire(handlers.analyse), **SLOW, **UNCHECKED)
    for name in ("order", "seed", "label", "prediction", "shown"):
        parts[name].input(**wire(handlers.show_view), **LIVE, **UNCHECKED)
    parts["shuffle"].click(**wire(handlers.shuffle), **LIVE, **UNCHECKED)
    parts["one_model"].click(**wire(handlers.let_other_go), **LIVE, **UNCHECKED)
    parts["show_all"].click(**wire(handlers.show_all), **LIVE, **UNCHECKED)
    region = wire(handlers.pick_region, asked=parts["map"])
    parts["map"].pick_region(**region, **EVERY, **UNCHECKED)
    for name, handler in (("confusion", handlers.pick_cell), ("agreement", handlers.pick_pair)):
        parts[name].pick(**wire(handler, picked=parts[name]), **EVERY, **UNCHECKED)
    linked = outputs | {"model": parts["model"], "detail": parts["detail"], "tabs": tabs}
    look = by_name(partial(handlers.look_at_run, store), {"asked": link} | settings, linked)
    link.ask(**look, **EVERY, **UNCHECKED)
    _wire_link(store, link, parts, settings, outputs, tabs)
    paged = {name: parts[name] for name in ("summary", "tiles")}
    change_page = partial(handlers.change_page, store)
    tiles.change_page(
        **by_name(change_page, {"tiles": tiles} | settings, paged), **EVERY, **UNCHECKED
    )


def _wire_link(
    store: ModelStore, link: gr.HTML, parts: Parts, settings: Parts, outputs: Parts, tabs: gr.Tabs
) -> None:
    """The view that the page was opened with: first its settings, then what they show."""
    view = gr.State(ViewLink({}))
    # The model comes last: its change asks for a view, by what the others are then.
    names = ("two_models", *reversed(SETTINGS))
    shown = {name: parts[name] for name in names} | {"tabs": tabs, "view": view}
    opened = by_name(partial(handlers.open_view, store), {"asked": link}, shown)
    event = link.open_view(**opened, **EVERY, **UNCHECKED)
    follow = by_name(partial(handlers.follow_view, store), {"view": view} | settings, outputs)
    event = event.then(**follow, **SLOW, **UNCHECKED)
    digit = [view, parts["model"], settings["user_models"]]
    open_digit = partial(handlers.open_linked_digit, store)
    event.then(open_digit, digit, parts["detail"], **SLOW, **UNCHECKED)


def _wire_detail(store: ModelStore, user_models: gr.State, parts: Parts) -> None:
    tiles, detail, model, why = (parts[name] for name in ("tiles", "detail", "model", "reasons"))
    open_digit, reopen_digit = (
        partial(handler, store) for handler in (handlers.open_digit, handlers.reopen_digit)
    )
    explain = partial(handlers.explain_digit, store, Neighbours(store), SaliencyCache(store))
    tiles.pick(open_digit, [tiles, model, user_models], detail, **EVERY, **UNCHECKED)
    model.change(reopen_digit, [detail, model, user_models], detail, **LIVE, **UNCHECKED)
    why.ask(explain, [detail, model, user_models], why, **SLOW, **UNCHECKED)


def _wire_attack_curves(store: ModelStore, user_models: gr.State, parts: Parts) -> None:
    """They hear of other models by themselves, and ask only while they are open."""
    shown, model = parts["attack_curves"], parts["model"]
    show = partial(show_attack_curves, store, AttackReader(store))
    shown.ask(show, [model, user_models], shown, **SLOW, **UNCHECKED)


def _wire_map(store: ModelStore, user_models: gr.State, parts: Parts, pad: gr.HTML) -> None:
    """The map answers each question by a value of its own; it hears of other models by itself, and
    asks only while it is open."""
    shown, models = parts["map"], [parts["model"], parts["other"], user_models]
    maker = MapMaker(store)
    show = partial(map_handlers.show_maps, store, maker)
    shown.ask(show, [shown, *models], shown, **SLOW, **UNCHECKED)
    shown.look(partial(map_handlers.show_digits, store), shown, shown, **EVERY, **UNCHECKED)
    place = partial(map_handlers.place_drawing, store, maker)
    shown.place(place, [shown, pad, *models], shown, **SLOW, **UNCHECKED)
    open_digit = partial(handlers.open_digit, store)
    inputs = [shown, parts["model"], user_models]
    shown.pick(open_digit, inputs, parts["detail"], **EVERY, **UNCHECKED)
    for name in ("model", "other"):
        parts[name].change(None, None, None, js=read_text("gallery/selected_models.js"), **QUIET)
