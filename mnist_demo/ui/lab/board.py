"""The curves of all runs over each other, and the table of runs."""

import gradio as gr

from mnist_demo.ui.custom_html import custom_html
from mnist_demo.ui.lab.table import MAX_MEGABYTES
from mnist_demo.ui.words import tell

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
            {"id": "loss-chart", "value": LOSS, "title": tell("loss_chart")},
            {"id": "accuracy-chart", "value": ACCURACY, "title": tell("accuracy_chart")},
        ],
        empty=tell("chart_empty"),
        series_train=tell("series_train"),
        series_test=tell("series_test"),
        axis=tell("axis"),
        axes=[
            {"value": axis, "name": tell(f"axis_{axis}")} for axis in ("epoch", "step", "seconds")
        ],
        smoothing=tell("smoothing"),
        log_scale=tell("log_scale"),
        elem_id="board",
    )


def run_table() -> gr.HTML:
    """Empty at first. Its value is what `describe_runs` returns; it fires `act`."""
    return custom_html(
        "runs",
        shared=("make", "plot"),
        value={"runs": {}},
        runs=tell("runs"),
        columns=[tell(f"runs_{column}") for column in COLUMNS],
        actions=[
            {"kind": kind, "what": what, "name": tell(f"runs_{what or kind}")}
            for kind, what in ACTIONS
        ],
        show=tell("runs_show", name="{name}"),
        new_name=tell("runs_new_name"),
        open=tell("runs_open"),
        clear=tell("runs_clear"),
        max_bytes=MAX_MEGABYTES * 2**20,
        elem_id="runs",
    )
