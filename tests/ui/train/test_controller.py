import base64
from dataclasses import replace
from typing import Any

import gradio as gr
import pytest

from mnist_demo import RECIPES, DivergedEvent
from mnist_demo.digits.stroke_files import Drawing
from mnist_demo.models import calibration
from mnist_demo.models.checkpoints import write_checkpoint
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.train.handlers import (
    change_setting,
    offer_user_digits,
    toggle_live_view,
)
from mnist_demo.ui.train.run_actions import act_on_runs
from mnist_demo.ui.train.session import TrainingSession
from mnist_demo.ui.train.session_status import describe_running
from tests.training.processes.faulty_worker import AT_THE_START, FAULTY, SLOW
from tests.ui.conftest import Strokes
from tests.ui.english import english
from tests.ui.train.driving import (
    SETTINGS_NOW,
    finish_session,
    make_controller,
    resume,
    settings_of,
    start,
    stop_after,
    train,
    visible_buttons,
)


def test_a_training_is_shown_from_start_to_end(store: ModelStore) -> None:
    shows = [english(show) for show in start(store, settings_of(epochs=8))]
    assert "session" not in shows[0]
    assert shows[0]["status"]["line"] == "Starting…"
    shares = [show["status"]["share"] for show in shows if show]
    assert shares == sorted(shares)
    assert len({*shares}) > 3
    assert shares[-1] == 1
    first = next(show for show in shows if "session" in show)
    assert visible_buttons(shows[0]) == {"pause"}
    assert visible_buttons(first) == {"pause", *SETTINGS_NOW}
    assert first["learning_rate_now"]["value"] == RECIPES["softmax"].learning_rate


def test_what_does_not_change_is_not_sent_again(store: ModelStore) -> None:
    shows = [show for show in start(store, settings_of()) if "session" in show]
    assert all(show.keys() == {"session", "status"} for show in shows[1:])


def test_while_the_trainer_is_made_the_page_says_so(store: ModelStore) -> None:
    controller = make_controller(store, pool=FAULTY)
    shows = [english(show) for show in start(store, settings_of(seed=SLOW), controller=controller)]
    starting = [show for show in shows if "session" not in show]
    assert len(starting) > 3
    assert starting == shows[: len(starting)]
    assert starting[0]["status"]["line"] == "Starting…"
    assert visible_buttons(starting[0]) == {"pause"}
    assert not any(starting[1:])
    assert isinstance(shows[-1]["session"], TrainingSession)


