"""What computes for all visitors of one app."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_demo.training.processes.pool import WorkerPool
from mnist_demo.ui.compute.batching import BatchPredictor
from mnist_demo.ui.compute.torch_thread import TorchThread

PART = 50  # images at once: robust_cnn takes as long for them as a time slice of the thread


@dataclass(frozen=True, eq=False)
class Compute:
    """predictor: reads drawings at once. torch_thread: does what takes longer. pool: trains."""

    pool: WorkerPool
    torch_thread: TorchThread
    predictor: BatchPredictor

    def close(self) -> None:
        """End their threads and processes; who asks again starts them anew."""
        self.torch_thread.stop()
        self.pool.close()
        self.predictor.close()
        self.torch_thread.close()

    def map_images(
        self, function: Callable[[NDArray[Any]], NDArray[Any]], images: NDArray[np.uint8]
    ) -> NDArray[Any]:
        """What `function` makes of images, (N, 28, 28), in [0, 1]; others compute in between."""
        parts = (
            function(images[at : at + PART] / np.float32(255)) for at in range(0, len(images), PART)
        )
        return np.concatenate(self.torch_thread.collect(parts))


def make_compute() -> Compute:
    """All idle: a thread or a process starts when it is first asked for something."""
    pool = WorkerPool()
    torch_thread = TorchThread(pool=pool)
    return Compute(pool, torch_thread, BatchPredictor(torch_thread))
