"""The thread in which the page's networks do whatever takes longer than an answer."""

import atexit
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import torch

from mnist_demo.training.processes.pool import WORKER_POOL

T = TypeVar("T")

TIME_SLICE = 0.05  # seconds that one of several long computations takes before the next one does
CROWD = 20  # computations elsewhere within a second: more than one visitor's pen asks for
ALL_WORKERS = torch.get_num_threads()  # as many as the host allows, mostly its cores


@dataclass(frozen=True)
class Probe:
    """A call that does nothing, and when it was asked for, as time.monotonic() has it."""

    asked: float = field(default_factory=time.monotonic)
    answer: Future[None] = field(default_factory=Future)


class TorchThread:
    """Runs calls at once and long computations in between. Trainings have processes of their own.

    torch keeps a team of workers for each thread that calls it, who wait for each other at each
    step: one that has no core holds up all (team.py has figures). Calls are short, and have one
    worker. So has what is long, where others need the cores: see `note_other`.
    workers: how many there are for it at any time; None: as many as suit.
    """

    def __init__(self, workers: int | None = None) -> None:
        self._workers = workers
        self._others: deque[float] = deque(maxlen=CROWD)
        self._calls: deque[Callable[[], None]] = deque()
        self._long: deque[Callable[[], bool]] = deque()  # each runs for a slice; True: it goes on
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._ended = False
        self._probe: Probe | None = None

    def call(self, function: Callable[..., T], *arguments: Any) -> T:
        """What `function` returns, or raises, in this thread; what is long makes way."""
        if threading.current_thread() is self._thread:
            return function(*arguments)
        done: Future[T] = Future()
        self._add(self._calls, partial(_settle, done, partial(function, *arguments)))
        return done.result()

    def post(self, function: Callable[[], None]) -> None:
        """Run `function`, which raises nothing, in this thread; do not wait for it."""
        self._add(self._calls, function)

    def note_other(self) -> None:
        """Say that another thread computes for a moment: a crowd of these is left a core."""
        self._others.append(time.monotonic())

    def collect(self, parts: Iterator[T]) -> list[T]:
        """All of `parts`, made in this thread, where long computations alternate; waits."""
        if threading.current_thread() is self._thread:
            return list(parts)
        done: Future[list[T]] = Future()
        self._add(self._long, partial(self._run_slice, parts, [], done))
        return done.result()

    def _run_slice(self, parts: Iterator[T], made: list[T], done: Future[list[T]]) -> bool:
        """Make parts for a while; whether there may be more."""
        ends = time.monotonic() + TIME_SLICE
        try:
            for part in parts:
                made.append(part)
                if self._calls or time.monotonic() > ends:
                    return True
        except BaseException as error:  # noqa: BLE001  # it is raised where it is waited for
            done.set_exception(error)
        else:
            done.set_result(made)
        return False

    def probe(self) -> Probe:
        """A probe that waits for its place like any call; while one waits, that same one."""
        with self._changed:
            if self._probe is None or self._probe.answer.done():
                self._probe = Probe()
                self._add(self._calls, partial(self._probe.answer.set_result, None))
            return self._probe

    def run_pending_calls(self) -> None:
        """Run the calls that wait. For long computations, which call it now and then."""
        if threading.current_thread() is not self._thread or not self._calls:
            return
        workers = torch.get_num_threads()
        torch.set_num_threads(1)
        while self._calls:
            self._calls.popleft()()
        torch.set_num_threads(workers)

    def _add(self, jobs: deque[Any], job: Any) -> None:
        with self._changed:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="torch", daemon=True)
                self._thread.start()
                atexit.register(self._end)
            jobs.append(job)
            self._changed.notify()

    def _work(self) -> None:
        while not self._ended:
            with self._changed:
                while not self._calls and not self._long and not self._ended:
                    self._changed.wait()
            self.run_pending_calls()
            if self._long and not self._ended:
                torch.set_num_threads(self._count_workers())
                run_slice = self._long.popleft()
                if run_slice():
                    self._long.append(run_slice)

    def _count_workers(self) -> int:
        if self._workers is not None:
            return self._workers
        crowded = len(self._others) == CROWD and time.monotonic() - self._others[0] < 1
        return 1 if crowded or WORKER_POOL.are_busy else ALL_WORKERS

    def _end(self) -> None:
        """Let the thread end before the interpreter does: torch does not bear to be cut off."""
        with self._changed:
            self._ended = True
            self._changed.notify()
        if self._thread:
            self._thread.join(timeout=5)


def _settle(done: Future[T], function: Callable[[], T]) -> None:
    try:
        done.set_result(function())
    except BaseException as error:  # noqa: BLE001  # it is raised where it is waited for
        done.set_exception(error)


TORCH = TorchThread()  # its thread starts with the first call
