import asyncio
import contextlib
import gc
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mnist_demo.ui.compute import streaming
from mnist_demo.ui.compute.streaming import StreamClosed, stream

EVERY = 0.005  # seconds
Check = Callable[[], None]


def _consume(work: Callable[[Check], Iterator[Any]]) -> list[list[Any]]:
    async def consume() -> list[list[Any]]:
        return [items async for items in stream(work, EVERY)]

    return asyncio.run(consume())


def test_all_items_arrive_in_order() -> None:
    arrived = _consume(lambda _: iter(range(10_000)))
    assert [*itertools.chain(*arrived)] == [*range(10_000)]


def test_items_arrive_while_more_are_made() -> None:
    last_may_come = threading.Event()

    def work(_: Check) -> Iterator[int]:
        yield from (1, 2, 3)
        assert last_may_come.wait(10)
        yield 4

    async def consume() -> list[int]:
        arrived: list[int] = []
        async for items in stream(work, EVERY):
            arrived += items
            if len(arrived) == 3:
                last_may_come.set()
        return arrived

    assert asyncio.run(consume()) == [1, 2, 3, 4]


def test_while_nothing_comes_it_says_so() -> None:
    def work(_: Check) -> Iterator[int]:
        time.sleep(10 * EVERY)
        yield threading.get_ident()

    *waits, made = _consume(work)
    assert len(waits) > 2
    assert not any(waits)
    assert made[0] != threading.get_ident()


def test_no_items_are_no_items() -> None:
    assert not any(_consume(lambda _: iter(())))


def test_an_exception_comes_after_the_items_before_it() -> None:
    def work(_: Check) -> Iterator[int]:
        yield from (1, 2)
        raise ArithmeticError("the weights are gone")

    arrived: list[int] = []

    async def consume() -> None:
        async for items in stream(work, EVERY):
            arrived.extend(items)

    with pytest.raises(ArithmeticError, match="the weights are gone"):
        asyncio.run(consume())
    assert arrived == [1, 2]


@pytest.mark.parametrize("how", ["closed", "cancelled"])
def test_who_leaves_ends_the_work_where_it_checks(how: str) -> None:
    ended = threading.Event()

    def work(check: Check) -> Iterator[int]:
        try:
            for number in itertools.count():
                check()
                yield number
        except StreamClosed:
            ended.set()
            raise

    async def leave() -> None:
        items = stream(work, EVERY)
        while not await anext(items):
            pass
        if how == "closed":
            await items.aclose()
        else:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(_forever(items), 0.02)

    async def _forever(items: Any) -> None:
        async for _ in items:
            pass

    asyncio.run(leave())
    assert ended.is_set()


def test_who_leaves_does_not_wait_for_a_step_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "LEAVING", 0.05)
    step_ends, ended = threading.Event(), threading.Event()

    def work(check: Check) -> Iterator[int]:
        yield 1
        assert step_ends.wait(10)
        try:
            check()
        except StreamClosed:
            ended.set()
            raise

    async def leave() -> None:
        items = stream(work, EVERY)
        await anext(items)
        await items.aclose()
        assert not ended.is_set()
        step_ends.set()

    asyncio.run(leave())
    assert ended.wait(10)


def test_who_leaves_before_the_work_ends_leaves_no_complaint(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(streaming, "LEAVING", 0.01)
    left = threading.Event()

    def work(check: Check) -> Iterator[int]:
        yield 1
        assert left.wait(10)
        check()
        yield 2

    async def leave() -> None:
        async with contextlib.aclosing(stream(work, EVERY)) as arriving:
            await anext(arriving)
        left.set()
        while any(thread.name.startswith("stream") for thread in threading.enumerate()):
            await asyncio.sleep(EVERY)

    asyncio.run(leave())
    gc.collect()  # which is when asyncio complains
    assert caplog.text == ""
