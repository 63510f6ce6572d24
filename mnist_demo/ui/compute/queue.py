"""Who trains, and who waits for it: first come, first served."""

import asyncio
import bisect
import heapq
import itertools
import statistics
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from mnist_demo.ui.errors import user_error
from mnist_demo.ui.i18n.translate import TranslatedError, Translations, translate

MAX_WAITING = 200  # visitors: who comes when so many wait is refused
TELL_EVERY = 0.8  # seconds: Gradio notices who has left when they are told something
LOOK_EVERY = 0.05  # seconds between two looks at whether somebody has left
UNHEARD = 10.0  # seconds that a job goes on though nobody listens: who joins listens only then
REMEMBERED = 9  # jobs, whose median length tells how long one takes


@dataclass(frozen=True)
class QueuePosition:
    """Where a job stands in the queue: number 1 is next. seconds: until it starts, where one can
    tell."""

    number: int
    seconds: float | None


class JobEndedError(TranslatedError):
    """A job is to end though it is not done, and why."""


class TrainingQueue:
    """The jobs of one app: those that train, at most `slots` at a time, and those that wait.

    A visitor, one tab of a browser or one client, may train once and wait once, and their next
    training waits for their last one: so pressing twice delays nobody. Two tabs are two visitors,
    each with a job. Nothing surer is known of who sits before them: a school
    has one address, and to mark browsers would be to follow people.

    Lives in the server's event loop; who waits holds none of its threads. listens: whether a
    visitor is told what becomes of their job; settable.
    """

    def __init__(self, slots: int = 1, longest: int = MAX_WAITING) -> None:
        self._slots = slots
        self._longest = longest
        self._running: list[Job] = []
        self._waiting: list[Job] = []
        self._places = itertools.count()
        self._left: dict[str | None, int] = {}  # the places of the last who left as they waited
        self._lengths: deque[float] = deque(maxlen=REMEMBERED)  # seconds, of the last jobs
        self.listens: Callable[[str], bool] = lambda _: True

    @contextmanager
    def stand(self, visitor: str | None, former: str | None = None) -> Iterator["Job"]:
        """A job for `visitor`, which leaves the queue in the end; None: one who is not known.
        former: who they were before their page was loaded again; where that one waited, this one
        comes before all who came later.

        Raises gr.Error where they wait already, or too many do.
        """
        if visitor and any(job.visitor == visitor for job in self._waiting):
            raise user_error(translate("queue_twice"))
        if len(self._waiting) >= self._longest:
            raise user_error(translate("queue_full", count=self._longest))
        place = self._left.pop(former, None)
        job = Job(self, visitor, next(self._places) if place is None else place)
        bisect.insort(self._waiting, job, key=lambda each: each.place)
        self._start_next()
        try:
            yield job
        finally:
            self._remove(job)

    def has_left(self, visitor: str | None, within: float) -> bool:
        """Wait until no job is theirs; whether it is so after so many seconds.

        To be called from another thread.
        """
        ends = time.monotonic() + within
        while any(job.visitor == visitor for job in (*self._running, *self._waiting)):
            if time.monotonic() > ends:
                return False
            time.sleep(LOOK_EVERY)
        return True

    def counts(self) -> dict[str, int]:
        """How many train, and how many wait."""
        return {"running": len(self._running), "waiting": len(self._waiting)}

    def end_running(self) -> int:
        """The host ends the jobs that run, and those that wait have their turn; how many end.

        May be called from any thread.
        """
        jobs = list(self._running)
        for job in jobs:
            job.ended_by = translate("queue_host_ended")
        return len(jobs)

    def look_up(self, job: "Job") -> QueuePosition:
        """Where a job that waits stands."""
        ahead = self._waiting.index(job)
        return QueuePosition(ahead + 1, self.expect(ahead))

    def expect(self, ahead: int) -> float | None:
        """Seconds until a job starts that has so many ahead; None where one cannot tell."""
        length = self._usual_length()
        free = [0.0] * (self._slots - len(self._running))  # in how many seconds each slot is
        for job in self._running:
            left = job.estimate(length)
            if left is None:
                return None
            free.append(left)
        if ahead and length is None:
            return None
        heapq.heapify(free)
        for _ in range(ahead):
            heapq.heapreplace(free, free[0] + (length or 0.0))
        return free[0]

    def _usual_length(self) -> float | None:
        """Seconds that a job takes: of those that were, else of those that are."""
        known = list(self._lengths) or [
            job.age() + job.seconds_left for job in self._running if job.seconds_left is not None
        ]
        return statistics.median(known) if known else None

    def _start_next(self) -> None:
        """Start the jobs that there are slots for, in their order."""
        for job in list(self._waiting):
            if len(self._running) == self._slots:
                return
            if not any(job.visitor == one.visitor is not None for one in self._running):
                self._waiting.remove(job)
                self._running.append(job)
                job.start()

    def _remove(self, job: "Job") -> None:
        if job in self._running:
            self._running.remove(job)
            self._lengths.append(job.age())
        else:
            self._waiting.remove(job)
            self._left[job.visitor] = job.place
            if len(self._left) > MAX_WAITING:
                del self._left[next(iter(self._left))]
        self._start_next()


class Job:
    """A training that waits, then runs. place: the lower, the sooner. seconds_left: it tells those
    who wait, as it runs. ended_by: who wants it to end."""

    def __init__(self, queue: TrainingQueue, visitor: str | None, place: int) -> None:
        self.visitor = visitor
        self.place = place
        self.seconds_left: float | None = None
        self.ended_by: Translations | None = None
        self._heard_at = time.monotonic()
        self._queue = queue
        self._started = asyncio.Event()
        self._started_at = 0.0

    async def wait(self) -> AsyncIterator[QueuePosition]:
        """Wait until it may start; yield its position in the queue now and then.

        Raises JobEndedError where it is to end.
        """
        while not self._started.is_set():
            self.check()
            yield self._queue.look_up(self)
            try:
                async with asyncio.timeout(TELL_EVERY):
                    await self._started.wait()
            except TimeoutError:
                pass

    def start(self) -> None:
        """It may run from now on."""
        self._started_at = time.monotonic()
        self._started.set()

    def check(self) -> None:
        """To be called now and then. Raises JobEndedError where it is to end."""
        now = time.monotonic()
        if self.visitor is None or self._queue.listens(self.visitor):
            self._heard_at = now
        if now - self._heard_at > UNHEARD:
            raise JobEndedError(translate("queue_unheard"))
        if self.ended_by:
            raise JobEndedError(self.ended_by)

    def age(self) -> float:
        """Seconds since it started."""
        return time.monotonic() - self._started_at

    def estimate(self, usual_length: float | None) -> float | None:
        """Seconds until it ends; None where one cannot tell."""
        if self.seconds_left is None and usual_length is not None:
            return max(0.0, usual_length - self.age())
        return self.seconds_left
