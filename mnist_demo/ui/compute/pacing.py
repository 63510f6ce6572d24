"""How soon a page may ask again, so that all who draw share what the server can answer."""

import os
import time
from collections.abc import Callable

MOST, LEAST = (
    float(os.environ.get("R_MOST", "200")),
    float(os.environ.get("R_LEAST", "80")),
)  # answers a second
LATE = float(os.environ.get("R_LATE", "0.05"))
LONGEST = 1.0


class Pacer:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.rate = MOST
        self._next_turn = 0.0

    def take_turn(self) -> tuple[float, float]:
        now = self._clock()
        turn = min(max(now, self._next_turn) + 1 / self.rate, now + LONGEST)
        self._next_turn = turn
        return now, turn

    def pause(self, asked: float, turn: float) -> float:
        now = self._clock()
        if now - asked > LATE:
            self.rate = max(LEAST, self.rate * 0.98)
        else:
            self.rate = min(MOST, self.rate + 0.2)
        return max(0.0, turn - now)
