"""Inside the chosen network: its layers one by one, what each makes of the drawing, parts of them
switched off, and the sum behind a number."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import gradio as gr
import numpy as np
from numpy.typing import NDArray
from torch import nn

from mnist_demo.digits.mnist_format import SIZE, Digit
from mnist_demo.models.ablation import Off, rank_parts, switched_off, without_pixels
from mnist_demo.models.activations import (
    HiddenLayer,
    digit_weights,
    hidden_layers,
    look_again,
    unit_weights,
)
from mnist_demo.models.checkpoints import Checkpoint
from mnist_demo.models.convolution_sums import convolution_sum
from mnist_demo.models.inference import predict_probabilities
from mnist_demo.models.saliency import FEW_STEPS, STEPS
from mnist_demo.ui.components.panel import panel
from mnist_demo.ui.components.png import signed_data_uri
from mnist_demo.ui.components.sections import (
    describe_picture,
    describe_saliency,
    describe_section,
    picture_saliency,
)
from mnist_demo.ui.compute.resources import Compute
from mnist_demo.ui.draw.explanation.look import DRAWING, Look, Place
from mnist_demo.ui.draw.explanation.sheets import (
    LayerView,
    Sheet,
    describe_layer,
    describe_pixels,
)
from mnist_demo.ui.draw.explanation.sums import describe_sum, find_place
from mnist_demo.ui.i18n.numerals import name_digit
from mnist_demo.ui.i18n.translate import Translations, translate

T = TypeVar("T")

TRIED = 512  # parts of one layer, the most active ones, that are switched off in turn
TOLD = 5  # of these, those that matter most
WORDS = (
    *("help", "views", "all_on", "find", "keys", "press", "press_off", "press_sum", "value"),
    *("is_off", "filter", "unit", "pixel", "brightest", "count_off", "sum_key"),
)


def explanation_panel() -> gr.HTML:
    """Its value: to the server what `read_look` reads, from it what `describe_explanation` does."""
    # What the page fills in.
    blanks = {each: f"{{{each}}}" for each in ("part", "value", "number", "row", "column", "count")}
    words = {name: translate(f"explanation_{name}", **blanks) for name in WORDS}
    return panel(
        __file__, "sections", "part_sheet", "filter_sum", side=SIZE, drawing=DRAWING, words=words
    )


def describe_explanation(
    compute: Compute,
    digit: Digit,
    look: Look,
    _: Sequence[Checkpoint],
    chosen: Checkpoint,
) -> dict[str, Any]:
    """The view that is looked at, and what the network answers without what is off."""
    return _Inside(compute, digit, look, chosen.model).describe()


class _Inside:
    """A network, a drawing, and what is switched off of both."""

    def __init__(self, compute: Compute, digit: Digit, look: Look, model: nn.Module) -> None:
        self.compute, self.digit, self.model = compute, digit, model
        self.layers = self._call({}, hidden_layers, digit)
        names = [DRAWING, *(hidden.layer.name for hidden in self.layers)]
        self.look = look
        self.view = look.view if look.view in names else DRAWING
        # Of another model's layers nothing is off here.
        sizes = dict(zip(names, [SIZE * SIZE, *(each.units for each in self.layers)], strict=True))
        self.off = {
            name: [part for part in parts if part < sizes[name]]
            for name, parts in look.off.items()
            if name in names and any(part < sizes[name] for part in parts)
        }
        self.drawn = without_pixels(digit, self.off.get(DRAWING, ()))
        self.muted: Off = {
            each.module: self.off[each.layer.name]
            for each in self.layers
            if each.layer.name in self.off
        }

    def describe(self) -> dict[str, Any]:
        if self.look.place and self.view != DRAWING:
            return {"view": self.view, "sum": self._describe_sum(self.look.place)}
        before = self.compute.predictor.predict(self.model, self.digit)[0]
        now = self._call(self.muted, predict_probabilities, self.drawn)[0]
        found = self._find(int(now.argmax())) if self.look.find else None
        return {
            "asked": {
                "view": self.look.view,
                "off": {name: [*parts] for name, parts in self.look.off.items()},
            },
            "view": self.view,
            "views": [
                {
                    "name": DRAWING,
                    "title": translate("explanation_drawing"),
                    "size": f"{SIZE} × {SIZE}",
                },
                *(self._describe_view(each) for each in self.layers),
            ],
            "off": self.off,
            "before": before.tolist(),
            "now": now.tolist(),
            "bars": [
                translate("explanation_bar", digit=label, now=float(now[label]), share=float(share))
                for label, share in enumerate(before)
            ],
            "line": _describe_line(before, now, sum(map(len, self.off.values()))),
            "found": found and self._describe_found(found, now),
            "ranked": found.parts if found else [],
            "sheet": vars(self._describe_sheet(found.parts if found else [])),
            "sections": self._describe_sections(before),
        }

    def _call(self, off: Off, function: Callable[..., T], *arguments: Any) -> T:
        """In torch's thread, of the network without what is off."""

        def call() -> T:
            with switched_off(self.model, off):
                return function(self.model, *arguments)

        return self.compute.torch_thread.call(call)

    @property
    def _hidden(self) -> HiddenLayer:
        """The layer that is looked at."""
        return next(each for each in self.layers if each.layer.name == self.view)

    @cached_property
    def _layer(self) -> LayerView:
        """What there is to see of it."""
        on = self._hidden
        now = self._call(self.muted, look_again, self.drawn, on)
        if on.activations.ndim == 3:
            return LayerView(on, now)
        blank = self._call({}, look_again, np.zeros_like(self.digit), on)
        return LayerView(on, now, blank, self._call({}, unit_weights, on.layer))

    def _describe_view(self, hidden: HiddenLayer) -> dict[str, Any]:
        shape = [str(side) for side in hidden.activations.shape]
        return {"name": hidden.layer.name, "title": hidden.layer.name, "size": " × ".join(shape)}

    def _describe_sheet(self, ranked: Sequence[int]) -> Sheet:
        if self.view == DRAWING:
            return describe_pixels(self.drawn)
        return describe_layer(self._layer, [*self.off.get(self.view, ()), *ranked])

    def _describe_sections(self, shares: NDArray[np.float32]) -> list[dict[str, Any]]:
        """Beside the drawing: the ink that counted; of one layer alone also its weights."""
        if self.view != DRAWING:
            return []
        torch_thread = self.compute.torch_thread
        labels = shares.argsort()[::-1][:2].tolist()
        steps = FEW_STEPS if self.look.moving else STEPS
        counted = picture_saliency(torch_thread, self.digit, self.model, labels, steps)
        sections = [describe_saliency(counted, shares, labels)]
        if (weights := torch_thread.call(digit_weights, self.model)) is not None:
            pictures = [
                describe_picture(signed_data_uri(weight), f"{label}: {shares[label]:.1%}")
                for label, weight in enumerate(weights)
            ]
            sections.append(describe_section("explanation_weights", pictures))
        return sections

    def _describe_sum(self, place: Place) -> dict[str, Any] | None:
        """None where the layer makes no such sums, or has no such place."""
        now = self._call(self.muted, look_again, self.drawn, self._hidden)
        at = find_place(now, place)
        if at is None:
            return None
        found = self._call(self.muted, convolution_sum, self.drawn, now, *at)
        if found is None:
            return None
        return describe_sum(found, now, at, is_off=at[0] in self.off.get(self.view, ()))

    def _find(self, label: int) -> "Found":
        """Which parts of this view matter most for the answer `label`."""
        torch_thread, off = self.compute.torch_thread, self.off.get(self.view, ())
        if self.view == DRAWING:
            module, parts = None, np.argsort(-self.drawn.ravel(), kind="stable")
            parts = parts[self.drawn.ravel()[parts] > 0]
        else:
            module, parts = self._hidden.module, self._layer.rank()
        tried = [part for part in parts.tolist() if part not in off][:TRIED]
        asked = (self.model, self.drawn, label, module, tried, self.muted)
        odds = torch_thread.call(rank_parts, *asked, torch_thread.run_pending_calls)
        order = np.argsort(odds, kind="stable")[:TOLD]
        least = float(1 / (1 + np.exp(-odds.min()))) if len(odds) else None
        return Found(label, len(tried), [tried[at] for at in order], least)

    def _describe_found(self, found: "Found", now: NDArray[np.float32]) -> Translations:
        told: dict[str, Any] = {"count": found.count, "digit": name_digit(found.label)}
        share = float(now[found.label])
        least = share if found.least is None else found.least
        for digits in (1, 2, 3, 4, 5):  # as many as it takes to tell them apart
            before, without = f"{share:.{digits}%}", f"{least:.{digits}%}"
            if least < share and before != without:
                told |= {"part": self._name_part(found.parts[0]), "share": before, "now": without}
                return translate("explanation_found", **told)
        return translate("explanation_found_none", **told, share=f"{least:.1%}")

    def _name_part(self, part: int) -> Translations:
        if self.view == DRAWING:
            row, column = divmod(part, SIZE)
            return translate("explanation_pixel", row=row + 1, column=column + 1)
        kind = "filter" if self._hidden.activations.ndim == 3 else "unit"
        return translate(f"explanation_{kind}", number=part + 1)


@dataclass(frozen=True)
class Found:
    """parts: those that the answer `label` loses most without, that one first. least: how likely it
    is without that one; None where there is none. count: how many were tried."""

    label: int
    count: int
    parts: list[int]
    least: float | None


def _describe_line(
    before: NDArray[np.float32], now: NDArray[np.float32], count: int
) -> Translations:
    told: dict[str, Any] = {"digit": name_digit(int(before.argmax())), "share": float(before.max())}
    if not count:
        return translate("explanation_on", **told)
    other = name_digit(int(now.argmax()))
    return translate("explanation_off", **told, count=count, other=other, now=float(now.max()))
