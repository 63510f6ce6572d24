import asyncio
import itertools
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from mnist_demo.ui import torch_thread
from mnist_demo.ui.streaming import Stopped, in_own_thread
from mnist_demo.ui.torch_thread import TorchThread

EVERY = 0.005  # seconds
Check = Callable[[], None]


class TestStream:
    def test_all_events_arrive_in_order(self) -> None:
        async def consume() -> list[int]:
            stream = TorchThread().stream(iter(range(10_000)), EVERY)
            return [event async for events in stream for event in events]

        assert asyncio.run(consume()) == list(range(10_000))

    def test_events_arrive_while_more_are_made(self) -> None:
        last_may_come = threading.Event()

        def events() -> Iterator[int]:
            yield from (1, 2, 3)
            assert last_may_come.wait(10)
            yield 4

        async def consume() -> list[int]:
            arrived: list[int] = []
            async for events_ in TorchThread().stream(events(), EVERY):
                arrived += events_
                if len(arrived) == 3:
                    last_may_come.set()
            return arrived

        assert asyncio.run(consume()) == [1, 2, 3, 4]

    def test_no_events_are_no_events(self) -> None:
        async def consume() -> list[int]:
            nothing: Iterator[int] = iter(())
            return [
                event async for events in TorchThread().stream(nothing, EVERY) for event in events
            ]

        assert asyncio.run(consume()) == []

    def test_an_exception_comes_after_the_events_before_it(self) -> None:
        def events() -> Iterator[int]:
            yield from (1, 2)
            raise ArithmeticError("the weights are gone")

        arrived: list[int] = []

        async def consume() -> None:
            async for events_ in TorchThread().stream(events(), EVERY):
                arrived.extend(events_)

        with pytest.raises(ArithmeticError, match="the weights are gone"):
            asyncio.run(consume())
        assert arrived == [1, 2]

    @pytest.mark.parametrize("how", ["closed", "cancelled"])
    def test_who_leaves_ends_it_within_an_event(self, how: str) -> None:
        may_make = threading.Semaphore(1)
        made: list[int] = []

        def events() -> Iterator[int]:
            for number in itertools.count():
                assert may_make.acquire(timeout=10)
                made.append(number)
                yield number

        async def consume() -> None:
            async for _ in stream:
                pass

        async def leave() -> None:
            while not await anext(stream):
                pass
            # By then, leaving waits for an event.
            asyncio.get_running_loop().call_later(0.2, may_make.release, 100)
            if how == "closed":
                await stream.aclose()
            else:
                with pytest.raises(TimeoutError):
                    await asyncio.wait_for(consume(), 0.02)

        stream = TorchThread().stream(events(), EVERY)
        asyncio.run(leave())
        assert made == [0, 1]

    def test_who_leaves_does_not_wait_for_a_step_without_end(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(torch_thread, "LEAVING", 0.05)
        step_ends, closed = threading.Event(), threading.Event()

        def events() -> Iterator[int]:
            try:
                while True:
                    assert step_ends.wait(10)
                    yield 1
            finally:
                closed.set()

        async def leave() -> None:
            stream = thread.stream(events(), EVERY)
            await anext(stream)
            await stream.aclose()

        thread = TorchThread()
        asyncio.run(leave())
        assert not closed.is_set()
        after = threading.Thread(target=lambda: seen.append(thread.call(closed.is_set)))
        seen: list[bool] = []
        after.start()
        time.sleep(EVERY)
        step_ends.set()
        after.join(10)
        assert seen == [True]  # what is called meanwhile finds it ended

    def test_who_leaves_ends_a_long_computation_where_it_makes_way(self) -> None:
        thread = TorchThread()
        ended = threading.Event()

        def events() -> Iterator[int]:
            yield 1
            try:
                while True:  # an evaluation
                    time.sleep(0.001)
                    thread.give_way()
            except Stopped:
                ended.set()
                raise

        async def leave() -> None:
            stream = thread.stream(events(), EVERY)
            while not await anext(stream):
                pass
            await asyncio.wait_for(stream.aclose(), 5)

        asyncio.run(leave())
        assert ended.is_set()

    def test_a_call_within_the_events_of_who_left_is_answered(self) -> None:
        thread = TorchThread()
        in_call, left = threading.Event(), threading.Event()

        def long_call() -> str:
            in_call.set()
            assert left.wait(10)
            thread.give_way()  # which does not concern the one who left
            return "answered"

        def events() -> Iterator[int]:
            yield 1
            while True:
                time.sleep(0.001)
                thread.give_way()

        async def leave() -> str:
            stream = thread.stream(events(), EVERY)
            await anext(stream)
            answer = asyncio.create_task(asyncio.to_thread(thread.call, long_call))
            await asyncio.to_thread(in_call.wait, 10)
            asyncio.get_running_loop().call_later(0.05, left.set)  # by then it is being closed
            await stream.aclose()
            return await answer

        assert asyncio.run(leave()) == "answered"


class TestInOwnThread:
    def test_what_it_returns_comes_last(self) -> None:
        def work(check: Check) -> int:
            time.sleep(10 * EVERY)
            check()
            return threading.get_ident()

        async def consume() -> list[list[int]]:
            return [made async for made in in_own_thread(work, EVERY)]

        *waits, made = asyncio.run(consume())
        assert len(waits) > 2
        assert not any(waits)
        assert made[0] != threading.get_ident()

    def test_what_it_raises_is_raised(self) -> None:
        def work(check: Check) -> int:
            raise ArithmeticError("no drawings")

        async def consume() -> None:
            async for _ in in_own_thread(work, EVERY):
                pass

        with pytest.raises(ArithmeticError, match="no drawings"):
            asyncio.run(consume())

    def test_who_leaves_does_not_wait_and_the_work_ends_where_it_checks(self) -> None:
        may_check, ended = threading.Event(), threading.Event()

        def work(check: Check) -> None:
            assert may_check.wait(10)
            try:
                check()
            except Stopped:
                ended.set()
                raise

        async def leave() -> None:
            making = in_own_thread(work, EVERY)
            assert await anext(making) == []
            await making.aclose()
            assert not ended.is_set()

        asyncio.run(leave())
        may_check.set()
        assert ended.wait(10)
