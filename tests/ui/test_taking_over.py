"""What a page that is loaded again takes over from the one that was in its tab before."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from gradio.context import LocalContext

from mnist_demo import load_checkpoint
from mnist_demo.digits.stroke_files import Drawing
from mnist_demo.ui import taking_over
from mnist_demo.ui.compute.model_store import DEFAULT_MODEL, ModelStore
from mnist_demo.ui.compute.queue import TrainingQueue
from mnist_demo.ui.taking_over import NOTHING, on_load, take_over
from mnist_demo.ui.train.new_run import QueuedTraining
from tests.ui.train.driving import (
    SETTINGS_NOW,
    UNENDING,
    finish_session,
    settings_of,
    start,
    stop_after,
    train,
    visible_buttons,
)

STATES: Any = {name: SimpleNamespace(_id=name) for name in NOTHING}
DIGITS = (Drawing(1, (((140.0, 50.0), (140.0, 230.0)),)),)
Held = dict[str, Any]


@pytest.fixture
def before() -> Iterator[Held]:
    """What the session of the page before holds, beside that of the page which is opened now."""
    held = dict(NOTHING)
    sessions = {"before": held, "now": dict(NOTHING)}
    blocks: Any = SimpleNamespace(state_holder=SimpleNamespace(session_data=sessions))
    request: Any = SimpleNamespace(session_hash="now")
    tokens = LocalContext.blocks.set(blocks), LocalContext.request.set(request)
    yield held
    LocalContext.blocks.reset(tokens[0])
    LocalContext.request.reset(tokens[1])


def _take(
    store: ModelStore,
    draw_model: Any = DEFAULT_MODEL,
    former: Any = "before",
    queue: TrainingQueue | None = None,
) -> Held:
    queue = queue or TrainingQueue()
    return take_over(store, queue, STATES, {"former": former}, draw_model, DEFAULT_MODEL)


def test_it_is_offered_where_there_is_something(before: Held) -> None:
    assert on_load(STATES, "before")["connection"] == {"session": "now", "former": None}
    before["user_digits"] = DIGITS
    assert on_load(STATES, "before")["connection"] == {"session": "now", "former": "before"}


@pytest.mark.parametrize("former", ["", "nobody", None, 7, ["before"], {"before": 1}])
def test_of_anything_else_nothing_is_found(former: Any, store: ModelStore, before: Held) -> None:
    before["user_digits"] = DIGITS
    loaded = on_load(STATES, former)
    assert loaded == {"known": True, "connection": {"session": "now", "former": None}}
    taken = _take(store, former=former)
    assert {name: taken[name] for name in NOTHING} == NOTHING
    assert take_over(store, TrainingQueue(), STATES, former, None, None)["user_models"] == {}


def test_models_runs_and_digits_are_taken_over(store: ModelStore, before: Held) -> None:
    session = train(store, {})
    done = finish_session(store, session, {})
    before |= {name: done[name] for name in ("runs", "user_models")}
    before |= {"session": session, "user_digits": DIGITS}
    taken = _take(store)
    assert {name: taken[name] for name in NOTHING} == before | {"session": session}
    assert before["session"] is None
    assert taken["table"]["runs"].keys() == {"1"}
    assert taken["status"] == done["status"]
    assert visible_buttons(taken) == {"train", "resume", *SETTINGS_NOW}
    assert taken["connection"] == {"resumes": False, "stands": False}
    assert taken["add_user_digits"]["visible"]
    assert taken["draw_model"]["value"] == taken["gallery_model"]["value"] == session.name


def test_a_run_that_was_cut_off_joins_the_runs_and_is_to_go_on(
    store: ModelStore, before: Held
) -> None:
    session = stop_after(start(store, settings_of(**UNENDING)), 0)
    before["session"] = session
    taken = _take(store)
    assert taken["connection"] == {"resumes": True, "stands": False}
    assert [run.name for run in taken["runs"]] == list(taken["user_models"]) == [session.name]


def test_a_copy_of_a_page_leaves_it_its_run(
    store: ModelStore, before: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking_over, "ENDS_WITHIN", 0.01)
    shows = start(store, settings_of(**UNENDING))
    session = next(shown["session"] for shown in shows if "session" in shown)
    before |= {"session": session, "user_models": {"mine": load_checkpoint("softmax")}}
    taken = _take(store)
    assert taken["session"] is None
    assert before["session"] is session
    assert list(taken["user_models"]) == ["mine"]
    assert taken["connection"] == {"resumes": False, "stands": False}
    shows.close()


@pytest.mark.parametrize("there_was_a_run", [False, True])
def test_what_had_not_begun_is_to_be_asked_for_again(
    there_was_a_run: bool, store: ModelStore, before: Held
) -> None:
    queue, asked = TrainingQueue(), QueuedTraining({"recipe": "softmax"})
    session = train(store, {}) if there_was_a_run else None
    before |= {"queued": asked, "session": session}
    taken = _take(store, queue=queue)
    assert taken["connection"] == {"resumes": False, "stands": True}
    assert taken["queued"] == QueuedTraining({"recipe": "softmax"}, former="before")
    assert taken["session"] is session
    assert before["queued"] is None


def test_a_copy_of_a_page_that_waits_leaves_it_its_place(
    store: ModelStore, before: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking_over, "ENDS_WITHIN", 0.01)
    queue, session = TrainingQueue(), train(store, {})
    before |= {"queued": QueuedTraining(None), "session": session}
    with queue.stand("another"), queue.stand("before"):
        taken = _take(store, queue=queue)
    assert taken["connection"] == {"resumes": False, "stands": False}
    assert (taken["queued"], taken["session"]) == (None, None)
    assert (before["queued"], before["session"]) == (QueuedTraining(None), session)


def test_a_model_that_was_asked_for_stays_chosen(store: ModelStore, before: Held) -> None:
    before["user_models"] = {"mine": load_checkpoint("softmax")}
    taken = _take(store, "mlp")
    assert taken["draw_model"]["value"] == "mlp"
    assert taken["gallery_model"]["value"] == "mine"


def test_nothing_that_shows_it_is_left_out(store: ModelStore, before: Held) -> None:
    """What is not shown yet would lose what it was made with: see `custom_html`."""
    names = {"newest", "status", "table", "add_user_digits", "connection", "gallery_other"}
    assert names | NOTHING.keys() <= _take(store).keys()
