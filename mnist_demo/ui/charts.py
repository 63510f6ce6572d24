"""Line charts that move while a network trains."""

from dataclasses import dataclass, field
from typing import Any

import gradio as gr

from mnist_demo.ui.custom_html import custom_html
from mnist_demo.ui.words import say

MAX_POINTS = 200  # a series: more cannot be told apart, and would slow the page


def chart(title: str, *, percent: bool = False, elem_id: str) -> gr.HTML:
    """An empty chart over epochs. Its value is what `describe_chart` returns."""
    return custom_html(
        "chart",
        shared=("plot",),
        value=None,
        title=title,
        percent=percent,
        x_label=say("epochs_axis"),
        empty=say("chart_empty"),
        elem_id=elem_id,
    )


@dataclass
class Curve:
    """A growing series of at most MAX_POINTS points, each the mean of equally many values."""

    name: str
    kind: str = "line"
    points: list[list[float]] = field(default_factory=list)
    _values_per_point: int = 1
    _waiting: list[tuple[float, float]] = field(default_factory=list)

    def add(self, x: float, y: float) -> None:
        self._waiting.append((x, y))
        if len(self._waiting) < self._values_per_point:
            return
        self.points.append(_mean(self._waiting))
        self._waiting.clear()
        if len(self.points) >= MAX_POINTS:
            pairs = zip(self.points[::2], self.points[1::2], strict=True)
            self.points = [_mean(pair) for pair in pairs]
            self._values_per_point *= 2


def describe_chart(curves: list[Curve], x_end: float) -> dict[str, Any]:
    """The curves over 0 to `x_end`."""
    # Gradio sends what has changed since the last value: so the points are a copy, and the series a
    # dict, since its differences are wrong where a list inside a list becomes shorter.
    series = {curve.name: {"kind": curve.kind, "points": list(curve.points)} for curve in curves}
    return {"x_end": x_end, "series": series}


def _mean(points: Any) -> list[float]:
    """The last x, so that the curve ends where the run is, and the mean y."""
    xs, ys = zip(*points, strict=True)
    return [round(xs[-1], 4), round(sum(ys) / len(ys), 5)]
