"""Trainings that are shown often; three runs and their models, beside a model from a file."""

import pytest

from mnist_demo.ui.compute.model_store import UserModels
from mnist_demo.ui.train import controller as running
from mnist_demo.ui.train.run_store import Runs
from tests.ui.train.made_runs import make_checkpoint, make_run


@pytest.fixture(autouse=True)
def _show_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "SHOW_EVERY", 0.002)


@pytest.fixture
def runs() -> Runs:
    return (make_run(1, "one"), make_run(2, "two"), make_run(3, "three"))


@pytest.fixture
def user_models(runs: Runs) -> UserModels:
    return {"opened": make_checkpoint("opened")} | {
        run.name: make_checkpoint(run.name) for run in runs
    }
