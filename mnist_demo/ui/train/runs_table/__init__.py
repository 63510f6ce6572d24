"""The table of a visitor's runs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr

from mnist_demo.ui.components.custom_html import custom_html
from mnist_demo.ui.compute.model_store import UserModels
from mnist_demo.ui.i18n.translate import Translations, join, translate
from mnist_demo.ui.train.run_store import RunRecord, Runs

COLUMNS = ("head", "accuracy", "test_loss", "train_loss", "epochs", "seconds", "seed")


ACTIONS = (
    ("rename", ""),
    ("delete", ""),
    ("save", "model"),
    ("save", "script"),
    ("save", "curves"),
)


def runs_table() -> gr.HTML:
    """Empty at first. Its value is what `describe_runs` returns; it fires `act`."""
    return custom_html(
        __file__,
        shared=("dom", "plot"),
        value={"runs": {}},
        runs=translate("runs"),
        columns=[translate(f"runs_{column}") for column in COLUMNS],
        actions=[
            {"kind": kind, "what": what, "name": translate(f"runs_{what or kind}")}
            for kind, what in ACTIONS
        ],
        show=translate("runs_show", name="{name}"),
        new_name=translate("runs_new_name"),
        open=translate("runs_open"),
        clear=translate("runs_clear"),
        undo=translate("runs_undo"),
        running=translate("runs_running"),
        max_bytes=MAX_MEGABYTES * 2**20,
        elem_id="runs",
    )


MAX_MEGABYTES = 10  # of a model that is opened; the largest of ours has 2


@dataclass(frozen=True)
class Outcome:
    """What came of an action. newest: the name of a model to choose in the other tabs.

    file: name, type and base64 content, to download. selected: the number of a run. removed: what
    there was before, while that can be brought back.
    """

    runs: Runs
    user_models: UserModels
    message: Translations | str = ""
    newest: str | None = None
    selected: int | None = None
    file: Mapping[str, str] | None = None
    removed: tuple[Runs, UserModels] | None = None


def describe_runs(outcome: Outcome) -> dict[str, Any]:
    """The table's value: the runs by their numbers, the newest last, and what came of an action."""
    return {
        "runs": {str(run.number): _describe_run(run, outcome.user_models) for run in outcome.runs},
        "selected": outcome.selected,
        "message": outcome.message,
        "file": outcome.file,
        "can_undo": outcome.removed is not None,
    }


def _describe_run(run: RunRecord, user_models: UserModels) -> dict[str, Any]:
    seconds = run.metrics.get("wall_seconds", run.metrics.get("seconds"))
    return {
        "number": run.number,
        "name": run.name,
        "details": _describe_details(run),
        "seed": run.seed,
        "epochs": _format_metric(run.metrics.get("epochs"), ".4g"),
        "seconds": _format_metric(seconds, ".1f"),
        "train_loss": _format_metric(_training_loss(run), ".4f"),
        "test_loss": _format_metric(run.metrics.get("test_loss"), ".4f"),
        "accuracy": _format_metric(run.metrics.get("test_accuracy"), ".2%"),
        "has_model": run.name in user_models,
        "in_file": run.in_file,
        "has_script": bool(run.script),
        # As text, for the reason that `describe_progress` gives.
        "curves": json.dumps(run.curves) if run.curves else "",
    }


def _describe_details(run: RunRecord) -> Translations | str:
    """What the name does not say: it may be the visitor's, or cut off."""
    parts: list[Translations | str] = []
    if run.recipe.name not in run.name:
        parts.append(run.recipe.name)
    if isinstance(run.changes, Mapping) and not any(
        text in run.name for text in run.changes.values()
    ):
        parts.append(run.changes)
    return join(", ", parts) if parts else ""


def _training_loss(run: RunRecord) -> Any:
    """Plain cross-entropy, which the test loss can be compared with; None where it is not known."""
    if "train_cross_entropy" in run.metrics:
        return run.metrics["train_cross_entropy"]
    losses = run.metrics.get("train_loss_by_epoch")
    plain = not run.recipe.label_smoothing and not run.recipe.non_digits
    return losses[-1] if plain and isinstance(losses, list) and losses else None


def _format_metric(value: Any, form: str) -> str:
    """A number of a file's metrics, which may be anything, or a dash."""
    known = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e12
    return format(value, form) if known else "–"
