"""Which ink of a test digit counted, as pictures: what a class looks at is worked out once."""

import threading
from collections import OrderedDict
from collections.abc import Sequence

from mnist_demo.digits.mnist_format import Digit
from mnist_demo.models.checkpoints import Checkpoint
from mnist_demo.ui.components.sections import picture_saliency
from mnist_demo.ui.compute.model_store import ModelStore

MOST = 2000  # digits: of 5 KB each


class SaliencyCache:
    """One for each app. Safe to use from many threads; remembers nothing of visitors' own models.

    The digits that were asked for last are kept, up to MOST.
    """

    def __init__(self, store: ModelStore) -> None:
        self._store = store
        self._lock = threading.Lock()  # who asks for the same digit meanwhile finds it then
        self._known: OrderedDict[tuple[str, int], tuple[str, ...]] = OrderedDict()

    def pictures(
        self, checkpoint: Checkpoint, index: int, digit: Digit, labels: Sequence[int]
    ) -> tuple[str, ...]:
        """As `picture_saliency`, for the test digit `index`, whose labels are always the same."""
        torch_thread = self._store.compute.torch_thread
        if not self._store.ships(checkpoint):
            return picture_saliency(torch_thread, digit, checkpoint.model, labels)
        key = checkpoint.name, index
        with self._lock:
            if key not in self._known:
                pictures = picture_saliency(torch_thread, digit, checkpoint.model, labels)
                self._known[key] = pictures
            self._known.move_to_end(key)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
            return self._known[key]
