"""A trainer whose computing is done by another process, which leaves this one free to answer."""

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import torch

from mnist_demo.data.dataset import Dataset
from mnist_demo.training.events import DivergedEvent, Event
from mnist_demo.training.processes.messages import (
    ChangeSettings,
    Ended,
    EventBatch,
    MakeTrainer,
    Order,
    SetThreads,
    StartRun,
    Stop,
    TrainerMade,
    UnreadableMessageError,
    pack_recipe,
)
from mnist_demo.training.processes.pool import WorkerPool
from mnist_demo.training.processes.worker_process import (
    SILENT_FOR,
    WorkerLostError,
    WorkerProcess,
    WorkerSilentError,
)
from mnist_demo.training.recipes import BOUNDS, Recipe
from mnist_demo.training.snapshots import Snapshot
from mnist_demo.training.training import Training
from mnist_demo.training.training_set import ExtraDigits, split_calibration

LOOK_EVERY = 0.1  # seconds between two looks at whether the work is still wanted
MAKE_WITHIN = 600.0  # seconds for a trainer: robust_cnn draws tens of thousands of digits first
EVALUATE_WITHIN = 10.0  # seconds after a run's time is over, for the epoch that is complete
SILENT_AT_THE_END = 5.0  # seconds, as SILENT_FOR, once the time is over
END_WITHIN = 30.0  # seconds that a step may take to end; then the process is killed


