"""The buttons of a training, and the settings of the one that they act on."""

from collections.abc import Mapping
from typing import Any

import gradio as gr

from mnist_demo.training.setting_changes import SETTABLE
from mnist_demo.ui.components.heading import read_language
from mnist_demo.ui.components.notice import notice
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


def setting_fields() -> Buttons:
    """What can be changed during a run. Each is seen while there is a run that has it: so nothing
    stands below them that would jump."""
    with gr.Column(elem_id="settings-now"):
        fields: Buttons = {"settings_hint": notice(classes="quiet")}
        with gr.Row():
            for name in SETTABLE:
                keys = {"label": f"{name}_now"}
                fields[f"{name}_now"] = labelled(gr.Number, keys, visible=False, min_width=130)
    return fields


def _button(key: str, **settings: Any) -> gr.Button:
    return button(key, min_width=120, **settings)


def show_buttons(*names: str, settings: Mapping[str, Any] | None = None) -> Outputs:
    """The buttons of those names are seen, and no others; so are the settings of a run that has
    some, see `Training`."""
    shown: Outputs = {
        name: gr.update(visible=name in names)
        for name in ("train", "pause", "resume", "leave_queue")
    }
    shown["settings_hint"] = translate("settings_now_hint") if settings else None
    for name in SETTABLE:
        known = {"value": settings[name]} if settings and name in settings else {}
        shown[f"{name}_now"] = gr.update(visible=bool(known), **known)
    return shown


def show_end_buttons(session: TrainingSession | None) -> Outputs:
    """Where nothing trains: what may be done next, with the visitor's last run, if there is one."""
    if session is None or not session.resumable:
        shown = show_buttons("train")
    else:
        shown = show_buttons("train", "resume", settings=session.trainer.settings)
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
