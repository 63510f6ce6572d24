"""The Draw tab: a pad, a network's answer while the pen moves, and the questions that follow."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from mnist_demo.checkpoints import Checkpoint
from mnist_demo.ui.answer import answer
from mnist_demo.ui.custom_html import read_asset
from mnist_demo.ui.examples import EXAMPLES, put_example, put_test_digit
from mnist_demo.ui.labels import labelled
from mnist_demo.ui.library import Library, Own, OwnSet
from mnist_demo.ui.note import note
from mnist_demo.ui.panels.breaking import breaking_panel, describe_breaking, read_change
from mnist_demo.ui.panels.comparison import comparison_panel, describe_comparison
from mnist_demo.ui.panels.hand import act_on_set, describe_set, hand_panel
from mnist_demo.ui.panels.inside import describe_inside, inside_panel
from mnist_demo.ui.panels.replay import describe_replay, replay_panel
from mnist_demo.ui.panels.stages import describe_stages, stages_panel
from mnist_demo.ui.reading import read_drawing
from mnist_demo.ui.refuse import refuse
from mnist_demo.ui.sketchpad import Sketch, read_sketch, sketchpad
from mnist_demo.ui.words import tell

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

FOLLOWERS: dict[str, Describe] = {
    "stages": lambda sketch, chosen, _: describe_stages(sketch, chosen.model),
    "comparison": lambda sketch, chosen, models: describe_comparison(sketch.digit, models, chosen),
    "inside": lambda sketch, chosen, _: describe_inside(sketch.digit, chosen.model),
    "replay": lambda sketch, chosen, _: describe_replay(sketch, chosen.model),
}


@dataclass(frozen=True)
class DrawTab:
    """What other parts of the page update; after each event of `collected` the own set is new."""

    model: gr.Dropdown
    pad: gr.HTML
    collected: list[gr.events.Dependency]


def build_draw_tab(library: Library, own: gr.State, own_set: gr.State) -> DrawTab:
    with gr.Row(elem_classes="columns"):
        with gr.Column(scale=1, min_width=320):
            pad = sketchpad()
            note(tell("pad_help"), classes="quiet desktop")
        with gr.Column(scale=1, min_width=320):
            shown = answer(library.names({}), library.default_name)
            model = labelled(
                gr.Dropdown,
                {"label": "model", "info": "model_info"},
                choices=library.names({}),
                value=library.default_name,
                elem_id="draw-model",
            )
            _examples(library, pad)
    model.change(None, model, None, js=read_asset("model.js"), api_visibility="private")
    shown.ask(partial(read_by_own, library), [pad, model, own], shown, **LIVE, **RAW)
    with gr.Column(elem_classes="panels"):
        panels = {
            "stages": stages_panel(),
            "comparison": comparison_panel(),
            "inside": inside_panel(),
        }
        breaking = breaking_panel()
        panels["replay"] = replay_panel()
        hand = hand_panel()
    for name, panel in panels.items():
        panel.ask(partial(follow, library, FOLLOWERS[name]), [pad, model, own], panel, **LIVE)
    breaking.ask(partial(break_drawing, library), [breaking, pad, model, own], breaking, **LIVE)
    act = partial(collect, library)
    collected = [
        event(act, [hand, own_set, pad, model, own], [hand, own_set], **LIVE)
        for event in (hand.ask, hand.act)
    ]
    return DrawTab(model, pad, collected)


def _examples(library: Library, pad: gr.HTML) -> None:
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
        note(tell("examples_help"), classes="quiet")
    gr.on([take.click, number.submit], partial(take_test_digit, library), number, pad, **LIVE)


def take_test_digit(library: Library, number: Any) -> dict[str, Any]:
    """The pad's new value."""
    try:
        return put_test_digit(library, number)
    except ValueError as error:
        raise refuse(error) from None


async def read_by_own(library: Library, drawing: Any, model_name: Any, own: Own) -> dict[str, Any]:
    """The answer of a visitor's own model, with its name: by the time another one may be chosen."""
    answer = await read_drawing(library, drawing, model_name, own)
    return {"model": model_name if isinstance(model_name, str) else None, "answer": answer}


def follow(library: Library, describe: Describe, drawing: Any, model_name: Any, own: Own) -> Any:
    """What a panel shows; None where there is nothing on the pad, or nothing that can be read."""
    try:
        sketch = read_sketch(drawing)
        if sketch is None:
            return None
        return describe(sketch, library.model(model_name, own), _all_models(library, own))
    except ValueError:
        return None  # the answer above says why


def break_drawing(
    library: Library, value: Any, drawing: Any, model_name: Any, own: Own
) -> dict[str, Any]:
    """What the panel shows: the change that was asked for, and what comes of it."""
    try:
        change, name = read_change(value)
    except ValueError as error:
        raise refuse(error) from None
    try:
        sketch = read_sketch(drawing)
        if sketch is None:
            return {}
        chosen, models = library.model(model_name, own), _all_models(library, own)
    except ValueError:
        return {}  # the answer above says why
    return describe_breaking(sketch.digit, change, name, models, chosen)


def collect(
    library: Library, value: Any, own_set: OwnSet, drawing: Any, model_name: Any, own: Own
) -> list[Any]:
    """Do what the visitor asked of their own set; what its panel shows, and the set."""
    try:
        sketch = read_sketch(drawing)
    except ValueError:
        sketch = None
    own_set, more = act_on_set(own_set, value, sketch)
    name = model_name if model_name in library.names(own) else library.default_name
    chosen = None if name is None else library.model(name, own)
    return [describe_set(own_set, _all_models(library, own), chosen) | more, own_set]


def _all_models(library: Library, own: Own) -> list[Checkpoint]:
    return [library.model(name, own) for name in library.names(own)]
