"""The buttons of a training, and the learning rate of the one that they act on."""

from typing import Any

import gradio as gr

from mnist_demo.ui.components.heading import read_language
from mnist_demo.ui.i18n.labels import button, labelled
from mnist_demo.ui.i18n.translate import Translations, pick_language, translate
from mnist_demo.ui.train.session import TrainingSession
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
    return buttons


def learning_rate_field() -> gr.Number:
    """It is seen while there is a run whose learning rate can be changed: so nothing stands below
    it that would jump."""
    keys = {"label": "rate_now", "info": "rate_now_info"}
    return labelled(gr.Number, keys, visible=False, elem_id="rate-now")


def _button(key: str, **settings: Any) -> gr.Button:
    return button(key, min_width=120, **settings)


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


def show_end_buttons(session: TrainingSession | None) -> Outputs:
    """Where nothing trains: what may be done next, with the visitor's last run, if there is one."""
    if session is None or not session.resumable:
        shown = show_buttons("train")
    else:
        shown = show_buttons("train", "resume", learning_rate=session.trainer.learning_rate)
    for name, words in _describe_next(session).items():
        shown[name]["value"] = pick_language(words)
    return shown


def relabel_buttons(language: Any, session: TrainingSession | None) -> Outputs:
    """Train and Go on in the language of the page, which the heading holds."""
    words = _describe_next(session)
    return {name: gr.update(value=text[read_language(language)]) for name, text in words.items()}


def _describe_next(session: TrainingSession | None) -> dict[str, Translations]:
    """What Train and Go on would do now."""
    if session is None or not session.resumable:
        return {"train": translate("train_button"), "resume": translate("resume_button")}
    words = {"train": translate("train_new_button"), "resume": translate("resume_button")}
    if session.reached:
        epochs = session.trainer.recipe.epochs
        key = "resume_one_epoch" if epochs == 1 else "resume_epochs"
        words["resume"] = translate(key, epochs=epochs)
    return words
