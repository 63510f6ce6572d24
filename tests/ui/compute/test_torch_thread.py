import itertools
import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor

import numpy as np
import pytest
import torch

from mnist_demo import evaluate, load_checkpoint
from mnist_demo.models.saliency import saliency
from mnist_demo.ui.compute.torch_thread import TIME_SLICE, TorchThread


@pytest.fixture
def thread() -> TorchThread:
    return TorchThread()


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
    with pytest.raises(ZeroDivisionError):
        thread.call(lambda: 1 / 0)
    assert thread.call(max, 3, 7) == 7


def test_a_call_within_a_call_is_run_at_once(thread: TorchThread) -> None:
    assert thread.call(lambda: thread.call(max, 3, 7)) == 7


def test_long_computations_make_way_for_calls(thread: TorchThread) -> None:
    over = threading.Event()

    def parts() -> Iterator[int]:
        for number in itertools.count():
            if over.wait(0.001):
                return
            yield number

    with ThreadPoolExecutor(1) as other:
        collected = other.submit(thread.collect, parts())
        for _ in range(50):
            assert thread.call(max, 3, 7) == 7  # or never: the other does not end before
        over.set()
        made = collected.result()
    assert made == [*range(len(made))]


def test_long_computations_run_slices(thread: TorchThread) -> None:
    made: list[str] = []

    def parts(name: str) -> Iterator[str]:
        while {*made} != {"a", "b"}:  # neither would end, if it kept the thread to itself
            time.sleep(TIME_SLICE)
            made.append(name)
            yield name

    with ThreadPoolExecutor(2) as others:
        collected = list(others.map(lambda name: thread.collect(parts(name)), "ab"))
    assert sorted(itertools.chain(*collected)) == sorted(made)


@pytest.mark.parametrize("makes_way", ["between its parts", "within one"])
def test_the_end_waits_for_no_long_computation_that_makes_way(
    makes_way: str, thread: TorchThread
) -> None:
    begun = threading.Event()

    def compute() -> Iterator[int]:
        for number in itertools.count():
            begun.set()
            time.sleep(0.001)
            if makes_way == "within one":
                thread.run_pending_calls()
            else:
                yield number

    with ThreadPoolExecutor(1) as other:
        collected = other.submit(thread.collect, compute())
        begun.wait(60)
        thread.close()
        assert isinstance(collected.exception(timeout=60), CancelledError)
    assert thread.call(max, 3, 7) == 7  # in another one


def test_what_is_collected_within_a_call_is_made_at_once(thread: TorchThread) -> None:
    assert thread.call(thread.collect, iter("abc")) == ["a", "b", "c"]


def test_what_a_part_raises_is_raised(thread: TorchThread) -> None:
    def parts() -> Iterator[int]:
        yield 1
        raise ArithmeticError("no more")

    with pytest.raises(ArithmeticError, match="no more"):
        thread.collect(parts())


def test_a_long_computation_makes_way_where_it_says_so(thread: TorchThread) -> None:
    started, answered = threading.Event(), threading.Event()

    def long() -> bool:
        started.set()
        ends = time.monotonic() + 60
        while not answered.is_set() and time.monotonic() < ends:
            thread.run_pending_calls()
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
    thread.run_pending_calls()


def test_gradients_can_be_computed_where_an_evaluation_makes_way(thread: TorchThread) -> None:
    """An evaluation keeps no gradients; what it makes way for may need them."""
    model = load_checkpoint("softmax").model
    images = torch.randint(0, 256, (500, 28, 28), dtype=torch.uint8)
    digit = (images[0].numpy() / 255).astype(np.float32)
    seen: list[float] = []
    evaluate(
        model,
        images,
        torch.arange(500) % 10,
        between_batches=lambda: seen.append(float(abs(saliency(model, digit, 3)).max())),
    )
    assert len(seen) == 2
    assert min(seen) > 0


def test_a_probe_is_answered_in_its_turn_and_only_one_waits(thread: TorchThread) -> None:
    first = thread.probe()
    first.answer.result(timeout=60)
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
    second.answer.result(timeout=60)
    assert first.asked <= second.asked <= time.monotonic()
