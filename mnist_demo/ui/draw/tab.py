"""The Draw tab: a pad, a network's answer while the pen moves, and the questions that follow."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from mnist_demo.models.checkpoints import Checkpoint
from mnist_demo.ui.components.custom_html import read_text
from mnist_demo.ui.components.notice import notice
from mnist_demo.ui.components.sketchpad import Sketch, read_sketch, sketchpad
from mnist_demo.ui.compute.model_store import ModelStore, UserDigits, UserModels
from mnist_demo.ui.draw.examples import EXAMPLES, put_example, put_test_digit
from mnist_demo.ui.draw.explanation import describe_explanation, explanation_panel
from mnist_demo.ui.draw.model_comparison import describe_model_comparison, model_comparison_panel
from mnist_demo.ui.draw.my_handwriting import (
    act_on_set,
    describe_my_handwriting,
    my_handwriting_panel,
)
from mnist_demo.ui.draw.predict import predict_drawing
from mnist_demo.ui.draw.prediction_card import answer
from mnist_demo.ui.draw.preprocessing import describe_preprocessing, preprocessing_panel
from mnist_demo.ui.draw.replay import describe_replay, replay_panel
from mnist_demo.ui.draw.robustness import describe_robustness, read_change, robustness_panel
from mnist_demo.ui.errors import user_error
from mnist_demo.ui.i18n.labels import labelled
from mnist_demo.ui.i18n.translate import translate

LIVE: dict[str, Any] = {
    "queue": False,
    "show_progress": "hidden",
    "trigger_mode": "always_last",
    "api_visibility": "private",
    # The handlers say in our words that a model is gone; Gradio would refuse its name in its own.
    "preprocess": False,
}
# Gradio's own pre- and postprocessing does nothing for our values, which are validated here, and
# takes a third of the time of an answer, for a thread each.
RAW = {"postprocess": False}
# What a panel shows of a drawing: the sketch, the chosen model, and all models there are.
Describe = Callable[[Sketch, Checkpoint, list[Checkpoint]], Any]

PANELS: dict[str, Describe] = {
    "stages": lambda sketch, chosen, _: describe_preprocessing(sketch, chosen.model),
    "comparison": lambda sketch, chosen, models: describe_model_comparison(
        sketch.digit, models, chosen
    ),
    "inside": lambda sketch, chosen, _: describe_explanation(sketch.digit, chosen.model),
    "replay": lambda sketch, chosen, _: describe_replay(sketch, chosen.model),
}


@dataclass(frozen=True)
class DrawTab:
    """What other parts of the page update; after each event of `collected` the own set is new."""

    model: gr.Dropdown
    pad: gr.HTML
    collected: list[gr.events.Dependency]


def build_draw_tab(store: ModelStore, user_models: gr.State, user_digits: gr.State) -> DrawTab:
    with gr.Row(elem_classes="columns"):
        with gr.Column(scale=1, min_width=320):
            pad = sketchpad()
            notice(translate("pad_help"), classes="quiet desktop")
        with gr.Column(scale=1, min_width=320):
            shown = answer(store.names({}), store.default_name)
            model = labelled(
                gr.Dropdown,
                {"label": "model", "info": "model_info"},
                choices=store.names({}),
                value=store.default_name,
                elem_id="draw-model",
            )
            _examples(store, pad)
    model.change(
        None, model, None, js=read_text("draw/selected_model.js"), api_visibility="private"
    )
    shown.ask(
        partial(predict_by_user_model, store), [pad, model, user_models], shown, **LIVE, **RAW
    )
    with gr.Column(elem_classes="panels"):
        panels = {
            "stages": preprocessing_panel(),
            "comparison": model_comparison_panel(),
            "inside": explanation_panel(),
        }
        breaking = robustness_panel()
        panels["replay"] = replay_panel()
        hand = my_handwriting_panel()
    for name, panel in panels.items():
        panel.ask(partial(follow, store, PANELS[name]), [pad, model, user_models], panel, **LIVE)
    breaking.ask(
        partial(update_robustness, store), [breaking, pad, model, user_models], breaking, **LIVE
    )
    act = partial(collect, store)
    collected = [
        event(act, [hand, user_digits, pad, model, user_models], [hand, user_digits], **LIVE)
        for event in (hand.ask, hand.act)
    ]
    return DrawTab(model, pad, collected)


def _examples(store: ModelStore, pad: gr.HTML) -> None:
    fold: dict[str, Any] = {"open": False, "elem_id": "examples", "elem_classes": "fold"}
    with labelled(gr.Accordion, {"label": "examples"}, **fold):
        with gr.Row():
            for name in EXAMPLES:
                says = {"value": f"example_{name}"}
                button = labelled(gr.Button, says, size="sm", min_width=110)
                button.click(partial(put_example, name), None, pad, **LIVE)
        with gr.Row(elem_classes="bottom"):
            says = {"label": "example_number"}
            number = labelled(gr.Number, says, value=0, precision=0, minimum=0)
            take = labelled(gr.Button, {"value": "example_take"}, size="sm")
        notice(translate("examples_help"), classes="quiet")
    gr.on([take.click, number.submit], partial(take_test_digit, store), number, pad, **LIVE)


def take_test_digit(store: ModelStore, number: Any) -> dict[str, Any]:
    """The pad's new value."""
    try:
        return put_test_digit(store, number)
    except ValueError as error:
        raise user_error(error) from None


async def predict_by_user_model(
    store: ModelStore, drawing: Any, model_name: Any, user_models: UserModels
) -> dict[str, Any]:
    """The answer of a visitor's own model, with its name: by the time another one may be chosen."""
    answer = await predict_drawing(store, drawing, model_name, user_models)
    return {"model": model_name if isinstance(model_name, str) else None, "answer": answer}


def follow(
    store: ModelStore, describe: Describe, drawing: Any, model_name: Any, user_models: UserModels
) -> Any:
    """What a panel shows; None where there is nothing on the pad, or nothing that can be read."""
    try:
        sketch = read_sketch(drawing)
        if sketch is None:
            return None
        return describe(
            sketch, store.model(model_name, user_models), _all_models(store, user_models)
        )
    except ValueError:
        return None  # the answer above says why


def update_robustness(
    store: ModelStore, value: Any, drawing: Any, model_name: Any, user_models: UserModels
) -> dict[str, Any]:
    """What the panel shows: the change that was asked for, and what comes of it."""
    try:
        change, name = read_change(value)
    except ValueError as error:
        raise user_error(error) from None
    try:
        sketch = read_sketch(drawing)
        if sketch is None:
            return {}
        chosen, models = store.model(model_name, user_models), _all_models(store, user_models)
    except ValueError:
        return {}  # the answer above says why
    return describe_robustness(sketch.digit, change, name, models, chosen)


def collect(
    store: ModelStore,
    value: Any,
    user_digits: UserDigits,
    drawing: Any,
    model_name: Any,
    user_models: UserModels,
) -> list[Any]:
    """Do what the visitor asked of their own set; what its panel shows, and the set."""
    try:
        sketch = read_sketch(drawing)
    except ValueError:
        sketch = None
    user_digits, more = act_on_set(user_digits, value, sketch)
    name = model_name if model_name in store.names(user_models) else store.default_name
    chosen = None if name is None else store.model(name, user_models)
    return [
        describe_my_handwriting(user_digits, _all_models(store, user_models), chosen) | more,
        user_digits,
    ]


def _all_models(store: ModelStore, user_models: UserModels) -> list[Checkpoint]:
    return [store.model(name, user_models) for name in store.names(user_models)]
