import threading
import time
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
import torch

from mnist_demo import RECIPES, DivergedEvent, Trainer, load_checkpoint
from mnist_demo.drawings import Drawing
from mnist_demo.ui.lab import running
from mnist_demo.ui.lab.budget import Budget
from mnist_demo.ui.lab.durations import tell_roughly
from mnist_demo.ui.lab.line import Line, Place
from mnist_demo.ui.lab.live_run import LiveRun
from mnist_demo.ui.lab.recipe_form import FIELDS, fill_in
from mnist_demo.ui.lab.running import Lab, act, change_rate, describe_place, finish, look
from mnist_demo.ui.lab.runs import MAX_MODELS, Runs
from mnist_demo.ui.library import Library, Own, OwnSet
from mnist_demo.ui.streaming import Stopped
from mnist_demo.ui.train_tab import offer_own_digits
from mnist_demo.ui.words import tell
from tests.ui.conftest import Strokes
from tests.ui.english import english
from tests.ui.lab.driving import Shows

RUN, STATUS, WATCH, START, PAUSE, RESUME, RATE, LEAVE = range(8)  # of what a training shows
BUTTONS = (START, PAUSE, RESUME)
VISITOR: Any = SimpleNamespace(session_hash="visitor")


@pytest.fixture(autouse=True)
def _show_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "SHOW_EVERY", 0.002)


def _settings(recipe: str = "softmax", **changes: Any) -> list[Any]:
    filled = dict(zip(FIELDS, fill_in(recipe)[2:], strict=True))
    assert changes.keys() <= filled.keys()
    return [recipe, *(filled | {"epochs": 1} | changes).values()]


def _start(
    library: Library,
    settings: list[Any],
    own: Own | None = None,
    runs: Runs = (),
    own_set: OwnSet = (),
    add_own: bool = False,
    watch: Any = None,
    drawing: Any = None,
    lab: Lab | None = None,
) -> Shows[list[Any]]:
    lab = lab or _lab(library)
    return Shows(lab.start(VISITOR, own or {}, runs, own_set, add_own, watch, drawing, *settings))


def _lab(library: Library, line: Line | None = None, **budget: Any) -> Lab:
    return Lab(library, line or Line(), Budget(**budget))


def _go_on(library: Library, run: LiveRun | None, runs: Runs, lab: Lab | None = None) -> Shows[Any]:
    return Shows((lab or _lab(library)).go_on(VISITOR, run, runs))


def _train(library: Library, own: Own, runs: Runs = (), **changes: Any) -> LiveRun:
    *_, shown = _start(library, _settings(**changes), own, runs)
    assert isinstance(shown[RUN], LiveRun)
    return shown[RUN]


def _finish(run: LiveRun | None, own: Own, runs: Runs = ()) -> dict[str, Any]:
    names = (
        "runs",
        "own",
        "newest",
        "board",
        "status",
        "watch",
        "start",
        "pause",
        "resume",
        "rate",
        "leave",
    )
    return dict(zip(names, finish(run, runs, own), strict=True))


def _stop_after(shows: Shows[list[Any]], epochs: float) -> LiveRun:
    live = (run for run, *_ in shows if isinstance(run, LiveRun))
    run = next(run for run in live if run.epochs_seen >= epochs)
    shows.close()
    return run


def test_a_training_is_shown_from_start_to_end(library: Library) -> None:
    shows = [english(show) for show in _start(library, _settings(epochs=8))]
    assert shows[0][RUN] == gr.skip()
    assert shows[0][STATUS]["line"] == "Starting…"
    shares = [show[STATUS]["share"] for show in shows if show[STATUS] != gr.skip()]
    assert shares == sorted(shares)
    assert len({*shares}) > 3
    assert shares[-1] == 1
    first = next(show for show in shows if isinstance(show[RUN], LiveRun))
    for show in (shows[0], first):
        assert [show[button]["visible"] for button in BUTTONS] == [False, True, False]
        assert len({*map(id, show[START:])}) == 5  # Gradio takes an update apart as it uses it
    assert not shows[0][RATE]["visible"]
    assert first[RATE]["visible"]
    assert first[RATE]["value"] == RECIPES["softmax"].learning_rate


