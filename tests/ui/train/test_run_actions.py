import base64
import csv
import io
import json
from dataclasses import replace
from typing import Any

import pytest
import torch

from mnist_demo import RECIPES
from mnist_demo.models.checkpoints import (
    Checkpoint,
    load_checkpoint,
    read_checkpoint,
    write_checkpoint,
)
from mnist_demo.ui.compute.model_store import UserModels
from mnist_demo.ui.compute.torch_thread import TorchThread
from mnist_demo.ui.train.run_actions import act_on_runs, write_curves
from mnist_demo.ui.train.run_store import MAX_MODELS, MAX_NAME, Runs
from mnist_demo.ui.train.runs_table import MAX_MEGABYTES, Outcome, describe_runs
from tests.ui.english import english
from tests.ui.train.made_runs import METRICS, SOFTMAX, make_run

HOSTILE = "<img src=x onerror=alert(1)>"


def _act(
    runs: Runs, user_models: UserModels, kind: str, *, removed: Any = None, **action: Any
) -> Outcome:
    asked = {"action": {"kind": kind, **action}}
    outcome = act_on_runs(TorchThread(), runs, user_models, asked, removed)
    return replace(outcome, message=english(outcome.message))


def _names(outcome: Outcome) -> list[str]:
    return [run.name for run in outcome.runs]


def _of_text(layers: str, **changes: Any) -> bytes:
    """The file of a network of one's own."""
    recipe = replace(RECIPES["mlp"], layers=layers, **changes)
    return write_checkpoint(Checkpoint("mine", recipe.build(0), recipe, 0, "MNIST"))


class TestTable:
    def test_each_run_is_a_row(self, runs: Runs, user_models: UserModels) -> None:
        shown = describe_runs(Outcome(runs, user_models, selected=2))
        assert list(shown["runs"]) == ["1", "2", "3"]
        assert shown["selected"] == 2
        row = shown["runs"]["2"]
        expected = {
            "name": "two",
            "details": {"en": "softmax", "ko": "softmax"},
            "seed": 0,
            "epochs": "2",
            "seconds": "1.5",
            "train_loss": "0.2500",
            "test_loss": "0.3000",
            "accuracy": "91.25%",
            "has_model": True,
            "has_script": True,
        }
        assert {name: row[name] for name in expected} == expected
        assert json.loads(row["curves"]) == runs[1].curves

    @pytest.mark.parametrize("value", [None, "x", [1], True, {}, 10**400, float("inf")])
    def test_a_file_may_hold_any_metrics(self, value: Any) -> None:
        metrics = dict.fromkeys(METRICS, value)
        shown = describe_runs(Outcome((make_run(1, "odd", metrics=metrics),), {}))["runs"]["1"]
        assert shown["accuracy"] == shown["seconds"] == "–"


