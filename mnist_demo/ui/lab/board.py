"""The curves of all runs over each other, and the table of runs."""

import gradio as gr

from mnist_demo.ui.custom_html import custom_html
from mnist_demo.ui.lab.table import MAX_MEGABYTES
from mnist_demo.ui.words import say

LOSS, ACCURACY = 2, 3  # their places in a point of a curve
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


def board() -> gr.HTML:
    """Two charts, empty at first. It has no value: the table and the progress bar tell it."""
    return custom_html(
        "board",
        shared=("make", "plot"),
        value=None,
        charts=[
            {"id": "loss-chart", "value": LOSS, "title": say("loss_chart")},
            {"id": "accuracy-chart", "value": ACCURACY, "title": say("accuracy_chart")},
        ],
        empty=say("chart_empty"),
        series_train=say("series_train"),
        series_test=say("series_test"),
        axis=say("axis"),
        axes=[
            {"value": axis, "name": say(f"axis_{axis}")} for axis in ("epoch", "step", "seconds")
        ],
        smoothing=say("smoothing"),
        log_scale=say("log_scale"),
        elem_id="board",
    )


def run_table() -> gr.HTML:
    """Empty at first. Its value is what `describe_runs` returns; it fires `act`."""
    return custom_html(
        "runs",
        shared=("make", "plot"),
        value={"runs": {}},
        runs=say("runs"),
        columns=[say(f"runs_{column}") for column in COLUMNS],
        actions=[
            {"kind": kind, "what": what, "name": say(f"runs_{what or kind}")}
            for kind, what in ACTIONS
        ],
        show=say("runs_show", name="{name}"),
        new_name=say("runs_new_name"),
        open=say("runs_open"),
        clear=say("runs_clear"),
        max_bytes=MAX_MEGABYTES * 2**20,
        elem_id="runs",
    )
