"""The thread in which the page's networks train and do whatever else takes long."""

import asyncio
import atexit
import threading
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import torch

from mnist_demo.ui.streaming import Stopped, finished

T = TypeVar("T")

TURN = 0.05  # seconds that one of several trainings computes before the next one does
LEAVING = 0.5  # seconds, at most, that who leaves a training waits for its step to end
CROWD = 20  # computations elsewhere within a second: more than one visitor's pen asks for
ALL_WORKERS = torch.get_num_threads()  # as many as the host allows, mostly its cores


@dataclass(frozen=True)
class Probe:
    """A call that does nothing, and when it was asked for, as time.monotonic() has it."""

    asked: float = field(default_factory=time.monotonic)
    answer: Future[None] = field(default_factory=Future)


class TorchThread:
    """Runs calls at once and trainings in between.

    torch keeps a team of workers for each thread that calls it. With more workers than cores they
    no longer wait for work actively but go to sleep at each step (libgomp's throttling): on two
    cores a small network then trains at less than half its speed, even where nobody else computes.

    Workers wait for each other at each step, so one that has no core holds up all. Where other
    threads need the cores too, one worker trains faster than several: see `note_other`.
    workers: how many there are at any time; None: as many as suit.
    """

    def __init__(self, workers: int | None = None) -> None:
        self._workers = workers
        self._others: deque[float] = deque(maxlen=CROWD)
        self._calls: deque[Callable[[], None]] = deque()
        self._streams: deque[Callable[[], bool]] = deque()  # each takes a turn; True: it goes on
        self._stop: threading.Event | None = None  # of the stream whose turn it is
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._ended = False
        self._probe: Probe | None = None

    def call(self, function: Callable[..., T], *arguments: Any) -> T:
        """What `function` returns, or raises, in this thread; a training makes way for it."""
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

    def wrap(self, function: Callable[..., T]) -> Callable[..., T]:
        """`function`, to be called from any thread and run in this one."""
        return partial(self.call, function)

    async def stream(self, events: Iterator[T], every: float) -> AsyncGenerator[list[T]]:
        """Consume `events` in this thread; yield those that came, every `every` seconds.

        Closing this iterator ends it at the next event, or where a long computation makes way. It
        waits for that a moment, no longer: who comes next need not wait for a step that takes
        minutes, and computes after it in any case. What `events` raises is raised here.
        """
        arrived, done, stop = self._begin(events)
        ended = asyncio.wrap_future(done)
        try:
            while not await finished(ended, every):
                yield [arrived.popleft() for _ in range(len(arrived))]
            yield list(arrived)
            ended.result()
        finally:
            stop.set()
            await finished(ended, LEAVING)

    def collect(self, events: Iterator[T]) -> list[T]:
        """All of `events`, consumed in this thread, which takes turns with trainings; waits."""
        if threading.current_thread() is self._thread:
            return list(events)
        arrived, done, _ = self._begin(events)
        done.result()
        return list(arrived)

    def _begin(self, events: Iterator[T]) -> "tuple[deque[T], Future[None], threading.Event]":
        """Have events consumed: where they arrive, what is done in the end, and what stops it."""
        arrived: deque[T] = deque()
        done: Future[None] = Future()
        stop = threading.Event()
        self._add(self._streams, partial(self._take_turn, events, arrived, done, stop))
        return arrived, done, stop

    def _take_turn(
        self,
        events: Iterator[T],
        arrived: "deque[T]",
        done: "Future[None]",
        stop: threading.Event,
    ) -> bool:
        """Consume events for a while; whether there may be more."""
        turn_ends = time.monotonic() + TURN
        self._stop = stop
        try:
            while not stop.is_set():
                arrived.append(next(events))
                if not stop.is_set() and (self._calls or time.monotonic() > turn_ends):
                    return True
            events.close()  # type: ignore[attr-defined]
        except (StopIteration, Stopped):
            pass
        except BaseException as error:  # noqa: BLE001  # it is raised where it is waited for
            done.set_exception(error)
            return False
        finally:
            self._stop = None
        done.set_result(None)
        return False

    def probe(self) -> Probe:
        """A probe that waits for its turn like any call; while one waits, that same one."""
        with self._changed:
            if self._probe is None or self._probe.answer.done():
                self._probe = Probe()
                self._add(self._calls, partial(self._probe.answer.set_result, None))
            return self._probe

    def give_way(self) -> None:
        """Run the calls that wait. For long computations, which call it now and then.

        Raises Stopped within the events of a stream that was closed.
        """
        if threading.current_thread() is not self._thread:
            return
        stop, self._stop = self._stop, None  # a call is none of the stream's events
        try:
            while self._calls and not (stop and stop.is_set()):  # they follow when it has ended
                self._calls.popleft()()
        finally:
            self._stop = stop
        if stop and stop.is_set():
            raise Stopped

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
                while not self._calls and not self._streams and not self._ended:
                    self._changed.wait()
            torch.set_num_threads(self._count_workers())
            self.give_way()
            if self._streams and not self._ended:
                take_turn = self._streams.popleft()
                if take_turn():
                    self._streams.append(take_turn)

    def _count_workers(self) -> int:
        if self._workers is not None:
            return self._workers
        crowded = len(self._others) == CROWD and time.monotonic() - self._others[0] < 1
        return 1 if crowded else ALL_WORKERS

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
