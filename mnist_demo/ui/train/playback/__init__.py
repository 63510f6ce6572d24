"""Back through the training: what a network was at moments of its run that were kept."""

import time
from collections import OrderedDict
from collections.abc import Sequence
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

import gradio as gr
import numpy as np
from numpy.typing import NDArray
from torch import nn

from mnist_demo.digits.mnist_format import Digit
from mnist_demo.models.inference import predict_probabilities
from mnist_demo.training.snapshots import Snapshot, restore
from mnist_demo.ui.components.confusion_matrix import (
    count_confusion,
    describe_confusion,
    matrix_words,
)
from mnist_demo.ui.components.panel import panel
from mnist_demo.ui.components.png import png_data_uri
from mnist_demo.ui.components.sketchpad import read_sketch
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.i18n.durations import format_seconds
from mnist_demo.ui.i18n.numerals import name_digit
from mnist_demo.ui.i18n.translate import translate
from mnist_demo.ui.train.playback.drawing_curve import DrawingCurve
from mnist_demo.ui.train.played_run import PlayedRun, find_played, read_moment
from mnist_demo.ui.train.run_store import Runs
from mnist_demo.ui.train.session import TrainingSession
from mnist_demo.ui.train.watched_digits import WatchedDigits, describe_weights

TESTED = 1000  # test images at most, evenly taken: on them chance is 1 % at 90 %
WITHIN = 0.02  # seconds of an answer, after which nothing more is read for it
FIRST_PART = 4  # images: robust_cnn, the slowest, takes some 6 ms for them
GROW_BELOW = 0.004  # seconds: a part that takes less is doubled
NETWORKS = 4  # that are kept built, whoever's they are; 8 MB each at most

WORDS = {
    **{
        word: f"playback_{word}"
        for word in (
            *("help", "slider", "digits", "no_drawing", "save", "go_on", "go_on_help", "prompt"),
            "curve",
        )
    },
    "play": "replay_play",
    "pause": "replay_pause",
    "axis": "fact_step",
    "drawing_alt": "live_view_drawing_alt",
    "weights": "live_view_weights",
    "confusion": "report_confusion",
}


def playback_panel() -> gr.HTML:
    """Folded. It fires `ask` when it opens and as its slider moves, `save` and `go_on` with a
    moment; its value: to the server {"run", "step", "more"}, from it what `Playback.show` returns.
    """
    return panel(
        __file__,
        "matrix",
        "plot",
        "drawing_curve",
        "watched_digits",
        follows=False,
        value={},
        matrix=matrix_words(),
        words={word: translate(key) for word, key in WORDS.items()},
    )


