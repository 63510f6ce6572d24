"""How soon a page may ask again: backpressure, so that all who draw share what can be answered."""

import time
from collections.abc import Callable
from dataclasses import dataclass

MOST = 200.0  # answers a second: about half of what one core can give, the rest is the others'
LEAST = 100.0  # slower hardly helps: what is late then waits for something else
LATE = 0.05  # seconds: an answer that took longer waited for others
DECREASE, INCREASE = 0.98, 0.2  # a factor at each late answer; answers a second at each other one
LONGEST = 1.0  # seconds that anybody is told to wait, whoever asks without minding it


@dataclass(frozen=True)
class Turn:
    """at: when who asked may ask again. Both as the pacer's clock has it."""

    asked: float
    at: float


class Pacer:
    """Hands out turns to ask, `1 / rate` seconds apart: a leaky bucket, kept as a schedule (GCRA).

    Each question takes the next free turn, and its answer says how long it is until then. Who draws
    alone has a turn at once; of N who draw, each has one every `N / rate` seconds, evenly spread,
    and nobody need know N. What is asked out of turn, as when a pen is lifted, takes one as well.

    The rate lies between LEAST and MOST, by additive increase and multiplicative decrease: it falls
    where more than one answer in ten to twenty is late, whatever keeps it.

    For one thread, as an event loop is. clock: seconds, as time.monotonic has them.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate = MOST
        self._clock = clock
        self._last_turn = 0.0

    def ask(self) -> Turn:
        """Take the next turn; call this when the question comes."""
        now = self._clock()
        self._last_turn = min(max(now, self._last_turn) + 1 / self.rate, now + LONGEST)
        return Turn(now, self._last_turn)

    def answer(self, turn: Turn) -> float:
        """Seconds until that turn; call this once, when the question is answered."""
        now = self._clock()
        if now - turn.asked > LATE:
            self.rate = max(LEAST, self.rate * DECREASE)
        else:
            self.rate = min(MOST, self.rate + INCREASE)
        return max(0.0, turn.at - now)
