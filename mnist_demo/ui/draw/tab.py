"""The Draw tab: a pad, a network's answer while the pen moves, and the questions that follow."""

from dataclasses import dataclass
from functools import partial

import gradio as gr

from mnist_demo.ui.components.custom_html import read_text
from mnist_demo.ui.components.notice import notice
from mnist_demo.ui.components.sketchpad import sketchpad
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.draw.drawing_link import drawing_link
from mnist_demo.ui.draw.examples import EXAMPLES, put_example
from mnist_demo.ui.draw.explanation import explanation_panel
from mnist_demo.ui.draw.fool_it import fool_it_panel
from mnist_demo.ui.draw.handlers import (
    EXPERIMENTS,
    PANELS,
    act_on_user_digits,
    predict_by_user_model,
    show_user_digits,
    take_test_digit,
    update_experiment,
    update_panel,
)
from mnist_demo.ui.draw.label_bar import label_bar
from mnist_demo.ui.draw.model_comparison import model_comparison_panel
from mnist_demo.ui.draw.my_handwriting import my_handwriting_panel
from mnist_demo.ui.draw.prediction_card import prediction_card
from mnist_demo.ui.draw.preprocessing import preprocessing_panel
from mnist_demo.ui.draw.replay import replay_panel
from mnist_demo.ui.draw.robustness import robustness_panel
from mnist_demo.ui.i18n.labels import button, fold, labelled
from mnist_demo.ui.i18n.translate import translate
from mnist_demo.ui.wiring import LIVE, QUIET, RAW, UNCHECKED, by_name


@dataclass(frozen=True)
class DrawTab:
    """What other parts of the page update; after the event `collected` the visitor's digits may be
    others."""

    model: gr.Dropdown
    pad: gr.HTML
    collected: gr.events.Dependency


def build_draw_tab(store: ModelStore, user_models: gr.State, user_digits: gr.State) -> DrawTab:
    with gr.Row(elem_classes="columns"):
        with gr.Column(scale=1, min_width=320, elem_classes="drawing"):
            pad = sketchpad()
            label_bar()
            drawing_link(store)
            notice(translate("pad_help"), classes="quiet desktop")
        with gr.Column(scale=1, min_width=320):
            card = prediction_card(store.names({}), store.default_name)
            model = labelled(
                gr.Dropdown,
                {"label": "model", "info": "model_info"},
                choices=store.names({}),
                value=store.default_name,
                filterable=False,  # so it cannot be emptied, and a phone shows no keyboard
                elem_id="draw-model",
            )
            _build_examples(store, pad)
            notice(translate("about_mnist"), classes="quiet phone")
    model.change(None, model, None, js=read_text("draw/selected_model.js"), **QUIET)
    asked = [pad, model, user_models]
    card.ask(partial(predict_by_user_model, store), asked, card, **LIVE, **RAW)
    with gr.Column(elem_classes="panels"):
        panels = {
            "preprocessing": preprocessing_panel(),
            "model_comparison": model_comparison_panel(),
        }
        experiments = {
            "explanation": explanation_panel(),
            "robustness": robustness_panel(),
            "fool_it": fool_it_panel(),
        }
        panels["replay"] = replay_panel()
        handwriting = my_handwriting_panel()
    for name, panel in panels.items():
        update = partial(update_panel, store, PANELS[name])
        panel.ask(update, asked, panel, **LIVE, **UNCHECKED)
    for name, panel in experiments.items():
        update = partial(update_experiment, store, EXPERIMENTS[name])
        panel.ask(update, [panel, *asked], panel, **LIVE, **UNCHECKED)
    of_set = {"my_handwriting": handwriting, "user_digits": user_digits}
    inputs = of_set | {"model_name": model, "user_models": user_models}
    show = by_name(partial(show_user_digits, store), inputs, {"my_handwriting": handwriting})
    handwriting.ask(**show, **LIVE, **UNCHECKED)
    act = by_name(partial(act_on_user_digits, store), inputs | {"drawing": pad}, of_set)
    return DrawTab(model, pad, handwriting.act(**act, **LIVE, **UNCHECKED))


def _build_examples(store: ModelStore, pad: gr.HTML) -> None:
    with fold("examples", "examples"):
        for pair in (EXAMPLES[:2], EXAMPLES[2:]):
            with gr.Row():
                for name in pair:
                    example = button(f"example_{name}", min_width=110)
                    example.click(partial(put_example, name), None, pad, **LIVE, **UNCHECKED)
        with gr.Row(elem_classes="bottom"):
            keys = {"label": "example_number"}
            number = labelled(gr.Number, keys, value=0, precision=0, minimum=0)
            take = button("example_take")
        refused = notice(classes="notice", elem_id="example-refused")
        notice(translate("examples_help"), classes="quiet")
    outputs = {"pad": pad, "refused": refused}
    taken = by_name(partial(take_test_digit, store), {"number": number}, outputs)
    for event in (take.click, number.submit):
        event(**taken, **LIVE, **UNCHECKED)
