"""The end of a training: it joins the visitor's runs, and its model their own."""

from typing import Any

import gradio as gr

from mnist_demo.export.script import export_script
from mnist_demo.ui.compute.model_store import UserModels
from mnist_demo.ui.compute.torch_thread import TORCH
from mnist_demo.ui.i18n.translate import translate
from mnist_demo.ui.train.controller import visible
from mnist_demo.ui.train.errors import explain_error
from mnist_demo.ui.train.progress import describe_progress
from mnist_demo.ui.train.run_store import RunRecord, Runs, add_run, describe_changes
from mnist_demo.ui.train.runs_table import Outcome, describe_runs
from mnist_demo.ui.train.session import TrainingSession


def finish(run: TrainingSession | None, runs: Runs, user_models: UserModels) -> list[Any]:
    """After a training, however it ended: it joins the visitor's runs, its model their own."""
    if run is None:  # refused, or paused before its first step
        status = describe_progress(translate("train_ready"))
        return [runs, user_models, None, gr.skip(), status, gr.skip(), *_ended(False)]
    run.rest()
    if run.kept:  # nothing new: another training was refused
        ended = _ended(run.resumable)
        return [runs, user_models, None, gr.skip(), run.result(run.kept), gr.skip(), *ended]
    try:
        (checkpoint,) = TORCH.collect(map(TrainingSession.checkpoint, [run]))
        run.kept = checkpoint
    except Exception as error:  # noqa: BLE001  # it is logged, and the page must not stay as it is
        status = describe_progress(explain_error(error))
        return [runs, user_models, None, gr.skip(), status, gr.skip(), *_ended(False)]
    runs, user_models = add_run(runs, user_models, _keep(run), checkpoint)
    outcome = Outcome(runs, user_models, selected=run.number)
    watched = run.watch.describe() if run.watch else gr.skip()
    shown = [describe_runs(outcome), run.result(checkpoint), watched, *_ended(run.resumable)]
    return [runs, user_models, run.name, *shown]


def _keep(run: TrainingSession) -> RunRecord:
    """What stays of a run when its trainer is gone."""
    trainer, checkpoint = run.trainer, run.kept
    assert checkpoint is not None
    extra_digits = 0 if trainer.extra_digits is None else len(trainer.extra_digits[0])
    return RunRecord(
        run.number,
        run.name,
        trainer.recipe,
        trainer.seed,
        describe_changes(
            trainer.recipe, extra_digits, len(trainer.learning_rates) - 1, trainer.dataset
        ),
        checkpoint.metrics,
        run.curves(),
        # A run that was paused before its first step has nothing to repeat.
        export_script(trainer, checkpoint.metrics["test_accuracy"]) if trainer.steps_done else "",
    )


def _ended(resumable: bool) -> list[Any]:
    return visible(True, False, resumable, False, False)
