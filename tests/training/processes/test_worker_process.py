"""The process that trains as its owner sees it, played by small programs that answer badly."""

import os
import pickle
import signal
import sys
import time
from pathlib import Path

import pytest

from mnist_demo.training.processes import worker_process
from mnist_demo.training.processes.messages import (
    MakeTrainer,
    SetThreads,
    SignOfLife,
    TrainerMade,
    pack,
)
from mnist_demo.training.processes.pool import WorkerPool
from mnist_demo.training.processes.version import VERSION
from mnist_demo.training.processes.worker import POLITENESS
from mnist_demo.training.processes.worker_process import (
    END_WITHIN,
    FilesChangedError,
    WorkerLostError,
    WorkerProcess,
    WorkerSilentError,
)

MADE = TrainerMade(10, 2, draws=False)
UNREADABLE = pack(MADE).replace(b"TrainerMade", b"TrainerHere")
# What each writes at its start; then it waits, and reads nothing.
PROGRAM = """
import sys, time
sys.stdout.buffer.write({words!r})
sys.stdout.flush()
time.sleep({seconds})
sys.exit({status})
"""


def _command(words: bytes, seconds: float = 600, status: int = 0) -> tuple[str, ...]:
    program = PROGRAM.format(words=words, seconds=seconds, status=status)
    return (sys.executable, "-S", "-c", program)


GREETING = f"{VERSION}\n".encode()
SILENT = _command(GREETING)


def _await_loss(worker: WorkerProcess, silent_for: float = 60) -> WorkerLostError:
    """What is told of its end; a report before that is none of ours."""
    with pytest.raises(WorkerLostError) as caught:
        _receive_for_ever(worker, silent_for)
    with pytest.raises(type(caught.value)):  # who asks again is told again
        _receive_for_ever(worker, silent_for)
    worker.end()
    assert not worker.is_alive
    return caught.value


def _receive_for_ever(worker: WorkerProcess, silent_for: float) -> None:
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        worker.receive(0.01, silent_for)


def _await_greeting(worker: WorkerProcess) -> None:
    ends = time.monotonic() + 60
    while not worker._greeted and time.monotonic() < ends:
        time.sleep(0.01)


def _fill(worker: WorkerProcess) -> None:
    """Send more than a pipe holds."""
    worker.send(MakeTrainer(bytes(1 << 22), None, 0, "cpu", None, None, None, None, None))


def test_one_of_another_version_is_killed_and_that_is_said() -> None:
    lost = _await_loss(WorkerProcess(_command(b"0123456789abcdef, Python 2.7, torch 0.1\n")))
    assert type(lost) is FilesChangedError
    assert str(lost) == "the program's files have changed since it was started; start it anew"


def test_one_that_does_not_start_as_files_have_changed_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker_process, "read_version", lambda: "another")
    assert type(_await_loss(WorkerProcess(_command(b"", 0, status=1)))) is FilesChangedError


@pytest.mark.parametrize(("words", "status"), [(b"", 1), (b"half a vers", 3), (GREETING, 0)])
def test_one_that_ends_by_itself_is_not_said_to_have_lacked_memory(
    words: bytes, status: int
) -> None:
    lost = _await_loss(WorkerProcess(_command(words, 0, status)))
    assert type(lost) is WorkerLostError
    assert str(lost).endswith(f"exit status {status}")
    assert not lost.killed


def test_one_that_somebody_else_killed_most_likely_lacked_memory() -> None:
    worker = WorkerProcess(SILENT)
    _await_greeting(worker)
    os.kill(worker.number, signal.SIGKILL)
    assert _await_loss(worker).killed


def test_one_without_a_sign_of_life_is_killed() -> None:
    worker = WorkerProcess(SILENT)
    _await_greeting(worker)
    lost = _await_loss(worker, silent_for=0.1)
    assert type(lost) is WorkerSilentError
    assert not lost.killed


def test_one_that_never_says_a_word_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_process, "START_WITHIN", 0.1)
    assert type(_await_loss(WorkerProcess(_command(b"")))) is WorkerSilentError


def test_signs_of_life_are_no_reports_and_keep_it_alive() -> None:
    signs = GREETING + pack(SignOfLife()) + pack(MADE)
    worker = WorkerProcess(_command(signs))
    _await_greeting(worker)
    report = None
    while report is None:
        report = worker.receive(0.1)
    assert report == MADE
    assert worker._waited == 0
    assert worker.is_alive
    worker.end()


AUTOGROUP = Path("/proc/self/autogroup")


@pytest.mark.skipif(not AUTOGROUP.exists(), reason="Linux has it, where its kernel was built so")
def test_it_gives_way_to_the_server_also_as_a_group() -> None:
    worker = WorkerProcess()
    _await_greeting(worker)
    group = Path(f"/proc/{worker.number}/autogroup").read_text(encoding="ascii")
    worker.end()
    assert group != AUTOGROUP.read_text(encoding="ascii")
    assert group.endswith(f"nice {POLITENESS}\n")


def test_what_cannot_be_read_ends_it() -> None:
    with pytest.raises(AttributeError):
        pickle.loads(UNREADABLE[8:])
    lost = _await_loss(WorkerProcess(_command(GREETING + UNREADABLE)))
    assert "cannot be read: AttributeError" in str(lost)


def test_sending_waits_for_nothing_and_neither_does_the_end() -> None:
    """A pipe that is full, to a process that reads nothing, or is stopped."""
    worker = WorkerProcess(SILENT)
    _await_greeting(worker)
    os.kill(worker.number, signal.SIGSTOP)
    _fill(worker)
    worker.send(SetThreads(1))
    began = time.monotonic()
    worker.end()
    assert time.monotonic() - began < 5 * END_WITHIN
    assert not worker.is_alive
    assert not any(thread.is_alive() for thread in worker._threads)
    worker.send(SetThreads(1))  # `receive` says what became of it
    assert type(_await_loss(worker)) is WorkerLostError


def test_a_pool_ends_all_at_once_whatever_they_do() -> None:
    pool = WorkerPool(SILENT)
    pool.spare = 2
    workers = [pool.take() for _ in range(4)]
    for worker in workers[:2]:
        pool.give_back(worker, fit=True)
    for worker in workers:
        _fill(worker)
        os.kill(worker.number, signal.SIGSTOP)
    began = time.monotonic()
    pool.close()
    assert time.monotonic() - began < 5 * END_WITHIN
    assert not any(worker.is_alive for worker in workers)
    assert pool.numbers() == []


def test_one_that_was_not_heard_of_late_is_lent_to_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pool = WorkerPool(SILENT)
    first = pool.take()
    _await_greeting(first)
    pool.give_back(first, fit=True)
    monkeypatch.setattr(worker_process, "SILENT_FOR", -1.0)
    second = pool.take()
    assert second is not first
    assert first._process.poll() is not None
    pool.give_back(second, fit=False)
    pool.close()
