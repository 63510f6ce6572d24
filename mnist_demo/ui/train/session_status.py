"""A training in words and numbers, for the progress bar: while it runs, and what came of it."""

import math
import sys
from dataclasses import astuple
from typing import Any

from mnist_demo.models.checkpoints import Checkpoint
from mnist_demo.ui.i18n.durations import format_seconds
from mnist_demo.ui.i18n.translate import Translations, join, translate
from mnist_demo.ui.train.progress import Fact, describe_progress
from mnist_demo.ui.train.run_store import network_of
from mnist_demo.ui.train.session import TrainingSession


def describe_running(session: TrainingSession) -> dict[str, Any]:
    """How far the run is, for the progress bar, with its curves."""
    steps_per_epoch = session.trainer.steps_per_epoch
    step = round(session.epochs_seen * steps_per_epoch)
    left = session.trainer.wall_seconds / max(step, 1) * (session.target * steps_per_epoch - step)
    epoch = min(session.target, math.floor(session.epochs_seen) + 1)
    facts: list[Fact] = [
        (translate("fact_epoch"), f"{epoch} / {session.target}"),
        (translate("fact_step"), f"{step:,} / {session.target * steps_per_epoch:,}"),
        (translate("fact_speed"), f"{session.images_per_second():,.0f}"),
        (translate("fact_left"), format_seconds(left)),
    ]
    name, _, _ = network_of(session.trainer.recipe).partition(":")
    line = translate("train_running", name=name, epoch=epoch, epochs=session.target)
    share, note = session.epochs_seen / session.target, _describe_note(session)
    return describe_progress(
        line, share, facts, session.curves(), note, layers=_describe_activity(session)
    )


def _describe_activity(session: TrainingSession) -> dict[str, Any]:
    """How large each layer's activations and gradients are, for the network's blocks, which are
    told by their text. What has no bounds any more is the largest number that JSON can tell."""
    known = {
        name: [each if math.isfinite(each) else sys.float_info.max for each in astuple(layer)]
        for name, layer in session.layers.items()
    }
    return {"network": session.trainer.recipe.layers, "activity": known}


def _describe_note(session: TrainingSession, name: str | None = None) -> Translations | str:
    """What else is to be said of the run. name: its model's, where it can be chosen."""
    parts = [translate("train_use", name=name)] if name else []
    asked, cut = session.asked.batch_size, session.trainer.recipe.batch_size
    if cut != asked:
        parts.append(translate("batch_cut", asked=asked, batch_size=cut))
    return join(" ", parts) if parts else ""


def describe_result(
    session: TrainingSession, checkpoint: Checkpoint, name: str | None
) -> dict[str, Any]:
    """What came of it, for the progress bar. name: its model's; None where that is removed."""
    accuracy = checkpoint.metrics["test_accuracy"]
    values = {"accuracy": accuracy, "count": len(session.trainer.dataset.test_labels)}
    if session.diverged:
        line = translate("train_diverged", learning_rate=session.diverged.learning_rate)
    elif not session.reached:
        line = translate("train_stopped", epochs=session.epochs_seen, **values)
        if session.ended_by:
            line = join(" ", (line, session.ended_by))
    else:
        line = translate("train_done", **values)
    facts: list[Fact] = [
        (translate("fact_accuracy"), f"{accuracy:.2%}"),
        (translate("fact_loss"), f"{checkpoint.metrics['test_loss']:.4f}"),
        (translate("fact_time"), format_seconds(session.trainer.wall_seconds)),
        (translate("fact_speed"), f"{session.images_per_second():,.0f}"),
    ]
    return describe_progress(
        line,
        min(1.0, session.epochs_seen / session.target),
        facts,
        note=_describe_note(session, name),
    )
