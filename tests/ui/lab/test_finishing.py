import gradio as gr
import pytest

from mnist_demo import RECIPES, DivergedEvent, load_checkpoint
from mnist_demo.remote_training import RemoteTrainer
from mnist_demo.ui.lab.live_run import LiveRun
from mnist_demo.ui.lab.running import act
from mnist_demo.ui.lab.runs import MAX_MODELS, Runs
from mnist_demo.ui.library import Library, Own
from tests.ui.english import english
from tests.ui.lab.driving import (
    RUN,
    finish_run,
    go_on,
    settings_of,
    start,
    stop_after,
    train,
)


class TestFinish:
    @pytest.mark.parametrize("epochs", [1, 200])
    def test_however_it_ended_it_joins_the_runs_and_the_models(
        self, epochs: int, library: Library
    ) -> None:
        shows = start(library, settings_of(epochs=epochs))
        run = [*shows][-1][RUN] if epochs == 1 else stop_after(shows, 1)
        done = finish_run(run, {})
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
        (run,) = finish_run(train(library, {}), {})["runs"]
        assert "softmax" in run.script
        compile(run.script, run.name, "exec")

    def test_runs_have_numbers_and_names_of_their_own(self, library: Library) -> None:
        runs: Runs = ()
        own: Own = {}
        for _ in range(3):
            done = finish_run(train(library, own, runs), own, runs)
            runs, own = done["runs"], done["own"]
        assert [run.number for run in runs] == [1, 2, 3]
        names = [f"my softmax, epochs 1{number}" for number in ("", " (2)", " (3)")]
        assert [run.name for run in runs] == list(own) == names

    def test_going_on_replaces_the_run_under_its_newest_name(self, library: Library) -> None:
        run = train(library, {})
        first = finish_run(run, {"other": load_checkpoint("mlp")})
        action = {"action": {"kind": "rename", "number": 1, "name": "best"}}
        runs, own, newest, _ = act(action, first["runs"], first["own"])
        assert newest == "best"
        list(go_on(library, run, runs))
        again = finish_run(run, own, runs)
        assert [(each.number, each.name) for each in again["runs"]] == [(1, "best")]
        assert list(again["own"]) == ["other", "best"]
        assert again["own"]["best"].metrics["epochs"] == 2

    def test_the_oldest_model_goes_where_there_are_too_many(self, library: Library) -> None:
        own = {f"model {number}": load_checkpoint("softmax") for number in range(MAX_MODELS)}
        done = finish_run(train(library, own), own)
        assert list(done["own"])[:-1] == list(own)[1:]
        assert len(own) == MAX_MODELS  # replaced, never changed

    def test_a_diverged_run_cannot_be_gone_on_with(self, library: Library) -> None:
        run = train(library, {})
        run.diverged = DivergedEvent(1, 1, float("nan"), 100)
        done = finish_run(run, {})
        assert not done["resume"]["visible"]
        assert done["runs"]
        assert "no longer a number" in english(done["status"]["line"])

    def test_a_training_refused_before_any_leaves_all_as_it_was(self) -> None:
        own = {"my mlp": load_checkpoint("mlp")}
        done = finish_run(None, own)
        assert done["own"] is own
        assert (done["runs"], done["newest"], done["board"]) == ((), None, gr.skip())
        assert english(done["status"])["line"].startswith("Press Train")
        assert not done["resume"]["visible"]

    def test_a_run_paused_before_its_first_step_has_no_script(self, library: Library) -> None:
        trainer = RemoteTrainer(RECIPES["softmax"], library.dataset())
        trainer.close()
        done = finish_run(LiveRun(1, "my softmax", trainer), {})
        assert done["runs"][0].script == ""
        assert not done["board"]["runs"]["1"]["has_script"]

    def test_a_refused_training_loses_no_earlier_run(self, library: Library) -> None:
        run = train(library, {})
        first = finish_run(run, {})
        with pytest.raises(gr.Error):
            list(start(library, settings_of(batch_size=1501), first["own"], first["runs"]))
        done = finish_run(run, first["own"], first["runs"])
        assert done["own"] is first["own"]
        assert done["runs"] is first["runs"]
        assert done["newest"] is None
        assert english(done["status"])["line"].startswith("Done")
        assert done["resume"]["visible"]
