"""Three runs and their models, beside a model that was opened from a file."""

import pytest

from mnist_demo.ui.lab.runs import Runs
from mnist_demo.ui.library import Own
from tests.ui.lab.made_runs import make_checkpoint, make_run


@pytest.fixture
def runs() -> Runs:
    return (make_run(1, "one"), make_run(2, "two"), make_run(3, "three"))


@pytest.fixture
def own(runs: Runs) -> Own:
    return {"opened": make_checkpoint("opened")} | {
        run.name: make_checkpoint(run.name) for run in runs
    }