def test_what_does_not_change_is_not_sent_again(library: Library) -> None:
    shows = [show for show in _start(library, _settings()) if isinstance(show[RUN], LiveRun)]
    for show in shows[1:]:
        assert len(show) == 8
        assert all(part == gr.skip() for part in show[WATCH:])


def test_while_the_trainer_is_made_the_page_says_so(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make(*arguments: Any, **named: Any) -> Trainer:
        time.sleep(0.2)  # as long as it takes to draw some digits
        return Trainer(*arguments, **named)

    monkeypatch.setattr(running, "Trainer", make)
    shows = [english(show) for show in _start(library, _settings())]
    starting = [show for show in shows if show[RUN] == gr.skip()]
    assert len(starting) > 3
    assert starting == shows[: len(starting)]
    assert starting[0][STATUS]["line"] == "Starting…"
    assert starting[0][PAUSE]["visible"]
    assert all(part == gr.skip() for show in starting[1:] for part in show)
    assert isinstance(shows[-1][RUN], LiveRun)


def test_a_recipe_of_ours_is_trained(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    few = replace(RECIPES["robust_cnn"], drawings=40, nothings=10, embedded=0, held_out=20)
    monkeypatch.setitem(RECIPES, "robust_cnn", few)
    changes = {"epochs": 1, "batch_size": 500}
    *_, shown = _start(library, _settings("robust_cnn", **changes))
    run = shown[RUN]
    assert isinstance(run, LiveRun)
    assert run.trainer.recipe.changes() == changes
    assert run.trainer.steps_per_epoch == (1480 + 40 + 10) // 500
    checkpoint = run.checkpoint()
    assert checkpoint.threshold == checkpoint.metrics["threshold"]


def test_the_settings_of_the_form_are_used(library: Library) -> None:
    run = _train(library, {}, epochs=2, learning_rate=0.5, seed=11, train_images=200)
    assert run.trainer.recipe.changes() == {"epochs": 2, "learning_rate": 0.5, "train_images": 200}
    assert run.trainer.seed == 11
    assert run.trainer.images_per_epoch == 200
    assert run.epochs_seen == 2
    assert run.name == "my softmax, learning rate 0.5, 200 images, epochs 2"


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("optimizer", "magic", "Optimizer must be one of sgd"),
        ("learning_rate", 0, "Learning rate must be a number from 1e-06 to 100, not 0"),
        ("batch_size", None, "Batch size must be"),
        ("batch_size", 1501, "the batch size, 1,501, is more than the 1,500 training images"),
        ("epochs", 0, "Epochs must be"),
        ("momentum", 1, "Momentum must be"),
        ("weight_decay", -1, "Weight decay must be"),
        ("seed", -1, "Seed must be a whole number from 0 to 4,294,967,295, not -1"),
        ("train_images", 5, "Training images must be"),
        ("label_noise", "x", "Wrong labels must be"),
    ],
)
def test_a_bad_setting_is_told(name: str, value: Any, told: str, library: Library) -> None:
    with pytest.raises(gr.Error) as caught:
        list(_start(library, _settings(**{name: value})))
    assert told in caught.value.message
    assert caught.value.message.endswith(".")
    assert not caught.value.print_exception


def test_a_paused_run_goes_on_to_where_it_was_going(library: Library) -> None:
    run = _stop_after(_start(library, _settings(epochs=30)), 0.5)
    assert 0.5 <= run.epochs_seen < 30
    stopped_at = run.epochs_seen
    *_, shown = _go_on(library, run, ())
    assert shown[RUN] is run
    assert stopped_at < run.epochs_seen == run.target == 30


def test_a_finished_run_trains_for_as_many_epochs_again(library: Library) -> None:
    run = _train(library, {}, epochs=2)
    list(_go_on(library, run, ()))
    assert run.epochs_seen == run.target == 4


def test_there_may_be_nothing_to_go_on_with(library: Library) -> None:
    diverged = _train(library, {})
    diverged.diverged = DivergedEvent(1, 1, float("nan"), 100)
    for run in (None, diverged):
        with pytest.raises(gr.Error, match="no run to go on with"):
            list(_go_on(library, run, ()))


