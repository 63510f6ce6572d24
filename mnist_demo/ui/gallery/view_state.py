"""What a visitor has set in the Gallery, and the test digits that follow from it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_demo.ui.compute.model_store import ModelStore, UserModels
from mnist_demo.ui.compute.test_set import NO_DIGIT
from mnist_demo.ui.gallery.selection import ORDERS, SHOWN, Predictions, View, choose
from mnist_demo.ui.i18n.translate import TranslatedError, translate
from mnist_demo.ui.validation import check_choice, check_setting


@dataclass(frozen=True)
class GallerySettings:
    """As the browser sent them; by these names they are the inputs of the Gallery's handlers.

    other: the second model, None where there is none. label, prediction: NO_DIGIT for any digit.
    region: of View, which the server keeps.
    """

    model: Any
    other: Any
    order: Any
    seed: Any
    label: Any
    prediction: Any
    shown: Any
    user_models: UserModels
    region: frozenset[int] | None = None

    def view(self) -> View:
        """Raises ValueError where a value is not valid."""
        check_setting("seed", self.seed)
        check_choice("order", self.order, ORDERS)
        check_choice("shown", self.shown, SHOWN)
        label, prediction = (
            None if digit == NO_DIGIT else digit for digit in (self.label, self.prediction)
        )
        return View(self.order, self.seed, label, prediction, self.shown, self.region)


@dataclass(frozen=True, eq=False)
class ViewState:
    """The models that are looked at, `other` where there is a second, and the digits in order.

    seen: whether each of them was trained on these digits; see `Checkpoint.has_seen_tests`.
    """

    model: str
    other: str | None
    view: View
    answers: Predictions
    indices: NDArray[np.int64]
    seen: tuple[bool, bool] = (False, False)


def compute_view(store: ModelStore, settings: GallerySettings) -> ViewState:
    """Where the view needs a second model and there is none, it is the first other one.

    Raises ValueError where a setting is not valid, or a model not there (any more).
    """
    view, other = settings.view(), settings.other
    checkpoint = store.model(settings.model, settings.user_models)
    if other is None and view.needs_second:
        other = next((name for name in store.names({}) if name != settings.model), None)
        if other is None:
            raise TranslatedError(translate("no_second_model"))
    second = None if other is None else store.model(other, settings.user_models)
    dataset = store.dataset()
    answers = Predictions(
        dataset.test_labels.numpy(),
        store.test_probabilities(checkpoint),
        None if second is None else store.test_probabilities(second),
    )
    seen = (
        checkpoint.has_seen_tests(dataset),
        second is not None and second.has_seen_tests(dataset),
    )
    return ViewState(settings.model, other, view, answers, choose(view, answers), seen)
