"""The processes that train for this one: started, lent to one training at a time, and ended."""

import atexit
import contextlib
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from mnist_demo.data.dataset import Dataset
from mnist_demo.training.devices import count_threads
from mnist_demo.training.processes.messages import Channel, Order, Report

COMMAND = (sys.executable, "-m", "mnist_demo.training.processes.worker")
ALL_THREADS = count_threads()
END_WITHIN = 2.0  # seconds


class WorkerLostError(RuntimeError):
    """A process ended that was to train: killed, most likely, for the memory that it took."""


class WorkerProcess:
    """One process, which worker.py describes. dataset: the one that it was sent last."""

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        # It finds the modules that this process finds: those of recipes of one's own, too.
        paths = [str(Path(__file__).parents[3]), *(path or str(Path.cwd()) for path in sys.path)]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
            start_new_session=True,  # Ctrl-C in a terminal is for this process alone
        )
        assert self._process.stdin
        assert self._process.stdout
        self._channel = Channel(self._process.stdout, self._process.stdin)
        self._reports: queue.SimpleQueue[Report | None] = queue.SimpleQueue()
        self.dataset: Dataset | None = None
        self._listener = threading.Thread(target=self._listen, name="worker", daemon=True)
        self._listener.start()

    @property
    def number(self) -> int:
        """The process's, as the system counts."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def send(self, order: Order) -> None:
        """Raises WorkerLostError where the process is gone."""
        try:
            self._channel.send(order)
        except (OSError, ValueError):  # ValueError: it was ended here
            raise WorkerLostError(self._describe_end()) from None

    def receive(self, patience: float) -> Report | None:
        """The next report; None where none comes within so many seconds.

        Raises WorkerLostError where the process is gone.
        """
        try:
            report = self._reports.get(timeout=patience)
        except queue.Empty:
            return None
        if report is None:
            raise WorkerLostError(self._describe_end())
        return report

    def end(self) -> None:
        """End the process, whatever it does; wait for that."""
        with contextlib.suppress(OSError):  # of what it was not sent yet
            self._channel.outgoing.close()
        try:
            self._process.wait(END_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._listener.join()
        self._channel.incoming.close()

    def _listen(self) -> None:
        with contextlib.suppress(EOFError):
            while True:
                self._reports.put(self._channel.receive())
        self._reports.put(None)

    def _describe_end(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(END_WITHIN)
        return f"the process that trained has ended, with exit status {self._process.returncode}"


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
        atexit.register(
            self.close
        )  # where nobody does it before: they may not outlive this process

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

    def close(self) -> None:
        """End all processes. The next training starts new ones."""
        with self._lock:
            all_of_them = [*self._free, *self._busy]
            self._free, self._busy = [], set()
        for worker in all_of_them:
            worker.end()
