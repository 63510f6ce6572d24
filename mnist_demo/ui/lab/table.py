"""The table of runs: what it shows, and what can be done with a run."""

import base64
import binascii
import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mnist_demo.checkpoints import SUFFIX, Checkpoint, read_checkpoint, write_checkpoint
from mnist_demo.inference import predict_probabilities
from mnist_demo.ui.lab.runs import (
    MAX_MODELS,
    MAX_NAME,
    Run,
    Runs,
    add_run,
    describe_changes,
    free_name,
    new_number,
    taken_names,
)
from mnist_demo.ui.library import Own
from mnist_demo.ui.torch_thread import TORCH
from mnist_demo.ui.words import RefusedError, Words, reason_of, tell

MAX_MEGABYTES = 10  # of a model that is opened; the largest of ours has 2
_PROBES = np.stack([np.zeros((28, 28), np.float32), np.ones((28, 28), np.float32)])


@dataclass(frozen=True)
class Outcome:
    """What came of an action. newest: the name of a model to choose in the other tabs.

    file: name, type and base64 content, to download. selected: the number of a run.
    """

    runs: Runs
    own: Own
    message: Words | str = ""
    newest: str | None = None
    selected: int | None = None
    file: Mapping[str, str] | None = None


def describe_runs(outcome: Outcome) -> dict[str, Any]:
    """The board's value: the runs by their numbers, the newest last, and what came of an action."""
    return {
        "runs": {str(run.number): _describe(run, outcome.own) for run in outcome.runs},
        "selected": outcome.selected,
        "message": outcome.message,
        "file": outcome.file,
    }


def _describe(run: Run, own: Own) -> dict[str, Any]:
    losses = run.metrics.get("train_loss_by_epoch")
    last_loss = losses[-1] if isinstance(losses, list) and losses else None
    return {
        "number": run.number,
        "name": run.name,
        "recipe": run.recipe.name,
        "changes": run.changes,
        "seed": run.seed,
        "epochs": _show(run.metrics.get("epochs"), ".4g"),
        "seconds": _show(run.metrics.get("seconds"), ".1f"),
        "train_loss": _show(last_loss, ".4f"),
        "test_loss": _show(run.metrics.get("test_loss"), ".4f"),
        "accuracy": _show(run.metrics.get("test_accuracy"), ".2%"),
        "has_model": run.name in own,
        "has_script": bool(run.script),
        # As text, for the reason that progress.py gives.
        "curves": json.dumps(run.curves) if run.curves else "",
    }


def _show(value: Any, form: str) -> str:
    """A number of a file's metrics, which may be anything, or a dash."""
    known = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e12
    return format(value, form) if known else "–"


def act_on_runs(runs: Runs, own: Own, value: Any) -> Outcome:
    """Do what the browser asks for, which may be anything."""
    action = value.get("action") if isinstance(value, dict) else None
    action = action if isinstance(action, dict) else {}
    kind = action.get("kind")
    if kind == "clear":
        mine = {run.name for run in runs}
        return Outcome((), {name: model for name, model in own.items() if name not in mine})
    if kind == "open":
        return _open(runs, own, action)
    run = next((each for each in runs if each.number == action.get("number")), None)
    if run is None:
        return Outcome(runs, own, tell("runs_gone"))
    match kind:
        case "rename":
            return _rename(runs, own, run, action.get("name"))
        case "delete":
            others = tuple(each for each in runs if each is not run)
            kept = {name: model for name, model in own.items() if name != run.name}
            return Outcome(others, kept)
        case "save":
            return _save(runs, own, run, action.get("what"))
        case _:
            return Outcome(runs, own, selected=run.number)


