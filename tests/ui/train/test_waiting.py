import math
import threading
import time
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from mnist_demo import RECIPES
from mnist_demo.training.processes import remote_trainer
from mnist_demo.training.processes.messages import UnreadableMessageError
from mnist_demo.training.processes.worker_process import (
    FilesChangedError,
    WorkerLostError,
    WorkerSilentError,
)
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.compute.queue import QueuePosition, TrainingQueue
from mnist_demo.ui.i18n.durations import describe_roughly
from mnist_demo.ui.i18n.translate import translate
from mnist_demo.ui.train.controller import TrainingController, describe_position
from mnist_demo.ui.train.errors import explain_error
from mnist_demo.ui.train.new_run import QueuedTraining
from mnist_demo.ui.train.run_store import Runs
from mnist_demo.ui.train.session import TrainingSession
from mnist_demo.ui.train.stand_again import make_stand_again
from tests.training.processes.faulty_worker import (
    AT_A_STEP,
    AT_THE_START,
    ENDLESS,
    FAULTY,
    GOOD_STEPS,
    KILLED,
    OURS,
    SIGNALS,
    SLOW_STEPS,
    STOPPED,
)
from tests.ui.train.driving import (
    UNENDING,
    Shows,
    finish_session,
    make_controller,
    resume,
    settings_of,
    start,
    train,
    visible_buttons,
)


class TestQueue:
    def test_who_waits_sees_their_position_and_then_trains(self, store: ModelStore) -> None:
        queue = TrainingQueue()
        controller = make_controller(store, queue)
        with queue.stand("another"):
            waiting = start(store, settings_of(), controller=controller)
            first, second = next(waiting), next(waiting)
        assert first["status"]["line"]["en"] == "Others are training: you are next."
        assert first["status"]["facts"] == []  # nothing is known yet
        assert visible_buttons(first) == {"leave_queue"}
        assert "session" not in first
        assert second == {}
        shows = list(waiting)
        assert shows[0]["status"]["line"]["en"] == "Starting…"
        assert visible_buttons(shows[0]) == {"pause"}
        assert shows[-1]["session"].reached
        assert queue.counts() == {"running": 0, "waiting": 0}

    def test_an_estimate_comes_with_the_position(self) -> None:
        shown = describe_position(QueuePosition(3, 83))
        assert shown["line"]["en"] == "Others are training: you are number 3 in line."
        assert shown["facts"] == [
            [translate("fact_start"), translate("queue_starts_in", time=describe_roughly(83))]
        ]

    def test_who_trains_tells_how_long_it_will_take(self, store: ModelStore) -> None:
        queue = TrainingQueue()
        shows = start(store, settings_of(**UNENDING), controller=make_controller(store, queue))
        while "session" not in next(shows) or not queue.expect(0):
            pass
        expected = queue.expect(0)
        assert expected is not None
        assert 0 < expected < math.inf
        shows.close()

    @pytest.mark.parametrize(
        ("reached", "seed"),
        [
            ("waiting", 0),
            ("starting", ENDLESS),
            ("training", 0),
            pytest.param("training", SLOW_STEPS, marks=pytest.mark.slow),
        ],
    )
    def test_who_leaves_frees_the_slot(self, reached: str, seed: int, store: ModelStore) -> None:
        queue = TrainingQueue()
        controller = make_controller(store, queue, FAULTY)
        shows = start(store, settings_of(**UNENDING, seed=seed), controller=controller)
        if reached == "waiting":
            with queue.stand("another"):
                next(shows)
                assert queue.counts() == {"running": 1, "waiting": 1}
                shows.close()
                assert queue.counts() == {"running": 1, "waiting": 0}
            return
        next(shows)
        next(shows)  # the trainer is being made
        if reached == "training":
            while "session" not in next(shows):
                pass
        shows.close()
        assert queue.counts() == {"running": 0, "waiting": 0}
        if seed == SLOW_STEPS:
            assert FAULTY.are_busy  # still: it was not waited for
        ends = time.monotonic() + 60
        while FAULTY.are_busy and time.monotonic() < ends:
            time.sleep(0.05)
        assert not FAULTY.are_busy

    def test_who_left_the_queue_can_go_on_later_where_they_were(self, store: ModelStore) -> None:
        queue = TrainingQueue()
        run = train(store, {}, epochs=2)
        finish_session(store, run, {})
        with queue.stand("another"):
            waiting = resume(store, run, (), make_controller(store, queue))
            next(waiting)
            waiting.close()
        assert (run.target, run.epochs_seen) == (2, 2)
        assert finish_session(store, run, {})["status"]["line"]["en"].startswith("Done")


