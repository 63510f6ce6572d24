import heapq
from collections import Counter

import pytest

from mnist_demo.ui.compute.pacing import LATE, LEAST, LONGEST, MOST, Pacer

QUICK = 0.004  # seconds that an answer takes


class FakeClock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def pacer(clock: FakeClock) -> Pacer:
    return Pacer(clock)


def _ask(pacer: Pacer, clock: FakeClock, seconds: float = QUICK) -> float:
    """The pause that an answer tells which takes that long."""
    turn = pacer.ask()
    clock.now += seconds
    return pacer.answer(turn)


def _ask_as_told(pacer: Pacer, clock: FakeClock, askers: int, until: float) -> Counter[int]:
    """How often each of some asks who all come at once, and ask again as they are told."""
    began, asked = clock.now, Counter[int]()
    due = [(began, asker) for asker in range(askers)]
    while due[0][0] < began + until:
        at, asker = heapq.heappop(due)
        clock.now = at
        turn = pacer.ask()
        clock.now = at + QUICK
        heapq.heappush(due, (clock.now + pacer.answer(turn), asker))
        asked[asker] += 1
    return asked


def test_who_draws_alone_asks_in_every_frame(pacer: Pacer, clock: FakeClock) -> None:
    for _ in range(100):
        assert QUICK + _ask(pacer, clock) < 1 / 120
        clock.now += 1 / 120


@pytest.mark.parametrize("askers", [5, 15, 50])
def test_all_who_draw_share_the_rate_evenly(askers: int, pacer: Pacer, clock: FakeClock) -> None:
    asked = _ask_as_told(pacer, clock, askers, until=10)
    assert asked.total() == pytest.approx(10 * MOST, rel=0.05)
    assert max(asked.values()) - min(asked.values()) <= 1


def test_a_class_is_slowed_no_more_than_by_the_clock_before(pacer: Pacer, clock: FakeClock) -> None:
    """Of 30 half draw at a time: each had 12.5 answers a second at most."""
    asked = _ask_as_told(pacer, clock, 15, until=10)
    assert min(asked.values()) >= 10 * 12.5


def test_the_rate_falls_while_answers_are_late_and_comes_back(
    pacer: Pacer, clock: FakeClock
) -> None:
    for _ in range(200):
        _ask(pacer, clock, 2 * LATE)
    assert pacer.rate == LEAST
    for _ in range(1000):
        _ask(pacer, clock)
    assert pacer.rate == MOST


def test_a_few_late_answers_do_not_matter(pacer: Pacer, clock: FakeClock) -> None:
    for number in range(3000):
        _ask(pacer, clock, 2 * LATE if number % 50 == 0 else QUICK)
    assert pacer.rate > 0.95 * MOST


def test_who_minds_no_turn_does_not_shut_out_the_others(pacer: Pacer, clock: FakeClock) -> None:
    for _ in range(10_000):
        pacer.ask()
    assert _ask(pacer, clock) <= LONGEST
    clock.now += LONGEST + 1
    assert _ask(pacer, clock) <= 1 / MOST
