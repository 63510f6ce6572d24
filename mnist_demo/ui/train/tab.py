"""The Train tab: choose a recipe, watch it train, use the model."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from mnist_demo.training.recipes import OLD_NAMES
from mnist_demo.training.setting_changes import SETTABLE
from mnist_demo.ui.components.notice import notice
from mnist_demo.ui.components.share_link import share_link
from mnist_demo.ui.compute.model_store import KEPT, ModelStore
from mnist_demo.ui.i18n.translate import Translations, translate, translate_for_visitor
from mnist_demo.ui.train.address import open_lesson, write_address
from mnist_demo.ui.train.buttons import Buttons, build_buttons, setting_fields
from mnist_demo.ui.train.charts import charts
from mnist_demo.ui.train.controller import TrainingController
from mnist_demo.ui.train.finishing import finish
from mnist_demo.ui.train.form_marks import NUMBER, form_marks, mark_form
from mnist_demo.ui.train.handlers import (
    act_on_table,
    change_setting,
    forget_queued,
    time_network,
    toggle_live_view,
)
from mnist_demo.ui.train.league import league_panel, update_league
from mnist_demo.ui.train.lesson import (
    choose_set_up,
    follow_training,
    lesson_card,
    take_guess,
    update_lesson,
)
from mnist_demo.ui.train.lesson_editor import edit_lesson, lesson_editor
from mnist_demo.ui.train.lessons import lessons_panel
from mnist_demo.ui.train.links import PARAMETERS, read_link
from mnist_demo.ui.train.live_view import live_view_panel
from mnist_demo.ui.train.playback import Playback, playback_panel
from mnist_demo.ui.train.progress import progress
from mnist_demo.ui.train.recipe_form import RecipeForm, recipe_choice, recipe_form
from mnist_demo.ui.train.report import report_panel, update_report
from mnist_demo.ui.train.runs_table import runs_table
from mnist_demo.ui.train.save_moment import save_moment
from mnist_demo.ui.train.set_up_trainer import make_set_up_trainer
from mnist_demo.ui.train.stand_again import make_stand_again
from mnist_demo.ui.wiring import AT_ONCE, EVERY, LIVE, QUIET, SLOW, UNLIMITED, by_name

Parts = dict[str, Any]  # components, by the names that the handlers know them by


@dataclass(frozen=True)
class TrainTab:
    """After each event of `changed` the visitor's models may be others; `newest` holds the name of
    the one to choose, or None. `opened`: what `open_address` fills in, beside the tabs. `form`: the
    arguments of `read_recipe`. `next_buttons`: see `relabel_buttons`. `states`: what is the
    visitor's; `taken_over`: what shows it, see `take_over`."""

    changed: list[gr.events.Dependency]
    newest: gr.State
    opened: Parts
    form: Parts
    dataset_notice: gr.HTML
    add_user_digits: gr.Checkbox
    session: gr.State
    next_buttons: Parts
    states: Parts
    taken_over: Parts