class TestPageLoadedAgain:
    """What a page asked for stands in its session until it begins: see `take_over`."""

    def test_what_waited_takes_its_place_again_and_trains_as_asked(self, store: ModelStore) -> None:
        queue = TrainingQueue()
        controller = make_controller(store, queue)
        with queue.stand("another"):
            waiting = start(store, settings_of(learning_rate=0.7), controller=controller)
            asked = next(waiting)["queued"]
            with queue.stand("later"):
                waiting.close()
                again = _stand_again(controller, replace(asked, former="visitor"))
                assert next(again)["status"]["line"]["en"].endswith("you are next.")
        shows = list(again)
        assert shows[-1]["session"].reached
        assert shows[-1]["session"].trainer.recipe.learning_rate == 0.7

    def test_what_was_starting_is_asked_for_again_and_what_has_begun_is_not(
        self, store: ModelStore
    ) -> None:
        shows = list(start(store, settings_of()))
        told = [shown["queued"] for shown in shows if "queued" in shown]
        assert isinstance(told[0], QueuedTraining)
        assert shows[0]["status"]["line"]["en"] == "Starting…"
        (begun,) = [shown for shown in shows if shown.get("queued", told) is None]
        assert "session" in begun

    def test_so_is_what_was_to_go_on(self, store: ModelStore) -> None:
        queue = TrainingQueue()
        controller = make_controller(store, queue)
        run = train(store, {})
        with queue.stand("another"):
            waiting = resume(store, run, (), controller)
            asked = next(waiting)["queued"]
            waiting.close()
        *_, shown = _stand_again(controller, asked, run)
        assert shown["session"] is run
        assert run.epochs_seen == 2

    def test_and_what_was_to_go_on_from_a_moment(self, store: ModelStore) -> None:
        controller = make_controller(store)
        run = train(store, {})
        runs = finish_session(store, run, {})["runs"]
        step = run.snapshots.of(1)[1].step
        asked = QueuedTraining(None, "visitor", {"run": 1, "step": step})
        *_, shown = _stand_again(controller, asked, run, runs)
        assert shown["session"].trainer.started_from == step

    def test_what_is_refused_is_not_asked_for_again(self, store: ModelStore) -> None:
        controller, (seed, *_) = make_controller(store, pool=FAULTY), AT_THE_START
        told: list[Any] = []

        def consume() -> None:
            for shown in start(store, settings_of(seed=seed), controller=controller):
                told.append(shown.get("queued", "no news"))

        with pytest.raises(gr.Error):
            consume()
        assert told[-1] is None

    def test_nothing_is_asked_for_where_nothing_was(self, store: ModelStore) -> None:
        with pytest.raises(gr.Error, match="no run to go on with"):
            next(_stand_again(make_controller(store), None))


def _stand_again(
    controller: TrainingController,
    queued: QueuedTraining | None,
    session: TrainingSession | None = None,
    runs: Runs = (),
) -> Shows[Any]:
    own: Any = {"user_models": {}, "user_digits": (), "live_view": None, "drawing": None}
    own["removed"] = None
    now: Any = SimpleNamespace(session_hash="now")
    return Shows(make_stand_again(controller)(now, queued, session, runs, **own))


