"""Who trains, and who waits for it: first come, first served."""

import asyncio
import heapq
import statistics
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from mnist_demo.ui.refuse import refuse
from mnist_demo.ui.words import tell

LONGEST = 200  # visitors: who comes when so many wait is refused
TELL_EVERY = 0.8  # seconds: Gradio notices who has left when they are told something
REMEMBERED = 9  # turns, of which the middle one tells how long a turn takes


@dataclass(frozen=True)
class Place:
    """Where somebody stands in line: 1 is next. seconds: until their turn, where one can tell."""

    place: int
    seconds: float | None


class Line:
    """The places for trainings of one app, and the line of those who wait for one.

    A visitor, one tab of a browser or one client, may train once and wait once, and their next
    training waits for their last one: so pressing twice takes nobody's place. Two tabs are two
    visitors, each with a place in line. Nothing surer is known of who sits before them: a school
    has one address, and to mark browsers would be to follow people.

    Lives in the server's event loop; who waits holds none of its threads.
    """

    def __init__(self, places: int = 1, longest: int = LONGEST) -> None:
        self._places = places
        self._longest = longest
        self._running: list[Ticket] = []
        self._waiting: list[Ticket] = []
        self._lengths: deque[float] = deque(maxlen=REMEMBERED)  # seconds, of the last turns

    @contextmanager
    def stand(self, visitor: str | None) -> Iterator["Ticket"]:
        """A ticket for `visitor`, given back in the end; None: one who is not known.

        Raises gr.Error where they wait already, or too many do.
        """
        if visitor and any(ticket.visitor == visitor for ticket in self._waiting):
            raise refuse(tell("line_twice"))
        if len(self._waiting) >= self._longest:
            raise refuse(tell("line_full", count=self._longest))
        ticket = Ticket(self, visitor)
        self._waiting.append(ticket)
        self._call()
        try:
            yield ticket
        finally:
            self._give_back(ticket)

    def counts(self) -> dict[str, int]:
        """How many train, and how many wait."""
        return {"running": len(self._running), "waiting": len(self._waiting)}

    def look_up(self, ticket: "Ticket") -> Place:
        """Where a ticket that waits stands."""
        ahead = self._waiting.index(ticket)
        return Place(ahead + 1, self.expect(ahead))

    def expect(self, ahead: int) -> float | None:
        """Seconds until it is the turn of one with so many ahead; None where one cannot tell."""
        length = self._usual_length()
        free = [0.0] * (self._places - len(self._running))  # in how many seconds each place is
        for ticket in self._running:
            left = ticket.estimate(length)
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
        """Seconds that a turn takes: of those that were, else of those that are."""
        known = list(self._lengths) or [
            ticket.age() + ticket.seconds_left
            for ticket in self._running
            if ticket.seconds_left is not None
        ]
        return statistics.median(known) if known else None

    def _call(self) -> None:
        """Call those whose turn it is."""
        for ticket in list(self._waiting):
            if len(self._running) == self._places:
                return
            if not any(ticket.visitor == one.visitor is not None for one in self._running):
                self._waiting.remove(ticket)
                self._running.append(ticket)
                ticket.call()

    def _give_back(self, ticket: "Ticket") -> None:
        if ticket in self._running:
            self._running.remove(ticket)
            self._lengths.append(ticket.age())
        else:
            self._waiting.remove(ticket)
        self._call()


class Ticket:
    """A place in line, and then a turn. seconds_left: who trains tells it, for those who wait."""

    def __init__(self, line: Line, visitor: str | None) -> None:
        self.visitor = visitor
        self.seconds_left: float | None = None
        self._line = line
        self._called = asyncio.Event()
        self._called_at = 0.0

    async def wait(self) -> AsyncIterator[Place]:
        """Wait for the turn; yield the place in line now and then."""
        while not self._called.is_set():
            yield self._line.look_up(self)
            try:
                async with asyncio.timeout(TELL_EVERY):
                    await self._called.wait()
            except TimeoutError:
                pass

    def call(self) -> None:
        """It is this one's turn."""
        self._called_at = time.monotonic()
        self._called.set()

    def age(self) -> float:
        """Seconds since the turn began."""
        return time.monotonic() - self._called_at

    def estimate(self, usual_length: float | None) -> float | None:
        """Seconds until the turn ends; None where one cannot tell."""
        if self.seconds_left is None and usual_length is not None:
            return max(0.0, usual_length - self.age())
        return self.seconds_left
