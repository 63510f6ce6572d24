"""The table of a visitor's runs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr

from mnist_demo.ui.components.custom_html import custom_html
from mnist_demo.ui.compute.model_store import UserModels
from mnist_demo.ui.i18n.translate import Translations, translate
from mnist_demo.ui.train.run_store import RunRecord, Runs

COLUMNS = (
    "head",
    "recipe",
    "changes",
    "seed",
    "epochs",
    "seconds",
    "train_loss",
    "test_loss",
    "accuracy",
)


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
        max_bytes=MAX_MEGABYTES * 2**20,
        elem_id="runs",
    )


MAX_MEGABYTES = 10  # of a model that is opened; the largest of ours has 2


@dataclass(frozen=True)
class Outcome:
    """What came of an action. newest: the name of a model to choose in the other tabs.

    file: name, type and base64 content, to download. selected: the number of a run.
    """

    runs: Runs
    user_models: UserModels
    message: Translations | str = ""
    newest: str | None = None
    selected: int | None = None
    file: Mapping[str, str] | None = None


def describe_runs(outcome: Outcome) -> dict[str, Any]:
    """The table's value: the runs by their numbers, the newest last, and what came of an action."""
    return {
        "runs": {str(run.number): _describe_run(run, outcome.user_models) for run in outcome.runs},
        "selected": outcome.selected,
        "message": outcome.message,
        "file": outcome.file,
    }


def _describe_run(run: RunRecord, user_models: UserModels) -> dict[str, Any]:
    losses = run.metrics.get("train_loss_by_epoch")
    last_loss = losses[-1] if isinstance(losses, list) and losses else None
    return {
        "number": run.number,
        "name": run.name,
        "recipe": run.recipe.name,
        "changes": run.changes,
        "seed": run.seed,
        "epochs": _format_metric(run.metrics.get("epochs"), ".4g"),
        "seconds": _format_metric(run.metrics.get("seconds"), ".1f"),
        "train_loss": _format_metric(last_loss, ".4f"),
        "test_loss": _format_metric(run.metrics.get("test_loss"), ".4f"),
        "accuracy": _format_metric(run.metrics.get("test_accuracy"), ".2%"),
        "has_model": run.name in user_models,
        "has_script": bool(run.script),
        # As text, for the reason that `describe_progress` gives.
        "curves": json.dumps(run.curves) if run.curves else "",
    }


def _format_metric(value: Any, form: str) -> str:
    """A number of a file's metrics, which may be anything, or a dash."""
    known = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e12
    return format(value, form) if known else "–"