class TestLearningRate:
    def test_it_changes_during_the_run_and_is_marked(self, library: Library) -> None:
        shows = _start(library, _settings(epochs=20))
        run = next(show[RUN] for show in shows if isinstance(show[RUN], LiveRun))
        while run.epochs_seen < 0.5:
            next(shows)
        change_rate(run, 0.5)
        list(shows)
        ((step, rate),) = run.curves()["marks"]
        assert rate == 0.5
        assert step > 0
        assert "learning rate changed" in english(_finish(run, {})["runs"][0].changes)

    @pytest.mark.parametrize("rate", [0, -1, None, "x", float("nan"), 1e9])
    def test_a_bad_one_is_told_and_the_run_goes_on(self, rate: Any, library: Library) -> None:
        run = _stop_after(_start(library, _settings(epochs=30)), 0.5)
        before = run.trainer.learning_rate
        with pytest.raises(gr.Error, match="Learning rate must be"):
            change_rate(run, rate)
        assert run.trainer.learning_rate == before

    def test_without_a_training_there_is_none(self, library: Library) -> None:
        done = _train(library, {})
        _finish(done, {})
        for run in (None, done):
            with pytest.raises(gr.Error, match="No training"):
                change_rate(run, 0.1)


class TestFinish:
    @pytest.mark.parametrize("epochs", [1, 200])
    def test_however_it_ended_it_joins_the_runs_and_the_models(
        self, epochs: int, library: Library
    ) -> None:
        shows = _start(library, _settings(epochs=epochs))
        run = [*shows][-1][RUN] if epochs == 1 else _stop_after(shows, 1)
        done = _finish(run, {})
        (run,) = done["runs"]
        assert list(done["own"]) == [run.name]
        assert done["newest"] == run.name
        assert '"train": [[' in done["board"]["runs"]["1"]["curves"]
        assert done["board"]["selected"] == 1
        assert english(done["status"])["line"].startswith("Done" if epochs == 1 else "Paused")
        assert done["status"]["curves"] == ""
        assert [done[name]["visible"] for name in ("start", "pause", "resume", "rate")] == [
            True,
            False,
            True,
            False,
        ]

    def test_its_script_is_kept(self, library: Library) -> None:
        (run,) = _finish(_train(library, {}), {})["runs"]
        assert "softmax" in run.script
        compile(run.script, run.name, "exec")

    def test_runs_have_numbers_and_names_of_their_own(self, library: Library) -> None:
        runs: Runs = ()
        own: Own = {}
        for _ in range(3):
            done = _finish(_train(library, own, runs), own, runs)
            runs, own = done["runs"], done["own"]
        assert [run.number for run in runs] == [1, 2, 3]
        names = [f"my softmax, epochs 1{number}" for number in ("", " (2)", " (3)")]
        assert [run.name for run in runs] == list(own) == names

    def test_going_on_replaces_the_run_under_its_newest_name(self, library: Library) -> None:
        run = _train(library, {})
        first = _finish(run, {"other": load_checkpoint("mlp")})
        action = {"action": {"kind": "rename", "number": 1, "name": "best"}}
        runs, own, newest, _ = act(action, first["runs"], first["own"])
        assert newest == "best"
        list(_go_on(library, run, runs))
        again = _finish(run, own, runs)
        assert [(each.number, each.name) for each in again["runs"]] == [(1, "best")]
        assert list(again["own"]) == ["other", "best"]
        assert again["own"]["best"].metrics["epochs"] == 2

    def test_the_oldest_model_goes_where_there_are_too_many(self, library: Library) -> None:
        own = {f"model {number}": load_checkpoint("softmax") for number in range(MAX_MODELS)}
        done = _finish(_train(library, own), own)
        assert list(done["own"])[:-1] == list(own)[1:]
        assert len(own) == MAX_MODELS  # replaced, never changed

    def test_a_diverged_run_cannot_be_gone_on_with(self, library: Library) -> None:
        run = _train(library, {})
        run.diverged = DivergedEvent(1, 1, float("nan"), 100)
        done = _finish(run, {})
        assert not done["resume"]["visible"]
        assert done["runs"]
        assert "no longer a number" in english(done["status"]["line"])

    def test_a_training_refused_before_any_leaves_all_as_it_was(self) -> None:
        own = {"my mlp": load_checkpoint("mlp")}
        done = _finish(None, own)
        assert done["own"] is own
        assert (done["runs"], done["newest"], done["board"]) == ((), None, gr.skip())
        assert english(done["status"])["line"].startswith("Press Train")
        assert not done["resume"]["visible"]

    def test_a_run_paused_before_its_first_step_has_no_script(self, library: Library) -> None:
        shows = _start(library, _settings(epochs=200))
        run = next(show[RUN] for show in shows if isinstance(show[RUN], LiveRun))
        shows.close()
        done = _finish(run, {})
        assert run.trainer.steps_done == 0
        assert done["runs"][0].script == ""
        assert not done["board"]["runs"]["1"]["has_script"]

    def test_a_refused_training_loses_no_earlier_run(self, library: Library) -> None:
        run = _train(library, {})
        first = _finish(run, {})
        with pytest.raises(gr.Error):
            list(_start(library, _settings(batch_size=1501), first["own"], first["runs"]))
        done = _finish(run, first["own"], first["runs"])
        assert done["own"] is first["own"]
        assert done["runs"] is first["runs"]
        assert done["newest"] is None
        assert english(done["status"])["line"].startswith("Done")
        assert done["resume"]["visible"]


