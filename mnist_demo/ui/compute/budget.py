"""What the host lets one training take, and what a training has taken of it."""

import time
from dataclasses import dataclass
from typing import Any

from mnist_demo.ui.i18n.durations import describe_seconds
from mnist_demo.ui.i18n.translate import Translations, join, translate


@dataclass(frozen=True)
class Budget:
    """What one training may take; None: no limit. seconds: evaluations included."""

    steps: int | None = None
    seconds: float | None = None

    def translate(self, trainings: int) -> Translations | None:
        """What a visitor reads before a training; None where there is no limit."""
        time_text = None if self.seconds is None else describe_seconds(self.seconds)
        if self.steps is None and time_text is None:
            return None
        if time_text is None:
            limit = translate("budget_steps", steps=self.steps)
        elif self.steps is None:
            limit = translate("budget_time", time=time_text)
        else:
            limit = translate("budget_steps_time", steps=self.steps, time=time_text)
        slots = (
            translate("budget_one") if trainings == 1 else translate("budget_many", count=trainings)
        )
        return join(" ", (limit, slots))

    def describe_exhausted(self, spent: str, *, by_api: bool = False) -> Translations:
        """Why a training ended whose budget of `spent`, "steps" or "seconds", was used up.

        by_api: for who has no page, on which one can go on.
        """
        asked = "api" if by_api else "budget"
        if spent == "steps":
            return translate(f"{asked}_spent_steps", steps=self.steps)
        return translate(f"{asked}_spent_time", time=describe_seconds(self.seconds or 0))


class BudgetClock:
    """What one training takes from now on. A jump of the clock changes nothing."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._started = time.monotonic()
        self._trains_since = self._started
        self._steps_before = 0

    def begin(self, steps_done: int) -> dict[str, Any]:
        """Say that it trains from now on; what it may still take, for `RemoteTrainer.run`."""
        self._trains_since = time.monotonic()
        self._steps_before = steps_done
        seconds = self._budget.seconds
        if seconds is not None:
            seconds = max(0.0, seconds - (self._trains_since - self._started))
        return {"max_steps": self._budget.steps, "max_seconds": seconds}

    def seconds_left(self, steps_done: int, steps_left: int) -> float | None:
        """Until all steps are done or the budget is spent; None before the first step."""
        done = steps_done - self._steps_before
        if not done:
            return None
        now = time.monotonic()
        if self._budget.steps is not None:
            steps_left = min(steps_left, self._budget.steps - done)
        left = (now - self._trains_since) / done * steps_left
        if self._budget.seconds is not None:
            left = min(left, self._budget.seconds - (now - self._started))
        return max(0.0, left)
