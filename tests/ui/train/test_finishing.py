import base64

import gradio as gr
import pytest

from mnist_demo import RECIPES, DivergedEvent, load_checkpoint
from mnist_demo.models.checkpoints import write_checkpoint
from mnist_demo.training.processes.remote_trainer import RemoteTrainer
from mnist_demo.ui.compute.model_store import ModelStore, UserModels
from mnist_demo.ui.train.handlers import act_on_table
from mnist_demo.ui.train.run_store import MAX_MODELS, Runs
from mnist_demo.ui.train.session import TrainingSession
from tests.ui.english import english
from tests.ui.train.driving import (
    SETTINGS_NOW,
    UNENDING,
    finish_session,
    resume,
    settings_of,
    start,
    stop_after,
    train,
    visible_buttons,
)
from tests.ui.train.made_runs import make_checkpoint, make_run


class TestFinish:
    @pytest.mark.parametrize("epochs", [1, 200])
    def test_however_it_ended_it_joins_the_runs_and_the_models(
        self, epochs: int, store: ModelStore
    ) -> None:
        shows = start(store, settings_of(epochs=epochs))
        run = [*shows][-1]["session"] if epochs == 1 else stop_after(shows, 1)
        done = finish_session(store, run, {})
        (run,) = done["runs"]
        assert list(done["user_models"]) == [run.name]
        assert done["newest"] == run.name
        assert '"train": [[' in done["table"]["runs"]["1"]["curves"]
        assert done["table"]["selected"] == 1
        assert english(done["status"])["line"].startswith("Done" if epochs == 1 else "Paused")
        assert done["status"]["curves"] == ""
        assert visible_buttons(done) == {"train", "resume", *SETTINGS_NOW}
        assert done["train"]["value"] == "Train a new one"
        assert done["resume"]["value"] == ("Train 1 more epoch" if epochs == 1 else "Go on")

    def test_its_script_is_kept(self, store: ModelStore) -> None:
        (run,) = finish_session(store, train(store, {}), {})["runs"]
        assert "softmax" in run.script
        compile(run.script, run.name, "exec")

    def test_runs_have_numbers_and_names_of_their_own(self, store: ModelStore) -> None:
        runs: Runs = ()
        user_models: UserModels = {}
        for _ in range(3):
            done = finish_session(store, train(store, user_models, runs), user_models, runs)
            runs, user_models = done["runs"], done["user_models"]
        assert [run.number for run in runs] == [1, 2, 3]
        names = [f"my softmax{number}" for number in ("", " (2)", " (3)")]
        assert [run.name for run in runs] == list(user_models) == names

    def test_going_on_replaces_the_run_under_its_newest_name(self, store: ModelStore) -> None:
        run = train(store, {})
        first = finish_session(store, run, {"other": load_checkpoint("mlp")})
        action = {"action": {"kind": "rename", "number": 1, "name": "best"}}
        named = act_on_table(store, action, first["runs"], first["user_models"])
        assert named["newest"] == "best"
        runs, user_models = named["runs"], named["user_models"]
        list(resume(store, run, runs))
        again = finish_session(store, run, user_models, runs)
        assert [(each.number, each.name) for each in again["runs"]] == [(1, "best")]
        assert list(again["user_models"]) == ["other", "best"]
        assert again["user_models"]["best"].metrics["epochs"] == 2

    def test_the_oldest_model_goes_where_there_are_too_many(self, store: ModelStore) -> None:
        user_models = {
            f"model {number}": load_checkpoint("softmax") for number in range(MAX_MODELS)
        }
        done = finish_session(store, train(store, user_models), user_models)
        assert list(done["user_models"])[:-1] == list(user_models)[1:]
        assert len(user_models) == MAX_MODELS  # replaced, never changed

    def test_a_diverged_run_cannot_be_gone_on_with(self, store: ModelStore) -> None:
        run = train(store, {})
        run.diverged = DivergedEvent(1, 1, float("nan"), 100)
        done = finish_session(store, run, {})
        assert not done["resume"]["visible"]
        assert done["runs"]
        assert "no longer a number" in english(done["status"]["line"])

    def test_a_training_refused_before_any_leaves_all_as_it_was(self, store: ModelStore) -> None:
        user_models = {"my mlp": load_checkpoint("mlp")}
        done = finish_session(store, None, user_models)
        assert done["user_models"] is user_models
        assert (done["runs"], done["newest"]) == ((), None)
        assert "table" not in done
        assert english(done["status"])["line"].startswith("Press Train")
        assert not done["resume"]["visible"]

    def test_a_run_paused_before_its_first_step_has_no_script(self, store: ModelStore) -> None:
        trainer = RemoteTrainer(RECIPES["softmax"], store.dataset(), pool=store.compute.pool)
        trainer.close()
        done = finish_session(store, TrainingSession(1, "my softmax", trainer), {})
        assert done["runs"][0].script == ""
        assert not done["table"]["runs"]["1"]["has_script"]

    def test_a_refused_training_loses_no_earlier_run(self, store: ModelStore) -> None:
        run = train(store, {})
        first = finish_session(store, run, {})
        with pytest.raises(gr.Error):
            list(start(store, settings_of(batch_size=0), first["user_models"], first["runs"]))
        done = finish_session(store, run, first["user_models"], first["runs"])
        assert done["user_models"] is first["user_models"]
        assert done["runs"] is first["runs"]
        assert done["newest"] is None
        assert english(done["status"])["line"].startswith("Done")
        assert done["resume"]["visible"]


