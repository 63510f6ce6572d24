import itertools
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest

from mnist_demo import RECIPES, Dataset, EpochEvent, StepEvent, Trainer
from mnist_demo.events import Event
from mnist_demo.ui.lab import budget
from mnist_demo.ui.lab.budget import Budget, Turn

STEPS = 8  # of an epoch on the tiny data set


@pytest.fixture
def trainer(tiny: Dataset) -> Trainer:
    return Trainer(replace(RECIPES["softmax"], epochs=3), tiny)


def _take(trainer: Trainer, budget: Budget) -> tuple[list[Event], str | None]:
    turn = Turn(budget)
    return list(turn.limit(trainer.run())), turn.spent


class TestTurn:
    @pytest.mark.parametrize(("steps", "made"), [(3, 3), (7, 7), (9, 9), (1000, 3 * STEPS)])
    def test_steps_end_it(self, steps: int, made: int, trainer: Trainer) -> None:
        _, spent = _take(trainer, Budget(steps=steps))
        assert trainer.steps_done == made
        assert spent == ("steps" if steps == made else None)

    def test_an_epoch_whose_steps_are_done_is_evaluated(self, trainer: Trainer) -> None:
        events, spent = _take(trainer, Budget(steps=STEPS))
        assert isinstance(events[-1], EpochEvent)
        assert spent == "steps"

    def test_without_a_budget_there_is_no_end_to_it(self, trainer: Trainer) -> None:
        _, spent = _take(trainer, Budget())
        assert spent is None
        assert trainer.epochs_done == 3

    def test_seconds_end_it_evaluations_and_the_start_included(
        self, trainer: Trainer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now = itertools.count(0.0, 1.0)  # each look takes a second
        monkeypatch.setattr(budget, "time", SimpleNamespace(monotonic=lambda: next(now)))
        _, spent = _take(trainer, Budget(seconds=5))
        assert spent == "seconds"
        assert trainer.steps_done == 4

    def test_its_events_are_closed_before_it_ends(self, trainer: Trainer) -> None:
        closed: list[bool] = []

        def run() -> Iterator[Event]:
            try:
                yield from trainer.run()
            finally:
                closed.append(True)

        list(Turn(Budget(steps=2)).limit(run()))
        assert closed

    def test_what_is_left_is_told_by_the_speed_and_the_budget(
        self, trainer: Trainer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now = 100.0
        monkeypatch.setattr(budget, "time", SimpleNamespace(monotonic=lambda: now))
        turn = Turn(Budget(steps=6, seconds=30))
        assert turn.seconds_left(20) is None
        events = turn.limit(trainer.run())
        steps = [next(events), next(events), next(events)]
        assert all(isinstance(step, StepEvent) for step in steps)
        now += 4  # two steps were counted: the third is, once the next is asked for
        assert turn.seconds_left(1) == 2
        assert turn.seconds_left(20) == 8  # four more steps are in the budget
        now += 24
        assert turn.seconds_left(20) == 2  # and two more seconds


class TestWords:
    def test_without_a_budget_nothing_is_told(self) -> None:
        assert Budget().tell(1) is None

    @pytest.mark.parametrize(
        ("budget", "trainings", "words"),
        [
            (Budget(20_000), 1, "may take 20,000 steps. One runs at a time"),
            (Budget(None, 300), 2, "may take 5 min. 2 run at a time"),
            (Budget(20_000, 90), 1, "20,000 steps or 1 min 30 s, whichever comes first."),
        ],
    )
    def test_a_budget_is_told(self, budget: Budget, trainings: int, words: str) -> None:
        told = budget.tell(trainings)
        assert told is not None
        assert words in told["en"]

    def test_what_is_spent_is_told(self) -> None:
        budget = Budget(20_000, 300)
        assert "20,000 steps" in budget.tell_spent("steps")["en"]
        assert "5 min" in budget.tell_spent("seconds")["en"]
