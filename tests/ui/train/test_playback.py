"""What is shown of a moment, which models and runs become of it, and what a browser may send."""

import re
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import gradio as gr
import numpy as np
import pytest

from mnist_demo import evaluate, load_checkpoint, predict_probabilities, strokes_to_digit
from mnist_demo.models.checkpoints import read_checkpoint, write_checkpoint
from mnist_demo.training.snapshots import MAX_BYTES, Snapshots, restore
from mnist_demo.ui.compute.model_store import ModelStore, UserModels
from mnist_demo.ui.train import playback as playback_module
from mnist_demo.ui.train.handlers import act_on_table
from mnist_demo.ui.train.playback import Playback
from mnist_demo.ui.train.run_store import MAX_NAME, Runs
from mnist_demo.ui.train.save_moment import save_moment
from tests.ui.conftest import Strokes
from tests.ui.english import english
from tests.ui.train.driving import (
    UNENDING,
    VISITOR,
    Shows,
    finish_session,
    make_controller,
    settings_of,
    start,
    stop_after,
    train,
)

WILD: list[Any] = [
    None,
    "x",
    [],
    {},
    {"run": "1", "step": 0},
    {"run": 1, "step": 0.5},
    {"run": True},
]


@dataclass
class Visitor:
    """One who has trained."""

    session: Any  # a TrainingSession; None before the first run
    runs: Runs
    user_models: UserModels

    def moments(self, number: int = 1) -> list[int]:
        return [each.step for each in self.session.snapshots.of(number)]


@pytest.fixture(scope="module")
def shared(store: ModelStore) -> Visitor:
    """Two runs of two epochs, one after the other."""
    trained = _train_another(store, Visitor(None, (), {}))
    return _train_another(store, trained)


def _train_another(store: ModelStore, visitor: Visitor, **changes: Any) -> Visitor:
    settings = settings_of(**{"epochs": 2} | changes)
    kept = (visitor.user_models, visitor.runs)
    *_, shown = start(store, settings, *kept, session=visitor.session)
    done = finish_session(store, shown["session"], *kept)
    return Visitor(shown["session"], done["runs"], done["user_models"])


@pytest.fixture
def visitor(shared: Visitor) -> Visitor:
    return Visitor(shared.session, shared.runs, shared.user_models)