class Playback:
    """Looks at networks as they were. One for each app; nothing in it belongs to one visitor.

    What is asked for in `show` is computed in the thread of torch, in a few hundredths of a second
    each time: a drawing is read at other moments, and then test images are, as far as the time
    goes, and further when asked for more.
    """

    def __init__(self, store: ModelStore) -> None:
        self._store = store
        self._watched: WatchedDigits | None = None
        self._networks: OrderedDict[Any, nn.Module] = OrderedDict()
        self._curve = DrawingCurve()
        self._confusions: WeakKeyDictionary[Snapshot, NDArray[np.int64]] = WeakKeyDictionary()

    def show(
        self,
        session: TrainingSession | None,
        runs: Runs,
        drawing: Any,
        playback: Any,
    ) -> dict[str, Any]:
        """What the panel shows of the moment nearest to the one that a browser asks for, or why
        there is nothing. "more" asks for more of the test images and of the drawing's curve."""
        number, step = read_moment(playback)
        run = find_played(session, runs, number)
        if run is None or not run.snapshots:
            return {"message": translate("playback_none", name=run.name) if run else None}
        place = run.nearest(step)
        snapshot, call = run.snapshots[place], self._store.compute.torch_thread.call
        of = {"run": run.number, "step": snapshot.step}
        digit = self._read_drawing(drawing)
        if (number, step) == tuple(of.values()) and playback.get("more") is True:
            return of | {"more": True, **call(self._read_more, run, snapshot, digit)}
        return of | {
            "name": run.name,
            "moments": _describe_moments(run.snapshots),
            "place": place,
            **call(self._look, run, snapshot, digit),
        }

    def _read_drawing(self, drawing: Any) -> Digit | None:
        try:
            sketch = read_sketch(drawing, self._store.confidence)
        except ValueError:
            return None
        return sketch.digit if sketch else None

    def _look(self, run: PlayedRun, snapshot: Snapshot, digit: Digit | None) -> dict[str, Any]:
        started = time.perf_counter()
        watched = self._watched = self._watched or WatchedDigits(self._store.dataset())
        model = self._restore(run, snapshot)
        digits = watched.digits if digit is None else np.concatenate([watched.digits, digit[None]])
        shares = predict_probabilities(model, digits)
        looked = {
            "pictures": watched.pictures,
            **watched.describe(shares[: len(watched.digits)]),
            "drawing": None if digit is None else _describe_drawing(digit, shares[-1]),
            "weights": describe_weights(model),
        }
        if digit is not None:
            self._curve.keep(snapshot, digit, shares[-1])
        return looked | self._read_on(run, snapshot, digit, started)

    def _read_more(self, run: PlayedRun, snapshot: Snapshot, digit: Digit | None) -> dict[str, Any]:
        return self._read_on(run, snapshot, digit, time.perf_counter())

    def _read_on(
        self, run: PlayedRun, snapshot: Snapshot, digit: Digit | None, started: float
    ) -> dict[str, Any]:
        """Of the drawing's curve and then of the test images what WITHIN allows."""
        curve = self._trace(run, digit, started)
        if time.perf_counter() - started < WITHIN:
            self._test(self._restore(run, snapshot), snapshot, started)
        return {"curve": curve, "tested": self._describe_tested(snapshot)}

    def _trace(self, run: PlayedRun, digit: Digit | None, started: float) -> dict[str, Any] | None:
        """None where there is no drawing, or one moment alone."""
        if digit is None or len(run.snapshots) < 2:
            return None
        restore_moment = partial(self._restore, run)
        self._curve.read(run.snapshots, digit, restore_moment, started + WITHIN)
        return self._curve.describe(run.snapshots, digit)

    def _restore(self, run: PlayedRun, snapshot: Snapshot) -> nn.Module:
        """The network; it is another moment's at the next call."""
        key = (run.recipe, run.seed)
        model = self._networks.pop(key, None)
        if model is None:
            model = restore(run.recipe, run.seed, snapshot)
        else:
            model.load_state_dict(snapshot.weights)
        self._networks[key] = model
        if len(self._networks) > NETWORKS:
            self._networks.popitem(last=False)
        return model

    def _sample(self) -> slice:
        """Of the test images, those that are read."""
        return slice(None, None, -(-len(self._store.dataset().test_labels) // TESTED))

    def _test(self, model: nn.Module, snapshot: Snapshot, started: float) -> None:
        """Read test images, those after the last ones, until WITHIN is over."""
        dataset, sample = self._store.dataset(), self._sample()
        images, labels = (
            each[sample].numpy() for each in (dataset.test_images, dataset.test_labels)
        )
        confusion = self._confusion_of(snapshot)
        part = FIRST_PART
        while (done := int(confusion.sum())) < len(labels):
            begun = time.perf_counter()
            if begun - started > WITHIN:
                break
            digits = images[done : done + part] / np.float32(255)
            answers = predict_probabilities(model, digits)
            confusion = confusion + count_confusion(labels[done : done + part], answers)
            if time.perf_counter() - begun < GROW_BELOW:
                part *= 2
        self._confusions[snapshot] = confusion

    def _confusion_of(self, snapshot: Snapshot) -> NDArray[np.int64]:
        """Of the test images that were read so far."""
        return self._confusions.get(snapshot, np.zeros((10, 10), np.int64))

    def _describe_tested(self, snapshot: Snapshot) -> dict[str, Any]:
        confusion = self._confusion_of(snapshot)
        count, labels = int(confusion.sum()), self._store.dataset().test_labels
        done = count == len(labels[self._sample()])
        told = translate("playback_testing")
        if count:
            right = int(confusion.trace())
            values = {"right": right, "count": count, "accuracy": right / count}
            told = translate("playback_tested" if done else "playback_tested_so_far", **values)
        return {"done": done, "told": told, "matrix": describe_confusion(confusion)}


def _describe_moments(snapshots: Sequence[Snapshot]) -> list[dict[str, Any]]:
    return [
        {
            "step": each.step,
            "told": translate(
                "playback_moment",
                step=each.step,
                epochs=each.epochs,
                seconds=format_seconds(each.wall_seconds),
            ),
        }
        for each in snapshots
    ]


def _describe_drawing(digit: Digit, shares: NDArray[np.float32]) -> dict[str, Any]:
    answer = int(shares.argmax())
    told = translate("playback_reads", digit=name_digit(answer), share=float(shares[answer]))
    return {"picture": png_data_uri(digit), "told": told, "answer": answer}
