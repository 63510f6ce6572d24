"""What all visitors share: the data set and the shipped models, loaded when first asked for."""

import logging
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from mnist_demo.data.bundled_digits import bundled_digits
from mnist_demo.data.dataset import Dataset, DatasetError
from mnist_demo.data.mnist import load_dataset
from mnist_demo.digits.stroke_files import Drawing
from mnist_demo.models.checkpoints import (
    CHECKPOINTS,
    Checkpoint,
    load_checkpoint,
    shipped_checkpoints,
)
from mnist_demo.models.inference import predict_probabilities
from mnist_demo.models.precomputed import PrecomputedPredictions, load_precomputed, precomputed_path
from mnist_demo.ui.compute.resources import Compute, make_compute
from mnist_demo.ui.i18n.translate import TranslatedError, translate

KEPT = 12 * 3600  # seconds: how long what belongs to one visitor stays when they do nothing
DEFAULT_MODEL = "robust_cnn"  # the most accurate, and the one that reads strangers
LOG = logging.getLogger(__name__)

# What belongs to one visitor; replaced, never changed.
UserModels = Mapping[str, Checkpoint]  # models by name
UserDigits = tuple[Drawing, ...]  # labelled drawings


class ModelStore:
    """One for each app. Safe to use from many threads; nothing in it belongs to one visitor.

    data: the folder of the data set, as for `load_dataset`. compute: what the models run in.
    """

    def __init__(self, data: Path | None = None) -> None:
        self.compute: Compute = make_compute()
        self._data = data
        self._data_lock = threading.Lock()
        self._dataset: Dataset | None = None
        self._model_lock = threading.Lock()
        self._shipped: dict[str, Checkpoint] | None = None
        self._unusable: list[str] = []
        self._predictions: WeakKeyDictionary[Checkpoint, NDArray[np.float32]] = WeakKeyDictionary()
        self._computing_lock = threading.Lock()
        self._precomputed: dict[str, PrecomputedPredictions | None] = {}
        self._precomputed_lock = threading.Lock()

    def dataset(self) -> Dataset:
        """MNIST, or the bundled digits where it is missing or damaged; waits until it is there."""
        with self._data_lock:
            if self._dataset is None:
                # In a thread that ends: it takes the threads that torch has for it with it.
                with ThreadPoolExecutor(1, thread_name_prefix="load") as once:
                    self._dataset = once.submit(_load_data, self._data).result()
            return self._dataset

    @property
    def loaded(self) -> Dataset | None:
        """The data set where it is there already; waits for nothing."""
        return self._dataset

    def names(self, user_models: UserModels) -> list[str]:
        """All models a visitor can choose, the own ones first."""
        return [*reversed(list(user_models)), *self._shipped_models()]

    @property
    def unusable(self) -> list[str]:
        """The shipped models whose files are damaged."""
        self._shipped_models()
        return self._unusable

    @property
    def default_name(self) -> str | None:
        """The model to begin with; None where there is none at all."""
        names = self.names({})  # the simplest recipe first
        return DEFAULT_MODEL if DEFAULT_MODEL in names else next(reversed(names), None)

    def model(self, name: str | None, user_models: UserModels) -> Checkpoint:
        """The model called `name`. Raises ValueError, with the valid names, where there is none."""
        names = self.names(user_models)
        if not names:
            raise TranslatedError(translate("no_models"))
        if name is None:  # the dropdown was emptied
            words = {"name": translate("model"), "choices": ", ".join(names)}
            raise TranslatedError(translate("empty_choice", **words))
        if name not in names:  # a list: a client can send what cannot be looked up in a dict
            raise TranslatedError(translate("no_model", name=repr(name), names=", ".join(names)))
        return user_models[name] if name in user_models else self._shipped_models()[name]

    def confidence(self, digits: NDArray[np.float32]) -> NDArray[np.float32]:
        """How much each of some digits (N, 28, 28) looks like one, (N,): to the model to begin
        with, whichever is chosen, so that all models read the same of a picture. Not to be called
        in the predictor's own thread, which it waits for."""
        name = self.default_name
        if name is None:
            return np.full(len(digits), 0.5, dtype=np.float32)
        return self.compute.predictor.predict(self.model(name, {}).model, digits).max(axis=1)

    def _shipped_models(self) -> dict[str, Checkpoint]:
        """All that can be used, by name; read once, whatever becomes of their files later."""
        with self._model_lock:
            if self._shipped is None:
                with ThreadPoolExecutor(1, thread_name_prefix="load") as once:  # as for the data
                    self._shipped, self._unusable = once.submit(_load_shipped).result()
            return self._shipped

    def ships(self, checkpoint: Checkpoint) -> bool:
        """Whether it is one of the shipped models, and none of a visitor's."""
        return self._shipped_models().get(checkpoint.name) is checkpoint

    def precomputed(self, checkpoint: Checkpoint) -> PrecomputedPredictions | None:
        """What is shipped of what a model makes of the test digits; None where nothing fits."""
        if not self.ships(checkpoint):
            return None
        name, dataset = checkpoint.name, self.dataset()
        with self._precomputed_lock:
            if name not in self._precomputed:
                path = precomputed_path(name, dataset)
                self._precomputed[name] = load_precomputed(path, checkpoint.model, dataset)
            return self._precomputed[name]

    def test_answer(self, checkpoint: Checkpoint, index: int) -> NDArray[np.float32]:
        """What a model answers to the test image `index`, (10,); computes that one at most."""
        if self.has_answers(checkpoint):
            return self.test_probabilities(checkpoint)[index]
        image = self.dataset().test_images[index].numpy() / np.float32(255)
        return self.compute.predictor.predict(checkpoint.model, image)[0]

    def test_probabilities(self, checkpoint: Checkpoint) -> NDArray[np.float32]:
        """What a model answers to every test image, (N, 10); computed once for each model, where it
        is not shipped."""
        precomputed = self.precomputed(checkpoint)
        if precomputed is not None:
            return precomputed.probabilities
        if not self.has_answers(checkpoint):
            with self._computing_lock:  # a class that opens the same model computes it once
                if not self.has_answers(checkpoint):
                    self._compute_probabilities(checkpoint)
        with self._model_lock:
            return self._predictions[checkpoint]

    def has_answers(self, checkpoint: Checkpoint) -> bool:
        """Whether `test_probabilities` returns at once."""
        with self._model_lock:
            if checkpoint in self._predictions:
                return True
        return self.precomputed(checkpoint) is not None

    def _compute_probabilities(self, checkpoint: Checkpoint) -> None:
        images = self.dataset().test_images.numpy()
        predict = partial(predict_probabilities, checkpoint.model)
        answers = self.compute.map_images(predict, images)
        with self._model_lock:
            self._predictions[checkpoint] = answers


def _load_shipped() -> tuple[dict[str, Checkpoint], list[str]]:
    models, unusable = {}, []
    for name in shipped_checkpoints():
        try:
            models[name] = load_checkpoint(name)
        except ValueError as error:
            LOG.error("%s; put the file of the repository in its place", error)
            unusable.append(name)
    if not models:
        LOG.error("no model can be used: the folder %s holds none", CHECKPOINTS)
    return models, unusable


def _load_data(data: Path | None) -> Dataset:
    try:
        return load_dataset(data)
    except DatasetError as error:
        return bundled_digits("MNIST is damaged, so 5,000 of its digits are used.", str(error))
