from types import SimpleNamespace

import pytest

from mnist_demo.ui.lab import budget
from mnist_demo.ui.lab.budget import Budget, Turn


class TestTurn:
    def test_a_run_may_take_what_the_budget_leaves(self, monkeypatch: pytest.MonkeyPatch) -> None:
        now = 100.0
        monkeypatch.setattr(budget, "time", SimpleNamespace(monotonic=lambda: now))
        turn = Turn(Budget(steps=6, seconds=30))
        now += 4  # the start
        assert turn.begin(0) == {"max_steps": 6, "max_seconds": 26}
        now += 100
        assert turn.begin(0)["max_seconds"] == 0
        assert Turn(Budget()).begin(0) == {"max_steps": None, "max_seconds": None}

    def test_what_is_left_is_told_by_the_speed_and_the_budget(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now = 100.0
        monkeypatch.setattr(budget, "time", SimpleNamespace(monotonic=lambda: now))
        turn = Turn(Budget(steps=6, seconds=30))
        turn.begin(50)
        assert turn.seconds_left(50, 20) is None
        now += 4
        assert turn.seconds_left(52, 1) == 2
        assert turn.seconds_left(52, 20) == 8  # four more steps are in the budget
        now += 24
        assert turn.seconds_left(52, 20) == 2  # and two more seconds


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
