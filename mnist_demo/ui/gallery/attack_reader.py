"""The curves of models under attack, as they are shipped or computed here."""

import threading
from collections.abc import Iterator, Sequence
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from mnist_demo.models.adversarial import count_right
from mnist_demo.models.attack_curves import DIGITS, STRENGTHS, AttackCurves, load_attack_curves
from mnist_demo.models.checkpoints import Checkpoint
from mnist_demo.models.precomputed import precomputed_path
from mnist_demo.ui.compute.model_store import ModelStore

PART = 2  # digits at a time, at all strengths: some 50 ms for all the shipped models
Curve = NDArray[np.float32]


class AttackReader:
    """One for each app. Safe to use from many threads; keeps no model that is used nowhere else."""

    def __init__(self, store: ModelStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._computing_lock = threading.Lock()
        self._shipped: AttackCurves | None = None
        self._known: WeakKeyDictionary[Checkpoint, WeakKeyDictionary[Checkpoint, Curve]] = (
            WeakKeyDictionary()
        )

    def find(self, attacked: Checkpoint, reader: Checkpoint) -> Curve | None:
        """The accuracies of `reader`, (STRENGTHS,), where they are known."""
        with self._lock:
            read = self._known.get(attacked)
            known = None if read is None else read.get(reader)
        if known is None and self._store.ships(attacked) and self._store.ships(reader):
            return self._load().get((attacked.name, reader.name))
        return known

    def compute(self, attacked: Checkpoint, readers: Sequence[Checkpoint]) -> None:
        """Those that are not known yet; takes seconds, while others compute in between."""
        with self._computing_lock:  # a class that opens the same model computes it once
            missing = [each for each in readers if self.find(attacked, each) is None]
            if not missing:
                return
            parts = self._store.compute.torch_thread.collect(self._count(attacked, missing))
            curves = np.sum(parts, axis=0) / self.count()
            with self._lock:
                known = self._known.setdefault(attacked, WeakKeyDictionary())
                known.update(zip(missing, curves.astype(np.float32), strict=True))

    def count(self) -> int:
        """Of how many test digits."""
        return min(DIGITS, len(self._store.dataset().test_labels))

    def _count(
        self, attacked: Checkpoint, readers: Sequence[Checkpoint]
    ) -> Iterator[NDArray[np.int64]]:
        """How many are read right, (readers, STRENGTHS), of some digits after the others."""
        dataset = self._store.dataset()
        models = [reader.model for reader in readers]
        for at in range(0, self.count(), PART):
            part = slice(at, min(at + PART, self.count()))
            digits = dataset.test_images[part].numpy() / np.float32(255)
            labels = dataset.test_labels[part].numpy()
            yield count_right(attacked.model, models, digits, labels, STRENGTHS)

    def _load(self) -> AttackCurves:
        if self._shipped is None:
            store, dataset = self._store, self._store.dataset()
            models = {name: store.model(name, {}).model for name in store.names({})}
            path = precomputed_path("attack_curves", dataset)
            self._shipped = load_attack_curves(path, models, dataset)
        return self._shipped
