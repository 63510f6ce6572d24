"""Which training digits a model finds most alike, searched in a fixed part of them."""

import threading
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from mnist_demo.digits.mnist_format import Digit
from mnist_demo.models.activations import compact_hidden
from mnist_demo.models.checkpoints import Checkpoint
from mnist_demo.models.neighbours import directions, nearest
from mnist_demo.models.precomputed import NEIGHBOURS, SEARCHED
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.compute.test_set import take_digit

MAX_BYTES = 40 * 2**20  # three of fast_cnn; simple_cnn takes 60 MB, and is kept alone


class Neighbours:
    """One for each app. Safe to use from many threads; keeps no model that is used nowhere else.

    Those of the shipped models to MNIST's test digits are shipped too, and need no search.
    """

    def __init__(self, store: ModelStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._computing_lock = threading.Lock()
        self._known: WeakKeyDictionary[Checkpoint, NDArray[np.float16]] = WeakKeyDictionary()

    def count(self) -> int:
        """How many training digits are searched: the first ones."""
        return min(SEARCHED, len(self._store.dataset().train_labels))

    def knows(self, checkpoint: Checkpoint) -> bool:
        """Whether `of_test_digit` answers within a fraction of a second."""
        with self._lock:
            if checkpoint in self._known:
                return True
        return self._store.precomputed(checkpoint) is not None

    def of_test_digit(self, checkpoint: Checkpoint, index: int) -> tuple[list[int], list[float]]:
        """The NEIGHBOURS nearest to the test digit `index`, as `nearest` finds them."""
        precomputed = self._store.precomputed(checkpoint)
        if precomputed is not None:
            return precomputed.neighbours[index].tolist(), precomputed.cosines[index].tolist()
        digit, _ = take_digit(self._store.dataset(), index)
        return self.nearest(checkpoint, digit, NEIGHBOURS)

    def nearest(
        self, checkpoint: Checkpoint, digit: Digit, count: int
    ) -> tuple[list[int], list[float]]:
        """The training digits nearest to `digit` in the model's last hidden layer, by cosine.

        Their indices, the nearest first, and their cosine similarities, in [-1, 1]. Computes that
        layer for all digits that are searched, when first asked for a model.
        """
        known = self._look_up(checkpoint)
        if known is None:
            with self._computing_lock:  # a class that opens the same model computes it once
                known = self._look_up(checkpoint)
                if known is None:
                    known = self._compute_directions(checkpoint)
        (feature,) = self._store.compute.torch_thread.call(compact_hidden, checkpoint.model, digit)
        indices, cosines = nearest(feature, known, count)
        return indices.tolist(), cosines.tolist()

    def _look_up(self, checkpoint: Checkpoint) -> NDArray[np.float16] | None:
        with self._lock:
            known = self._known.pop(checkpoint, None)
            if known is not None:
                self._known[checkpoint] = known  # what was used last stands last
            return known

    def _compute_directions(self, checkpoint: Checkpoint) -> NDArray[np.float16]:
        images = self._store.dataset().train_images[: self.count()].numpy()
        known = self._store.compute.map_images(
            lambda part: directions(compact_hidden(checkpoint.model, part)), images
        )
        with self._lock:
            self._known[checkpoint] = known
            while len(self._known) > 1 and self._count_bytes() > MAX_BYTES:
                del self._known[next(iter(self._known))]
        return known

    def _count_bytes(self) -> int:
        return sum(each.nbytes for each in self._known.values())