class TestActions:
    def test_renaming_renames_the_model_too(self, runs: Runs, user_models: UserModels) -> None:
        outcome = _act(runs, user_models, "rename", number=2, name="  my   best ")
        assert _names(outcome) == ["one", "my best", "three"]
        assert list(outcome.user_models) == ["opened", "one", "my best", "three"]
        assert outcome.user_models["my best"].name == "my best"
        assert outcome.runs[1].curves["name"] == "my best"
        assert outcome.newest == "my best"
        assert runs[1].name == "two"

    @pytest.mark.parametrize("name", ["", " ", None, 5, "x" * (MAX_NAME + 1), "a\x00b"])
    def test_a_bad_name_is_refused(self, name: Any, runs: Runs, user_models: UserModels) -> None:
        outcome = _act(runs, user_models, "rename", number=2, name=name)
        assert outcome.runs is runs
        assert str(MAX_NAME) in outcome.message

    @pytest.mark.parametrize("name", ["one", "opened", "softmax"])
    def test_a_name_that_is_taken_is_refused(
        self, name: str, runs: Runs, user_models: UserModels
    ) -> None:
        outcome = _act(runs, user_models, "rename", number=2, name=name)
        assert outcome.runs is runs
        assert "already" in outcome.message

    def test_its_own_name_is_none_that_is_taken(self, runs: Runs, user_models: UserModels) -> None:
        assert not _act(runs, user_models, "rename", number=2, name="two").message

    def test_a_hostile_name_stays_text(self, runs: Runs, user_models: UserModels) -> None:
        assert _names(_act(runs, user_models, "rename", number=1, name=HOSTILE))[0] == HOSTILE

    def test_removing_a_run_removes_its_model(self, runs: Runs, user_models: UserModels) -> None:
        outcome = _act(runs, user_models, "delete", number=2)
        assert _names(outcome) == ["one", "three"]
        assert list(outcome.user_models) == ["opened", "one", "three"]
        assert "two" in user_models

    def test_removing_all_keeps_no_run(self, runs: Runs, user_models: UserModels) -> None:
        outcome = _act(runs, user_models, "clear")
        assert outcome.runs == ()
        assert list(outcome.user_models) == ["opened"]

    def test_a_model_that_is_saved_is_known_to_be_in_a_file(
        self, runs: Runs, user_models: UserModels
    ) -> None:
        for what, saved in (("curves", False), ("model", True)):
            outcome = _act(runs, user_models, "save", number=1, what=what)
            shown = describe_runs(outcome)["runs"]
            assert [shown[number]["in_file"] for number in "123"] == [saved, False, False]

    @pytest.mark.parametrize(("kind", "number"), [("clear", None), ("delete", 2)])
    def test_what_is_removed_comes_back(
        self, kind: str, number: int | None, runs: Runs, user_models: UserModels
    ) -> None:
        gone = _act(runs, user_models, kind, number=number)
        assert describe_runs(gone)["can_undo"]
        looked = _act(gone.runs, gone.user_models, "select", removed=gone.removed, number=1)
        back = _act(gone.runs, gone.user_models, "undo", removed=gone.removed)
        assert (back.runs, back.user_models) == (runs, user_models)
        assert not describe_runs(back)["can_undo"]
        assert looked.removed == (gone.removed if kind == "delete" else None)

    def test_without_a_removal_there_is_nothing_to_bring_back(
        self, runs: Runs, user_models: UserModels
    ) -> None:
        outcome = _act(runs, user_models, "undo")
        assert (outcome.runs, outcome.user_models) == (runs, user_models)

    def test_a_run_that_is_gone_is_told(
        self, runs: Runs, user_models: UserModels, subtests: pytest.Subtests
    ) -> None:
        for kind in ["rename", "delete", "save", "select"]:
            for number in [9, None, "1", [1], float("nan")]:
                with subtests.test(kind=kind, number=number):
                    outcome = _act(runs, user_models, kind, number=number)
                    assert outcome.runs is runs
                    assert outcome.user_models is user_models
                    assert "no longer there" in outcome.message

    @pytest.mark.parametrize("value", [None, "x", [], {}, {"action": None}, {"action": [1]}])
    def test_anything_else_does_nothing(
        self, value: Any, runs: Runs, user_models: UserModels
    ) -> None:
        outcome = act_on_runs(TorchThread(), runs, user_models, value)
        assert outcome.runs is runs
        assert outcome.user_models is user_models


class TestSaving:
    @staticmethod
    def _content(outcome: Outcome) -> bytes:
        assert outcome.file is not None
        return base64.b64decode(outcome.file["content"])

    def test_the_model_is_a_checkpoint(self, runs: Runs, user_models: UserModels) -> None:
        outcome = _act(runs, user_models, "save", number=2, what="model")
        assert outcome.file is not None
        assert outcome.file["name"] == "two.safetensors"
        saved = read_checkpoint(self._content(outcome), "again")
        assert saved.metrics == user_models["two"].metrics

    def test_a_model_that_is_gone_is_told(self, runs: Runs) -> None:
        outcome = _act(runs, {}, "save", number=2, what="model")
        assert outcome.file is None
        assert str(MAX_MODELS) in outcome.message

    def test_the_script_is_its_text(self, runs: Runs, user_models: UserModels) -> None:
        outcome = _act(runs, user_models, "save", number=2, what="script")
        assert self._content(outcome) == b"print('again')\n"
        assert outcome.file is not None
        assert outcome.file["name"] == "train_softmax.py"

    def test_a_model_from_a_file_has_none(self, user_models: UserModels) -> None:
        outcome = _act(
            (make_run(1, "one", script=""),), user_models, "save", number=1, what="script"
        )
        assert outcome.file is None
        assert "no script" in outcome.message

    def test_the_curves_are_csv(self, runs: Runs) -> None:
        rows = list(csv.DictReader(io.StringIO(write_curves(runs[0]))))
        assert [row["of"] for row in rows] == ["train", "train", "test"]
        assert rows[0] == {
            "of": "train",
            "step": "1",
            "epoch": "0.25",
            "seconds": "0.1",
            "loss": "2.3",
            "accuracy": "0.1",
        }
        assert rows[1]["accuracy"] == ""

    def test_a_file_name_has_nothing_of_a_path(self, runs: Runs, user_models: UserModels) -> None:
        named = _act(runs, user_models, "rename", number=1, name="../a/b\\c: d")
        outcome = _act(named.runs, named.user_models, "save", number=1, what="curves")
        assert outcome.file is not None
        assert outcome.file["name"] == "___a_b_c__d.csv"


