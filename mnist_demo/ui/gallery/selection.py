"""Which test digits are shown, and in which order: arithmetic on labels and probabilities alone."""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mnist_demo.training.recipes import BOUNDS
from mnist_demo.ui.compute.test_set import DIGIT

MOST_PAGES = 10**6
PAGE = 60  # tiles: full rows of 12, 10, 6, 5, 4 or 3
ORDERS = ("hardest", "unsure", "disagreement", "index", "random")
PAIRS = ("both", "first", "second", "neither")  # who of two models reads a digit right
SHOWN = ("all", "right", "wrong", *PAIRS)


@dataclass(frozen=True, eq=False)
class Predictions:
    """labels: int64 (N,). first, second: the probabilities of two models, float32 (N, 10)."""

    labels: NDArray[np.int64]
    first: NDArray[np.float32]
    second: NDArray[np.float32] | None = None


@dataclass(frozen=True)
class View:
    """Which digits, and in which order.

    order: "hardest", the least probability of the label first; "unsure", the least probability of
    the answer first; "disagreement", the largest `total_variation` first; "index"; or "random",
    the same for the same seed. label, prediction: that digit alone; None: any.
    shown: "all", "right" or "wrong", or one of PAIRS: who of the two models reads it right.
    region: the indices of those that were chosen on the map; None: any.

    Raises ValueError where a value is none of these.
    """

    order: str = "hardest"
    seed: int = 0
    label: int | None = None
    prediction: int | None = None
    shown: str = "all"
    region: frozenset[int] | None = None

    def __post_init__(self) -> None:
        for name, choices in (("order", ORDERS), ("shown", SHOWN)):
            value = getattr(self, name)
            if not isinstance(value, str) or value not in choices:
                raise ValueError(f"{name} must be one of {', '.join(choices)}, not {value!r}")
        BOUNDS["seed"].check("seed", self.seed)
        for name in ("label", "prediction"):
            if getattr(self, name) is not None:
                DIGIT.check(name, getattr(self, name))

    @property
    def needs_second(self) -> bool:
        """Whether it asks for a second model."""
        return self.order == "disagreement" or self.shown in PAIRS

    @property
    def of_one_model(self) -> "View":
        """As it is without what asks for a second model."""
        order = View.order if self.order == "disagreement" else self.order
        return replace(self, order=order, shown=View.shown if self.shown in PAIRS else self.shown)

    @property
    def is_filtered(self) -> bool:
        return (self.label, self.prediction, self.shown, self.region) != (None, None, "all", None)


def choose(view: View, answers: Predictions) -> NDArray[np.int64]:
    """The indices of the test digits of `view`, in its order; equal ones by index.

    Raises ValueError where the view needs a second model and there is none.
    """
    found = np.flatnonzero(_wanted(view, answers))
    labels, first = answers.labels[found], answers.first[found]
    match view.order:
        case "index":
            return found
        case "random":
            return np.random.default_rng(view.seed).permutation(found)
        case "hardest":
            key = first[np.arange(len(found)), labels]
        case "unsure":
            key = first.max(axis=1)
        case _:
            key = -total_variation(first, _second(answers)[found])
    return found[np.argsort(key, kind="stable")]


def _wanted(view: View, answers: Predictions) -> NDArray[np.bool_]:
    predictions = answers.first.argmax(axis=1)
    right = predictions == answers.labels
    wanted = np.ones_like(right)
    if view.label is not None:
        wanted &= answers.labels == view.label
    if view.prediction is not None:
        wanted &= predictions == view.prediction
    if view.region is not None:
        wanted &= np.isin(np.arange(len(wanted)), list(view.region))
    match view.shown:
        case "all":
            return wanted
        case "right":
            return wanted & right
        case "wrong":
            return wanted & ~right
        case _:
            return wanted & pairs(answers)[view.shown]


def pairs(answers: Predictions) -> dict[str, NDArray[np.bool_]]:
    """For each of PAIRS, which digits these are, (N,). Raises ValueError without a second model."""
    first = answers.first.argmax(axis=1) == answers.labels
    second = _second(answers).argmax(axis=1) == answers.labels
    return {
        "both": first & second,
        "first": first & ~second,
        "second": ~first & second,
        "neither": ~first & ~second,
    }


def _second(answers: Predictions) -> NDArray[np.float32]:
    if answers.second is None:
        raise ValueError("this view compares two models; give a second one")
    return answers.second


def total_variation(first: NDArray[np.float32], second: NDArray[np.float32]) -> NDArray[np.float32]:
    """The total variation distance of each two rows of probabilities, (N, 10) both: (N,) in [0, 1].

    It is the largest difference of the probabilities that the two give to any set of answers.
    """
    return np.abs(first - second).sum(axis=1) / 2


def cross_entropy(labels: NDArray[np.int64], probabilities: NDArray[np.float32]) -> float:
    """The mean loss in nats. A probability that underflowed to 0 counts as the least float32."""
    of_labels = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    return float(-np.log(np.maximum(of_labels, np.finfo(np.float32).tiny)).mean())


def count_pages(count: int) -> int:
    """Into how many pages `count` digits go; none at all make one, which is empty."""
    return max(1, math.ceil(count / PAGE))


def read_page(value: object) -> int | None:
    """The page that a browser asks for, which may send anything; None where it is no number."""
    number = value.get("page") if isinstance(value, dict) else None
    if isinstance(number, bool) or not isinstance(number, int | float) or math.isnan(number):
        return None
    return int(min(max(number, 1), MOST_PAGES))


def nearest_page(number: int | None, count: int) -> int:
    """The page nearest to `number`, from 1."""
    return min(max(number or 1, 1), count_pages(count))


def page(indices: NDArray[np.int64], number: int) -> NDArray[np.int64]:
    """What stands on page `number`, from 1."""
    return indices[(number - 1) * PAGE : number * PAGE]
