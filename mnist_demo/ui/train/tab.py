"""The Train tab: choose a recipe, watch it train, use the model."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from mnist_demo.ui.components.notice import notice
from mnist_demo.ui.compute.model_store import KEPT, ModelStore
from mnist_demo.ui.i18n.translate import Translations, translate, translate_for_visitor
from mnist_demo.ui.train.address import write_address
from mnist_demo.ui.train.buttons import Buttons, build_buttons
from mnist_demo.ui.train.charts import charts
from mnist_demo.ui.train.controller import TrainingController
from mnist_demo.ui.train.finishing import finish
from mnist_demo.ui.train.handlers import act_on_table, change_learning_rate, toggle_live_view
from mnist_demo.ui.train.lesson import choose_set_up, lesson_card, update_lesson
from mnist_demo.ui.train.links import read_link
from mnist_demo.ui.train.live_view import live_view_panel
from mnist_demo.ui.train.progress import progress
from mnist_demo.ui.train.recipe_form import RecipeForm, recipe_choice, recipe_form
from mnist_demo.ui.train.report import report_panel, update_report
from mnist_demo.ui.train.runs_table import runs_table
from mnist_demo.ui.train.share_link import link_button
from mnist_demo.ui.wiring import AT_ONCE, EVERY, LIVE, QUIET, UNLIMITED, by_name

Parts = dict[str, Any]  # components, by the names that the handlers know them by


@dataclass(frozen=True)
class TrainTab:
    """After each event of `changed` the visitor's models may be others; `newest` holds the name of
    the one to choose, or None. `opened`: what `open_address` fills in, beside the tabs. `form`: the
    arguments of `read_recipe`."""

    changed: list[gr.events.Dependency]
    newest: gr.State
    opened: Parts
    form: Parts
    dataset_notice: gr.HTML
    add_user_digits: gr.Checkbox


def build_train_tab(
    store: ModelStore,
    controller: TrainingController,
    limits: Translations | None,
    user_models: gr.State,
    user_digits: gr.State,
    pad: gr.HTML,
) -> TrainTab:
    """limits: what a training may take, which a visitor reads before it starts."""
    session, runs = (gr.State(empty, time_to_live=KEPT) for empty in (None, ()))
    parts: Parts = {"session": session, "runs": runs, "newest": gr.State(None)}
    parts |= {"user_models": user_models, "user_digits": user_digits, "drawing": pad}
    with gr.Row(elem_classes="columns"):
        with gr.Column(scale=2, min_width=320):
            dataset_notice = notice(classes="notice")
            buttons, form = _build_settings(store, parts, limits)
        with gr.Column(scale=3, min_width=320):
            parts["status"] = progress(translate("train_ready"))
            charts()
    with gr.Column(elem_classes="panels"):
        parts |= {"table": runs_table(), "live_view": live_view_panel()}
        report = report_panel()
    act = by_name(
        partial(act_on_table, store),
        _pick(parts, "table", "runs", "user_models"),
        _pick(parts, "runs", "user_models", "newest", "table"),
    )
    changed = _wire_training(store, controller, parts, buttons, form)
    changed.append(parts["table"].act(**act, **EVERY))
    looked_at = [parts[name] for name in ("table", "runs", "user_models")]
    report.ask(partial(update_report, store), looked_at, report, **LIVE)
    parts["link"] = _wire_lesson(store, changed, parts, form, buttons["train"])
    opened = _pick(parts, "link", "lesson") | {"train": buttons["train"]} | form.outputs()
    return TrainTab(
        changed,
        parts["newest"],
        opened,
        form.inputs(),
        dataset_notice,
        parts["add_user_digits"],
    )


def _build_settings(
    store: ModelStore, parts: Parts, limits: Translations | None
) -> tuple[Buttons, RecipeForm]:
    """What is chosen before a training, and what begins it."""
    parts["lesson"] = lesson_card()
    choice, facts = recipe_choice()
    parts["add_user_digits"] = gr.Checkbox(
        label=translate_for_visitor("add_user_digits", count=0),
        visible=False,
        container=False,
        elem_id="add-own",
    )
    buttons = build_buttons()
    notice(limits, elem_id="budget")
    form = recipe_form(store, choice, facts)
    parts["address"] = link_button()
    return buttons, form


def _pick(parts: Parts, *names: str) -> Parts:
    return {name: parts[name] for name in names}


def _wire_training(
    store: ModelStore,
    controller: TrainingController,
    parts: Parts,
    buttons: Buttons,
    form: RecipeForm,
) -> list[gr.events.Dependency]:
    """The events after which a training has ended."""
    settings = ("user_models", "runs", "user_digits", "add_user_digits", "live_view", "drawing")
    shown = _pick(parts, "session", "status", "live_view") | buttons
    # Whoever has to wait stands in a queue of our own.
    once = {**UNLIMITED, "concurrency_id": "train"}
    start = by_name(controller.start, _pick(parts, *settings) | form.inputs(), shown)
    resume = by_name(controller.resume, _pick(parts, "session", "runs"), shown)
    begun = [buttons["train"].click(**start, **once), buttons["resume"].click(**resume, **once)]
    for name in ("pause", "leave_queue"):
        buttons[name].click(None, None, None, cancels=begun, queue=False)
    rate = buttons["learning_rate_now"]
    # In the queue, since only what is there can tell of an error.
    rate.submit(change_learning_rate, [parts["session"], rate], None, **UNLIMITED)
    toggled = _pick(parts, "session", "live_view", "drawing")
    toggle = by_name(partial(toggle_live_view, store), toggled, _pick(parts, "live_view"))
    parts["live_view"].toggle(**toggle, **EVERY)
    kept = _pick(parts, "runs", "user_models", "newest", "table", "status", "live_view")
    ended = by_name(
        partial(finish, store), _pick(parts, "session", "runs", "user_models"), kept | buttons
    )
    return [event.then(**ended, **QUIET) for event in begun]


def _wire_lesson(
    store: ModelStore,
    changed: list[gr.events.Dependency],
    parts: Parts,
    form: RecipeForm,
    train: gr.Button,
) -> gr.State:
    """The form goes into the address, and a lesson's set-ups into the form; what the link holds."""
    link, lesson = gr.State(read_link({})), parts["lesson"]
    asked = {"link": link} | _pick(parts, "lesson", "runs")
    for event in changed:
        event.then(**by_name(update_lesson, asked, {"lesson": lesson}), **AT_ONCE)
    filled = {"lesson": lesson, "train": train} | form.outputs()
    lesson.choose(**by_name(choose_set_up, asked, filled), **EVERY)
    edits = [component.change for component in form.inputs().values()]
    inputs = {"link": link} | form.inputs()
    written = by_name(partial(write_address, store), inputs, _pick(parts, "address"))
    gr.on(edits, **written, **LIVE)  # a recipe fills in many fields at once
    return link