OPEN = {"open": True}


class TestWatching:
    @pytest.fixture
    def drawing(self, seven: Strokes) -> Any:
        return {"strokes": seven, "line_width": 16, "side": 280}

    def test_an_open_panel_is_shown_during_the_run(self, library: Library, drawing: Any) -> None:
        settings = _settings(epochs=5)
        shows = list(_start(library, settings, watch=OPEN, drawing=drawing))
        seen = [
            show[WATCH]
            for show in shows
            if isinstance(show[WATCH], dict) and "tiles" in show[WATCH]
        ]
        assert seen
        assert len(seen[-1]["tiles"]) == 20
        assert seen[-1]["series"]

    def test_it_may_be_opened_and_closed_during_the_run(
        self, library: Library, drawing: Any
    ) -> None:
        run = _stop_after(_start(library, _settings(epochs=200)), 0.5)
        assert look(library, run, OPEN, drawing)["pictures"]
        assert run.watch is not None
        assert look(library, run, {"open": False}, drawing) == gr.skip()
        assert run.watch is None

    def test_after_the_run_it_shows_how_it_ended(self, library: Library) -> None:
        run = _train(library, {})
        _finish(run, {})
        assert len(look(library, run, OPEN, None)["tiles"]) == 20

    @pytest.mark.parametrize("drawing", [None, "x", {"strokes": "no"}, {"strokes": [[["x", 1]]]}])
    def test_whatever_is_on_the_pad(self, drawing: Any, library: Library) -> None:
        run = _train(library, {})
        _finish(run, {})
        assert look(library, run, OPEN, drawing)["drawing"] is None

    def test_without_a_run_there_is_nothing_to_watch(self, library: Library) -> None:
        assert look(library, None, OPEN, None) == gr.skip()


def test_own_digits_are_offered_where_there_are_some(seven: Strokes) -> None:
    assert offer_own_digits(()) == gr.update(
        visible=False, label="Learn my own 0 digits too", value=False
    )
    offer = offer_own_digits((Drawing(7, seven),) * 3)
    assert offer["visible"]
    assert offer["label"] == "Learn my own 3 digits too"


@pytest.mark.parametrize("add", [True, False])
def test_own_digits_are_trained_on_where_it_is_asked_for(
    add: bool, library: Library, seven: Strokes
) -> None:
    own_set = (Drawing(7, seven), Drawing(1, seven))
    *_, shown = _start(library, _settings(), own_set=own_set, add_own=add)
    run, count = shown[RUN], len(library.dataset().train_labels)
    added = 2 * round(0.02 * count / 2) if add else 0
    assert run.trainer.images_per_epoch == count + added
    assert (run.trainer.own_digits is not None) == add
    assert ("2 own digits" in run.name) == add
    named = library.dataset().name + (" and 2 own digits" if add else "")
    assert run.checkpoint().dataset == named


