"""The table of runs: what it shows, and what can be done with a run."""

import base64
import binascii
import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from mnist_demo.models.checkpoints import SUFFIX, Checkpoint, read_checkpoint, write_checkpoint
from mnist_demo.models.inference import predict_probabilities
from mnist_demo.training.recipes import get_recipe
from mnist_demo.ui.compute.model_store import UserModels
from mnist_demo.ui.compute.torch_thread import TorchThread
from mnist_demo.ui.i18n.translate import TranslatedError, reason_of, translate
from mnist_demo.ui.train.run_store import (
    MAX_MODELS,
    MAX_NAME,
    NamedRun,
    Removed,
    RunRecord,
    Runs,
    add_run,
    describe_changes,
    free_name,
    new_number,
    taken_names,
)
from mnist_demo.ui.train.runs_table import MAX_MEGABYTES, Outcome
from mnist_demo.ui.validation import NETWORK_LIMITS

_PROBES = np.stack([np.zeros((28, 28), np.float32), np.ones((28, 28), np.float32)])


def act_on_runs(
    torch_thread: TorchThread,
    runs: Runs,
    user_models: UserModels,
    value: Any,
    removed: Removed = None,
    coming: Sequence[NamedRun] = (),
) -> Outcome:
    """Do what the browser asks for, which may be anything. coming: see `coming_runs`."""
    action = value.get("action") if isinstance(value, dict) else None
    action = action if isinstance(action, dict) else {}
    kind = action.get("kind")
    if kind == "clear":
        return _remove(runs, user_models, runs)
    if kind == "undo":
        return Outcome(*(removed or (runs, user_models)))
    if kind == "open":
        return _open_model(torch_thread, runs, user_models, action, coming)
    run = next((each for each in runs if each.number == action.get("number")), None)
    if run is None:
        return Outcome(runs, user_models, translate("runs_gone"))
    match kind:
        case "rename":
            return _rename_run(runs, user_models, run, action.get("name"), coming)
        case "delete":
            return _remove(runs, user_models, [run])
        case "save":
            saved = _save_file(runs, user_models, run, action.get("what"))
            return replace(saved, removed=removed)
        case _:
            return Outcome(runs, user_models, selected=run.number, removed=removed)


def _remove(runs: Runs, user_models: UserModels, gone: Sequence[RunRecord]) -> Outcome:
    names = {run.name for run in gone}
    return Outcome(
        tuple(run for run in runs if run not in gone),
        {name: model for name, model in user_models.items() if name not in names},
        translate("runs_removed", count=len(gone)),
        removed=(runs, user_models),
    )


def _rename_run(
    runs: Runs, user_models: UserModels, run: RunRecord, name: Any, coming: Sequence[NamedRun]
) -> Outcome:
    name = " ".join(name.split()) if isinstance(name, str) else ""
    if not 1 <= len(name) <= MAX_NAME or not name.isprintable():
        return Outcome(
            runs, user_models, translate("runs_bad_name", most=MAX_NAME), selected=run.number
        )
    if name == run.name:
        return Outcome(runs, user_models, selected=run.number)
    if name in taken_names((*runs, *coming), user_models):
        return Outcome(
            runs, user_models, translate("runs_name_taken", name=name), selected=run.number
        )
    curves = {**run.curves, "name": name} if run.curves else {}  # none where it is from a file
    renamed = replace(run, name=name, curves=curves)
    runs = tuple(renamed if each is run else each for each in runs)
    user_models = {
        (name if key == run.name else key): (
            replace(model, name=name) if key == run.name else model
        )
        for key, model in user_models.items()
    }
    return Outcome(
        runs, user_models, newest=name if name in user_models else None, selected=run.number
    )


def _save_file(runs: Runs, user_models: UserModels, run: RunRecord, what: Any) -> Outcome:
    kept = Outcome(runs, user_models, selected=run.number)
    stem = "".join(char if char.isalnum() else "_" for char in run.name)
    if what == "model":
        if run.name not in user_models:
            return replace(kept, message=translate("runs_no_model", count=MAX_MODELS))
        content = write_checkpoint(user_models[run.name])
        saved = replace(run, in_file=True)
        return replace(
            kept,
            runs=tuple(saved if each is run else each for each in runs),
            file=_make_file(stem + SUFFIX, "application/octet-stream", content),
        )
    if what == "script":
        if not run.script:
            return replace(kept, message=translate("runs_no_script"))
        return replace(
            kept,
            file=_make_file(f"train_{run.recipe.name}.py", "text/x-python", run.script.encode()),
        )
    return replace(kept, file=_make_file(f"{stem}.csv", "text/csv", write_curves(run).encode()))


def _make_file(name: str, kind: str, content: bytes) -> dict[str, str]:
    return {"name": name, "type": kind, "content": base64.b64encode(content).decode()}


def write_curves(run: RunRecord) -> str:
    """A run's curves as CSV; `of` says whether a row is of training or of test images."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["of", "step", "epoch", "seconds", "loss", "accuracy"])
    for part in ("train", "test"):
        for step, seconds, loss, accuracy in run.curves.get(part, ()):
            epoch = round(step / run.curves["steps_per_epoch"], 4)
            writer.writerow([part, step, epoch, seconds, loss, accuracy])
    return table.getvalue()


def _open_model(
    torch_thread: TorchThread,
    runs: Runs,
    user_models: UserModels,
    action: Mapping[str, Any],
    coming: Sequence[NamedRun],
) -> Outcome:
    try:
        checkpoint = _read_model(torch_thread, action.get("name"), action.get("content"))
    except ValueError as error:
        return Outcome(runs, user_models, translate("runs_refused", reason=reason_of(error)))
    taken = (*runs, *coming)
    name = free_name(checkpoint.name, taken, user_models)
    checkpoint = replace(checkpoint, name=name)
    changes = describe_changes(checkpoint.recipe, metrics=checkpoint.metrics)
    known = (checkpoint.recipe, checkpoint.seed, changes, checkpoint.metrics)
    run = RunRecord(new_number(taken), name, *known, in_file=True)
    runs, user_models = add_run(runs, user_models, run, checkpoint)
    return Outcome(
        runs, user_models, translate("runs_opened", name=name), newest=name, selected=run.number
    )


def _read_model(torch_thread: TorchThread, name: Any, content: Any) -> Checkpoint:
    """The checkpoint in a file that the browser sent."""
    if not isinstance(name, str) or not name.endswith(SUFFIX):
        raise TranslatedError(translate("runs_not_safetensors"))
    if not isinstance(content, str) or len(content) > MAX_MEGABYTES * 2**20 * 4 / 3:
        raise TranslatedError(translate("runs_too_large", most=MAX_MEGABYTES))
    try:
        decoded = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise TranslatedError(translate("runs_not_safetensors")) from None
    stem = "".join(char for char in name.removesuffix(SUFFIX) if char.isprintable()).strip()
    try:
        name = stem[:MAX_NAME] or "model"
        checkpoint = read_checkpoint(decoded, name, limits=NETWORK_LIMITS)
        get_recipe(checkpoint.recipe.name)  # one that is not here cannot be chosen again
    except ValueError as error:
        raise TranslatedError(translate("runs_not_ours", reason=error)) from None
    # Weights may be numbers, and so large that what comes of them is none.
    answers = torch_thread.call(predict_probabilities, checkpoint.model, _PROBES)
    if not np.isfinite(answers).all():
        raise TranslatedError(translate("runs_no_numbers"))
    return checkpoint
