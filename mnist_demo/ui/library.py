"""What all visitors share: the data set and the shipped models, loaded when first asked for."""

import logging
import os
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from mnist_demo.checkpoints import Checkpoint, load_checkpoint, shipped_checkpoints
from mnist_demo.data import (
    Dataset,
    DatasetError,
    data_directory,
    embedded_digits,
    load_dataset,
)
from mnist_demo.drawings import Drawing
from mnist_demo.inference import predict_probabilities
from mnist_demo.ui.torch_thread import TORCH
from mnist_demo.ui.words import RefusedError, tell

PARTS = 40
KEPT = 12 * 3600  # seconds: how long what belongs to one visitor stays when they do nothing
DEFAULT_MODEL = "robust_cnn"  # the most accurate, and the one that reads strangers

# What belongs to one visitor; replaced, never changed.
Own = Mapping[str, Checkpoint]  # models by name
OwnSet = tuple[Drawing, ...]  # labelled drawings


class Library:
    """One for each app. Safe to use from many threads; nothing in it belongs to one visitor."""

    def __init__(self, data: Path | None = None) -> None:
        self._data = data
        self._data_lock = threading.Lock()
        self._dataset: Dataset | None = None
        self._model_lock = threading.Lock()
        self._models: dict[str, Checkpoint] = {}
        self._predictions: WeakKeyDictionary[Checkpoint, NDArray[np.float32]] = WeakKeyDictionary()
        self._reckoning_lock = threading.Lock()

    def dataset(self) -> Dataset:
        """MNIST, or the embedded digits where it is missing or damaged; waits until it is there."""
        with self._data_lock:
            if self._dataset is None:
                # A thread that ends takes its team of torch's workers with it; see torch_thread.py.
                with ThreadPoolExecutor(1, thread_name_prefix="load") as once:
                    self._dataset = once.submit(_load, self._data).result()
            return self._dataset

    @property
    def loaded(self) -> Dataset | None:
        """The data set where it is there already; waits for nothing."""
        return self._dataset

    def notice(self) -> str:
        """That of the data set, for all visitors: where the host keeps it is for the host alone."""
        return self.dataset().notice.replace(f"{data_directory(self._data)}{os.sep}", "")

    def names(self, own: Own) -> list[str]:
        """All models a visitor can choose, the own ones first."""
        return [*reversed(list(own)), *shipped_checkpoints()]

    def model(self, name: str, own: Own) -> Checkpoint:
        """The model called `name`. Raises ValueError, with the valid names, where there is none."""
        names = self.names(own)
        if name not in names:  # a list: a client can send what cannot be looked up in a dict
            raise RefusedError(tell("no_model", name=repr(name), names=", ".join(names)))
        if name in own:
            return own[name]
        with self._model_lock:
            if name not in self._models:
                self._models[name] = load_checkpoint(name)
            return self._models[name]

    def test_probabilities(self, checkpoint: Checkpoint) -> NDArray[np.float32]:
        """What a model answers to every test image, (N, 10); reckoned once for each model."""
        if not self.has_answers(checkpoint):
            with self._reckoning_lock:  # a class that opens the same model reckons it once
                if not self.has_answers(checkpoint):
                    self._reckon(checkpoint)
        with self._model_lock:
            return self._predictions[checkpoint]

    def has_answers(self, checkpoint: Checkpoint) -> bool:
        """Whether `test_probabilities` returns at once."""
        with self._model_lock:
            return checkpoint in self._predictions

    def _reckon(self, checkpoint: Checkpoint) -> None:
        images = self.dataset().test_images.numpy() / np.float32(255)
        parts = np.array_split(images, PARTS)  # so that a drawing's answer need not wait
        answers = [TORCH.call(predict_probabilities, checkpoint.model, part) for part in parts]
        with self._model_lock:
            self._predictions[checkpoint] = np.concatenate(answers)


def _load(data: Path | None) -> Dataset:
    try:
        return load_dataset(data)
    except DatasetError as error:
        logging.getLogger(__name__).warning("%s", error)
        return embedded_digits(f"{error}.")
