"""The processes that train for this one: lent to one training at a time, and ended."""

import atexit
import threading
from collections.abc import Sequence

from mnist_demo.training.devices import count_threads
from mnist_demo.training.processes.worker_process import COMMAND, WorkerProcess

ALL_THREADS = count_threads()


class WorkerPool:
    """Some processes: as many as train at the time, and `spare` that wait for the next training.

    Each holds the data set. The first one starts with the first training, or by `prepare`. spare:
    settable at any time.
    """

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        self.spare = 1
        self._command = command
        self._lock = threading.Lock()
        self._free: list[WorkerProcess] = []
        self._busy: set[WorkerProcess] = set()
        # Where nobody does it before: they may not outlive this process.
        atexit.register(self.close)

    def take(self) -> WorkerProcess:
        """One for a training; `give_back` it."""
        with self._lock:
            while self._free:
                worker = self._free.pop()
                if worker.is_alive:
                    break
                worker.end()
            else:
                worker = WorkerProcess(self._command)
            self._busy.add(worker)
            return worker

    def give_back(self, worker: WorkerProcess, *, fit: bool) -> None:
        """fit: whether it waits for the next order."""
        with self._lock:
            self._busy.discard(worker)
            keep = fit and worker.is_alive and len(self._free) < self.spare
            if keep:
                worker.was_spare = True
                self._free.append(worker)
        if not keep:
            worker.end()

    def threads(self) -> int:
        """How many each of the trainings may compute with: those of the host, shared out."""
        return max(1, ALL_THREADS // max(1, len(self._busy)))

    @property
    def are_busy(self) -> bool:
        """Whether any of them trains."""
        return bool(self._busy)

    def numbers(self) -> list[int]:
        """Those of the processes, as the system counts."""
        with self._lock:
            return [worker.number for worker in (*self._free, *self._busy)]

    def prepare(self) -> None:
        """Start a process, so that the first training need not wait for that."""
        self.give_back(self.take(), fit=True)

    def kill(self) -> None:
        """Kill all processes, and wait for nothing: whoever waits for one is told."""
        for worker in (*self._free, *self._busy):
            worker.kill()

    def close(self) -> None:
        """End all processes, at once. The next training starts new ones."""
        with self._lock:
            self.kill()
            all_of_them = [*self._free, *self._busy]
            self._free, self._busy = [], set()
        for worker in all_of_them:
            worker.end()
