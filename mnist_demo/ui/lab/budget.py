"""What the host lets one training take, and what a training has taken of it."""

import time
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass

from mnist_demo.events import Event, StepEvent
from mnist_demo.ui.lab.durations import tell_seconds
from mnist_demo.ui.words import Words, join, tell


@dataclass(frozen=True)
class Budget:
    """What one turn may take; None: no limit. seconds: from its start on, evaluations included."""

    steps: int | None = None
    seconds: float | None = None

    def tell(self, trainings: int) -> Words | None:
        """What a visitor is told before a training; None where there is no limit."""
        time_told = None if self.seconds is None else tell_seconds(self.seconds)
        if self.steps is None and time_told is None:
            return None
        if time_told is None:
            line = tell("budget_steps", steps=self.steps)
        elif self.steps is None:
            line = tell("budget_time", time=time_told)
        else:
            line = tell("budget_steps_time", steps=self.steps, time=time_told)
        places = tell("budget_one") if trainings == 1 else tell("budget_many", count=trainings)
        return join(" ", (line, places))

    def tell_spent(self, spent: str) -> Words:
        """Why a training ended whose budget of `spent`, "steps" or "seconds", was used up."""
        if spent == "steps":
            return tell("budget_spent_steps", steps=self.steps)
        return tell("budget_spent_time", time=tell_seconds(self.seconds or 0))


class Turn:
    """What one training takes from now on. A jump of the clock changes nothing."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._started = time.monotonic()
        self._trains_since = self._started
        self._steps = 0
        self.spent: str | None = None  # "steps" or "seconds": which of them ended the training

    def limit(self, events: Iterator[Event]) -> Generator[Event]:
        """Pass the events on until the budget is spent.

        An epoch that has made its last step is evaluated: it would be a pity about it.
        """
        self._trains_since = time.monotonic()
        with closing(events):  # type: ignore[type-var]  # it is a generator
            for event in events:
                yield event
                if isinstance(event, StepEvent):
                    self._steps += 1
                    if event.step == event.steps_per_epoch:
                        continue
                self.spent = self._look()
                if self.spent:
                    return

    def _look(self) -> str | None:
        steps, seconds = self._budget.steps, self._budget.seconds
        if steps is not None and self._steps >= steps:
            return "steps"
        if seconds is not None and time.monotonic() - self._started >= seconds:
            return "seconds"
        return None

    def seconds_left(self, steps: int) -> float | None:
        """Until so many more steps are done or the budget is spent; None before the first step."""
        if not self._steps:
            return None
        now = time.monotonic()
        if self._budget.steps is not None:
            steps = min(steps, self._budget.steps - self._steps)
        left = (now - self._trains_since) / self._steps * steps
        if self._budget.seconds is not None:
            left = min(left, self._budget.seconds - (now - self._started))
        return max(0.0, left)
