"""A moment of a run becomes a model of the visitor's own."""

import math
from typing import Any

from mnist_demo.models.checkpoints import Checkpoint
from mnist_demo.training.evaluation import Evaluation, evaluate
from mnist_demo.training.snapshots import Snapshot, restore
from mnist_demo.ui.compute.model_store import ModelStore, UserModels
from mnist_demo.ui.compute.resources import PART
from mnist_demo.ui.errors import user_error
from mnist_demo.ui.i18n.translate import join, translate
from mnist_demo.ui.train.new_run import QueuedTraining, coming_runs
from mnist_demo.ui.train.played_run import PlayedRun, find_moment, name_after
from mnist_demo.ui.train.run_store import RunRecord, Runs, add_run, free_name, new_number
from mnist_demo.ui.train.runs_table import Outcome, describe_runs
from mnist_demo.ui.train.session import TrainingSession
from mnist_demo.ui.wiring import Outputs


def save_moment(
    store: ModelStore,
    session: TrainingSession | None,
    runs: Runs,
    user_models: UserModels,
    playback: Any,
    queued: QueuedTraining | None = None,
) -> Outputs:
    """Keep the moment that a browser asks for as a model, with all test images read. newest: it.

    It stands in the table as a model from a file does, without curves, which are its run's.
    """
    found = find_moment(session, runs, playback)
    if found is None:
        raise user_error(translate("playback_gone"))
    run, snapshot = found
    wanted = name_after(run, translate("playback_model", step=snapshot.step))
    if _is_same(user_models.get(wanted), run, snapshot):
        return {"newest": wanted, "playback": {"saved": translate("playback_saved", name=wanted)}}
    model = restore(run.recipe, run.seed, snapshot)
    dataset, thread = store.dataset(), store.compute.torch_thread

    def read_tests() -> Evaluation:
        images, labels = dataset.test_images, dataset.test_labels
        return evaluate(model, images, labels, PART, thread.run_pending_calls)

    (test,) = thread.collect(read() for read in [read_tests])
    taken = (*runs, *coming_runs(session, queued))
    name = free_name(wanted, taken, user_models)
    checkpoint = Checkpoint(
        name, model, run.recipe, run.seed, _describe_data(run, dataset.name), _tell(snapshot, test)
    )
    told = translate("change_moment", step=snapshot.step)
    changes = join(", ", [run.changes, told]) if run.changes else told
    record = RunRecord(new_number(taken), name, run.recipe, run.seed, changes, checkpoint.metrics)
    runs, user_models = add_run(runs, user_models, record, checkpoint)
    message = translate("playback_saved", name=name)
    return {
        "runs": runs,
        "user_models": user_models,
        "newest": name,
        "removed": None,
        "table": describe_runs(Outcome(runs, user_models, message, selected=run.number)),
        "playback": {"saved": message},
    }


def _is_same(saved: Checkpoint | None, run: PlayedRun, snapshot: Snapshot) -> bool:
    """Whether a model is that very moment, saved before."""
    if saved is None or (saved.recipe, saved.seed) != (run.recipe, run.seed):
        return False
    return all(saved.metrics.get(name) == value for name, value in _tell_when(snapshot).items())


def _describe_data(run: PlayedRun, dataset: str) -> str:
    """As `Training.dataset_name` does."""
    return f"{dataset} and {len(run.user_digits)} own digits" if run.user_digits else dataset


def _tell(snapshot: Snapshot, test: Evaluation) -> dict[str, Any]:
    """The metrics of its checkpoint, which JSON can hold."""
    metrics = _tell_when(snapshot) | {"test_accuracy": test.accuracy}
    return metrics | ({"test_loss": test.loss} if math.isfinite(test.loss) else {})


def _tell_when(snapshot: Snapshot) -> dict[str, float]:
    return {
        "epochs": round(snapshot.epochs, 3),
        "seconds": round(snapshot.seconds, 3),
        "wall_seconds": round(snapshot.wall_seconds, 3),
    }
