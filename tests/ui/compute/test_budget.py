from types import SimpleNamespace

import pytest

from mnist_demo.ui.compute import budget
from mnist_demo.ui.compute.budget import Budget, BudgetClock


class TestTurn:
    def test_a_run_may_take_what_the_budget_leaves(self, monkeypatch: pytest.MonkeyPatch) -> None:
        now = 100.0
        monkeypatch.setattr(budget, "time", SimpleNamespace(monotonic=lambda: now))
        clock = BudgetClock(Budget(steps=6, seconds=30))
        now += 4  # the start
        assert clock.begin(0) == {"max_steps": 6, "max_seconds": 26}
        now += 100
        assert clock.begin(0)["max_seconds"] == 0
        assert BudgetClock(Budget()).begin(0) == {"max_steps": None, "max_seconds": None}

    def test_what_is_left_is_told_by_the_speed_and_the_budget(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now = 100.0
        monkeypatch.setattr(budget, "time", SimpleNamespace(monotonic=lambda: now))
        clock = BudgetClock(Budget(steps=6, seconds=30))
        clock.begin(50)
        assert clock.seconds_left(50, 20) is None
        now += 4
        assert clock.seconds_left(52, 1) == 2
        assert clock.seconds_left(52, 20) == 8  # four more steps are in the budget
        now += 24
        assert clock.seconds_left(52, 20) == 2  # and two more seconds


class TestWords:
    def test_without_a_budget_nothing_is_told(self) -> None:
        assert Budget().translate(1) is None

    @pytest.mark.parametrize(
        ("budget", "trainings", "words"),
        [
            (Budget(20_000), 1, "may take 20,000 steps. One runs at a time"),
            (Budget(None, 300), 2, "may take 5 min. 2 run at a time"),
            (Budget(20_000, 90), 1, "20,000 steps or 1 min 30 s, whichever comes first."),
        ],
    )
    def test_a_budget_is_told(self, budget: Budget, trainings: int, words: str) -> None:
        told = budget.translate(trainings)
        assert told is not None
        assert words in told["en"]

    def test_what_is_spent_is_told(self) -> None:
        budget = Budget(20_000, 300)
        assert "20,000 steps" in budget.describe_exhausted("steps")["en"]
        assert "5 min" in budget.describe_exhausted("seconds")["en"]

    @pytest.mark.parametrize(("spent", "words"), [("steps", "20,000 steps"), ("seconds", "5 min")])
    def test_who_asked_by_the_api_is_not_told_of_the_page(self, spent: str, words: str) -> None:
        told = Budget(20_000, 300).describe_exhausted(spent, by_api=True)
        assert words in told["en"]
        assert "Go on" not in told["en"]
        assert "계속하기" not in told["ko"]  # the name of a button
