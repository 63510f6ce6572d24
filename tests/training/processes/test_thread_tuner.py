from collections.abc import Iterator
from types import SimpleNamespace

import pytest
import torch

from mnist_demo.training.processes import thread_tuner
from mnist_demo.training.processes.thread_tuner import LOOK_EVERY, RETRY_AFTER, ThreadTuner


class Machine:
    """Steps that take so long by one thread and by several, and how much of the cores they get."""

    def __init__(self, patch: pytest.MonkeyPatch, one: float, several: float, share: float) -> None:
        self.now, self.computed = 0.0, 0.0
        self.one, self.several, self.share = one, several, share
        clock = SimpleNamespace(monotonic=lambda: self.now, process_time=lambda: self.computed)
        patch.setattr(thread_tuner, "time", clock)

    def step(self, crew: ThreadTuner) -> None:
        threads = torch.get_num_threads()
        seconds = self.one if threads == 1 else self.several
        self.now += seconds
        self.computed += seconds * (1.0 if threads == 1 else self.share * threads)
        crew.adapt()

    def run(self, crew: ThreadTuner, seconds: float) -> list[int]:
        """The threads of each step."""
        ends, threads = self.now + seconds, []
        while self.now < ends:
            threads.append(torch.get_num_threads())
            self.step(crew)
        return threads


@pytest.fixture(autouse=True)
def threads() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def test_where_the_cores_are_free_there_are_as_many_as_there_may_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine = Machine(monkeypatch, one=0.015, several=0.01, share=0.97)
    assert {*machine.run(ThreadTuner(2), 60)} == {2}


def test_where_they_are_taken_there_is_one_until_they_are_free_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine = Machine(monkeypatch, one=0.015, several=0.3, share=0.4)
    crew = ThreadTuner(2)
    machine.run(crew, 2 * LOOK_EVERY)
    used = machine.run(crew, 60)
    assert used.count(2) <= 6  # each try is one step, and they become rare
    machine.several, machine.share = 0.01, 0.97
    machine.run(crew, thread_tuner.RETRY_LATEST + 1)
    assert {*machine.run(crew, 10)} == {2}


def test_several_that_wait_but_are_faster_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where most of the steps is done by one of many."""
    machine = Machine(monkeypatch, one=0.03, several=0.01, share=0.3)
    crew = ThreadTuner(4)
    used = machine.run(crew, 60)
    assert used.count(1) < 0.02 * len(used)
    assert torch.get_num_threads() == 4


def test_a_step_too_small_to_be_shared_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, one=0.001, several=0.001, share=0.97)
    crew = ThreadTuner(2)
    crew.small = True
    crew.start()
    assert {*machine.run(crew, 10)} == {1}
    crew.small = False
    crew.start()
    assert {*machine.run(crew, 10)} == {2}


def test_fewer_may_be_asked_for_at_any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, one=0.015, several=0.01, share=0.97)
    crew = ThreadTuner(4)
    machine.run(crew, RETRY_AFTER)
    crew.most = 2
    machine.run(crew, 2 * LOOK_EVERY)
    assert torch.get_num_threads() == 2


def test_what_lies_between_two_steps_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, one=0.015, several=0.01, share=0.97)
    crew = ThreadTuner(2)
    machine.run(crew, 1)
    machine.now += 20  # an evaluation, or a pause
    crew.start()
    assert {*machine.run(crew, 5)} == {2}
