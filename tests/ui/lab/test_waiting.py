import threading
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
import torch

from mnist_demo import RECIPES, Trainer
from mnist_demo.ui.lab import running
from mnist_demo.ui.lab.durations import tell_roughly
from mnist_demo.ui.lab.line import Line, Place
from mnist_demo.ui.lab.live_run import LiveRun
from mnist_demo.ui.lab.running import describe_place
from mnist_demo.ui.library import Library
from mnist_demo.ui.streaming import Stopped
from mnist_demo.ui.words import tell
from tests.ui.lab.driving import (
    BUTTONS,
    LEAVE,
    PAUSE,
    RUN,
    STATUS,
    Shows,
    finish_run,
    go_on,
    make_lab,
    settings_of,
    start,
    train,
)


class TestLine:
    def test_who_waits_sees_their_place_and_then_trains(self, library: Library) -> None:
        line = Line()
        lab = make_lab(library, line)
        with line.stand("another"):
            waiting = start(library, settings_of(), lab=lab)
            first, second = next(waiting), next(waiting)
        assert first[STATUS]["line"]["en"] == "Others are training: you are next."
        assert first[STATUS]["facts"] == []  # nothing is known yet
        assert [first[button]["visible"] for button in (*BUTTONS, LEAVE)] == [
            False,
            False,
            False,
            True,
        ]
        assert first[RUN] == gr.skip()
        assert all(part == gr.skip() for part in second)
        shows = list(waiting)
        assert shows[0][STATUS]["line"]["en"] == "Starting…"
        assert [shows[0][button]["visible"] for button in (PAUSE, LEAVE)] == [True, False]
        assert shows[-1][RUN].reached
        assert line.counts() == {"running": 0, "waiting": 0}

    def test_an_estimate_comes_with_the_place(self) -> None:
        shown = describe_place(Place(3, 83))
        assert shown["line"]["en"] == "Others are training: you are number 3 in line."
        assert shown["facts"] == [[tell("fact_turn"), tell("turn_in", time=tell_roughly(83))]]

    def test_who_trains_tells_how_long_it_will_take(self, library: Library) -> None:
        line = Line()
        shows = start(library, settings_of(epochs=500), lab=make_lab(library, line))
        while next(shows)[RUN] == gr.skip() or not line.expect(0):
            pass
        expected = line.expect(0)
        assert expected is not None
        assert 0 < expected < 600
        shows.close()

    @pytest.mark.parametrize("reached", ["waiting", "starting", "training"])
    def test_who_leaves_frees_the_place(
        self, reached: str, library: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ended = threading.Event()

        def make(*_: Any, give_way: Callable[[], None], **named: Any) -> Trainer:
            if reached == "starting":
                try:
                    while True:  # an endless drawing of digits
                        give_way()
                except Stopped:
                    ended.set()
                    raise
            return Trainer(*_, give_way=give_way, **named)

        monkeypatch.setattr(running, "Trainer", make)
        line = Line()
        shows = start(library, settings_of(epochs=500), lab=make_lab(library, line))
        if reached == "waiting":
            with line.stand("another"):
                next(shows)
                assert line.counts() == {"running": 1, "waiting": 1}
                shows.close()
                assert line.counts() == {"running": 1, "waiting": 0}
            return
        next(shows)
        next(shows)  # the trainer is being made
        if reached == "training":
            while next(shows)[RUN] == gr.skip():
                pass
        left_at = time.monotonic()
        shows.close()
        assert line.counts() == {"running": 0, "waiting": 0}
        assert time.monotonic() - left_at < 1
        assert reached == "training" or ended.wait(5)

    def test_who_left_the_line_can_go_on_later_where_they_were(self, library: Library) -> None:
        line = Line()
        run = train(library, {}, epochs=2)
        finish_run(run, {})
        with line.stand("another"):
            waiting = go_on(library, run, (), make_lab(library, line))
            next(waiting)
            waiting.close()
        assert (run.target, run.epochs_seen) == (2, 2)
        assert finish_run(run, {})["status"]["line"]["en"].startswith("Done")


class TestBudget:
    def test_a_run_ends_as_if_paused_and_says_why(self, library: Library) -> None:
        lab = make_lab(library, steps=30)
        *_, shown = start(library, settings_of(epochs=10), lab=lab)
        run = shown[RUN]
        assert run.trainer.steps_done == 30
        done = finish_run(run, {})
        line = done["status"]["line"]["en"]
        assert line.startswith("Paused after 1.3 epochs.")
        assert "On this server a training may take 30 steps. Go on for as many again." in line
        assert list(done["own"]) == [run.name]
        assert done["resume"]["visible"]

        *_, shown = go_on(library, run, done["runs"], lab)
        assert run.trainer.steps_done == 60  # a new turn has a new budget

    def test_what_reaches_its_end_within_the_budget_is_done(self, library: Library) -> None:
        steps = 1500 // RECIPES["softmax"].batch_size
        *_, shown = start(library, settings_of(), lab=make_lab(library, steps=steps))
        assert shown[RUN].reached
        assert finish_run(shown[RUN], {})["status"]["line"]["en"].startswith("Done")

    def test_seconds_end_a_run_too(self, library: Library) -> None:
        *_, shown = start(library, settings_of(epochs=1000), lab=make_lab(library, seconds=0.3))
        line = finish_run(shown[RUN], {})["status"]["line"]["en"]
        assert "On this server a training may take" in line

    def test_who_waits_spends_nothing(self, library: Library) -> None:
        line = Line()
        lab = make_lab(library, line, seconds=60)
        with line.stand("another"):
            shows = start(library, settings_of(), lab=lab)
            next(shows)
            with pytest.MonkeyPatch.context() as patch:
                now = time.monotonic
                patch.setattr(time, "monotonic", lambda: now() + 100)
                next(shows)
                waited = now() + 100
                patch.setattr(time, "monotonic", lambda: max(now(), waited))
        *_, shown = shows
        assert shown[RUN].reached


class TestFaults:
    @pytest.mark.parametrize(
        ("fault", "words"),
        [
            (MemoryError(), "A smaller batch size needs less."),
            (torch.OutOfMemoryError("CUDA out of memory."), "A smaller batch size needs less."),
            (RuntimeError("DefaultCPUAllocator: can't allocate memory"), "A smaller batch size"),
            (ArithmeticError("a fault of ours"), "Something went wrong in this training"),
        ],
    )
    def test_a_fault_ends_one_run_and_keeps_its_model(
        self,
        fault: Exception,
        words: str,
        library: Library,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        line = Line(places=2)
        other = start(library, settings_of(epochs=3), lab=make_lab(library, line))
        while next(other)[RUN] == gr.skip():
            pass
        step = Trainer._step

        def fail(trainer: Trainer, batch: Any) -> Any:
            if trainer.seed == 13 and trainer.steps_done >= 20:
                raise fault
            return step(trainer, batch)

        monkeypatch.setattr(Trainer, "_step", fail)
        lab = make_lab(library, line)
        someone: Any = SimpleNamespace(session_hash="someone else")
        settings = settings_of(epochs=3, seed=13)
        *_, shown = Shows(lab.start(someone, {}, (), (), False, None, None, *settings))
        done = finish_run(shown[RUN], {})
        assert words in done["status"]["line"]["en"]
        assert done["status"]["line"]["en"].startswith("Paused after")
        assert len(done["own"]) == 1
        assert line.counts() == {"running": 1, "waiting": 0}
        assert [record.exc_info[1] for record in caplog.records if record.exc_info] == [fault]
        *_, shown = other
        assert shown[RUN].reached

    @pytest.mark.parametrize(
        ("fault", "words"), [(MemoryError(), "batch size"), (KeyError("x"), "went wrong")]
    )
    def test_where_no_trainer_can_be_made_it_is_told(
        self, fault: Exception, words: str, library: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: Any, **__: Any) -> Trainer:
            raise fault

        line = Line()
        monkeypatch.setattr(running, "Trainer", fail)
        with pytest.raises(gr.Error, match=words):
            list(start(library, settings_of(), lab=make_lab(library, line)))
        assert line.counts() == {"running": 0, "waiting": 0}

    def test_where_the_model_cannot_be_kept_training_can_start_again(
        self, library: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(run: LiveRun) -> Any:
            raise MemoryError

        run = train(library, {})
        monkeypatch.setattr(LiveRun, "checkpoint", fail)
        done = finish_run(run, {})
        assert "batch size" in done["status"]["line"]["en"]
        assert done["start"]["visible"]
        assert not done["runs"]

    def test_a_clock_that_jumps_changes_nothing(
        self, library: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        line = Line()
        lab = make_lab(library, line, seconds=100)
        with line.stand("another"):
            shows = start(library, settings_of(epochs=3), lab=lab)
            next(shows)
            monkeypatch.setattr(time, "time", lambda: 4e9)  # the year 2096
            next(shows)
        monkeypatch.setattr(time, "time", lambda: 0.0)
        *_, shown = shows
        run = shown[RUN]
        assert run.reached
        assert 0 < run.trainer.seconds < 100
        assert finish_run(run, {})["status"]["line"]["en"].startswith("Done")