@pytest.mark.slow
def test_a_recipe_of_ours_is_trained(store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    few = replace(
        RECIPES["robust_cnn"],
        synthetic_digits=40,
        non_digits=10,
        uci_digits=0,
        calibration_split=20,
    )
    monkeypatch.setitem(RECIPES, "robust_cnn", few)
    monkeypatch.setattr(calibration, "DRAWINGS", 100)
    changes = {"epochs": 1, "batch_size": 500}
    *_, shown = start(store, settings_of("robust_cnn", **changes))
    run = shown["session"]
    assert isinstance(run, TrainingSession)
    assert run.trainer.recipe.changes() == changes
    assert run.trainer.steps_per_epoch == (3980 + 40 + 10) // 500
    checkpoint = run.checkpoint()
    assert checkpoint.threshold == checkpoint.metrics["threshold"]


def test_the_settings_of_the_form_are_used(store: ModelStore) -> None:
    run = train(store, {}, epochs=2, learning_rate=0.5, seed=11, train_images=200)
    assert run.trainer.recipe.changes() == {"epochs": 2, "learning_rate": 0.5, "train_images": 200}
    assert run.trainer.seed == 11
    assert run.trainer.images_per_epoch == 200
    assert run.epochs_seen == 2
    assert run.name == "my softmax, learning rate 0.5, 200 images"


def test_a_bad_setting_is_told(store: ModelStore, subtests: pytest.Subtests) -> None:
    bad: list[tuple[str, Any, str]] = [
        ("optimizer", "magic", "Optimizer must be one of sgd"),
        ("learning_rate", 0, "Learning rate must be a number from 0.000001 to 100, not 0"),
        ("batch_size", None, "Batch size is empty: type a whole number"),
        ("epochs", 0, "Epochs must be"),
        ("momentum", 1, "Momentum must be"),
        ("weight_decay", -1, "Weight decay must be"),
        ("seed", -1, "Seed must be a whole number from 0 to 4,294,967,295, not -1"),
        ("train_images", 5, "Training images must be"),
        ("label_noise", "x", "Wrong labels must be"),
    ]
    for name, value, told in bad:
        with subtests.test(name=name, value=value, told=told):
            with pytest.raises(gr.Error) as caught:
                list(start(store, settings_of(**{name: value})))
            assert told in caught.value.message
            assert caught.value.message.endswith(".")
            assert not caught.value.print_exception


@pytest.mark.parametrize(
    ("changes", "batch_size"),
    [
        ({"recipe": "fast_cnn", "train_images": 100}, 100),
        ({"train_images": 500, "batch_size": 10_000}, 500),
    ],
)
def test_too_large_a_batch_is_cut_and_it_is_said(
    changes: dict[str, Any], batch_size: int, store: ModelStore
) -> None:
    asked = settings_of(**changes)["batch_size"]
    run = train(store, {}, **changes)
    assert run.epochs_seen == run.trainer.steps_per_epoch == 1
    assert run.trainer.recipe.batch_size == batch_size
    said = f"The batch size was cut from {asked:,} to {batch_size:,}"
    assert said in english(describe_running(run)["note"])
    done = finish_session(store, run, {})
    assert said in english(done["status"]["note"])
    assert done["runs"][0].recipe.batch_size == asked  # as a lesson knows it
    assert run.images_per_second() == pytest.approx(batch_size / run.trainer.seconds)


@pytest.mark.parametrize("seed", AT_THE_START)
def test_what_ends_a_training_before_its_first_step_frees_the_page_and_says_why(
    seed: int, store: ModelStore
) -> None:
    last = train(store, {})
    finish_session(store, last, {})
    for session, buttons in ((None, {"train"}), (last, {"train", "resume", *SETTINGS_NOW})):
        controller = make_controller(store, pool=FAULTY)
        shows = start(store, settings_of(seed=seed), controller=controller, session=session)
        shown: dict[str, Any] = {}
        error = ""
        try:
            for each in shows:
                shown = each
        except gr.Error as caught:
            error = caught.message
        assert error
        assert visible_buttons(shown) == buttons
        assert english(shown["status"]["line"]) == error


def test_a_short_run_is_tested_now_and_then_and_by_the_clock(store: ModelStore) -> None:
    """Each of its epochs is too short for a test of its own."""
    run = train(store, {}, epochs=40, train_images=200, batch_size=50)
    curves = run.curves()
    assert [point[0] for point in curves["test"]] == [16 * test for test in range(1, 11)]
    assert [event.epoch for event in run.epochs] == [40]
    assert run.epochs[-1].test.confusion.sum() == len(store.dataset().test_labels)
    assert run.trainer.wall_seconds > run.trainer.seconds
    (record,) = finish_session(store, run, {})["runs"]
    assert record.metrics["wall_seconds"] == round(run.trainer.wall_seconds, 3)
    assert "test_accuracy_by_epoch" not in record.metrics  # of one epoch it would be


def test_both_curves_show_plain_cross_entropy(store: ModelStore) -> None:
    run = train(store, {}, label_smoothing=0.5, epochs=8, batch_size=500)
    last = [loss for _, _, loss, _ in run.curves()["train"]][-50:]
    smoothed = run.epochs[-1].train_loss
    (record,) = finish_session(store, run, {})["runs"]
    assert record.metrics["train_cross_entropy"] == pytest.approx(sum(last) / 50, abs=1e-4)
    assert abs(record.metrics["train_cross_entropy"] - smoothed) > 0.02


def test_a_paused_run_goes_on_to_where_it_was_going(store: ModelStore) -> None:
    run = stop_after(start(store, settings_of(epochs=30)), 0.5)
    assert 0.5 <= run.epochs_seen < 30
    stopped_at = run.epochs_seen
    *_, shown = resume(store, run, ())
    assert shown["session"] is run
    assert stopped_at < run.epochs_seen == run.target == 30


def test_a_finished_run_trains_for_as_many_epochs_again(store: ModelStore) -> None:
    run = train(store, {}, epochs=2)
    list(resume(store, run, ()))
    assert run.epochs_seen == run.target == 4


def test_there_may_be_nothing_to_go_on_with(store: ModelStore) -> None:
    diverged = train(store, {})
    diverged.diverged = DivergedEvent(1, 1, float("nan"), 100)
    for run in (None, diverged):
        with pytest.raises(gr.Error, match="no run to go on with"):
            list(resume(store, run, ()))


DROPPING = replace(RECIPES["softmax"], layers="dropout 0.25, linear 10")
OTHER = {"learning_rate": 0.5, "weight_decay": 0.01, "label_smoothing": 0.1, "dropout": 0.4}


@pytest.fixture
def dropping(monkeypatch: pytest.MonkeyPatch) -> None:
    """The form's softmax has a layer of dropout."""
    monkeypatch.setitem(RECIPES, "softmax", DROPPING)


class TestSettingsNow:
    def test_they_change_during_the_run_and_are_marked(
        self, store: ModelStore, dropping: None
    ) -> None:
        shows = start(store, settings_of(epochs=20))
        shown = next(show for show in shows if "session" in show)
        assert shown["dropout_now"] == gr.update(visible=True, value=0.25)
        run = shown["session"]
        while run.epochs_seen < 0.5:
            next(shows)
        for name, value in OTHER.items():
            change_setting(name, run, value)
        list(shows)
        marks = run.curves()["marks"]
        assert sorted(english(words) for _, words in marks) == [
            "dropout 0.4",
            "label smoothing 0.1",
            "learning rate 0.5",
            "weight decay 0.01",
        ]
        assert all(step > 0 for step, _ in marks)
        (record,) = finish_session(store, run, {})["runs"]
        told = "changed on the way: learning rate, weight decay, label smoothing, dropout"
        assert told in english(record.changes)
        for name in OTHER:
            assert f"{name} changed during the run" in " ".join(record.script.split())

    def test_a_model_that_is_saved_and_opened_still_tells_of_it(self, store: ModelStore) -> None:
        run = stop_after(start(store, settings_of(epochs=30)), 0.5)
        change_setting("weight_decay", run, 0.01)
        stop_after(resume(store, run, ()), run.epochs_seen + 0.5)
        kept = finish_session(store, run, {})
        content = base64.b64encode(write_checkpoint(kept["user_models"][run.name])).decode()
        action = {"kind": "open", "name": "mine.safetensors", "content": content}
        opened = act_on_runs(store.compute.torch_thread, (), {}, {"action": action}).runs[0]
        assert english(opened.changes) == "changed on the way: weight decay"

    def test_a_paused_run_goes_on_with_another_one(self, store: ModelStore) -> None:
        run = stop_after(start(store, settings_of(epochs=30)), 0.5)
        finish_session(store, run, {})
        with pytest.raises(gr.Error, match="Learning rate must be"):
            list(resume(store, run, (), learning_rate_now=-1))
        now: dict[str, Any] = {"learning_rate_now": 0.25, "weight_decay_now": 0, "dropout_now": 0}
        stop_after(resume(store, run, (), **now), run.epochs_seen + 0.5)
        assert run.trainer.learning_rate == 0.25
        ((_, words),) = run.curves()["marks"]  # of what is as it was there is none
        assert english(words) == "learning rate 0.25"

    def test_of_a_network_without_dropout_it_cannot_be_set(self, store: ModelStore) -> None:
        shown = next(show for show in list(start(store, settings_of())) if "session" in show)
        assert shown["dropout_now"] == gr.update(visible=False)
        with pytest.raises(gr.Error, match="This network has no dropout layer"):
            change_setting("dropout", shown["session"], 0.5)

    @pytest.mark.parametrize("name", OTHER)
    @pytest.mark.parametrize("value", [-1, None, "x", float("nan"), 1e9])
    def test_a_bad_one_is_told_and_the_run_goes_on(
        self, name: str, value: Any, run_now: TrainingSession
    ) -> None:
        before = run_now.trainer.settings.copy()
        told = name.replace("_", " ").capitalize()
        with pytest.raises(gr.Error, match=rf"{told} (must be|is empty)"):
            change_setting(name, run_now, value)
        assert run_now.trainer.settings == before

    @pytest.fixture
    def run_now(self, store: ModelStore, dropping: None) -> TrainingSession:
        return stop_after(start(store, settings_of(epochs=30)), 0.5)

    def test_without_a_training_there_is_none(self, store: ModelStore) -> None:
        diverged = train(store, {})
        diverged.diverged = DivergedEvent(1, 1, float("nan"), 100)
        for run in (None, diverged):
            with pytest.raises(gr.Error, match="no run whose settings"):
                change_setting("learning_rate", run, 0.1)


OPEN = {"open": True}


class TestLiveView:
    @pytest.fixture
    def drawing(self, seven: Strokes) -> Any:
        return {"strokes": seven, "line_width": 16, "side": 280}

    def test_an_open_panel_is_shown_during_the_run(self, store: ModelStore, drawing: Any) -> None:
        settings = settings_of(epochs=5)
        shows = list(start(store, settings, live_view=OPEN, drawing=drawing))
        views = [show["live_view"] for show in shows if "live_view" in show]
        seen = [view for view in views if "tiles" in view]
        assert seen
        assert len(seen[-1]["tiles"]) == 20
        assert seen[-1]["series"]

    def test_it_may_be_opened_and_closed_during_the_run(
        self, store: ModelStore, drawing: Any
    ) -> None:
        run = stop_after(start(store, settings_of(epochs=200, batch_size=1)), 0.5)
        assert toggle_live_view(store, run, OPEN, drawing)["live_view"]["pictures"]
        assert run.live_view is not None
        assert toggle_live_view(store, run, {"open": False}, drawing) == {}
        assert run.live_view is None

    def test_after_the_run_it_shows_how_it_ended(self, store: ModelStore) -> None:
        run = train(store, {})
        finish_session(store, run, {})
        shown = toggle_live_view(store, run, OPEN, None)["live_view"]
        assert len(shown["tiles"]) == 20

    @pytest.mark.parametrize("drawing", [None, "x", {"strokes": "no"}, {"strokes": [[["x", 1]]]}])
    def test_whatever_is_on_the_pad(self, drawing: Any, store: ModelStore) -> None:
        run = train(store, {})
        finish_session(store, run, {})
        shown = toggle_live_view(store, run, OPEN, drawing)["live_view"]
        assert shown["drawing"] is None

    def test_without_a_run_there_is_nothing_to_watch(self, store: ModelStore) -> None:
        assert toggle_live_view(store, None, OPEN, None) == {}


def test_own_digits_are_offered_where_there_are_some(seven: Strokes) -> None:
    assert offer_user_digits(()) == gr.update(
        visible=False, label="Learn my own 0 digits too", value=False
    )
    offer = offer_user_digits((Drawing(7, seven),) * 3)
    assert offer["visible"]
    assert offer["label"] == "Learn my own 3 digits too"


@pytest.mark.parametrize("add", [True, False])
def test_own_digits_are_trained_on_where_it_is_asked_for(
    add: bool, store: ModelStore, seven: Strokes
) -> None:
    user_digits = (Drawing(7, seven), Drawing(1, seven))
    *_, shown = start(store, settings_of(), user_digits=user_digits, add_user_digits=add)
    run, count = shown["session"], len(store.dataset().train_labels)
    added = 2 * round(0.02 * count / 2) if add else 0
    assert run.trainer.images_per_epoch == count + added
    assert (run.trainer.extra_digits is not None) == add
    assert ("2 own digits" in run.name) == add
    named = store.dataset().name + (" and 2 own digits" if add else "")
    assert run.checkpoint().dataset == named
