"""What a host wants to know of a running app: who is here, what trains, and what it takes."""

import os
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import mnist_demo
from mnist_demo.training.devices import choose_device
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.compute.queue import TrainingQueue
from mnist_demo.ui.gradio_internals import used_sessions
from mnist_demo.ui.serving.checked_blocks import CheckedBlocks
from mnist_demo.ui.serving.revision import find_revision

FORGOTTEN = timedelta(hours=1)  # a page without a sign of life for so long counts as left


class Status:
    """A look at one app. It counts visitors and trainings, and knows nothing else of them."""

    def __init__(self, app: CheckedBlocks, store: ModelStore, queue: TrainingQueue) -> None:
        self._app = app
        self._store = store
        self._queue = queue
        self._revision = find_revision()
        self._device = str(choose_device())
        self._started = time.monotonic()

    def app(self) -> dict[str, Any]:
        """What is served: version, revision where it is known, data set ("loading" until it is
        there), device."""
        dataset = self._store.loaded
        return {
            "version": mnist_demo.__version__,
            **({"revision": self._revision} if self._revision else {}),
            "dataset": dataset.name if dataset else "loading",
            "device": self._device,
        }

    def load(self) -> dict[str, Any]:
        """What goes on: visitors with the page open, trainings that run, trainings that wait."""
        trainings = self._queue.counts()
        return {
            "visitors": self._count_visitors(),
            "training": trainings["running"],
            "waiting": trainings["waiting"],
        }

    def cost(self) -> dict[str, Any]:
        """What it takes: memory in megabytes, where the system tells, that of the processes which
        train included; and seconds of running."""
        processes = (os.getpid(), *self._store.compute.pool.numbers())
        parts = [resident_megabytes(process) for process in processes]
        memory = None if None in parts else sum(filter(None, parts))
        return {
            **({} if memory is None else {"memory_mb": round(memory)}),
            "uptime_s": round(time.monotonic() - self._started),
        }

    def _count_visitors(self) -> int:
        """Sessions whose page is open, and was used of late; a call by the API has no page."""
        used = used_sessions(self._app, datetime.now() - FORGOTTEN)
        return len(used & self._app.open_sessions.pages.keys())


def resident_megabytes(process: int) -> float | None:
    """The memory that a process holds, where the system tells it: on Linux. 0 once it is gone."""
    if not Path("/proc/self/statm").exists():
        return None
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGESIZE") / 2**20
