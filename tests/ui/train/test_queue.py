import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack

import gradio as gr
import pytest

from mnist_demo.ui.train import queue as lines
from mnist_demo.ui.train.queue import Job, QueuePosition, TrainingQueue


@pytest.fixture(autouse=True)
def _tell_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "TELL_EVERY", 0.01)


def _places(tickets: list[Job]) -> list[int]:
    """Where each stands; 0: it is its turn."""

    async def toggle_live_view(job: Job) -> int:
        async for place in job.wait():
            return place.place
        return 0

    async def look_all() -> list[int]:
        return [await toggle_live_view(job) for job in tickets]

    return asyncio.run(look_all())


@pytest.mark.parametrize("places", [1, 2, 5])
def test_first_come_first_served(places: int) -> None:
    line = TrainingQueue(places)
    called: list[int] = []

    async def visit(number: int) -> None:
        with line.stand(f"visitor {number}") as job:
            async for _ in job.wait():
                pass
            called.append(number)
            assert line.counts()["running"] <= places
            await asyncio.sleep(0.001)

    async def visit_all() -> None:
        await asyncio.gather(*(visit(number) for number in range(100)))

    asyncio.run(visit_all())
    assert sorted(called) == list(range(100))  # those called together may speak in any order
    assert max(abs(number - at) for at, number in enumerate(called)) < places
    assert line.counts() == {"running": 0, "waiting": 0}


def test_those_behind_move_up_where_one_leaves() -> None:
    line = TrainingQueue()
    with ExitStack() as stacks:
        leave = [stacks.enter_context(ExitStack()) for _ in range(4)]
        tickets = [stack.enter_context(line.stand(str(at))) for at, stack in enumerate(leave)]
        assert _places(tickets) == [0, 1, 2, 3]
        leave[2].close()  # one who waits
        assert _places([tickets[1], tickets[3]]) == [1, 2]
        leave[0].close()  # the one who trains
        assert _places([tickets[1], tickets[3]]) == [0, 1]
        assert line.counts() == {"running": 1, "waiting": 1}


@pytest.mark.parametrize("how", ["closed", "cancelled", "failed"])
def test_a_place_is_given_back_however_a_turn_ends(how: str) -> None:
    line = TrainingQueue()

    async def train() -> AsyncIterator[None]:
        with line.stand("one") as job:
            async for _ in job.wait():
                pass
            yield
            if how == "failed":
                raise MemoryError
            await asyncio.sleep(100)

    async def visit() -> None:
        training = train()
        await anext(training)
        assert line.counts() == {"running": 1, "waiting": 0}
        if how == "closed":
            await training.aclose()  # type: ignore[attr-defined]
        elif how == "cancelled":
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(anext(training), 0.01)
        else:
            with pytest.raises(MemoryError):
                await anext(training)

    asyncio.run(visit())
    assert line.counts() == {"running": 0, "waiting": 0}


class TestOneVisitor:
    def test_trains_once_and_waits_once(self) -> None:
        line = TrainingQueue(places=3)
        with line.stand("one") as first, line.stand("one") as second, line.stand("other") as third:
            assert _places([first, second, third]) == [0, 1, 0]
            with pytest.raises(gr.Error, match="already"), line.stand("one"):
                pass
            assert line.counts() == {"running": 2, "waiting": 1}

    def test_in_two_tabs_is_two_who_stand_in_line_as_all_do(self) -> None:
        line = TrainingQueue()
        with (
            line.stand("tab 1") as one,
            line.stand("another") as other,
            line.stand("tab 2") as two,
        ):
            assert _places([one, other, two]) == [0, 1, 2]

    def test_who_is_not_known_may_come_often(self) -> None:
        line = TrainingQueue()
        with line.stand(None) as one, line.stand(None) as two, line.stand(None) as three:
            assert _places([one, two, three]) == [0, 1, 2]


def test_a_line_that_is_full_is_told() -> None:
    line = TrainingQueue(longest=2)
    with line.stand("1"), line.stand("2"), line.stand("3"):
        with pytest.raises(gr.Error, match="2 visitors wait"), line.stand("4"):
            pass
        assert line.counts() == {"running": 1, "waiting": 2}


def test_a_hundred_can_wait() -> None:
    assert lines.MAX_WAITING >= 100


class TestEstimate:
    def test_before_anything_is_known_there_is_none(self) -> None:
        line = TrainingQueue()
        with line.stand("1"), line.stand("2") as job:
            assert line.look_up(job) == QueuePosition(1, None)

    def test_the_next_one_waits_for_what_is_left(self) -> None:
        line = TrainingQueue()
        with line.stand("1") as training, line.stand("2") as job:
            training.seconds_left = 42
            assert line.look_up(job) == QueuePosition(1, 42)

    def test_others_are_thought_to_take_as_long_as_those_who_train(self) -> None:
        line = TrainingQueue()
        with line.stand("1") as training, line.stand("2"), line.stand("3") as job:
            training.seconds_left = 40
            assert line.look_up(job).seconds == pytest.approx(80, abs=1)

    def test_or_as_long_as_the_last_ones_took(self, monkeypatch: pytest.MonkeyPatch) -> None:
        line = TrainingQueue()
        now = 1000.0
        monkeypatch.setattr(time, "monotonic", lambda: now)
        for seconds in (10, 500, 20):
            with line.stand("before"):
                now += seconds
        with line.stand("1") as training, line.stand("2") as second, line.stand("3") as third:
            assert [line.look_up(one).seconds for one in (second, third)] == [20, 40]
            now += 15  # training has begun, and told nothing yet
            assert [line.look_up(one).seconds for one in (second, third)] == [5, 25]
            now += 15  # it takes longer than usual
            assert [line.look_up(one).seconds for one in (second, third)] == [0, 20]
            training.seconds_left = 100
            assert [line.look_up(one).seconds for one in (second, third)] == [100, 120]

    def test_with_several_places_the_next_one_takes_the_first(self) -> None:
        line = TrainingQueue(places=2)
        with line.stand("1") as one, line.stand("2") as two:
            one.seconds_left, two.seconds_left = 100, 30
            waits = [line.expect(ahead) for ahead in range(4)]
        assert waits == pytest.approx([30, 95, 100, 160], abs=1)  # each takes 65: the middle
