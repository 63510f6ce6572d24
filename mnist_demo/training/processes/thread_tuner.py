"""How many threads a training computes with: as many as there are cores for.

torch's threads wait for each other at each step, so one that has no core holds up all
(oversubscription). On two cores
of which two other processes take 1.1, softmax makes 840 steps a second by two threads and 1,990 by
one, fast_cnn 48 and 63; where both cores are free, fast_cnn makes 91 by two and 57 by one
(`python -m benchmarks.contention`, once).
"""

import math
import time

import torch

LOOK_EVERY = 0.2  # seconds
ENOUGH = 0.75  # of the threads' time on a core: who waits for the others keeps one busy too
RETRY_AFTER, RETRY_LATEST = 2.0, 32.0  # seconds; each time in vain doubles it


class ThreadTuner:
    """The threads that torch computes with, in the thread that asks for them.

    Where several get too little of the cores, one is tried, and the faster is kept; now and
    then the other one gets another chance. most: how many there may be. small: whether a step is
    too small to be shared out. Both are settable at any time.
    """

    def __init__(self, most: int | None = None) -> None:
        self.most = most or torch.get_num_threads()
        self.small = False
        self._one = False  # for want of cores
        self._tried = False  # just now: by its speed it has to show that it is better
        self._speed = 0.0  # steps a second that several threads made
        self._patience = RETRY_AFTER
        self._settled_until = -math.inf
        self.start()

    def start(self) -> None:
        """Begin to look anew: what was done since the last step was no step."""
        self._steps = 0
        self._started, self._computed = time.monotonic(), time.process_time()
        self._set()

    def adapt(self) -> None:
        """To be called after each step."""
        if self.small:
            return
        self._steps += 1
        seconds = time.monotonic() - self._started
        if seconds < LOOK_EVERY:
            return
        speed = self._steps / seconds
        share = (time.process_time() - self._computed) / seconds / torch.get_num_threads()
        settled = time.monotonic() < self._settled_until
        if self._tried:
            self._judge(better=speed > self._speed)
        elif self._one and not settled:
            self._one = False
        elif not self._one and share >= ENOUGH:
            self._patience = RETRY_AFTER
        elif not self._one and not settled:
            self._speed = speed
            self._one = self._tried = True
        self.start()

    def _judge(self, *, better: bool) -> None:
        self._one, self._tried = better, False
        self._settled_until = time.monotonic() + self._patience
        self._patience = min(2 * self._patience, RETRY_LATEST)

    def _set(self) -> None:
        threads = 1 if self._one or self.small else self.most
        if threads != torch.get_num_threads():
            torch.set_num_threads(threads)
