"""The curves of all runs over each other, and the table of runs."""

import gradio as gr

from mnist_demo.ui.components.custom_html import custom_html
from mnist_demo.ui.i18n.translate import translate

LOSS, ACCURACY = 2, 3  # their places in a point of a curve


def charts() -> gr.HTML:
    """Two charts, empty at first. It has no value: the table and the progress bar tell it."""
    return custom_html(
        __file__,
        shared=("dom", "plot"),
        value=None,
        charts=[
            {"id": "loss-chart", "value": LOSS, "title": translate("loss_chart")},
            {"id": "accuracy-chart", "value": ACCURACY, "title": translate("accuracy_chart")},
        ],
        empty=translate("chart_empty"),
        series_train=translate("series_train"),
        series_test=translate("series_test"),
        axis=translate("axis"),
        axes=[
            {"value": axis, "name": translate(f"axis_{axis}")}
            for axis in ("epoch", "step", "seconds")
        ],
        smoothing=translate("smoothing"),
        log_scale=translate("log_scale"),
        elem_id="charts",
    )
