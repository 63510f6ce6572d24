"""The end of a training: it joins the visitor's runs, and its model their own."""

from typing import Any

import gradio as gr

from mnist_demo.take_home import write_script
from mnist_demo.ui.lab.faults import explain
from mnist_demo.ui.lab.live_run import LiveRun
from mnist_demo.ui.lab.progress import describe_progress
from mnist_demo.ui.lab.running import visible
from mnist_demo.ui.lab.runs import Run, Runs, add_run, describe_changes
from mnist_demo.ui.lab.table import Outcome, describe_runs
from mnist_demo.ui.library import Own
from mnist_demo.ui.torch_thread import TORCH
from mnist_demo.ui.words import tell


def finish(run: LiveRun | None, runs: Runs, own: Own) -> list[Any]:
    """After a training, however it ended: it joins the visitor's runs, its model their own."""
    if run is None:  # refused, or paused before its first step
        status = describe_progress(tell("train_ready"))
        return [runs, own, None, gr.skip(), status, gr.skip(), *_ended(False)]
    run.rest()
    if run.kept:  # nothing new: another training was refused
        ended = _ended(run.resumable)
        return [runs, own, None, gr.skip(), run.result(run.kept), gr.skip(), *ended]
    try:
        (checkpoint,) = TORCH.collect(map(LiveRun.checkpoint, [run]))
        run.kept = checkpoint
    except Exception as error:  # noqa: BLE001  # it is logged, and the page must not stay as it is
        status = describe_progress(explain(error))
        return [runs, own, None, gr.skip(), status, gr.skip(), *_ended(False)]
    runs, own = add_run(runs, own, _keep(run), checkpoint)
    outcome = Outcome(runs, own, selected=run.number)
    watched = run.watch.describe() if run.watch else gr.skip()
    shown = [describe_runs(outcome), run.result(checkpoint), watched, *_ended(run.resumable)]
    return [runs, own, run.name, *shown]


def _keep(run: LiveRun) -> Run:
    """What stays of a run when its trainer is gone."""
    trainer, checkpoint = run.trainer, run.kept
    assert checkpoint is not None
    own_digits = 0 if trainer.own_digits is None else len(trainer.own_digits[0])
    return Run(
        run.number,
        run.name,
        trainer.recipe,
        trainer.seed,
        describe_changes(trainer.recipe, own_digits, len(trainer.learning_rates) - 1),
        checkpoint.metrics,
        run.curves(),
        # A run that was paused before its first step has nothing to repeat.
        write_script(trainer, checkpoint.metrics["test_accuracy"]) if trainer.steps_done else "",
    )


def _ended(resumable: bool) -> list[Any]:
    return visible(True, False, resumable, False, False)
