"""The Draw tab: a pad, a network's answer while the pen moves, and the questions that follow."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from mnist_demo.ui.components.custom_html import read_text
from mnist_demo.ui.components.notice import notice
from mnist_demo.ui.components.sketchpad import sketchpad
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.draw.examples import EXAMPLES, put_example
from mnist_demo.ui.draw.explanation import explanation_panel
from mnist_demo.ui.draw.handlers import (
    PANELS,
    act_on_user_digits,
    predict_by_user_model,
    take_test_digit,
    update_panel,
    update_robustness,
)
from mnist_demo.ui.draw.model_comparison import model_comparison_panel
from mnist_demo.ui.draw.my_handwriting import my_handwriting_panel
from mnist_demo.ui.draw.prediction_card import prediction_card
from mnist_demo.ui.draw.preprocessing import preprocessing_panel
from mnist_demo.ui.draw.replay import replay_panel
from mnist_demo.ui.draw.robustness import robustness_panel
from mnist_demo.ui.i18n.labels import labelled
from mnist_demo.ui.i18n.translate import translate
from mnist_demo.ui.wiring import LIVE, QUIET, RAW, UNCHECKED, by_name


@dataclass(frozen=True)
class DrawTab:
    """What other parts of the page update; after each event of `collected` the visitor's digits are
    others."""

    model: gr.Dropdown
    pad: gr.HTML
    collected: list[gr.events.Dependency]


def build_draw_tab(store: ModelStore, user_models: gr.State, user_digits: gr.State) -> DrawTab:
    with gr.Row(elem_classes="columns"):
        with gr.Column(scale=1, min_width=320):
            pad = sketchpad()
            notice(translate("pad_help"), classes="quiet desktop")
        with gr.Column(scale=1, min_width=320):
            card = prediction_card(store.names({}), store.default_name)
            model = labelled(
                gr.Dropdown,
                {"label": "model", "info": "model_info"},
                choices=store.names({}),
                value=store.default_name,
                elem_id="draw-model",
            )
            _build_examples(store, pad)
    model.change(None, model, None, js=read_text("draw/selected_model.js"), **QUIET)
    asked = [pad, model, user_models]
    card.ask(partial(predict_by_user_model, store), asked, card, **LIVE, **RAW)
    with gr.Column(elem_classes="panels"):
        panels = {
            "preprocessing": preprocessing_panel(),
            "model_comparison": model_comparison_panel(),
            "explanation": explanation_panel(),
        }
        robustness = robustness_panel()
        panels["replay"] = replay_panel()
        handwriting = my_handwriting_panel()
    for name, panel in panels.items():
        update = partial(update_panel, store, PANELS[name])
        panel.ask(update, asked, panel, **LIVE, **UNCHECKED)
    change = partial(update_robustness, store)
    robustness.ask(change, [robustness, *asked], robustness, **LIVE, **UNCHECKED)
    of_set = {"my_handwriting": handwriting, "user_digits": user_digits}
    inputs = of_set | {"drawing": pad, "model_name": model, "user_models": user_models}
    act = by_name(partial(act_on_user_digits, store), inputs, of_set)
    events = (handwriting.ask, handwriting.act)
    return DrawTab(model, pad, [event(**act, **LIVE, **UNCHECKED) for event in events])


def _build_examples(store: ModelStore, pad: gr.HTML) -> None:
    fold: dict[str, Any] = {"open": False, "elem_id": "examples", "elem_classes": "fold"}
    with labelled(gr.Accordion, {"label": "examples"}, **fold):
        with gr.Row():
            for name in EXAMPLES:
                keys = {"value": f"example_{name}"}
                button = labelled(gr.Button, keys, size="sm", min_width=110)
                button.click(partial(put_example, name), None, pad, **LIVE, **UNCHECKED)
        with gr.Row(elem_classes="bottom"):
            keys = {"label": "example_number"}
            number = labelled(gr.Number, keys, value=0, precision=0, minimum=0)
            take = labelled(gr.Button, {"value": "example_take"}, size="sm")
        notice(translate("examples_help"), classes="quiet")
    events = [take.click, number.submit]
    gr.on(events, partial(take_test_digit, store), number, pad, **LIVE, **UNCHECKED)
