import asyncio
import itertools
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing

import numpy as np
import pytest
import torch

from mnist_demo import evaluate, load_checkpoint
from mnist_demo.insight import saliency
from mnist_demo.ui.torch_thread import TURN, TorchThread

EVERY = 0.005  # seconds


@pytest.fixture
def thread() -> TorchThread:
    return TorchThread()


def _forever() -> Iterator[int]:
    for number in itertools.count():
        time.sleep(0.001)
        yield number


def test_all_calls_run_in_one_thread_whoever_calls(thread: TorchThread) -> None:
    idents: list[int] = []

    def call() -> None:
        idents.append(thread.call(threading.get_ident))

    callers = [threading.Thread(target=call) for _ in range(5)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert len(idents) == 5
    assert len(set(idents)) == 1
    assert threading.get_ident() not in idents


def test_a_call_returns_or_raises_what_its_function_does(thread: TorchThread) -> None:
    assert thread.call(max, 3, 7) == 7
    assert thread.wrap(max)(3, 7) == 7
    with pytest.raises(ZeroDivisionError):
        thread.call(lambda: 1 / 0)
    assert thread.call(max, 3, 7) == 7


def test_a_call_within_a_call_is_run_at_once(thread: TorchThread) -> None:
    assert thread.call(lambda: thread.call(max, 3, 7)) == 7


def test_a_training_makes_way_for_calls(thread: TorchThread) -> None:
    async def train() -> float:
        async with aclosing(thread.stream(_forever(), EVERY)) as stream:
            await anext(stream)
            started = time.monotonic()
            for _ in range(50):
                thread.call(max, 3, 7)
            return time.monotonic() - started

    assert asyncio.run(train()) < 2


def test_trainings_take_turns(thread: TorchThread) -> None:
    async def train() -> list[int]:
        streams = [thread.stream(_forever(), EVERY) for _ in range(3)]
        reached = [0, 0, 0]
        ends = time.monotonic() + 20
        while min(reached) < 30 and time.monotonic() < ends:
            for at, stream in enumerate(streams):
                reached[at] += len(await anext(stream))
        for stream in streams:
            await stream.aclose()
        return reached

    assert min(asyncio.run(train())) >= 30


def test_all_of_a_long_computation_is_collected_in_turns_with_a_training(
    thread: TorchThread,
) -> None:
    idents: list[int] = []

    def parts() -> Iterator[int]:
        for number in range(5):
            time.sleep(TURN)  # a turn is over after each
            idents.append(threading.get_ident())
            yield number

    async def train() -> int:
        steps = 0
        async with aclosing(thread.stream(_forever(), EVERY)) as training:
            collected = asyncio.create_task(asyncio.to_thread(thread.collect, parts()))
            async for done in training:
                steps += len(done)
                if collected.done():
                    break
        assert await collected == [0, 1, 2, 3, 4]
        return steps

    assert asyncio.run(train()) > 5
    assert {*idents} == {thread.call(threading.get_ident)}
    assert thread.call(thread.collect, iter("abc")) == ["a", "b", "c"]


def test_a_long_computation_makes_way_where_it_says_so(thread: TorchThread) -> None:
    started, answered = threading.Event(), threading.Event()

    def long() -> bool:
        started.set()
        ends = time.monotonic() + 10
        while not answered.is_set() and time.monotonic() < ends:
            thread.give_way()
        return answered.is_set()

    def call() -> None:
        started.wait(10)
        thread.call(max, 3, 7)
        answered.set()

    caller = threading.Thread(target=call)
    caller.start()
    assert thread.call(long)
    caller.join()


def test_from_another_thread_nothing_is_run_by_making_way(thread: TorchThread) -> None:
    assert thread.call(max, 3, 7) == 7
    thread.give_way()


def test_gradients_can_be_reckoned_where_an_evaluation_makes_way(thread: TorchThread) -> None:
    """An evaluation keeps no gradients; what it makes way for may need them."""
    model = load_checkpoint("softmax").model
    images = torch.randint(0, 256, (500, 28, 28), dtype=torch.uint8)
    digit = (images[0].numpy() / 255).astype(np.float32)
    seen: list[float] = []
    evaluate(
        model,
        images,
        torch.arange(500) % 10,
        give_way=lambda: seen.append(float(abs(saliency(model, digit, 3)).max())),
    )
    assert len(seen) == 2
    assert min(seen) > 0


def test_who_leaves_ends_the_training_and_its_generator(thread: TorchThread) -> None:
    closed = threading.Event()

    def events() -> Iterator[int]:
        try:
            yield from _forever()
        finally:
            closed.set()

    async def leave() -> None:
        stream = thread.stream(events(), EVERY)
        await anext(stream)
        await stream.aclose()

    asyncio.run(leave())
    assert closed.is_set()


def test_a_probe_is_answered_in_its_turn_and_only_one_waits(thread: TorchThread) -> None:
    first = thread.probe()
    first.answer.result(timeout=10)
    begun, over = threading.Event(), threading.Event()

    def compute() -> None:
        begun.set()
        over.wait(10)

    with ThreadPoolExecutor(1) as other:
        other.submit(thread.call, compute)
        begun.wait(10)
        second = thread.probe()
        assert second is not first
        assert thread.probe() is second
        over.set()
    second.answer.result(timeout=10)
    assert first.asked <= second.asked <= time.monotonic()
