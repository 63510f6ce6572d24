"""The buttons of a training, and the learning rate of the one under way."""

from typing import Any

import gradio as gr

from mnist_demo.ui.i18n.labels import labelled
from mnist_demo.ui.wiring import Outputs

Buttons = dict[str, Any]  # components, by the names that the handlers know them by


def build_buttons() -> Buttons:
    """Train alone is seen at first."""
    with gr.Row(elem_classes="buttons"):
        buttons: Buttons = {
            "train": _button("train_button", variant="primary", elem_id="train"),
            "pause": _button("pause_button", variant="stop", visible=False, elem_id="pause"),
            "resume": _button("resume_button", visible=False, elem_id="resume"),
            "leave_queue": _button("queue_leave", visible=False, elem_id="leave"),
        }
    keys = {"label": "rate_now", "info": "rate_now_info"}
    rate = labelled(gr.Number, keys, visible=False, elem_id="rate-now")
    return buttons | {"learning_rate_now": rate}


def _button(key: str, **settings: Any) -> gr.Button:
    return labelled(gr.Button, {"value": key}, **settings)


def show_buttons(*names: str, learning_rate: float | None = None) -> Outputs:
    """The buttons of those names are seen, and no others; so is the learning rate where there is
    one."""
    shown = {
        name: gr.update(visible=name in names)
        for name in ("train", "pause", "resume", "leave_queue")
    }
    if learning_rate is None:
        return shown | {"learning_rate_now": gr.update(visible=False)}
    return shown | {"learning_rate_now": gr.update(visible=True, value=learning_rate)}
