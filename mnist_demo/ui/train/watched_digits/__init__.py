"""Twenty test digits by which a training is followed, and the first weights of its network."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import nn

from mnist_demo.data.dataset import Dataset
from mnist_demo.models.activations import first_weights
from mnist_demo.ui.components.png import png_data_uri, signed_data_uri
from mnist_demo.ui.i18n.translate import translate

OF_EACH = 2  # digits: the first ones of each label
MAX_WEIGHTS = 20  # pictures


class WatchedDigits:
    """Of a data set. digits: float32 (20, 28, 28) in [0, 1]. pictures: the same as data URIs."""

    def __init__(self, dataset: Dataset) -> None:
        labels = dataset.test_labels.numpy()
        chosen = [np.flatnonzero(labels == digit)[:OF_EACH] for digit in range(10)]
        indices = np.concatenate(chosen)
        self._labels = labels[indices]
        self.digits = dataset.test_images.numpy()[indices].astype(np.float32) / np.float32(255)
        self.pictures = [png_data_uri(digit) for digit in self.digits]

    def describe(self, probabilities: NDArray[np.float32]) -> dict[str, Any]:
        """What watched_digits.js shows of a network's answers to the digits, (20, 10)."""
        answers = probabilities.argmax(axis=1)
        right = answers == self._labels
        tiles = [
            {
                "answer": str(answer),
                "right": bool(good),
                "alt": translate(
                    "live_view_alt", label=int(label), answer=int(answer), share=float(share)
                ),
            }
            for label, answer, good, share in zip(
                self._labels, answers, right, probabilities.max(axis=1), strict=True
            )
        ]
        return {
            "tiles": tiles,
            "summary": translate("live_view_right", right=int(right.sum()), total=len(right)),
        }


def describe_weights(model: nn.Module) -> list[str]:
    """The first weights of a network as pictures; none where they are no pictures."""
    return [signed_data_uri(weight) for weight in first_weights(model)[:MAX_WEIGHTS]]