class TestOpening:
    @staticmethod
    def _open(runs: Runs, user_models: UserModels, name: Any, content: Any) -> Outcome:
        if isinstance(content, bytes):
            content = base64.b64encode(content).decode()
        return _act(runs, user_models, "open", name=name, content=content)

    def test_a_saved_model_is_a_run_without_curves(
        self, runs: Runs, user_models: UserModels
    ) -> None:
        outcome = self._open(runs, user_models, "mine.safetensors", write_checkpoint(SOFTMAX))
        assert _names(outcome)[-1] == outcome.newest == "mine"
        assert list(outcome.user_models)[-1] == "mine"
        shown = describe_runs(outcome)["runs"]["4"]
        assert shown["curves"] == ""
        assert not shown["has_script"]
        assert shown["accuracy"] == f"{SOFTMAX.metrics['test_accuracy']:.2%}"

    def test_a_network_of_ones_own_opens_again(self, runs: Runs, user_models: UserModels) -> None:
        opened = self._open(runs, user_models, "mine.safetensors", _of_text("conv 4, relu"))
        run = opened.runs[-1]
        assert run.recipe.layers == "conv 4, relu, linear 10"
        assert english(run.changes) == "network conv 4, relu, linear 10"

    def test_renamed_it_has_none_either(self, runs: Runs, user_models: UserModels) -> None:
        opened = self._open(runs, user_models, "mine.safetensors", write_checkpoint(SOFTMAX))
        renamed = _act(opened.runs, opened.user_models, "rename", number=4, name="other")
        assert describe_runs(renamed)["runs"]["4"]["curves"] == ""

    def test_one_that_answers_no_numbers_is_refused(
        self, runs: Runs, user_models: UserModels
    ) -> None:
        model = load_checkpoint("mlp").model
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.fill_(3e38).view(-1)[::2] *= -1
        content = write_checkpoint(replace(load_checkpoint("mlp"), model=model))
        outcome = self._open(runs, user_models, "mine.safetensors", content)
        assert "is no number" in outcome.message
        assert outcome.user_models is user_models

    def test_a_refusal_is_short(self, runs: Runs, user_models: UserModels) -> None:
        content = write_checkpoint(replace(SOFTMAX, metrics={}, dataset="x" * 10**6))
        assert len(self._open(runs, user_models, "mine.safetensors", content).message) < 500

    def test_it_takes_no_other_models_name(self, runs: Runs, user_models: UserModels) -> None:
        content = write_checkpoint(SOFTMAX)
        assert self._open(runs, user_models, "one.safetensors", content).newest == "one (2)"
        assert self._open(runs, user_models, "mlp.safetensors", content).newest == "mlp (2)"

    def test_anything_else_is_refused_with_the_reason(
        self, runs: Runs, user_models: UserModels, subtests: pytest.Subtests
    ) -> None:
        for name, content, words in [
            ("model.pt", b"\x80\x04", "not a .safetensors file"),
            ("model.pkl", b"\x80\x04", "can hold programs"),
            (None, b"", "not a .safetensors file"),
            ("x.safetensors", None, f"larger than {MAX_MEGABYTES} MB"),
            ("x.safetensors", "A" * (MAX_MEGABYTES * 2**21), f"larger than {MAX_MEGABYTES} MB"),
            ("x.safetensors", "no base64!", "not a .safetensors file"),
            ("x.safetensors", b"", "cannot be opened"),
            ("x.safetensors", b"\x80\x04K\x01.", "cannot be opened"),
            ("x.safetensors", write_checkpoint(SOFTMAX)[:-10], "cannot be opened"),
            ("x.safetensors", b"\xff" * 100, "cannot be opened"),
            ("x.safetensors", (2).to_bytes(8, "little") + b"{}", "cannot be opened"),
            ("x.safetensors", _of_text("conv 120, conv 120, pool 28x28"), "at most 100,000,000"),
            ("x.safetensors", _of_text("linear 20", name="strange"), "no recipe 'strange'"),
        ]:
            with subtests.test(name=name, content=content, words=words):
                outcome = self._open(runs, user_models, name, content)
                assert outcome.runs is runs
                assert outcome.user_models is user_models
                assert words in outcome.message
