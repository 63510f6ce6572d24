"""What the Train tab does beside training: outputs by the names of its components."""

from typing import Any

import gradio as gr

from mnist_demo.training.epoch_time import measure_epoch
from mnist_demo.ui.compute.model_store import ModelStore, UserDigits, UserModels
from mnist_demo.ui.errors import user_error
from mnist_demo.ui.i18n.translate import translate, translate_for_visitor
from mnist_demo.ui.train.live_view import is_open, make_live_view
from mnist_demo.ui.train.network_builder import describe_epoch, edit_network, read_text
from mnist_demo.ui.train.new_run import QueuedTraining, coming_runs
from mnist_demo.ui.train.recipe_form import read_recipe
from mnist_demo.ui.train.run_actions import act_on_runs
from mnist_demo.ui.train.run_store import Removed, Runs
from mnist_demo.ui.train.runs_table import describe_runs
from mnist_demo.ui.train.session import TrainingSession
from mnist_demo.ui.train.session_status import describe_result
from mnist_demo.ui.validation import check_setting
from mnist_demo.ui.wiring import Outputs


def change_setting(name: str, session: TrainingSession | None, value: Any) -> None:
    """Train on with another value of a setting, at once or, where the run is paused, from then on.

    name: in SETTABLE.
    """
    if session is None or not session.resumable:
        raise user_error(translate("settings_now_done"))
    if name not in session.trainer.settings:
        raise user_error(translate("settings_now_no_dropout"))
    try:
        check_setting(name, value)
        session.trainer.change(name, value)
    except ValueError as error:
        raise user_error(error) from None


def time_network(store: ModelStore, layers: Any, **form: Any) -> Outputs:
    """The builder's network again, with how long an epoch takes; a form that is not valid, or
    cannot be trained as it stands, says nothing of it."""
    if not read_text(layers):  # a network that is no text
        return {}
    described = edit_network(layers)
    try:
        recipe, _ = read_recipe(layers=layers, **form)
        steps = measure_epoch(recipe, store.dataset())
        *_, seconds = store.compute.torch_thread.collect(steps)
    except ValueError:
        return described
    return {"layers": described["layers"] | {"epoch": describe_epoch(seconds)}}


def forget_queued() -> None:
    """What was to train is not to any more: no page that is loaded again asks for it."""


def toggle_live_view(
    store: ModelStore, session: TrainingSession | None, live_view: Any, drawing: Any
) -> Outputs:
    """Begin to look at the model of the run there is, or cease to."""
    if session is None:
        return {}
    if not is_open(live_view):
        session.live_view = None
        return {}
    if session.live_view is None:
        session.live_view = make_live_view(store, drawing)
    if session.kept:  # it is over: so its last state is shown
        torch_thread = store.compute.torch_thread
        torch_thread.call(session.live_view, session.trainer.model, session.epochs_seen)
    return {"live_view": session.live_view.describe()}


def act_on_table(
    store: ModelStore,
    table: Any,
    runs: Runs,
    user_models: UserModels,
    session: TrainingSession | None = None,
    removed: Removed = None,
    queued: QueuedTraining | None = None,
) -> Outputs:
    """Do what the table of runs asks for. newest: the model to choose in the other tabs."""
    known = (removed, coming_runs(session, queued))
    outcome = act_on_runs(store.compute.torch_thread, runs, user_models, table, *known)
    outputs = {
        "runs": outcome.runs,
        "user_models": outcome.user_models,
        "newest": outcome.newest,
        "table": describe_runs(outcome),
        "removed": outcome.removed,
    }
    if session:  # what was removed can be brought back
        kept = (*outcome.runs, *(outcome.removed[0] if outcome.removed else ()))
        session.snapshots.keep([session.number, *(run.number for run in kept)])
    names, before = ({run.number: run.name for run in each} for each in (outcome.runs, runs))
    if names != before and session and session.kept:  # it names a model
        outputs["status"] = describe_result(session, session.kept, names.get(session.number))
    return outputs


def offer_user_digits(user_digits: UserDigits) -> Any:
    """Where the visitor has collected digits, they can be trained on."""
    label = translate_for_visitor("add_user_digits", count=len(user_digits))
    return gr.update(visible=bool(user_digits), label=label, value=bool(user_digits))
