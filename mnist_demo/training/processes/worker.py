"""A process that trains for another one, started by pool.py.

It reads orders from its standard input and writes reports to its standard output (messages.py); it
ends when its input does, so that it never outlives the process that it works for.
"""

import contextlib
import os
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mnist_demo.data.dataset import Dataset
from mnist_demo.networks.introspection import count_parameters
from mnist_demo.training.events import Event, StepEvent, settle
from mnist_demo.training.processes.messages import (
    ChangeSettings,
    Channel,
    Ended,
    EventBatch,
    MakeTrainer,
    SetThreads,
    SignOfLife,
    StartRun,
    Stop,
    TrainerMade,
    sendable,
    unpack_recipe,
)
from mnist_demo.training.processes.thread_tuner import ThreadTuner
from mnist_demo.training.processes.version import VERSION
from mnist_demo.training.trainer import Trainer

REPORT_EVERY = 0.2  # seconds: as often as a page shows it
SIGN_EVERY = 1.0  # seconds
# Multiplications in a step, as if each weight were used once for an image. softmax has half of it,
# and is as fast by one thread, which leaves a core to the page; mlp has seventeen times it.
SHARED_FROM = 1_000_000
POLITENESS = 5  # of os.nice: who draws meanwhile is answered first


class JobCancelled(BaseException):  # no error: nobody waits for the work any more
    """Raised within what is being done, where it checks for it."""


class _Assignment:
    """One trainer, and one run of it: what has been ordered of it so far."""

    def __init__(self, make: MakeTrainer) -> None:
        self.make = make
        self.runs: queue.Queue[StartRun | Stop] = queue.Queue()
        self.stopped = threading.Event()
        self.trainer: Trainer | None = None

    def check(self) -> None:
        """Raises JobCancelled where nobody waits for it any more."""
        if self.stopped.is_set():
            raise JobCancelled

    def await_run(self) -> StartRun:
        """What to run. Raises JobCancelled where nothing is to be."""
        order = self.runs.get()
        if isinstance(order, Stop):
            raise JobCancelled
        return order


