"""A progress bar with a line of text and a row of facts; it passes the run's curves on."""

import json
from collections.abc import Sequence
from typing import Any

import gradio as gr

from mnist_demo.ui.components.custom_html import custom_html
from mnist_demo.ui.i18n.translate import Translations

Fact = tuple[Translations, Translations | str]  # its name, and its value


def progress(line: Translations) -> gr.HTML:
    """The bar at its start. Its value is what `describe_progress` returns."""
    value = describe_progress(line)
    return custom_html(__file__, shared=("dom",), value=value, elem_id="progress")


def describe_progress(
    line: Translations,
    share: float = 0.0,
    facts: Sequence[Fact] = (),
    curves: dict[str, Any] | None = None,
    note: Translations | str = "",
    *,
    waits: bool = False,
    layers: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """share: how much is done, in [0, 1]. facts: names and values, shown in their order.

    note: what else is to be known.
    curves: of the run under way, for the charts; one component for both, as each costs its time.
    They go as text: the page makes all else that lies in a value observable, point by point.
    waits: whether a training is to begin. layers: what those of the network do, for its blocks,
    likewise as text.
    """
    return {
        "line": line,
        "share": round(share, 4),
        "facts": [list(fact) for fact in facts],
        "note": note,
        "curves": json.dumps(curves) if curves else "",
        "layers": json.dumps(layers) if layers else "",
        "waits": waits,
    }