class RemoteTrainer(Training):
    """As `Trainer`, which see, but for these:

    - It has a process of `pool` to itself until its run has ended; `close` gives back one that was
      not run.
    - Its model is on the CPU, and as of the last event that was yielded, or a few steps later.
    - `check_cancelled` may end the run at any time; the steps that were done by then are still
      yielded.
    - Where the process dies, does not answer any more, or runs another version of the program, as
      files have changed, `run` raises WorkerLostError. The model stays as it was last seen, and the
      run cannot be resumed.

    Raises ValueError, too, where that process cannot import the recipe's network.
    """

    def __init__(
        self,
        recipe: Recipe,
        dataset: Dataset,
        *,
        pool: WorkerPool,
        seed: int = 0,
        device: str | torch.device | None = None,
        extra_digits: ExtraDigits | None = None,
        check_cancelled: Callable[[], None] | None = None,
        tests: int | None = None,
        watch_every: float | None = None,
        start: Snapshot | None = None,
    ) -> None:
        super().__init__(recipe, dataset, seed, device, extra_digits, check_cancelled)
        self.calibration_split = split_calibration(recipe, dataset)[1]
        self.lost = False  # with its process
        self._recipe = pack_recipe(recipe)
        self._tests = tests
        self._watch_every = watch_every
        self._start = start
        self._state: Mapping[str, Any] | None = None
        self._pool = pool
        self._worker: WorkerProcess | None = None
        self._threads = 0  # that its process was sent
        self._begin()
        if start:
            self._start_from(start)

    def change(self, name: str, value: float) -> None:
        super().change(name, value)
        self._order(ChangeSettings({name: self.settings[name]}))

    def run(
        self,
        epochs: int | None = None,
        *,
        max_steps: int | None = None,
        max_seconds: float | None = None,
    ) -> Iterator[Event]:
        """As `Trainer.run`. The run ends, too, where so many steps are done, or seconds are over,
        evaluations included; an epoch whose last step is done is evaluated first, for which it has
        EVALUATE_WITHIN more. `spent` says so. That holds where the process does not: see
        `Deadline`.
        """
        if epochs is not None:
            BOUNDS["epochs"].check("epochs", epochs)
        return self._run(StartRun(epochs, max_steps, max_seconds))

    def _run(self, run: StartRun) -> Iterator[Event]:
        self.spent = None
        if self.diverged or self.lost:
            return
        if self._worker is None:
            self._begin()
        try:
            self._order(ChangeSettings(self.settings.copy()))  # as they may have been in between
            self._order(run)
            for report in self._reports(Deadline(run.max_seconds, EVALUATE_WITHIN)):
                yield from self._note(report)
        finally:
            self.close()

    def close(self) -> None:
        """End what is being done, and give the process back. Whatever was done is kept."""
        try:
            for report in self._reports(Deadline(), wanted=False):
                self._note(report)
        except Exception:  # noqa: BLE001  # nobody waits for it any more
            self.lost |= self._worker is not None
        finally:
            self._release(fit=False)

    def _begin(self) -> None:
        """Have a trainer made by a process: by another where one has ended while it was spare,
        which may be noticed only when it has been lent."""
        while True:
            worker = self._worker = self._pool.take()
            try:
                return self._make(worker)
            except WorkerLostError:
                if self._worker is None or worker.was_killed or not worker.was_spare:
                    self.close()
                    raise
                self._release(fit=False)
            except BaseException:
                self.close()
                raise

    def _make(self, worker: WorkerProcess) -> None:
        self._threads = 0
        self._share_threads()
        dataset = None if worker.dataset is self.dataset else self.dataset
        device, digits = str(self.device), self.extra_digits
        asked = (self.seed, device, digits, self._tests, self._watch_every)
        self._order(MakeTrainer(self._recipe, dataset, *asked, self._state, self._start))
        worker.dataset = self.dataset
        for report in self._reports(Deadline(MAKE_WITHIN)):
            if isinstance(report, TrainerMade):
                self.images_per_epoch = report.images_per_epoch
                self.steps_per_epoch = report.steps_per_epoch
                self.draws = report.draws
                return
        raise WorkerLostError("the process that was to train has made no trainer")

    def _reports(
        self, deadline: "Deadline", *, wanted: bool = True
    ) -> Iterator[TrainerMade | EventBatch]:
        """What comes until the work has ended. It is stopped where it is not wanted, where its time
        is over, or where `check_cancelled` raises; what it has done by then still comes, and then
        that is raised."""
        left: BaseException | None = None
        stopped = False
        while worker := self._worker:
            if not stopped:
                left = self._why_left() if wanted else None
                stopped = not wanted or left is not None or deadline.is_reached
                if stopped:
                    self._order(Stop())
                    deadline.note_stop()
            if deadline.is_missed:
                worker.kill(WorkerSilentError("the process that trained did not end in time"))
            match worker.receive(LOOK_EVERY, deadline.silent_for):
                case Ended() as ended:
                    self._end(ended)
                    if stopped and wanted and left is None:
                        self.spent = "seconds"
                case TrainerMade() | EventBatch() as report:
                    yield report
        if left:
            raise left

    def _note(self, report: TrainerMade | EventBatch) -> Sequence[Event]:
        """Be what the trainer was when it reported; the events that brought it there."""
        if isinstance(report, TrainerMade):
            return ()
        self.epochs_done, self._steps_done = report.epochs_done, report.epoch_steps
        self.seconds, self.wall_seconds = report.seconds, report.wall_seconds
        self.threads = set(report.threads)
        self.changes = list(report.changes)
        self.model.load_state_dict(report.weights)
        self.diverged = any(isinstance(event, DivergedEvent) for event in report.events)
        return report.events

    def _end(self, ended: Ended) -> None:
        self._state, self.spent = ended.state, ended.spent
        if ended.state:
            self._finite = ended.state["finite"]
        self._release(fit=not isinstance(ended.error, UnreadableMessageError))
        if ended.error:
            self.lost = ended.state is None
            raise ended.error

    def _release(self, *, fit: bool) -> None:
        worker, self._worker = self._worker, None
        if worker:
            self._pool.give_back(worker, fit=fit)

    def _why_left(self) -> BaseException | None:
        """What `check_cancelled` raises, if it does. Others may have begun meanwhile, or ended."""
        try:
            if self.check_cancelled:
                self.check_cancelled()
        except BaseException as reason:  # noqa: BLE001  # it is raised when the work has ended
            return reason
        self._share_threads()
        return None

    def _share_threads(self) -> None:
        threads = self._pool.threads()
        if threads != self._threads:
            self._threads = threads
            self._order(SetThreads(threads))

    def _order(self, order: Order) -> None:
        if worker := self._worker:
            worker.send(order)


class Deadline:
    """When an exchange with a process has to be over, as this process sees it.

    seconds: that it may take; None: as many as it wants. grace: seconds more, for a process that
    ends by itself and only has to finish. Then it is to be stopped; END_WITHIN later it is killed.
    """

    def __init__(self, seconds: float | None = None, grace: float = 0.0) -> None:
        self._over_at = math.inf if seconds is None else time.monotonic() + seconds
        self._stop_at = self._over_at + grace
        self._kill_at = math.inf

    @property
    def is_reached(self) -> bool:
        """Whether the process is to be stopped."""
        return time.monotonic() >= self._stop_at

    def note_stop(self) -> None:
        """Say that it was."""
        self._kill_at = time.monotonic() + END_WITHIN

    @property
    def is_missed(self) -> bool:
        """Whether it is to be killed."""
        return time.monotonic() >= self._kill_at

    @property
    def silent_for(self) -> float:
        """Seconds for which it may give no sign of life."""
        return SILENT_FOR if time.monotonic() < self._over_at else SILENT_AT_THE_END
