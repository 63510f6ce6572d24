"""How a drawing would have been read at each moment of a run, as curves: when was it recognised?"""

import time
from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from torch import nn

from mnist_demo.digits.mnist_format import Digit
from mnist_demo.models.inference import predict_probabilities
from mnist_demo.training.snapshots import Snapshot
from mnist_demo.ui.components.plot import digit_curves
from mnist_demo.ui.i18n.numerals import name_digit
from mnist_demo.ui.i18n.translate import Translations, translate

Probabilities = NDArray[np.float32]  # of the ten digits, (10,)


class DrawingCurve:
    """The probabilities of drawings at moments; each moment remembers the last drawing it read."""

    def __init__(self) -> None:
        self._known: WeakKeyDictionary[Snapshot, tuple[bytes, Probabilities]] = WeakKeyDictionary()

    def keep(self, snapshot: Snapshot, digit: Digit, probabilities: Probabilities) -> None:
        """Remember what the moment made of the drawing."""
        self._known[snapshot] = (digit.tobytes(), probabilities)

    def read(
        self,
        snapshots: Sequence[Snapshot],
        digit: Digit,
        restore: Callable[[Snapshot], nn.Module],
        until: float,
    ) -> None:
        """Let moments that do not know the drawing read it, until then by time.perf_counter."""
        for snapshot in snapshots:
            if self._find(snapshot, digit) is None:
                if time.perf_counter() > until:
                    return
                self.keep(snapshot, digit, predict_probabilities(restore(snapshot), digit)[0])

    def describe(self, snapshots: Sequence[Snapshot], digit: Digit) -> dict[str, Any]:
        """What drawing_curve.js shows of the moments that have read it so far."""
        found = [(each.step, self._find(each, digit)) for each in snapshots]
        read = [(step, probabilities) for step, probabilities in found if probabilities is not None]
        steps = [step for step, _ in read]
        curves = np.array([each for _, each in read], np.float32).reshape(-1, 10)
        done = len(read) == len(snapshots)
        return {
            "low": snapshots[0].step,
            "high": snapshots[-1].step,
            "series": digit_curves(steps, curves),
            "told": describe_answers(steps, curves.argmax(axis=1).tolist()) if done else "",
            "done": done,
        }

    def _find(self, snapshot: Snapshot, digit: Digit) -> Probabilities | None:
        drawing, probabilities = self._known.get(snapshot, (b"", None))
        return probabilities if drawing == digit.tobytes() else None


def describe_answers(steps: Sequence[int], answers: Sequence[int]) -> Translations:
    """Since when a drawing was read as it is at last. steps, answers: of two moments or more."""
    others = [place for place, answer in enumerate(answers) if answer != answers[-1]]
    digit = name_digit(answers[-1])
    if not others:
        return translate("playback_curve_always", digit=digit)
    last = others[-1]
    if last == len(answers) - 2:
        before = name_digit(answers[last])
        return translate("playback_curve_late", before=before, step=steps[-1], digit=digit)
    return translate("playback_curve_since", step=steps[last + 1], digit=digit)
