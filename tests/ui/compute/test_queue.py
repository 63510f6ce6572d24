import asyncio
import threading
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack

import gradio as gr
import pytest

from mnist_demo.ui.compute import queue as module
from mnist_demo.ui.compute.queue import Job, JobEndedError, QueuePosition, TrainingQueue


@pytest.fixture(autouse=True)
def _tell_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TELL_EVERY", 0.01)


def _positions(jobs: list[Job]) -> list[int]:
    """Where each stands; 0: it runs."""

    async def look(job: Job) -> int:
        async for position in job.wait():
            return position.number
        return 0

    async def look_all() -> list[int]:
        return [await look(job) for job in jobs]

    return asyncio.run(look_all())


@pytest.mark.parametrize("slots", [1, 2, 5])
def test_first_come_first_served(slots: int) -> None:
    queue = TrainingQueue(slots)
    called: list[int] = []

    async def visit(number: int) -> None:
        with queue.stand(f"visitor {number}") as job:
            async for _ in job.wait():
                pass
            called.append(number)
            assert queue.counts()["running"] <= slots
            await asyncio.sleep(0.001)

    async def visit_all() -> None:
        await asyncio.gather(*(visit(number) for number in range(100)))

    asyncio.run(visit_all())
    assert sorted(called) == list(range(100))  # those called together may speak in any order
    assert max(abs(number - at) for at, number in enumerate(called)) < slots
    assert queue.counts() == {"running": 0, "waiting": 0}


def test_those_behind_move_up_where_one_leaves() -> None:
    queue = TrainingQueue()
    with ExitStack() as stacks:
        leave = [stacks.enter_context(ExitStack()) for _ in range(4)]
        jobs = [stack.enter_context(queue.stand(str(at))) for at, stack in enumerate(leave)]
        assert _positions(jobs) == [0, 1, 2, 3]
        leave[2].close()  # one who waits
        assert _positions([jobs[1], jobs[3]]) == [1, 2]
        leave[0].close()  # the one who trains
        assert _positions([jobs[1], jobs[3]]) == [0, 1]
        assert queue.counts() == {"running": 1, "waiting": 1}


@pytest.mark.parametrize("how", ["closed", "cancelled", "failed"])
def test_a_place_is_given_back_however_a_turn_ends(how: str) -> None:
    queue = TrainingQueue()

    async def train() -> AsyncIterator[None]:
        with queue.stand("one") as job:
            async for _ in job.wait():
                pass
            yield
            if how == "failed":
                raise MemoryError
            await asyncio.sleep(100)

    async def visit() -> None:
        training = train()
        await anext(training)
        assert queue.counts() == {"running": 1, "waiting": 0}
        if how == "closed":
            await training.aclose()  # type: ignore[attr-defined]
        elif how == "cancelled":
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(anext(training), 0.01)
        else:
            with pytest.raises(MemoryError):
                await anext(training)

    asyncio.run(visit())
    assert queue.counts() == {"running": 0, "waiting": 0}


class TestOneVisitor:
    def test_trains_once_and_waits_once(self) -> None:
        queue = TrainingQueue(slots=3)
        with (
            queue.stand("one") as first,
            queue.stand("one") as second,
            queue.stand("other") as third,
        ):
            assert _positions([first, second, third]) == [0, 1, 0]
            with pytest.raises(gr.Error, match="already"), queue.stand("one"):
                pass
            assert queue.counts() == {"running": 2, "waiting": 1}

    def test_in_two_tabs_is_two_who_stand_in_line_as_all_do(self) -> None:
        queue = TrainingQueue()
        with (
            queue.stand("tab 1") as one,
            queue.stand("another") as other,
            queue.stand("tab 2") as two,
        ):
            assert _positions([one, other, two]) == [0, 1, 2]

    def test_who_is_not_known_may_come_often(self) -> None:
        queue = TrainingQueue()
        with queue.stand(None) as one, queue.stand(None) as two, queue.stand(None) as three:
            assert _positions([one, two, three]) == [0, 1, 2]


