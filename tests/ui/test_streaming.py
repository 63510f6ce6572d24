import itertools
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mnist_demo.ui.streaming import in_own_thread
from mnist_demo.ui.torch_thread import TorchThread

EVERY = 0.005  # seconds

Stream = Callable[[Iterator[Any], float], Iterator[list[Any]]]


@pytest.fixture(params=["a thread of its own", "the thread for torch"])
def stream_of(request: pytest.FixtureRequest) -> Stream:
    return in_own_thread if request.param == "a thread of its own" else TorchThread().stream


def test_all_events_arrive_in_order(stream_of: Stream) -> None:
    batches = list(stream_of(iter(range(10_000)), EVERY))
    assert list(itertools.chain(*batches)) == list(range(10_000))


def test_events_arrive_while_more_are_made(stream_of: Stream) -> None:
    last_may_come = threading.Event()

    def events() -> Iterator[int]:
        yield from (1, 2, 3)
        assert last_may_come.wait(10)
        yield 4

    stream = stream_of(events(), EVERY)
    arrived: list[int] = []
    while len(arrived) < 3:
        arrived += next(stream)
    last_may_come.set()
    assert [*arrived, *itertools.chain(*stream)] == [1, 2, 3, 4]


def test_no_events_are_no_events(stream_of: Stream) -> None:
    assert list(itertools.chain(*stream_of(iter(()), EVERY))) == []


def test_an_exception_comes_after_the_events_before_it(stream_of: Stream) -> None:
    def events() -> Iterator[int]:
        yield from (1, 2)
        raise ArithmeticError("the weights are gone")

    arrived: list[int] = []
    stream = stream_of(events(), EVERY)
    with pytest.raises(ArithmeticError, match="the weights are gone"):
        arrived.extend(itertools.chain.from_iterable(stream))
    assert arrived == [1, 2]


def test_closing_stops_within_an_event(stream_of: Stream) -> None:
    may_make = threading.Semaphore(1)
    made: list[int] = []

    def events() -> Iterator[int]:
        for number in itertools.count():
            assert may_make.acquire(timeout=10)
            made.append(number)
            yield number

    stream = stream_of(events(), EVERY)
    assert next(batch for batch in stream if batch) == [0]
    threading.Timer(0.4, may_make.release, [100]).start()  # by then, closing waits for an event
    stream.close()  # type: ignore[attr-defined]
    assert made == [0, 1]


def test_all_is_made_in_one_thread_whoever_asks(stream_of: Stream) -> None:
    makers: list[int] = []
    askers: list[int] = []

    def events() -> Iterator[int]:
        for number in range(20):
            makers.append(threading.get_ident())
            time.sleep(EVERY)
            yield number

    stream = stream_of(events(), EVERY)

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
