"""What a visitor has set in the Gallery, and the test digits that follow from it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_demo.ui.checks import check_setting
from mnist_demo.ui.gallery.selection import Answers, View, choose
from mnist_demo.ui.library import Library, Own
from mnist_demo.ui.words import RefusedError, tell

ANY = -1  # a dropdown has no None among its choices


@dataclass(frozen=True)
class Settings:
    """As the browser sent them; in this order they are the inputs of the Gallery's handlers.

    other: the second model, None where there is none. label, prediction: ANY for any digit.
    """

    model: Any
    other: Any
    order: Any
    seed: Any
    label: Any
    prediction: Any
    shown: Any
    own: Own

    def view(self) -> View:
        """Raises ValueError where a value is not valid."""
        check_setting("seed", self.seed)
        label, prediction = (
            None if digit == ANY else digit for digit in (self.label, self.prediction)
        )
        return View(self.order, self.seed, label, prediction, self.shown)


@dataclass(frozen=True, eq=False)
class Look:
    """The models that are looked at, `other` where there is a second, and the digits in order."""

    model: str
    other: str | None
    view: View
    answers: Answers
    indices: NDArray[np.int64]


def take_look(library: Library, settings: Settings) -> Look:
    """Where the view needs a second model and there is none, it is the first other one.

    Raises ValueError where a setting is not valid, or a model not there (any more).
    """
    view, other = settings.view(), settings.other
    checkpoint = library.model(settings.model, settings.own)
    if other is None and view.needs_second:
        other = next((name for name in library.names({}) if name != settings.model), None)
        if other is None:
            raise RefusedError(tell("no_second_model"))
    second = None if other is None else library.model(other, settings.own)
    answers = Answers(
        library.dataset().test_labels.numpy(),
        library.test_probabilities(checkpoint),
        None if second is None else library.test_probabilities(second),
    )
    return Look(settings.model, other, view, answers, choose(view, answers))
