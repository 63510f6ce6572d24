"""The maps of all models, and where a drawing belongs on them."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from torch import nn

from mnist_demo.digits.mnist_format import Digit
from mnist_demo.models.checkpoints import Checkpoint
from mnist_demo.models.embedding import (
    PIXELS,
    Projection,
    fit_projection,
    map_features,
    tsne_steps,
)
from mnist_demo.models.maps import Map, draw_map, place
from mnist_demo.models.neighbours import directions
from mnist_demo.models.precomputed import load_map, precomputed_path
from mnist_demo.ui.compute.model_store import ModelStore

MAX_MODELS = 40  # of 1.2 MB at most, and 0.8 more for the widest
PART, SLICE = 50, 0.04  # digits that are read at first, and the seconds that a part then takes
MOST = 500
PLACED_AMONG = 2000  # test digits, the first: robust_cnn takes a fifth of the time for all of them


@dataclass(frozen=True, eq=False)
class Features:
    """Of the first M test digits, or all. projection: of `map_features`. points: what it makes of
    them, (M, K)."""

    projection: Projection
    points: NDArray[np.float16]


class MapMaker:
    """One for each app. Safe to use from many threads; keeps no model that is used nowhere else.

    A model is a checkpoint, or None for the pixels themselves. Those that are shipped have their
    maps shipped too. Others' are made in the store's torch thread, one after another, so that the
    first is there soonest; answers come in between.
    """

    def __init__(self, store: ModelStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._reading_lock, self._drawing_lock = threading.Lock(), threading.Lock()
        self._maps: WeakKeyDictionary[nn.Module, Map] = WeakKeyDictionary()
        self._features: WeakKeyDictionary[nn.Module, Features] = WeakKeyDictionary()

    def find(self, checkpoint: Checkpoint | None) -> Map | None:
        """The map of a model where it is there already; None where it is to be made first."""
        model = _module(checkpoint)
        with self._lock:
            found = self._maps.get(model)
        if found is None and (checkpoint is None or self._store.ships(checkpoint)):
            name, dataset = checkpoint.name if checkpoint else "pixels", self._store.dataset()
            found = load_map(precomputed_path(name, dataset, "maps"), model, dataset)
            if found is not None:
                with self._lock:
                    self._maps[model] = found
        return found

    def make(self, checkpoint: Checkpoint | None) -> Iterator[Map]:
        """The map of a model; before it, where it is to be made, one by two principal components,
        which is there as soon as the model has read all test digits."""
        found = self.find(checkpoint)
        if found is not None:
            yield found
            return
        model = _module(checkpoint)
        reference = None if checkpoint is None else self.find(None)
        features = self._find_features(model, len(self._images())).points.astype(np.float32)
        plane = fit_projection(features, 2).apply(features)
        yield draw_map(plane, reference)
        start = plane if reference is None else reference
        with self._drawing_lock:
            if (found := self.find(checkpoint)) is None:
                *_, last = self._store.compute.torch_thread.collect(tsne_steps(features, start))
                found = draw_map(plane if last is None else last, reference)
                with self._lock:
                    self._maps[model] = found
        yield found

    def can_place(self, checkpoint: Checkpoint | None) -> bool:
        """Whether `place` answers within a moment."""
        with self._lock:
            return _module(checkpoint) in self._features

    def place(
        self, checkpoint: Checkpoint | None, placed: Map, digit: Digit
    ) -> tuple[NDArray[np.int64], NDArray[np.uint16]]:
        """As `models.maps.place`, of a drawing, among PLACED_AMONG digits at least; the model reads
        these when first asked.

        placed: the map of that model.
        """
        model = _module(checkpoint)
        features = self._find_features(model, PLACED_AMONG)
        made = self._store.compute.torch_thread.call(map_features, model, digit)
        (point,) = features.projection.apply(made)
        among = directions(features.points.astype(np.float32))
        return place(point, among, placed[: len(among)])

    def _images(self) -> NDArray[np.uint8]:
        return self._store.dataset().test_images.numpy()

    def _find_features(self, model: nn.Module, count: int) -> Features:
        """Of the first `count` test digits at least, or of all."""
        known = self._look_up(model, count)
        if known is None:
            with self._reading_lock:  # a class that opens the same model computes it once
                known = self._look_up(model, count) or self._compute_features(model, count)
        return known

    def _look_up(self, model: nn.Module, count: int) -> Features | None:
        with self._lock:
            known = self._features.pop(model, None)
            if known is None:
                return None
            self._features[model] = known  # what was used last stands last
            return known if len(known.points) >= min(count, len(self._images())) else None

    def _compute_features(self, model: nn.Module, count: int) -> Features:
        images = self._images()[:count]
        parts = self._store.compute.torch_thread.collect(_read(model, images))
        made = np.concatenate(parts)
        projection = fit_projection(made)
        features = Features(projection, projection.apply(made).astype(np.float16))
        with self._lock:
            self._features[model] = features
            while len(self._features) > MAX_MODELS:
                del self._features[next(iter(self._features))]
        return features


def _read(model: nn.Module, images: NDArray[np.uint8]) -> Iterator[NDArray[np.float32]]:
    """The features of images, (N, 28, 28), part by part: of a small network, of which each part
    takes a moment that does not depend on its size, larger ones than of a large network."""
    at, size = 0, PART
    while at < len(images):
        began = time.thread_time()
        features = map_features(model, images[at : at + size] / np.float32(255))
        at += size
        size = round(size * min(SLICE / max(time.thread_time() - began, 1e-6), 2))
        size = min(max(size, PART), MOST)
        yield features


def _module(checkpoint: Checkpoint | None) -> nn.Module:
    return PIXELS if checkpoint is None else checkpoint.model