class Worker:
    """Does one job after another."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._jobs: queue.Queue[_Assignment] = queue.Queue()
        self._newest: _Assignment | None = None
        self._tuner = ThreadTuner()
        self._dataset: Dataset | None = None

    def listen(self) -> None:
        """Take orders, in a thread of its own, until there is nobody to give any.

        What cannot be read or taken ends this process: nobody would know what it still waits for.
        """
        try:
            while True:
                self._take(self._channel.receive())
        except EOFError:
            pass
        except Exception as error:  # noqa: BLE001  # it is raised where the work is waited for
            with contextlib.suppress(OSError):
                self._channel.send(Ended(error=sendable(error)))
        os._exit(0)  # whatever is being computed: it is for nobody

    def give_signs(self) -> None:
        """Say that this process is there, in a thread of its own, also while torch computes."""
        with contextlib.suppress(OSError):
            while True:
                self._channel.send(SignOfLife())
                time.sleep(SIGN_EVERY)

    def _take(self, order: object) -> None:
        job = self._newest
        match order:
            case SetThreads(count):
                self._tuner.most = count
            case MakeTrainer():
                self._newest = _Assignment(order)
                self._jobs.put(self._newest)
            case StartRun() if job:
                job.runs.put(order)
            case Stop() if job:
                job.stopped.set()
                job.runs.put(order)
            case ChangeSettings(values) if job and job.trainer:
                job.trainer.settings.update(values)

    def work(self) -> None:
        """Do what is ordered, without end."""
        while True:
            job = self._jobs.get()
            self._channel.send(self._do(job))
            job.trainer = None

    def _do(self, job: _Assignment) -> Ended:
        spent = None
        try:
            try:
                trainer = job.trainer = self._make(job)
                self._channel.send(
                    TrainerMade(trainer.images_per_epoch, trainer.steps_per_epoch, trainer.draws)
                )
                run = job.await_run()
                target = trainer.epochs_done + trainer.count_epochs(run.epochs)
                limit = Limit(run.max_steps, run.max_seconds)
                self._report_all(trainer, limit.pass_on(self._train(job, trainer, run.epochs)))
                spent = limit.spent if trainer.epochs_done < target else None
            except JobCancelled:
                pass
            state = job.trainer.state_dict() if job.trainer else None
            return Ended(state, spent)
        except Exception as error:  # noqa: BLE001  # it is raised where the run is waited for
            error.add_note(traceback.format_exc())
            return Ended(_save(job.trainer), error=sendable(error))

    def _make(self, job: _Assignment) -> Trainer:
        make = job.make
        recipe = unpack_recipe(make.recipe)
        parameters = count_parameters(recipe.build(make.seed))
        self._tuner.small = parameters * recipe.batch_size < SHARED_FROM
        self._tuner.start()
        self._dataset = make.dataset or self._dataset
        assert self._dataset is not None, "the first order brings a data set"
        trainer = Trainer(
            recipe,
            self._dataset,
            seed=make.seed,
            device=make.device,
            extra_digits=make.extra_digits,
            check_cancelled=job.check,
            tests=make.tests,
            watch_every=make.watch_every,
            start=make.start,
        )
        if make.state:
            trainer.load_state_dict(make.state)
        return trainer

    def _train(self, job: _Assignment, trainer: Trainer, epochs: int | None) -> Iterator[Event]:
        for event in trainer.run(epochs):
            yield event
            job.check()
            if isinstance(event, StepEvent):
                self._tuner.adapt()
            else:
                self._tuner.start()

    def _report_all(self, trainer: Trainer, events: Iterator[Event]) -> None:
        """Report events, many at a time, and what they have made of the model."""
        waiting: list[Event] = []
        reported_at = time.monotonic()
        try:
            for event in events:
                waiting.append(event)
                if time.monotonic() - reported_at >= REPORT_EVERY or not isinstance(
                    event, StepEvent
                ):
                    self._report(trainer, waiting)
                    waiting, reported_at = [], time.monotonic()
        finally:
            if waiting:
                self._report(trainer, waiting)

    def _report(self, trainer: Trainer, events: list[Event]) -> None:
        weights = {name: each.cpu() for name, each in trainer.model.state_dict().items()}
        report = EventBatch(
            settle(events),
            trainer.epochs_done,
            trainer.steps_done - trainer.epochs_done * trainer.steps_per_epoch,
            trainer.seconds,
            trainer.wall_seconds,
            tuple(trainer.changes),
            frozenset(trainer.threads),
            weights,
        )
        self._channel.send(report)


def _save(trainer: Trainer | None) -> Mapping[str, Any] | None:
    """What there is of a trainer that went wrong."""
    try:
        return trainer.state_dict() if trainer else None
    except Exception:  # noqa: BLE001  # such as no memory for the copy: the first fault is reported
        return None


class Limit:
    """What one run may take; None: as much as it wants. seconds: evaluations included."""

    def __init__(self, steps: int | None, seconds: float | None) -> None:
        self._steps = steps
        self._seconds = seconds
        self.spent: str | None = None  # "steps" or "seconds": which of them ended the run

    def pass_on(self, events: Iterator[Event]) -> Iterator[Event]:
        """The events until the limit is reached.

        An epoch that has made its last step is evaluated, if it is to be: it would be a pity about
        it.
        """
        started, steps = time.monotonic(), 0
        for event in events:
            yield event
            ends_epoch = False
            if isinstance(event, StepEvent):
                steps += 1
                ends_epoch = event.step == event.steps_per_epoch
            if self.spent:
                return
            if self._steps is not None and steps >= self._steps:
                self.spent = "steps"
            elif self._seconds is not None and time.monotonic() - started >= self._seconds:
                self.spent = "seconds"
            if self.spent and not ends_epoch:
                return


def _be_nice() -> None:
    """Let who draws be answered first."""
    if hasattr(os, "nice"):
        os.nice(POLITENESS)
    # Under Linux's autogroup, see sched(7), that counts only within a session, and this process has
    # one of its own: against the server's counts the niceness of the session.
    for _ in range(10):
        try:
            Path("/proc/self/autogroup").write_text(str(POLITENESS), encoding="ascii")
        except BlockingIOError:  # one such change in a tenth of a second, whoever makes it
            time.sleep(0.1)
        except OSError:  # there are no such groups, or it may not: it trains all the same
            return
        else:
            return


def main() -> None:
    """Work for whoever started this process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for them
    _be_nice()
    with contextlib.suppress(OSError):  # where memory ends, this process does: on Linux
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    # What a library prints must not come between the messages.
    reports = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    channel = Channel(sys.stdin.buffer, reports)
    worker = Worker(channel)
    with contextlib.suppress(OSError):  # nobody is there to read
        channel.greet(VERSION)
        for beside in (worker.listen, worker.give_signs):
            threading.Thread(target=beside, name=beside.__name__, daemon=True).start()
        worker.work()


if __name__ == "__main__":
    main()