class TestOneWhoLoadsThePageAgain:
    def test_comes_before_all_who_came_later(self) -> None:
        queue = TrainingQueue()
        with queue.stand("trains"), queue.stand("first") as first:
            with queue.stand("before"):
                later = ExitStack()
                last = later.enter_context(queue.stand("last"))
            with later, queue.stand("now", former="before") as now:
                assert _positions([first, now, last]) == [1, 2, 3]
                with queue.stand("another", former="before") as another:  # only one has the place
                    assert _positions([another]) == [4]

    def test_has_no_place_where_none_waited(self) -> None:
        queue = TrainingQueue()
        with queue.stand("before"):
            pass
        with queue.stand("trains"), queue.stand("first") as first:
            for former in ("before", "nobody", None):
                with queue.stand("now", former=former) as now:
                    assert _positions([first, now]) == [1, 2]

    def test_is_known_to_have_left(self) -> None:
        queue = TrainingQueue()
        with queue.stand("trains"), ExitStack() as leave:
            leave.enter_context(queue.stand("waits"))
            for visitor in ("trains", "waits"):
                assert not queue.has_left(visitor, within=0)
            leaves = threading.Timer(0.1, leave.pop_all().close)
            leaves.start()
            assert queue.has_left("waits", within=60)

    def test_is_not_remembered_for_ever(self) -> None:
        queue = TrainingQueue()
        with queue.stand("trains"):
            for number in range(2 * module.MAX_WAITING):
                with queue.stand(str(number)):
                    pass
        assert len(queue._left) == module.MAX_WAITING


class TestTheEnd:
    def test_a_job_ends_where_nobody_listens_for_long(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now, listening = 1000.0, {"runs"}
        monkeypatch.setattr(time, "monotonic", lambda: now)
        queue = TrainingQueue()
        queue.listens = listening.__contains__
        with queue.stand("runs") as runs, queue.stand("waits") as waits, queue.stand(None) as other:
            for job in (runs, waits):
                job.check()
            now += module.UNHEARD + 1
            runs.check()
            other.check()  # of whom nothing is known
            with pytest.raises(JobEndedError, match="Nobody listened"):
                _positions([waits])
            listening.clear()
            now += module.UNHEARD - 1
            runs.check()  # who listened a moment ago
            now += 2
            with pytest.raises(JobEndedError, match="Nobody listened"):
                runs.check()

    def test_the_host_ends_those_that_run(self) -> None:
        queue = TrainingQueue(slots=2)
        with queue.stand("1") as one, queue.stand("2") as two, queue.stand("3") as three:
            assert queue.end_running() == 2
            for job in (one, two):
                with pytest.raises(JobEndedError, match="ended this training"):
                    job.check()
            three.check()


def test_a_line_that_is_full_is_told() -> None:
    queue = TrainingQueue(longest=2)
    with queue.stand("1"), queue.stand("2"), queue.stand("3"):
        with pytest.raises(gr.Error, match="2 visitors wait"), queue.stand("4"):
            pass
        assert queue.counts() == {"running": 1, "waiting": 2}


def test_a_hundred_can_wait() -> None:
    assert module.MAX_WAITING >= 100


class TestEstimate:
    def test_before_anything_is_known_there_is_none(self) -> None:
        queue = TrainingQueue()
        with queue.stand("1"), queue.stand("2") as job:
            assert queue.look_up(job) == QueuePosition(1, None)

    def test_the_next_one_waits_for_what_is_left(self) -> None:
        queue = TrainingQueue()
        with queue.stand("1") as training, queue.stand("2") as job:
            training.seconds_left = 42
            assert queue.look_up(job) == QueuePosition(1, 42)

    def test_others_are_thought_to_take_as_long_as_those_who_train(self) -> None:
        queue = TrainingQueue()
        with queue.stand("1") as training, queue.stand("2"), queue.stand("3") as job:
            training.seconds_left = 40
            assert queue.look_up(job).seconds == pytest.approx(80, abs=1)

    def test_or_as_long_as_the_last_ones_took(self, monkeypatch: pytest.MonkeyPatch) -> None:
        queue = TrainingQueue()
        now = 1000.0
        monkeypatch.setattr(time, "monotonic", lambda: now)
        for seconds in (10, 500, 20):
            with queue.stand("before"):
                now += seconds
        with queue.stand("1") as training, queue.stand("2") as second, queue.stand("3") as third:
            assert [queue.look_up(one).seconds for one in (second, third)] == [20, 40]
            now += 15  # training has begun, and told nothing yet
            assert [queue.look_up(one).seconds for one in (second, third)] == [5, 25]
            now += 15  # it takes longer than usual
            assert [queue.look_up(one).seconds for one in (second, third)] == [0, 20]
            training.seconds_left = 100
            assert [queue.look_up(one).seconds for one in (second, third)] == [100, 120]

    def test_with_several_places_the_next_one_takes_the_first(self) -> None:
        queue = TrainingQueue(slots=2)
        with queue.stand("1") as one, queue.stand("2") as two:
            one.seconds_left, two.seconds_left = 100, 30
            waits = [queue.expect(ahead) for ahead in range(4)]
        assert waits == pytest.approx([30, 95, 100, 160], abs=1)  # each takes 65: the middle
