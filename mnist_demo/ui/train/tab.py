"""The Train tab: choose a recipe, live_view it train, use the model."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from mnist_demo.ui.components.notice import notice
from mnist_demo.ui.compute.model_store import KEPT, ModelStore, UserDigits
from mnist_demo.ui.i18n.labels import labelled
from mnist_demo.ui.i18n.translate import Translations, translate, translate_for_visitor
from mnist_demo.ui.train.address import write_address
from mnist_demo.ui.train.charts import charts
from mnist_demo.ui.train.controller import TrainingController, act, change_rate, toggle_live_view
from mnist_demo.ui.train.finishing import finish
from mnist_demo.ui.train.lesson import choose, lesson_card, update_lesson
from mnist_demo.ui.train.links import read_link
from mnist_demo.ui.train.live_view import live_view_panel
from mnist_demo.ui.train.progress import progress
from mnist_demo.ui.train.recipe_form import RecipeForm, recipe_choice, recipe_form
from mnist_demo.ui.train.report import report_panel, update_report
from mnist_demo.ui.train.runs_table import runs_table
from mnist_demo.ui.train.share_link import link_button

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
AT_ONCE: dict[str, Any] = QUIET | {"queue": False}
# For what asks again when something has changed: the last question is not lost.
LAST: dict[str, Any] = AT_ONCE | {"trigger_mode": "always_last"}
# For what is question and answer in one: each is sent, and none with the answer to another.
EACH: dict[str, Any] = AT_ONCE | {"trigger_mode": "multiple"}


@dataclass(frozen=True)
class TrainTab:
    """After each event of `changed` the visitor's models may be others; `newest` holds the name of
    the one to choose, or None. `opened`: what `open_address` fills in, after the tabs."""

    changed: list[gr.events.Dependency]
    newest: gr.State
    opened: list[Any]
    dataset_notice: gr.HTML
    add_user_digits: gr.Checkbox


@dataclass(frozen=True)
class _Buttons:
    train: gr.Button
    pause: gr.Button
    resume: gr.Button
    rate: gr.Number
    leave: gr.Button

    def all(self) -> list[Any]:
        return [self.train, self.pause, self.resume, self.rate, self.leave]


def build_train_tab(
    store: ModelStore,
    controller: TrainingController,
    told: Translations | None,
    user_models: gr.State,
    user_digits: gr.State,
    pad: gr.HTML,
) -> TrainTab:
    """told: what a visitor is told of what a training may take, before it starts."""
    run, runs = (gr.State(empty, time_to_live=KEPT) for empty in (None, ()))
    newest = gr.State(None)
    with gr.Row(elem_classes="columns"):
        with gr.Column(scale=2, min_width=320):
            dataset_notice = notice(classes="notice")
            lesson = lesson_card()
            choice, facts = recipe_choice()
            add_user_digits = gr.Checkbox(
                label=translate_for_visitor("add_user_digits", count=0),
                visible=False,
                container=False,
                elem_id="add-own",
            )
            buttons = _make_buttons()
            notice(told, elem_id="budget")
            form = recipe_form(store, choice, facts)
            address = link_button()
        with gr.Column(scale=3, min_width=320):
            status = progress(translate("train_ready"))
            charts()
    with gr.Column(elem_classes="panels"):
        table = runs_table()
        live_view = live_view_panel()
        report = report_panel()

    live = QUIET | {
        "outputs": [run, status, live_view, *buttons.all()],
        "concurrency_id": "train",
        "concurrency_limit": None,  # who has to wait stands in a line of our own
    }
    settings = [user_models, runs, user_digits, add_user_digits, live_view, pad, *form.inputs()]
    first = buttons.train.click(controller.start, settings, **live)
    again = buttons.resume.click(controller.resume, [run, runs], **live)
    for button in (buttons.pause, buttons.leave):
        button.click(None, None, None, cancels=[first, again], queue=False)
    # In the queue, since only what is there can tell of an error.
    buttons.rate.submit(change_rate, [run, buttons.rate], None, concurrency_limit=None, **QUIET)
    live_view.toggle(partial(toggle_live_view, store), [run, live_view, pad], live_view, **EACH)

    kept = [runs, user_models, newest, table]
    ended = [*kept, status, live_view, *buttons.all()]
    changed = [
        event.then(finish, [run, runs, user_models], ended, **QUIET) for event in (first, again)
    ]
    changed.append(table.act(act, [table, runs, user_models], kept, **EACH))
    report.ask(partial(update_report, store), [table, runs, user_models], report, **LAST)
    link = _wire_lesson(store, changed, runs, lesson, form, address, buttons.train)
    opened = [link, lesson, buttons.train, choice, *form.filled()]
    return TrainTab(changed, newest, opened, dataset_notice, add_user_digits)


def _make_buttons() -> _Buttons:
    with gr.Row(elem_classes="buttons"):
        start = _button("train_button", variant="primary", elem_id="train")
        pause = _button("pause_button", variant="stop", visible=False, elem_id="pause")
        resume = _button("resume_button", visible=False, elem_id="resume")
        leave = _button("queue_leave", visible=False, elem_id="leave")
    says = {"label": "rate_now", "info": "rate_now_info"}
    rate = labelled(gr.Number, says, visible=False, elem_id="rate-now")
    return _Buttons(start, pause, resume, rate, leave)


def _button(key: str, **settings: Any) -> gr.Button:
    return labelled(gr.Button, {"value": key}, **settings)


def _wire_lesson(
    store: ModelStore,
    changed: list[gr.events.Dependency],
    runs: gr.State,
    lesson: gr.HTML,
    form: RecipeForm,
    address: gr.HTML,
    train_button: gr.Button,
) -> gr.State:
    """The form goes into the address, and a lesson's set-ups into the form; what the link holds."""
    link = gr.State(read_link({}))
    for event in changed:
        event.then(update_lesson, [link, lesson, runs], lesson, **AT_ONCE)
    filled = [lesson, train_button, form.recipe, *form.filled()]
    lesson.choose(choose, [link, lesson, runs], filled, **EACH)
    edits = [component.change for component in form.inputs()]  # type: ignore[attr-defined]
    # A recipe fills in many fields at once.
    gr.on(edits, partial(write_address, store), [link, *form.inputs()], address, **LAST)
    return link


def offer_user_digits(user_digits: UserDigits) -> Any:
    """Where the visitor has collected digits, they can be trained on."""
    label = translate_for_visitor("add_user_digits", count=len(user_digits))
    return gr.update(visible=bool(user_digits), label=label, value=bool(user_digits))
