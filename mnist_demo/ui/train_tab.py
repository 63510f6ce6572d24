"""The Train tab: choose a recipe, watch it train, use the model."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from mnist_demo.ui.lab.address import link_button, write_address
from mnist_demo.ui.lab.board import board, run_table
from mnist_demo.ui.lab.finishing import finish
from mnist_demo.ui.lab.lesson import choose, lesson_card, tell_lesson
from mnist_demo.ui.lab.links import read_link
from mnist_demo.ui.lab.progress import progress
from mnist_demo.ui.lab.recipe_form import RecipeForm, recipe_choice, recipe_form
from mnist_demo.ui.lab.report import report_panel, tell_report
from mnist_demo.ui.lab.running import Lab, act, change_rate, look
from mnist_demo.ui.lab.watch import watch_panel
from mnist_demo.ui.labels import labelled
from mnist_demo.ui.library import KEPT, Library, OwnSet
from mnist_demo.ui.note import note
from mnist_demo.ui.words import Words, say, tell

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
    notice: gr.HTML
    add_own: gr.Checkbox


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
    library: Library, lab: Lab, told: Words | None, own: gr.State, own_set: gr.State, pad: gr.HTML
) -> TrainTab:
    """told: what a visitor is told of what a training may take, before it starts."""
    run, runs = (gr.State(empty, time_to_live=KEPT) for empty in (None, ()))
    newest = gr.State(None)
    with gr.Row(elem_classes="columns"):
        with gr.Column(scale=2, min_width=320):
            notice = note(classes="notice")
            lesson = lesson_card()
            choice, facts = recipe_choice()
            add_own = gr.Checkbox(
                label=say("add_own", count=0), visible=False, container=False, elem_id="add-own"
            )
            buttons = _make_buttons()
            note(told, elem_id="budget")
            form = recipe_form(choice, facts)
            address = link_button()
        with gr.Column(scale=3, min_width=320):
            status = progress(tell("train_ready"))
            board()
    with gr.Column(elem_classes="panels"):
        table = run_table()
        watch = watch_panel()
        report = report_panel()

    live = QUIET | {
        "outputs": [run, status, watch, *buttons.all()],
        "concurrency_id": "train",
        "concurrency_limit": None,  # who has to wait stands in a line of our own
    }
    settings = [own, runs, own_set, add_own, watch, pad, *form.inputs()]
    first = buttons.train.click(lab.start, settings, **live)
    again = buttons.resume.click(lab.go_on, [run, runs], **live)
    for button in (buttons.pause, buttons.leave):
        button.click(None, None, None, cancels=[first, again], queue=False)
    # In the queue, since only what is there can tell of an error.
    buttons.rate.submit(change_rate, [run, buttons.rate], None, concurrency_limit=None, **QUIET)
    watch.look(partial(look, library), [run, watch, pad], watch, **EACH)

    kept = [runs, own, newest, table]
    ended = [*kept, status, watch, *buttons.all()]
    changed = [event.then(finish, [run, runs, own], ended, **QUIET) for event in (first, again)]
    changed.append(table.act(act, [table, runs, own], kept, **EACH))
    report.ask(partial(tell_report, library), [table, runs, own], report, **LAST)
    link = _wire_lesson(changed, runs, lesson, form, address, buttons.train)
    opened = [link, lesson, buttons.train, choice, *form.filled()]
    return TrainTab(changed, newest, opened, notice, add_own)


def _make_buttons() -> _Buttons:
    with gr.Row(elem_classes="buttons"):
        start = _button("train_button", variant="primary", elem_id="train")
        pause = _button("pause_button", variant="stop", visible=False, elem_id="pause")
        resume = _button("resume_button", visible=False, elem_id="resume")
        leave = _button("line_leave", visible=False, elem_id="leave")
    says = {"label": "rate_now", "info": "rate_now_info"}
    rate = labelled(gr.Number, says, visible=False, elem_id="rate-now")
    return _Buttons(start, pause, resume, rate, leave)


def _button(key: str, **settings: Any) -> gr.Button:
    return labelled(gr.Button, {"value": key}, **settings)


def _wire_lesson(
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
        event.then(tell_lesson, [link, lesson, runs], lesson, **AT_ONCE)
    filled = [lesson, train_button, form.recipe, *form.filled()]
    lesson.choose(choose, [link, lesson, runs], filled, **EACH)
    edits = [component.change for component in form.inputs()]  # type: ignore[attr-defined]
    # A recipe fills in many fields at once.
    gr.on(edits, write_address, [link, *form.inputs()], address, **LAST)
    return link


def offer_own_digits(own_set: OwnSet) -> Any:
    """Where the visitor has collected digits, they can be trained on."""
    label = say("add_own", count=len(own_set))
    return gr.update(visible=bool(own_set), label=label, value=bool(own_set))