def _rename(runs: Runs, own: Own, run: Run, name: Any) -> Outcome:
    name = " ".join(name.split()) if isinstance(name, str) else ""
    if not 1 <= len(name) <= MAX_NAME or not name.isprintable():
        return Outcome(runs, own, tell("runs_bad_name", most=MAX_NAME), selected=run.number)
    if name == run.name:
        return Outcome(runs, own, selected=run.number)
    if name in taken_names(runs, own):
        return Outcome(runs, own, tell("runs_name_taken", name=name), selected=run.number)
    curves = {**run.curves, "name": name} if run.curves else {}  # none where it is from a file
    renamed = replace(run, name=name, curves=curves)
    runs = tuple(renamed if each is run else each for each in runs)
    own = {
        (name if key == run.name else key): (
            replace(model, name=name) if key == run.name else model
        )
        for key, model in own.items()
    }
    return Outcome(runs, own, newest=name if name in own else None, selected=run.number)


def _save(runs: Runs, own: Own, run: Run, what: Any) -> Outcome:
    kept = Outcome(runs, own, selected=run.number)
    stem = "".join(char if char.isalnum() else "_" for char in run.name)
    if what == "model":
        if run.name not in own:
            return replace(kept, message=tell("runs_no_model", count=MAX_MODELS))
        content = write_checkpoint(own[run.name])
        return replace(kept, file=_file(stem + SUFFIX, "application/octet-stream", content))
    if what == "script":
        if not run.script:
            return replace(kept, message=tell("runs_no_script"))
        return replace(
            kept, file=_file(f"train_{run.recipe.name}.py", "text/x-python", run.script.encode())
        )
    return replace(kept, file=_file(f"{stem}.csv", "text/csv", write_curves(run).encode()))


def _file(name: str, kind: str, content: bytes) -> dict[str, str]:
    return {"name": name, "type": kind, "content": base64.b64encode(content).decode()}


def write_curves(run: Run) -> str:
    """A run's curves as CSV; `of` says whether a row is of training or of test images."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["of", "step", "epoch", "seconds", "loss", "accuracy"])
    for part in ("train", "test"):
        for step, seconds, loss, accuracy in run.curves.get(part, ()):
            epoch = round(step / run.curves["steps_per_epoch"], 4)
            writer.writerow([part, step, epoch, seconds, loss, accuracy])
    return table.getvalue()


def _open(runs: Runs, own: Own, action: Mapping[str, Any]) -> Outcome:
    try:
        checkpoint = _read(action.get("name"), action.get("content"))
    except ValueError as error:
        return Outcome(runs, own, tell("runs_refused", reason=reason_of(error)))
    name = free_name(checkpoint.name, runs, own)
    checkpoint = replace(checkpoint, name=name)
    changes = describe_changes(checkpoint.recipe)
    run = Run(
        new_number(runs), name, checkpoint.recipe, checkpoint.seed, changes, checkpoint.metrics
    )
    runs, own = add_run(runs, own, run, checkpoint)
    return Outcome(runs, own, tell("runs_opened", name=name), newest=name, selected=run.number)


def _read(name: Any, content: Any) -> Checkpoint:
    """The checkpoint in a file that the browser sent."""
    if not isinstance(name, str) or not name.endswith(SUFFIX):
        raise RefusedError(tell("runs_not_safetensors"))
    if not isinstance(content, str) or len(content) > MAX_MEGABYTES * 2**20 * 4 / 3:
        raise RefusedError(tell("runs_too_large", most=MAX_MEGABYTES))
    try:
        decoded = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise RefusedError(tell("runs_not_safetensors")) from None
    stem = "".join(char for char in name.removesuffix(SUFFIX) if char.isprintable()).strip()
    try:
        checkpoint = read_checkpoint(decoded, stem[:MAX_NAME] or "model")
    except ValueError as error:
        raise RefusedError(tell("runs_not_ours", reason=error)) from None
    # Weights may be numbers, and so large that what comes of them is none.
    if not np.isfinite(TORCH.call(predict_probabilities, checkpoint.model, _PROBES)).all():
        raise RefusedError(tell("runs_no_numbers"))
    return checkpoint
