"""The end of a training: it joins the visitor's runs, and its model their own."""

import logging

from mnist_demo.export.script import export_script
from mnist_demo.ui.compute.model_store import ModelStore, UserModels
from mnist_demo.ui.i18n.translate import translate
from mnist_demo.ui.train.buttons import show_end_buttons
from mnist_demo.ui.train.errors import explain_error
from mnist_demo.ui.train.progress import describe_progress
from mnist_demo.ui.train.run_store import RunRecord, Runs, add_run, describe_changes, free_name
from mnist_demo.ui.train.runs_table import Outcome, describe_runs
from mnist_demo.ui.train.session import TrainingSession
from mnist_demo.ui.train.session_status import describe_result
from mnist_demo.ui.wiring import Outputs

LOG = logging.getLogger(__name__)


def finish(
    store: ModelStore, session: TrainingSession | None, runs: Runs, user_models: UserModels
) -> Outputs:
    """After a training, however it ended. newest: its model, None where there is no new one."""
    if session is None:  # refused, or paused before its first step
        status = describe_progress(translate("train_ready"))
        return {"newest": None, "status": status, **show_end_buttons(None)}
    session.rest()
    if session.kept:  # nothing new: another training was refused
        status = describe_result(session, session.kept, _current_name(session, runs))
        return {"newest": None, "status": status, **show_end_buttons(session)}
    # It may have got another name since, or another run this one.
    known = _current_name(session, runs)
    session.name = known or free_name(session.name, runs, user_models)
    thread = store.compute.torch_thread
    try:
        (checkpoint,) = thread.collect(map(session.checkpoint, [thread.run_pending_calls]))
        session.kept = checkpoint
    except Exception as error:  # noqa: BLE001  # it is logged, and the page must not stay as it is
        status = describe_progress(explain_error(error))
        return {"newest": None, "status": status, **show_end_buttons(None)}
    runs, user_models = add_run(runs, user_models, _make_record(session), checkpoint)
    session.snapshots.keep([run.number for run in runs])
    outputs = {
        "runs": runs,
        "user_models": user_models,
        "newest": session.name,
        "removed": None,
        "table": describe_runs(Outcome(runs, user_models, selected=session.number)),
        "status": describe_result(session, checkpoint, session.name),
        **show_end_buttons(session),
    }
    return outputs | ({"live_view": session.live_view.describe()} if session.live_view else {})


def _current_name(session: TrainingSession, runs: Runs) -> str | None:
    """That of its run; None where that is removed."""
    return next((run.name for run in runs if run.number == session.number), None)


def _make_record(session: TrainingSession) -> RunRecord:
    """What stays of a run when its trainer is gone."""
    trainer, checkpoint = session.trainer, session.kept
    assert checkpoint is not None
    extra_digits = len(session.user_digits)
    return RunRecord(
        session.number,
        session.name,
        session.asked,
        trainer.seed,
        describe_changes(trainer.recipe, extra_digits, checkpoint.metrics, trainer.dataset),
        checkpoint.metrics,
        session.curves(),
        _write_script(session),
        session.ended,
        user_digits=session.user_digits,
    )


def _write_script(session: TrainingSession) -> str:
    """Empty where there is nothing to repeat, or a recipe's network has no source to be copied."""
    assert session.kept is not None
    try:
        return export_script(session.trainer, session.kept.metrics["test_accuracy"])
    except ValueError as error:
        LOG.info("no script of %s: %s", session.name, error)
        return ""
