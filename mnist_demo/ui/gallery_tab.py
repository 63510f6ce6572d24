"""The Gallery tab: a microscope on the test digits and what the models make of them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr
from gradio.components import Component

from mnist_demo.ui.confusion import confusion_matrix
from mnist_demo.ui.gallery.agreement import agreement
from mnist_demo.ui.gallery.detail import detail
from mnist_demo.ui.gallery.handlers import (
    OUTPUTS,
    explain_digit,
    open_digit,
    pick_cell,
    pick_pair,
    reopen_digit,
    show,
    show_all,
    shuffle,
    study,
    turn,
)
from mnist_demo.ui.gallery.look import ANY
from mnist_demo.ui.gallery.neighbours import Neighbours
from mnist_demo.ui.gallery.reasons import reasons
from mnist_demo.ui.gallery.selection import ORDERS, SHOWN
from mnist_demo.ui.library import DEFAULT_MODEL, Library
from mnist_demo.ui.tiles import tiles
from mnist_demo.ui.words import say

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
# What answers at once. A component that is asked and answers by one value sends every event: a
# later one would find the answer to the last in the place of its question.
LIVE: dict[str, Any] = {**QUIET, "queue": False, "trigger_mode": "always_last"}
EVERY: dict[str, Any] = {**LIVE, "trigger_mode": "multiple"}
# What may compute for seconds, when first asked for a model. More visitors wait in the queue.
SLOW: dict[str, Any] = {**QUIET, "trigger_mode": "always_last", "concurrency_limit": 4}


@dataclass(frozen=True)
class GalleryTab:
    """What other parts of the page update; `detail` fires `draw`, its value then has an index."""

    model: gr.Dropdown
    notice: gr.Markdown
    detail: gr.HTML


def build_gallery_tab(library: Library, own: gr.State) -> GalleryTab:
    notice = gr.Markdown(visible=False, elem_classes="notice")
    made: dict[str, Any] = {}
    with gr.Row(elem_classes="bottom"):
        model = gr.Dropdown(
            library.names({}),
            value=DEFAULT_MODEL,
            label=say("model"),
            min_width=120,
            elem_id="gallery-model",
        )
        made["order"] = gr.Dropdown(
            [(say(f"order_{order}"), order) for order in ORDERS],
            label=say("order"),
            min_width=120,
            elem_id="gallery-order",
        )
        made["seed"] = gr.Number(
            0, label=say("seed"), precision=0, min_width=90, visible=False, elem_id="gallery-seed"
        )
        mix = gr.Button(say("shuffle"), size="md", scale=0, min_width=120, elem_id="shuffle")
    made |= _mixed_up() | _two_models(library)
    with gr.Row(elem_classes="bottom"):
        with gr.Column(min_width=260):
            made["summary"] = gr.Markdown(say("loading"), elem_id="gallery-summary")
        made["show_all"] = gr.Button(
            say("show_all"), visible=False, size="sm", scale=0, min_width=110, elem_id="show-all"
        )
    made["tiles"], opened, why = tiles(), detail(), reasons()

    chosen = ("other", "order", "seed", "label", "prediction", "shown")
    inputs = [model, *(made[name] for name in chosen), own]
    outputs = [made[name] for name in OUTPUTS]

    def on(event: Any, handler: Callable[..., Any], how: dict[str, Any], *first: Component) -> None:
        event(partial(handler, library), [*first, *inputs], outputs, **how)

    for event in (made["tiles"].ask, model.change, made["other"].input):
        on(event, study, SLOW)
    for name in ("order", "seed", "label", "prediction", "shown"):
        on(made[name].input, show, LIVE)
    on(mix.click, shuffle, LIVE)
    on(made["show_all"].click, show_all, LIVE)
    on(made["confusion"].pick, pick_cell, EVERY, made["confusion"])
    on(made["agreement"].pick, pick_pair, EVERY, made["agreement"])
    made["tiles"].turn(
        partial(turn, library), [made["tiles"], *inputs], [made["summary"], made["tiles"]], **EVERY
    )
    made["tiles"].pick(partial(open_digit, library), [made["tiles"], model, own], opened, **EVERY)
    model.change(partial(reopen_digit, library), [opened, model, own], opened, **LIVE)
    why.ask(partial(explain_digit, library, Neighbours(library)), [opened, model, own], why, **SLOW)
    return GalleryTab(model, notice, opened)


def _digit_choice(name: str) -> gr.Dropdown:
    choices = [(say("any_digit"), ANY), *((str(digit), digit) for digit in range(10))]
    return gr.Dropdown(choices, label=say(name), min_width=90, elem_id=f"gallery-{name}")


def _mixed_up() -> dict[str, Any]:
    fold = gr.Accordion(say("mixed_up"), open=False, elem_id="mixed-up")
    with fold, gr.Row(elem_classes="columns"):
        with gr.Column(scale=3, min_width=280):
            matrix = confusion_matrix(elem_id="gallery-confusion")
        with gr.Column(scale=2, min_width=240):
            gr.Markdown(say("mixed_up_help"), elem_classes="quiet")
            label, prediction = _digit_choice("label"), _digit_choice("prediction")
            shown = gr.Dropdown(
                [(say(f"shown_{value}"), value) for value in SHOWN],
                label=say("shown"),
                elem_id="gallery-shown",
            )
    return {"confusion": matrix, "label": label, "prediction": prediction, "shown": shown}


def _two_models(library: Library) -> dict[str, Any]:
    with gr.Accordion(say("two_models"), open=False, elem_id="two-models") as fold:
        other = gr.Dropdown(
            library.names({}), value=None, label=say("other"), elem_id="gallery-other"
        )
        compared = agreement()
    return {"two_models": fold, "other": other, "agreement": compared}