@pytest.fixture
def playback(store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> Playback:
    monkeypatch.setattr(playback_module, "WITHIN", 60)  # all test images at once
    return Playback(store)


def _show(
    playback: Playback, visitor: Visitor, asked: Any = None, drawing: Any = None
) -> dict[str, Any]:
    return playback.show(visitor.session, visitor.runs, drawing, asked)


def _steps_of(curve: dict[str, Any]) -> list[int]:
    return [step for step, _ in curve["series"][0]["points"]]


class TestShow:
    def test_a_run_has_moments_from_its_first_step_to_its_last(self, visitor: Visitor) -> None:
        for number in (1, 2):
            steps = visitor.moments(number)
            assert len(steps) >= 5
            assert steps == sorted(set(steps))
            assert (steps[0], steps[-1]) == (0, visitor.session.trainer.steps_done)

    def test_at_first_the_newest_of_the_newest_run(
        self, playback: Playback, visitor: Visitor
    ) -> None:
        shown = english(_show(playback, visitor))
        steps = visitor.moments(2)
        assert (shown["run"], shown["step"], shown["place"]) == (2, steps[-1], len(steps) - 1)
        assert [each["step"] for each in shown["moments"]] == steps
        assert shown["moments"][0]["told"] == "Step 0, epoch 0.00, 0.0 s"
        assert shown["name"] == visitor.runs[1].name
        assert len(shown["tiles"]) == len(shown["pictures"]) == 20
        assert len(shown["weights"]) == 10
        assert shown["drawing"] is None

    @pytest.mark.parametrize("place", [0, 2, -1])
    def test_it_is_the_network_as_it_was(
        self, place: int, playback: Playback, visitor: Visitor, store: ModelStore
    ) -> None:
        snapshot = visitor.session.snapshots.of(1)[place]
        shown = english(_show(playback, visitor, {"run": 1, "step": snapshot.step}))
        model = restore(visitor.runs[0].recipe, visitor.runs[0].seed, snapshot)
        dataset = store.dataset()
        stride = -(-len(dataset.test_labels) // playback_module.TESTED)
        test = evaluate(model, dataset.test_images[::stride], dataset.test_labels[::stride])
        count = len(dataset.test_labels[::stride])
        told = f"{test.accuracy:.1%} of {count:,} test images read right"
        assert shown["tested"]["told"] == told
        assert shown["tested"]["done"]
        cells = [int(cell["count"] or 0) for cell in shown["tested"]["matrix"]["cells"]]
        assert cells == test.confusion.flatten().tolist()

    def test_the_nearest_moment_is_shown(self, playback: Playback, visitor: Visitor) -> None:
        first, second, *_, last = visitor.moments(1)
        for asked, found in [(-9, first), (second, second), (10**30, last)]:
            assert _show(playback, visitor, {"run": 1, "step": asked})["step"] == found

    def test_a_drawing_is_read_as_it_would_have_been(
        self, playback: Playback, visitor: Visitor, seven: Strokes
    ) -> None:
        shown = english(_show(playback, visitor, {"run": 1}, {"strokes": seven}))
        assert shown["drawing"]["picture"].startswith("data:image/png")
        assert shown["drawing"]["told"].startswith("It would have read your drawing as a")
        assert _show(playback, visitor, {"run": 1}, {"strokes": "no"})["drawing"] is None

    def test_test_images_are_read_little_by_little(
        self, visitor: Visitor, store: ModelStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(playback_module, "WITHIN", 0)
        playback = Playback(store)
        asked = {"run": 1, "step": 0}
        shown = english(_show(playback, visitor, asked))
        assert (shown["tested"]["told"], shown["tested"]["done"]) == (
            "Test images are being read…",
            False,
        )
        monkeypatch.setattr(playback_module, "WITHIN", 0.004)
        counts = []
        while not shown["tested"]["done"]:
            shown = english(_show(playback, visitor, asked | {"more": True}))
            assert shown.keys() == {"run", "step", "more", "tested", "curve"}
            cells = shown["tested"]["matrix"]["cells"]
            counts.append(sum(int(cell["count"] or 0) for cell in cells))
        assert counts == sorted(counts)
        labels = store.dataset().test_labels
        assert counts[-1] == len(labels[:: -(-len(labels) // playback_module.TESTED)])
        again = english(_show(playback, visitor, asked))
        assert again["tested"]["done"]  # it is known

    def test_a_drawing_is_read_at_every_moment(
        self, playback: Playback, visitor: Visitor, seven: Strokes
    ) -> None:
        drawing, run = {"strokes": seven}, visitor.runs[0]
        curve = english(_show(playback, visitor, {"run": 1, "step": 0}, drawing))["curve"]
        steps = visitor.moments(1)
        assert (curve["low"], curve["high"], curve["done"]) == (steps[0], steps[-1], True)
        assert re.fullmatch(r"(From step|It changed|It reads) .*\.", curve["told"])
        assert [each["name"] for each in curve["series"]] == list("0123456789")
        digit = strokes_to_digit(seven)
        for place, snapshot in enumerate(visitor.session.snapshots.of(1)):
            read = predict_probabilities(restore(run.recipe, run.seed, snapshot), digit)[0]
            points = [each["points"][place] for each in curve["series"]]
            assert {step for step, _ in points} == {snapshot.step}
            assert [share for _, share in points] == pytest.approx(read, abs=1e-4)

    def test_its_curve_grows_from_the_moment_that_is_looked_at(
        self, visitor: Visitor, store: ModelStore, seven: Strokes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(playback_module, "WITHIN", 0)
        playback, steps = Playback(store), visitor.moments(1)
        asked, drawing = {"run": 1, "step": steps[2]}, {"strokes": seven}
        curve = _show(playback, visitor, asked, drawing)["curve"]
        assert _steps_of(curve) == [steps[2]]
        assert (curve["told"], curve["done"]) == ("", False)
        monkeypatch.setattr(playback_module, "WITHIN", 0.004)
        counts = [1]
        while not curve["done"]:
            curve = _show(playback, visitor, asked | {"more": True}, drawing)["curve"]
            counts.append(len(_steps_of(curve)))
        assert counts == sorted(counts)
        assert _steps_of(curve) == steps

    def test_without_a_drawing_or_with_one_moment_there_is_no_curve(
        self, playback: Playback, visitor: Visitor, seven: Strokes
    ) -> None:
        blanks: list[Any] = [None, {"strokes": []}, {"strokes": "no"}]
        for blank in blanks:
            assert _show(playback, visitor, {"run": 1}, blank)["curve"] is None
        kept = Snapshots()
        kept.add(1, visitor.session.snapshots.of(1)[0])
        alone: Any = SimpleNamespace(kept=True, snapshots=kept)
        drawing = {"strokes": seven}
        shown = playback.show(alone, visitor.runs, drawing, {"run": 1})
        assert (len(shown["moments"]), shown["curve"]) == (1, None)

    def test_without_a_run_there_is_nothing(self, playback: Playback) -> None:
        assert playback.show(None, (), None, {"run": 1}) == {"message": None}

    def test_a_run_that_has_no_moments_says_so(self, playback: Playback, visitor: Visitor) -> None:
        shown = english(playback.show(None, visitor.runs, None, {"run": 1}))
        assert shown["message"].startswith(f"No moments of “{visitor.runs[0].name}”")

    @pytest.mark.parametrize("asked", WILD, ids=repr)
    def test_a_browser_may_send_anything(
        self, asked: Any, playback: Playback, visitor: Visitor
    ) -> None:
        assert "tiles" in _show(playback, visitor, asked)

    def test_a_run_under_way_has_moments_already(
        self, playback: Playback, store: ModelStore
    ) -> None:
        session = stop_after(start(store, settings_of(**UNENDING)), 0)
        shown = _show(playback, Visitor(session, (), {}))
        assert shown["run"] == session.number
        assert [each["step"] for each in shown["moments"]] == [
            each.step for each in session.snapshots.of(session.number)
        ]


class TestWhatIsKept:
    def test_a_run_goes_with_its_moments_but_while_it_can_be_brought_back(
        self, store: ModelStore
    ) -> None:
        visitor = _train_another(store, _train_another(store, Visitor(None, (), {})))
        session = visitor.session
        action = {"action": {"kind": "delete", "number": 1}}
        removed = act_on_table(store, action, visitor.runs, visitor.user_models, session)
        assert session.snapshots.of(1)
        kept = (removed["runs"], removed["user_models"], session)
        act_on_table(store, {"action": {"kind": "rename", "number": 2, "name": "b"}}, *kept)
        assert not session.snapshots.of(1)
        assert session.snapshots.of(2)

    def test_what_diverged_keeps_moments_that_are_numbers(self, store: ModelStore) -> None:
        session = train(store, {}, recipe="deep_cnn", optimizer="sgd", learning_rate=100.0)
        assert session.diverged
        for snapshot in session.snapshots.of(1):
            assert all(each.isfinite().all() for each in snapshot.weights.values())
        assert session.snapshots.size <= MAX_BYTES


class TestSave:
    def test_a_moment_becomes_a_model_in_the_table(
        self, visitor: Visitor, store: ModelStore
    ) -> None:
        step = visitor.moments(1)[1]
        outputs = _save(store, visitor, {"run": 1, "step": step})
        name = f"{visitor.runs[0].name}, step {step:,}"
        assert outputs["newest"] == name == outputs["runs"][-1].name
        assert [run.number for run in outputs["runs"]] == [1, 2, 3]
        row = english(outputs["table"]["runs"]["3"])
        assert (row["has_model"], row["has_script"], row["curves"]) == (True, False, "")
        assert row["details"] == f"as it was after {step:,} steps"
        assert outputs["table"]["selected"] == 1  # whose moments are still looked at
        assert english(outputs["playback"])["saved"].startswith("Saved.")
        checkpoint = outputs["user_models"][name]
        dataset = store.dataset()
        test = evaluate(checkpoint.model, dataset.test_images, dataset.test_labels)
        assert checkpoint.metrics["test_accuracy"] == test.accuracy
        again = read_checkpoint(write_checkpoint(checkpoint), "again")
        assert again.metrics == checkpoint.metrics

    def test_saved_once_more_it_is_the_same_model(
        self, visitor: Visitor, store: ModelStore
    ) -> None:
        asked = {"run": 1, "step": visitor.moments(1)[1]}
        saved = _save(store, visitor, asked)
        visitor.runs, visitor.user_models = saved["runs"], saved["user_models"]
        again = _save(store, visitor, asked)
        assert again == {name: saved[name] for name in ("newest", "playback")}
        other = _save(store, visitor, asked | {"step": visitor.moments(1)[2]})
        assert other["newest"] != saved["newest"]

    def test_a_later_moment_of_the_film_does_not_change_it(
        self, visitor: Visitor, store: ModelStore, playback: Playback
    ) -> None:
        asked = {"run": 1, "step": visitor.moments(1)[1]}
        saved = _save(store, visitor, asked)
        model = saved["user_models"][saved["newest"]].model
        before = [each.clone() for each in model.state_dict().values()]
        _show(playback, visitor, {"run": 1, "step": 0})
        for one, other in zip(before, model.state_dict().values(), strict=True):
            np.testing.assert_array_equal(one, other)

    def test_names_stay_within_bounds_and_tell_the_step(
        self, visitor: Visitor, store: ModelStore
    ) -> None:
        action = {"action": {"kind": "rename", "number": 1, "name": "n" * MAX_NAME}}
        named = act_on_table(store, action, visitor.runs, visitor.user_models)
        visitor.runs, visitor.user_models = named["runs"], named["user_models"]
        taken = {f"{'n' * (MAX_NAME - len(', step 0'))}, step 0": load_checkpoint("mlp")}
        for models, ending in (({}, ", step 0"), (taken, " (2)")):
            visitor.user_models = models
            saved = _save(store, visitor, {"run": 1, "step": 0})
            assert len(saved["newest"]) <= MAX_NAME
            assert saved["newest"].endswith(ending)

    def test_a_run_under_way_keeps_its_number(self, store: ModelStore) -> None:
        session = stop_after(start(store, settings_of(**UNENDING)), 0)
        saved = _save(store, Visitor(session, (), {}), {"run": session.number, "step": 0})
        done = finish_session(store, session, saved["user_models"], saved["runs"])
        assert len(done["runs"]) == 2

    @pytest.mark.parametrize("asked", [*WILD, {"run": 9, "step": 0}], ids=repr)
    def test_what_is_not_there_cannot_be_saved(
        self, asked: Any, visitor: Visitor, store: ModelStore
    ) -> None:
        with pytest.raises(gr.Error, match="no longer kept"):
            _save(store, visitor, asked)


def _save(store: ModelStore, visitor: Visitor, asked: Any) -> dict[str, Any]:
    return save_moment(store, visitor.session, visitor.runs, visitor.user_models, asked)


class TestGoOn:
    def test_it_is_a_run_of_its_own_from_that_step_on(
        self, visitor: Visitor, store: ModelStore
    ) -> None:
        step = visitor.moments(1)[2]
        *_, shown = _go_on(store, visitor, {"run": 1, "step": step})
        session = shown["session"]
        assert session.number == 3
        assert session.name == f"{visitor.runs[0].name}, on from step {step:,}"
        assert session.trainer.steps_done == visitor.session.trainer.steps_done
        assert session.curves()["train"][0][0] > step
        assert session.snapshots is visitor.session.snapshots
        assert session.snapshots.of(3)[0].step == step
        done = finish_session(store, session, visitor.user_models, visitor.runs)
        run = done["runs"][-1]
        assert (run.recipe, run.seed) == (visitor.runs[0].recipe, visitor.runs[0].seed)
        assert english(run.changes) == f"began with the weights of step {step:,}"
        assert run.script == ""
        write_checkpoint(done["user_models"][run.name])

    def test_from_the_end_it_trains_as_many_epochs_again(
        self, visitor: Visitor, store: ModelStore
    ) -> None:
        *_, shown = _go_on(store, visitor, {"run": 2, "step": visitor.moments(2)[-1]})
        assert shown["session"].trainer.epochs_done == 4

    def test_what_waited_is_asked_for_again(self, visitor: Visitor, store: ModelStore) -> None:
        shows = _go_on(store, visitor, {"run": 1, "step": 1})
        queued = next(shown["queued"] for shown in shows if shown.get("queued"))
        shows.close()
        assert queued.settings is None
        assert queued.moment["run"] == 1

    @pytest.mark.parametrize("asked", [*WILD, {"run": 9, "step": 0}], ids=repr)
    def test_what_is_not_there_cannot_be_gone_on_with(
        self, asked: Any, visitor: Visitor, store: ModelStore
    ) -> None:
        with pytest.raises(gr.Error, match="no longer kept"):
            list(_go_on(store, visitor, asked))


def _go_on(store: ModelStore, visitor: Visitor, asked: Any) -> Shows[dict[str, Any]]:
    kept = (visitor.session, visitor.user_models, visitor.runs)
    return Shows(make_controller(store).start_from(VISITOR, *kept, None, None, asked))