class TestBudget:
    def test_a_run_ends_as_if_paused_and_says_why(self, store: ModelStore) -> None:
        controller = make_controller(store, steps=30)
        *_, shown = start(store, settings_of(epochs=10), controller=controller)
        run = shown["session"]
        assert run.trainer.steps_done == 30
        done = finish_session(store, run, {})
        line = done["status"]["line"]["en"]
        assert line.startswith("Paused after 0.5 epochs.")
        assert "On this server a training may take 30 steps. Go on for as many again." in line
        assert list(done["user_models"]) == [run.name]
        assert done["resume"]["visible"]

        *_, shown = resume(store, run, done["runs"], controller)
        assert run.trainer.steps_done == 60  # a new training has a new budget

    def test_what_reaches_its_end_within_the_budget_is_done(self, store: ModelStore) -> None:
        steps = len(store.dataset().train_labels) // RECIPES["softmax"].batch_size
        *_, shown = start(store, settings_of(), controller=make_controller(store, steps=steps))
        assert shown["session"].reached
        done = finish_session(store, shown["session"], {})
        assert done["status"]["line"]["en"].startswith("Done")

    def test_seconds_end_a_run_too(self, store: ModelStore) -> None:
        controller = make_controller(store, seconds=0.3)
        *_, shown = start(store, settings_of(**UNENDING), controller=controller)
        line = finish_session(store, shown["session"], {})["status"]["line"]["en"]
        assert "On this server a training may take" in line

    def test_so_does_the_host(self, store: ModelStore) -> None:
        queue = TrainingQueue()
        controller = make_controller(store, queue)
        shows = start(store, settings_of(**UNENDING), controller=controller)
        run = next(shown["session"] for shown in shows if "session" in shown)
        assert queue.end_running() == 1
        list(shows)
        assert queue.counts() == {"running": 0, "waiting": 0}
        done = finish_session(store, run, {})
        line = done["status"]["line"]["en"]
        assert line.startswith("Paused after")
        assert line.endswith("Whoever runs this server ended this training.")
        assert list(done["user_models"]) == [run.name]
        assert done["resume"]["visible"]

    def test_before_the_first_step_too(
        self, store: ModelStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        begun, over = threading.Event(), threading.Event()

        def make(*_: Any, check_cancelled: Any, **__: Any) -> None:
            begun.set()
            while not over.wait(0.01):
                check_cancelled()

        monkeypatch.setattr("mnist_demo.ui.train.new_run.RemoteTrainer", make)
        queue = TrainingQueue()
        shows = start(store, settings_of(), controller=make_controller(store, queue))
        next(shows)
        next(shows)
        assert begun.wait(30)
        queue.end_running()
        with pytest.raises(gr.Error, match="ended this training"):
            list(shows)
        over.set()
        assert queue.counts() == {"running": 0, "waiting": 0}

    def test_who_waits_spends_nothing(self, store: ModelStore) -> None:
        queue = TrainingQueue()
        controller = make_controller(store, queue, seconds=60)
        with queue.stand("another"):
            shows = start(store, settings_of(), controller=controller)
            next(shows)
            with pytest.MonkeyPatch.context() as patch:
                now = time.monotonic
                patch.setattr(time, "monotonic", lambda: now() + 100)
                next(shows)
                waited = now() + 100
                patch.setattr(time, "monotonic", lambda: max(now(), waited))
        *_, shown = shows
        assert shown["session"].reached


class TestFaults:
    @pytest.mark.parametrize("seed", [*AT_A_STEP, KILLED, STOPPED])
    @pytest.mark.slow
    def test_a_fault_ends_one_run_and_keeps_its_model(
        self,
        seed: int,
        store: ModelStore,
        caplog: pytest.LogCaptureFixture,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(remote_trainer, "SILENT_FOR", 5)
        queue = TrainingQueue(slots=2)
        other = start(store, settings_of(**UNENDING), controller=make_controller(store, queue))
        while "session" not in next(other):
            pass
        controller = make_controller(store, queue, FAULTY)
        someone: Any = SimpleNamespace(session_hash="someone else")
        settings = settings_of(epochs=3, seed=seed)
        *_, shown = start(store, settings, controller=controller, visitor=someone)
        run = shown["session"]
        done = finish_session(store, run, {})
        told = {OURS: "Something went wrong in this training", STOPPED: "no longer answered"}
        assert told.get(seed, "A smaller batch size") in done["status"]["line"]["en"]
        assert done["status"]["line"]["en"].startswith("Paused after")
        (model,) = done["user_models"].values()
        assert model.metrics["epochs"] == round(GOOD_STEPS / run.trainer.steps_per_epoch, 3)
        assert len(done["runs"][0].curves["train"]) == GOOD_STEPS
        assert done["resume"]["visible"] == (seed not in SIGNALS)
        (fault,) = [record.exc_info[1] for record in caplog.records if record.exc_info]
        lost = {KILLED: WorkerLostError, STOPPED: WorkerSilentError}
        assert type(fault) is (lost.get(seed) or type(AT_A_STEP[seed]))
        assert queue.counts() == {"running": 1, "waiting": 0}
        assert next(other)["session"].ended_by is None
        other.close()

    @pytest.mark.parametrize(
        ("error", "words"),
        [
            (WorkerLostError(killed=True), "not enough memory"),
            (MemoryError(), "not enough memory"),
            (WorkerLostError("it ended, with exit status 1"), "Something went wrong"),
            (UnreadableMessageError("AttributeError"), "Something went wrong"),
            (WorkerSilentError(), "no longer answered, so it was ended"),
            (FilesChangedError(), "files have changed since it was started"),
        ],
    )
    def test_what_became_of_a_process_is_told(self, error: Exception, words: str) -> None:
        assert words in explain_error(error)["en"]

    @pytest.mark.slow
    def test_after_a_process_was_killed_the_next_training_has_another(
        self, store: ModelStore
    ) -> None:
        controller = make_controller(store, pool=FAULTY)
        *_, shown = start(store, settings_of(seed=KILLED), controller=controller)
        with pytest.raises(gr.Error, match="no run to go on with"):
            list(resume(store, shown["session"], (), controller))
        *_, shown = start(store, settings_of(), controller=controller)
        assert shown["session"].reached

    @pytest.mark.parametrize(
        ("seed", "words"), [*zip(AT_THE_START, ("batch size", "went wrong"), strict=True)]
    )
    def test_where_no_trainer_can_be_made_it_is_told(
        self, seed: int, words: str, store: ModelStore
    ) -> None:
        queue = TrainingQueue()
        controller = make_controller(store, queue, FAULTY)
        with pytest.raises(gr.Error, match=words):
            list(start(store, settings_of(seed=seed), controller=controller))
        assert queue.counts() == {"running": 0, "waiting": 0}

    def test_where_the_model_cannot_be_kept_training_can_start_again(
        self, store: ModelStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(session: TrainingSession, between_batches: Any) -> Any:
            raise MemoryError

        run = train(store, {})
        monkeypatch.setattr(TrainingSession, "checkpoint", fail)
        done = finish_session(store, run, {})
        assert "batch size" in done["status"]["line"]["en"]
        assert done["train"]["visible"]
        assert not done["runs"]

    def test_a_clock_that_jumps_changes_nothing(
        self, store: ModelStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        queue = TrainingQueue()
        controller = make_controller(store, queue, seconds=100)
        with queue.stand("another"):
            shows = start(store, settings_of(epochs=3), controller=controller)
            next(shows)
            monkeypatch.setattr(time, "time", lambda: 4e9)  # the year 2096
            next(shows)
        monkeypatch.setattr(time, "time", lambda: 0.0)
        *_, shown = shows
        run = shown["session"]
        assert run.reached
        assert 0 < run.trainer.seconds < 100
        assert finish_session(store, run, {})["status"]["line"]["en"].startswith("Done")
