"""One process that trains for this one: started, listened to, and killed where it does not answer.

Nothing here waits for it without a limit: what is sent to it goes out by a thread of its own, what
comes is looked for by `receive`, and a process that is killed ends both.
"""

import contextlib
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from mnist_demo.data.dataset import Dataset
from mnist_demo.training.processes.messages import (
    Channel,
    Order,
    Report,
    SignOfLife,
    UnreadableMessageError,
    pack,
)
from mnist_demo.training.processes.version import VERSION, read_version

COMMAND = (sys.executable, "-m", "mnist_demo.training.processes.worker")
START_WITHIN = 120.0  # seconds until its first word: PyTorch may come from a school's network
SILENT_FOR = 15.0  # seconds without a sign of life, of which it gives one a second: a machine that
# swaps is slow, and not dead
KILLED = -9  # the exit status of a process that was, not by itself
END_WITHIN = 1.0  # seconds that the system may take to end a process that was killed


class WorkerLostError(RuntimeError):
    """A process ended that was to train.

    killed: whether somebody else did that, which most likely was the system, for want of memory.
    """

    def __init__(self, reason: str = "the process that trained was ended", *, killed: bool = False):
        super().__init__(reason)
        self.killed = killed


class WorkerSilentError(WorkerLostError):
    """It did not answer within its time, so it was killed."""


class FilesChangedError(WorkerLostError):
    """It runs another version of the program than this process does, or cannot start for that."""

    def __init__(self) -> None:
        super().__init__("the program's files have changed since it was started; start it anew")


class WorkerProcess:
    """One process, which worker.py describes. dataset: the one that it was sent last. was_spare:
    whether it has waited for an order, as a pool's does; settable."""

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
        self._orders: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._reports: queue.SimpleQueue[Report | None] = queue.SimpleQueue()
        self._fault: WorkerLostError | None = None
        self._greeted = False
        self._heard_at = time.monotonic()
        self._waited = 0.0  # seconds, in vain, since it was heard last
        self.dataset: Dataset | None = None
        self.was_spare = False
        self._threads = [
            threading.Thread(target=work, name=f"worker {name}", daemon=True)
            for name, work in (("reports", self._listen), ("orders", self._write))
        ]
        for thread in self._threads:
            thread.start()

    @property
    def number(self) -> int:
        """The process's, as the system counts."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it is there, and was heard of late."""
        silent = time.monotonic() - self._heard_at
        return self._process.poll() is None and silent < self._patience(SILENT_FOR)

    @property
    def was_killed(self) -> bool:
        """Whether it was killed from here, and has not ended by itself."""
        return self._fault is not None

    def send(self, order: Order) -> None:
        """Waits for nothing; where the process is gone, `receive` says so."""
        self._orders.put(pack(order))

    def receive(self, patience: float, silent_for: float = SILENT_FOR) -> Report | None:
        """The next report; None where none comes within so many seconds.

        silent_for: seconds that it may be waited for without a sign of life; after these it is
        killed. Waits are counted, not what the clock says: where this process did not run either,
        as the machine slept, nobody is to blame.

        Raises WorkerLostError where the process is gone.
        """
        try:
            report = self._reports.get(timeout=patience)
        except queue.Empty:
            self._waited += patience
            if self._waited >= self._patience(silent_for):
                silent = f"gave no sign of life for {self._waited:.0f} seconds"
                self.kill(WorkerSilentError(f"the process that trained {silent}, and was killed"))
                raise self._explain_end() from None
            return None
        if report is None:
            self._reports.put(None)  # for who asks again
            raise self._explain_end()
        return report

    def kill(self, reason: WorkerLostError | None = None) -> None:
        """Kill the process, whatever it does, stopped or not; do not wait for that.

        reason: what who waits for it is told.
        """
        self._fault = self._fault or reason or WorkerLostError()
        self._process.kill()

    def end(self) -> None:
        """Kill the process; wait for its end."""
        self.kill()
        self._orders.put(None)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(END_WITHIN)
        for thread, pipe in zip(
            self._threads, (self._channel.incoming, self._channel.outgoing), strict=True
        ):
            thread.join(END_WITHIN)
            if not thread.is_alive():  # else a child of the process's own holds the pipe open
                with contextlib.suppress(OSError):  # of what it was not sent yet
                    pipe.close()

    def _patience(self, silent_for: float) -> float:
        return silent_for if self._greeted else START_WITHIN

    def _listen(self) -> None:
        try:
            if self._channel.read_greeting() != VERSION:
                self.kill(FilesChangedError())
                return
            self._greeted = True
            while True:
                report = self._channel.receive()
                self._heard_at, self._waited = time.monotonic(), 0.0
                if not isinstance(report, SignOfLife):
                    self._reports.put(report)
        except UnreadableMessageError as error:
            self.kill(
                WorkerLostError(f"what the process that trained sent cannot be read: {error}")
            )
        except EOFError:
            pass
        finally:
            self._reports.put(None)

    def _write(self) -> None:
        with contextlib.suppress(OSError, ValueError):  # it is gone, or was ended here
            while order := self._orders.get():
                self._channel.write(order)

    def _explain_end(self) -> WorkerLostError:
        """What became of the process."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(END_WITHIN)
        if self._fault:
            return self._fault
        status = self._process.returncode
        if not self._greeted and status:
            with contextlib.suppress(OSError):
                if read_version() != VERSION:
                    return FilesChangedError()
        ended = f"the process that trained has ended, with exit status {status}"
        return WorkerLostError(ended, killed=status == KILLED)