class TestLine:
    def test_who_waits_sees_their_place_and_then_trains(self, library: Library) -> None:
        line = Line()
        lab = _lab(library, line)
        with line.stand("another"):
            waiting = _start(library, _settings(), lab=lab)
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
        shows = _start(library, _settings(epochs=500), lab=_lab(library, line))
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
        shows = _start(library, _settings(epochs=500), lab=_lab(library, line))
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
        run = _train(library, {}, epochs=2)
        _finish(run, {})
        with line.stand("another"):
            waiting = _go_on(library, run, (), _lab(library, line))
            next(waiting)
            waiting.close()
        assert (run.target, run.epochs_seen) == (2, 2)
        assert _finish(run, {})["status"]["line"]["en"].startswith("Done")


class TestBudget:
    def test_a_run_ends_as_if_paused_and_says_why(self, library: Library) -> None:
        lab = _lab(library, steps=30)
        *_, shown = _start(library, _settings(epochs=10), lab=lab)
        run = shown[RUN]
        assert run.trainer.steps_done == 30
        done = _finish(run, {})
        line = done["status"]["line"]["en"]
        assert line.startswith("Paused after 1.3 epochs.")
        assert "On this server a training may take 30 steps. Go on for as many again." in line
        assert list(done["own"]) == [run.name]
        assert done["resume"]["visible"]

        *_, shown = _go_on(library, run, done["runs"], lab)
        assert run.trainer.steps_done == 60  # a new turn has a new budget

    def test_what_reaches_its_end_within_the_budget_is_done(self, library: Library) -> None:
        steps = 1500 // RECIPES["softmax"].batch_size
        *_, shown = _start(library, _settings(), lab=_lab(library, steps=steps))
        assert shown[RUN].reached
        assert _finish(shown[RUN], {})["status"]["line"]["en"].startswith("Done")

    def test_seconds_end_a_run_too(self, library: Library) -> None:
        *_, shown = _start(library, _settings(epochs=1000), lab=_lab(library, seconds=0.3))
        line = _finish(shown[RUN], {})["status"]["line"]["en"]
        assert "On this server a training may take" in line

    def test_who_waits_spends_nothing(self, library: Library) -> None:
        line = Line()
        lab = _lab(library, line, seconds=60)
        with line.stand("another"):
            shows = _start(library, _settings(), lab=lab)
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
        other = _start(library, _settings(epochs=3), lab=_lab(library, line))
        while next(other)[RUN] == gr.skip():
            pass
        step = Trainer._step

        def fail(trainer: Trainer, batch: Any) -> Any:
            if trainer.seed == 13 and trainer.steps_done >= 20:
                raise fault
            return step(trainer, batch)

        monkeypatch.setattr(Trainer, "_step", fail)
        lab = _lab(library, line)
        someone: Any = SimpleNamespace(session_hash="someone else")
        settings = _settings(epochs=3, seed=13)
        *_, shown = Shows(lab.start(someone, {}, (), (), False, None, None, *settings))
        done = _finish(shown[RUN], {})
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
            list(_start(library, _settings(), lab=_lab(library, line)))
        assert line.counts() == {"running": 0, "waiting": 0}

    def test_where_the_model_cannot_be_kept_training_can_start_again(
        self, library: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(run: LiveRun) -> Any:
            raise MemoryError

        run = _train(library, {})
        monkeypatch.setattr(LiveRun, "checkpoint", fail)
        done = _finish(run, {})
        assert "batch size" in done["status"]["line"]["en"]
        assert done["start"]["visible"]
        assert not done["runs"]

    def test_a_clock_that_jumps_changes_nothing(
        self, library: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        line = Line()
        lab = _lab(library, line, seconds=100)
        with line.stand("another"):
            shows = _start(library, _settings(epochs=3), lab=lab)
            next(shows)
            monkeypatch.setattr(time, "time", lambda: 4e9)  # the year 2096
            next(shows)
        monkeypatch.setattr(time, "time", lambda: 0.0)
        *_, shown = shows
        run = shown[RUN]
        assert run.reached
        assert 0 < run.trainer.seconds < 100
        assert _finish(run, {})["status"]["line"]["en"].startswith("Done")