def build_train_tab(
    store: ModelStore,
    controller: TrainingController,
    limits: Translations | None,
    user_models: gr.State,
    user_digits: gr.State,
    pad: gr.HTML,
    contact: gr.HTML,
) -> TrainTab:
    """limits: what a training may take, which a visitor reads before it starts. contact: fires
    `resume` where a run is to go on that was under way when the page was loaded again, and `stand`
    where one had not begun."""
    kept = {"session": None, "queued": None, "runs": (), "removed": None}
    parts: Parts = {name: gr.State(empty, time_to_live=KEPT) for name, empty in kept.items()}
    parts["newest"] = gr.State(None)
    parts |= {"user_models": user_models, "user_digits": user_digits, "drawing": pad}
    parts["contact"] = contact
    parts["lessons"] = lessons_panel()
    with gr.Row(elem_classes="columns"):
        with gr.Column(scale=2, min_width=320):
            dataset_notice = notice(classes="notice")
            buttons, form = _build_settings(store, parts, limits)
        with gr.Column(scale=3, min_width=320):
            parts["status"] = progress(translate("train_ready"))
            charts()
            parts["playback"] = playback_panel()
    with gr.Column(elem_classes="panels"):
        parts |= {"table": runs_table(), "live_view": live_view_panel()}
        report, league = report_panel(), league_panel()
        parts["editor"] = lesson_editor()
    act = by_name(
        partial(act_on_table, store),
        _pick(parts, "table", "runs", "user_models", "session", "removed", "queued"),
        _pick(parts, "runs", "user_models", "newest", "table", "removed", "status"),
    )
    parts["link"] = gr.State(read_link({}))
    changed = _wire_training(store, controller, parts, buttons, form)
    _wire_lesson(store, changed, parts, form, buttons["train"])
    changed.append(parts["table"].act(**act, **EVERY))
    asked = _pick(parts, "link", "lesson", "runs")
    changed[-1].then(**by_name(update_lesson, asked, _pick(parts, "lesson")), **AT_ONCE)
    looked_at = [parts[name] for name in ("table", "runs", "user_models")]
    report.ask(partial(update_report, store), looked_at, report, **LIVE)
    league.ask(partial(update_league, store), parts["runs"], league, **LIVE)
    changed.append(_wire_playback(store, parts))
    _wire_form(store, parts, form)
    opened = _opened(parts, form, buttons["train"])
    return TrainTab(
        changed,
        parts["newest"],
        opened,
        form.inputs(),
        dataset_notice,
        parts["add_user_digits"],
        parts["session"],
        _pick(buttons, "train", "resume"),
        _pick(parts, "user_models", "user_digits", "runs", "removed", "session", "queued"),
        _pick(parts, "newest", "status", "table", "add_user_digits") | buttons,
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
    set_up = (*PARAMETERS, *OLD_NAMES)
    parts["address"] = share_link(
        translate("link_copy"),
        (*set_up, "question", "hide"),
        tab="train",
        in_address=set_up,
        elem_id="link",
    )
    buttons |= setting_fields()
    parts["marks"] = form_marks()
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
    settings = (
        "session",
        "user_models",
        "runs",
        "user_digits",
        "add_user_digits",
        "live_view",
        "drawing",
        "removed",
    )
    shown = _pick(parts, "session", "queued", "status", "live_view") | buttons
    # Whoever has to wait stands in a queue of our own.
    once = {**UNLIMITED, "concurrency_id": "train"}
    start = by_name(controller.start, _pick(parts, *settings) | form.inputs(), shown)
    resumed = _pick(parts, "session", "runs") | _pick(
        buttons, *(f"{name}_now" for name in SETTABLE)
    )
    resume = by_name(controller.resume, resumed, shown)
    own = [name for name in settings if name != "add_user_digits"]
    moment = [name for name in own if name != "user_digits"]
    start_from = by_name(controller.start_from, _pick(parts, "playback", *moment), shown)
    again = by_name(make_stand_again(controller), _pick(parts, "queued", *own), shown)
    lesson = _pick(parts, "lesson", "address")
    train_set_up = by_name(
        make_set_up_trainer(controller),
        _pick(parts, "link", "lesson", *settings),
        shown | lesson | form.outputs(),
    )
    begun = [
        buttons["train"].click(**start, **once),
        buttons["resume"].click(**resume, **once),
        parts["contact"].resume(**resume, **once),
        parts["contact"].stand(**again, **once),
        parts["lesson"].train_set_up(**train_set_up, **once),
        parts["playback"].go_on(**start_from, **once),
    ]
    for name in ("pause", "leave_queue"):
        buttons[name].click(forget_queued, None, parts["queued"], cancels=begun, **AT_ONCE)
    for name in SETTABLE:
        field = buttons[f"{name}_now"]
        # In the queue, since only what is there can tell of an error.
        field.submit(partial(change_setting, name), [parts["session"], field], None, **UNLIMITED)
    toggled = _pick(parts, "session", "live_view", "drawing")
    toggle = by_name(partial(toggle_live_view, store), toggled, _pick(parts, "live_view"))
    parts["live_view"].toggle(**toggle, **EVERY)
    kept = _pick(parts, "runs", "user_models", "newest", "table", "removed", "status", "live_view")
    ended = by_name(
        partial(finish, store), _pick(parts, "session", "runs", "user_models"), kept | buttons
    )
    return [event.then(**ended, **QUIET) for event in begun]


def _wire_playback(store: ModelStore, parts: Parts) -> gr.events.Dependency:
    """The event after which a moment may have become a model."""
    playback = parts["playback"]
    shown = [parts[name] for name in ("session", "runs", "drawing", "playback")]
    playback.ask(Playback(store).show, shown, playback, **EVERY)
    asked = _pick(parts, "session", "queued", "runs", "user_models", "playback")
    kept = _pick(parts, "runs", "user_models", "newest", "removed", "table", "playback")
    saved = by_name(partial(save_moment, store), asked, kept)
    return playback.save(**saved, **SLOW)


def _wire_lesson(
    store: ModelStore,
    trained: list[gr.events.Dependency],
    parts: Parts,
    form: RecipeForm,
    train: gr.Button,
) -> None:
    """A lesson is opened, guessed, its set-ups chosen for the form, and followed as they train."""
    lesson = parts["lesson"]
    asked = _pick(parts, "link", "lesson", "runs")
    for event in trained:
        event.then(**by_name(follow_training, asked, {"lesson": lesson}), **AT_ONCE)
    guessed = {"train": train} | _pick(parts, "lesson", "status")
    lesson.guess(**by_name(take_guess, asked, guessed), **EVERY)
    chosen = _pick(parts, "lesson", "address") | form.outputs()
    lesson.choose(**by_name(choose_set_up, asked, chosen), **EVERY)
    opened = by_name(
        partial(open_lesson, store), _pick(parts, "lessons"), _opened(parts, form, train)
    )
    parts["lessons"].open_lesson(**opened, **EVERY)


def _wire_form(store: ModelStore, parts: Parts, form: RecipeForm) -> None:
    """What a visitor changes in the form goes into the address; all changes are marked."""
    inputs = form.inputs()
    written = by_name(
        partial(write_address, store), _pick(parts, "link") | inputs, _pick(parts, "address")
    )
    gr.on([inputs[name].input for name in form.fields], **written, **LIVE)
    for event in form.refilled:
        event.then(**written, **LIVE)
    with gr.Row(visible=False):
        asked = {"asked": gr.Number()}
    marked = by_name(partial(mark_form, store), asked | inputs, _pick(parts, "marks"))
    gr.on([component.change for component in inputs.values()], **marked, js=NUMBER, **LIVE)
    timed = by_name(partial(time_network, store), inputs, {"layers": inputs["layers"]})
    inputs["layers"].measure(**timed, **SLOW | {"trigger_mode": "multiple"})
    edited = by_name(
        partial(edit_lesson, store), _pick(parts, "editor") | inputs, _pick(parts, "editor")
    )
    for event in (parts["editor"].add_set_up, parts["editor"].remove_set_up):
        event(**edited, **EVERY)


def _opened(parts: Parts, form: RecipeForm, train: gr.Button) -> Parts:
    """What an address fills in, beside the tabs."""
    return _pick(parts, "link", "lesson", "status") | {"train": train} | form.outputs()
