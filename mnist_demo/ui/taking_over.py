"""A page that is loaded again in its tab takes over what the one before it had."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import gradio as gr

from mnist_demo.ui.components.connection import offer_models
from mnist_demo.ui.compute.model_store import ModelStore, UserModels
from mnist_demo.ui.compute.queue import TrainingQueue
from mnist_demo.ui.gradio_internals import clear_state, read_states, session_name
from mnist_demo.ui.train.finishing import finish
from mnist_demo.ui.train.handlers import offer_user_digits
from mnist_demo.ui.train.runs_table import Outcome, describe_runs
from mnist_demo.ui.wiring import Outputs

# Seconds: the run of a page that has gone ends sooner. One that goes on has its page still, of
# which this one is a copy.
ENDS_WITHIN = 5.0
NOTHING: dict[str, Any] = {
    "user_models": {},
    "user_digits": (),
    "runs": (),
    "removed": None,
    "session": None,
    "queued": None,
}
States = Mapping[str, gr.State]  # in which a visitor's own is kept, by the names above


def on_load(states: States, former: Any) -> Outputs:
    """What a page is told that was just opened: its name, and whose things it may take over.

    former: the session of the page that was in the same tab before, as the browser says; "" for
    none. known: the state by which a visitor is known again; a server started anew has it not.
    """
    kept = read_states(former, states)
    found = former if kept and any(kept.values()) else None
    return {"known": True, "connection": {"session": session_name(), "former": found}}


def take_over(
    store: ModelStore,
    queue: TrainingQueue,
    states: States,
    connection: Any,
    draw_model: Any,
    gallery_model: Any,
) -> Outputs:
    """What was the visitor's on the page before, and all that shows it.

    A run that was cut off with that page joins the runs, and the page is told to go on with it; or
    to stand in the queue again for one that had not begun.
    Nothing may be left out: see `custom_html` of components that are not shown yet.
    """
    former = connection.get("former") if isinstance(connection, dict) else None
    kept = read_states(former, states) or NOTHING.copy()
    goes_on = _take_training(queue, states, former, kept)
    shown = finish(store, kept["session"], kept["runs"], kept["user_models"])
    kept |= {name: shown.pop(name) for name in kept if name in shown}
    user_models: UserModels = kept["user_models"]
    return (
        shown
        | kept
        | {
            "connection": goes_on,
            "newest": None,
            "table": describe_runs(Outcome(kept["runs"], user_models, removed=kept["removed"])),
            "add_user_digits": offer_user_digits(kept["user_digits"]),
        }
        | _choose_models(store, user_models, draw_model=draw_model, gallery_model=gallery_model)
    )


def _take_training(
    queue: TrainingQueue, states: States, former: Any, kept: dict[str, Any]
) -> dict[str, bool]:
    """Leave in `kept` what the page before trains no more, or waits for; how that goes on here."""
    session, queued = kept["session"], kept["queued"]
    if queued and not queue.has_left(former, ENDS_WITHIN):
        session = queued = None
    if session and not session.rest(ENDS_WITHIN):
        session = None
    cut_off = session and session.kept is None and session.resumable and not session.reached
    if session:
        session.live_view = None
    kept |= {"session": session, "queued": queued and replace(queued, former=former)}
    for name in ("session", "queued"):
        if kept[name]:
            clear_state(former, states[name])  # only one page at a time goes on with it
    return {"resumes": bool(cut_off and not queued), "stands": bool(queued)}


def _choose_models(store: ModelStore, user_models: UserModels, **chosen: Any) -> Outputs:
    """The newest of the visitor's own, where no other was asked for."""
    newest = next(reversed(list(user_models)), None)
    default = store.default_name
    now = {name: newest if model == default else model for name, model in chosen.items()}
    names = store.names(user_models)
    return offer_models(store, names, now) | {"gallery_other": gr.update(choices=names)}
