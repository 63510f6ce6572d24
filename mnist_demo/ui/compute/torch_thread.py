"""The thread in which the page's networks do whatever takes longer than an answer."""

import atexit
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import torch

from mnist_demo.training.devices import count_threads
from mnist_demo.training.processes.pool import WorkerPool

T = TypeVar("T")

TIME_SLICE = 0.05  # seconds that one of several long computations takes before the next one does
END_WITHIN = 1.0  # seconds, at most, for the part that is being made
CROWD = 20  # computations elsewhere within a second: more than one visitor's pen asks for
ALL_THREADS = count_threads()


@dataclass(frozen=True)
class Probe:
    """A call that does nothing, and when it was asked for, as time.monotonic() has it."""

    asked: float = field(default_factory=time.monotonic)
    answer: Future[None] = field(default_factory=Future)


class TorchThread:
    """Runs calls at once and long computations in between. Trainings have processes of their own.

    torch keeps some threads for each thread that calls it, which wait for each other at each step:
    one that has no core holds up all (thread_tuner.py has figures). Calls are short, and have one.
    So has what is long, where others need the cores: see `note_other`.
    threads: how many torch computes with at any time; None: as many as suit, which is one while a
    training runs in `pool`. Its own thread starts with the first call, and ends by `close`.
    """

    def __init__(self, threads: int | None = None, pool: WorkerPool | None = None) -> None:
        self._threads = threads
        self._pool = pool
        self._others: deque[float] = deque(maxlen=CROWD)
        self._calls: deque[Callable[[], None]] = deque()
        # Each runs for a slice, and says whether it goes on; and who waits for it.
        self._long: deque[tuple[Callable[[], bool], Future[Any]]] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._ending: threading.Thread | None = None  # the last one that was told to
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
        self._add(self._long, (partial(self._run_slice, parts, [], done), done))
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
        """A probe that waits like any call; while one waits, that same one."""
        with self._changed:
            if self._probe is None or self._probe.answer.done():
                self._probe = Probe()
                self._add(self._calls, partial(self._probe.answer.set_result, None))
            return self._probe

    def run_pending_calls(self) -> None:
        """Run the calls that wait. For long computations, which call it now and then.

        Raises CancelledError where the thread has been told to end.
        """
        if threading.current_thread() is self._ending:
            raise CancelledError
        if threading.current_thread() is self._thread:
            self._run_calls()

    def _run_calls(self) -> None:
        if not self._calls:
            return
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        while self._calls:
            self._calls.popleft()()
        torch.set_num_threads(threads)

    def stop(self) -> None:
        """Tell the thread to end, as soon as what it is at makes way; do not wait for that."""
        with self._changed:
            if self._thread:
                self._ending, self._thread = self._thread, None
            self._changed.notify()
        atexit.unregister(self.close)

    def close(self) -> None:
        """End the thread; the next call starts another one.

        It must end before the interpreter does: torch does not bear to be cut off. Who waits for
        what is long gets a CancelledError.
        """
        self.stop()
        if self._ending:
            self._ending.join(timeout=END_WITHIN)
        while self._long:
            self._long.popleft()[1].cancel()

    def _add(self, waiting: deque[Any], work: Any) -> None:
        with self._changed:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="torch", daemon=True)
                self._thread.start()
                atexit.register(self.close)
            waiting.append(work)
            self._changed.notify()

    def _work(self) -> None:
        while not self._is_over():
            with self._changed:
                while not self._calls and not self._long and not self._is_over():
                    self._changed.wait()
            if self._is_over():
                return
            self._run_calls()
            if self._long and not self._is_over():
                torch.set_num_threads(self._count_threads())
                run_slice, done = self._long.popleft()
                if run_slice() and not self._is_over():
                    self._long.append((run_slice, done))
                else:
                    done.cancel()  # which does nothing where it is done

    def _is_over(self) -> bool:
        """Whether this thread has been told to end: it is no longer the one that computes."""
        return threading.current_thread() is not self._thread

    def _count_threads(self) -> int:
        if self._threads is not None:
            return self._threads
        crowded = len(self._others) == CROWD and time.monotonic() - self._others[0] < 1
        busy = self._pool is not None and self._pool.are_busy
        return 1 if crowded or busy else ALL_THREADS


def _settle(done: Future[T], function: Callable[[], T]) -> None:
    try:
        done.set_result(function())
    except BaseException as error:  # noqa: BLE001  # it is raised where it is waited for
        done.set_exception(error)
