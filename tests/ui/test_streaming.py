import itertools
import threading
import time
from collections.abc import Iterator

import pytest

from mnist_demo.ui.streaming import in_own_thread

EVERY = 0.005  # seconds


def test_all_events_arrive_in_order() -> None:
    batches = list(in_own_thread(iter(range(10_000)), EVERY))
    assert list(itertools.chain(*batches)) == list(range(10_000))


def test_events_arrive_while_more_are_made() -> None:
    last_may_come = threading.Event()

    def events() -> Iterator[int]:
        yield from (1, 2, 3)
        assert last_may_come.wait(10)
        yield 4

    stream = in_own_thread(events(), EVERY)
    arrived: list[int] = []
    while len(arrived) < 3:
        arrived += next(stream)
    last_may_come.set()
    assert [*arrived, *itertools.chain(*stream)] == [1, 2, 3, 4]


def test_no_events_are_no_events() -> None:
    assert list(itertools.chain(*in_own_thread(iter(()), EVERY))) == []


def test_an_exception_comes_after_the_events_before_it() -> None:
    def events() -> Iterator[int]:
        yield from (1, 2)
        raise ArithmeticError("the weights are gone")

    arrived: list[int] = []
    stream = in_own_thread(events(), EVERY)
    with pytest.raises(ArithmeticError, match="the weights are gone"):
        arrived.extend(itertools.chain.from_iterable(stream))
    assert arrived == [1, 2]


def test_closing_stops_within_an_event() -> None:
    may_make = threading.Semaphore(1)
    made: list[int] = []

    def events() -> Iterator[int]:
        for number in itertools.count():
            assert may_make.acquire(timeout=10)
            made.append(number)
            yield number

    stream = in_own_thread(events(), EVERY)
    assert next(batch for batch in stream if batch) == [0]
    threading.Timer(0.4, may_make.release, [100]).start()  # by then, closing waits for an event
    stream.close()  # type: ignore[attr-defined]
    assert made == [0, 1]


def test_all_is_made_in_one_thread_whoever_asks() -> None:
    makers: list[int] = []
    askers: list[int] = []

    def events() -> Iterator[int]:
        for number in range(20):
            makers.append(threading.get_ident())
            time.sleep(EVERY)
            yield number

    stream = in_own_thread(events(), EVERY)

    def ask() -> None:
        askers.append(threading.get_ident())
        next(stream, None)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
        thread.join()
    list(stream)
    assert len(makers) == 20
    assert len(set(makers)) == 1
    assert not set(makers) & {*askers, threading.get_ident()}