class TestMeanwhile:
    """A run under way, or one that waits, has its number and its name already."""

    @pytest.mark.parametrize("waits", [False, True])
    def test_an_opened_model_stands_beside_it(self, waits: bool, store: ModelStore) -> None:
        shows = start(store, settings_of(**UNENDING))
        queued = next(shown["queued"] for shown in shows if shown.get("queued"))
        session = stop_after(shows, 0)
        told = {"queued": queued} if waits else {"session": session}
        content = base64.b64encode(write_checkpoint(load_checkpoint("softmax"))).decode()
        file = {"kind": "open", "name": f"{session.name}.safetensors", "content": content}
        opened = act_on_table(store, {"action": file}, (), {}, **told)
        done = finish_session(store, session, opened["user_models"], opened["runs"])
        numbers, names = ([getattr(run, of) for run in done["runs"]] for of in ("number", "name"))
        assert (numbers, names) == ([2, 1], [f"{session.name} (2)", session.name])
        assert list(done["user_models"]) == names

    def test_no_other_run_gets_its_name(self, store: ModelStore) -> None:
        runs, models = (make_run(5, "other"),), {"other": make_checkpoint("other")}
        session = stop_after(start(store, settings_of(**UNENDING)), 0)
        action = {"action": {"kind": "rename", "number": 5, "name": session.name}}
        refused = act_on_table(store, action, runs, models, session)
        assert refused["runs"] == runs
        assert "my softmax" in english(refused["table"])["message"]

    def test_what_is_brought_back_stays_beside_it(self, store: ModelStore) -> None:
        first = finish_session(store, train(store, {}), {})
        gone = act_on_table(
            store, {"action": {"kind": "clear"}}, first["runs"], first["user_models"]
        )
        removed = gone["removed"]
        (*_, shown) = start(store, settings_of(), removed=removed)
        session = shown["session"]
        undo = {"action": {"kind": "undo"}}
        back = act_on_table(store, undo, (), {}, session, removed)
        done = finish_session(store, session, back["user_models"], back["runs"])
        assert [run.number for run in done["runs"]] == [1, 2]
        assert list(done["user_models"]) == ["my softmax", "my softmax (2)"]
        assert [run.name for run in done["runs"]] == list(done["user_models"])
