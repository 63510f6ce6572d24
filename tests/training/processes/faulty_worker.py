"""A process that trains like any other, but for some seeds, with which it goes wrong."""

import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

import torch

from mnist_demo.training.processes import worker
from mnist_demo.training.processes.pool import WorkerPool
from mnist_demo.training.trainer import Trainer

COMMAND = (sys.executable, "-m", "tests.training.processes.faulty_worker")
GOOD_STEPS = 20  # before it goes wrong

AT_A_STEP: dict[int, Exception] = {
    1001: MemoryError(),
    1002: torch.OutOfMemoryError("CUDA out of memory."),
    1003: RuntimeError("DefaultCPUAllocator: can't allocate memory"),
    1004: ArithmeticError("a fault of ours"),
}
OURS = 1004
AT_THE_START: dict[int, Exception] = {1011: MemoryError(), 1012: KeyError("x")}
KILLED, SLOW, ENDLESS, SLOW_STEPS, NOT_FINITE, STOPPED = 1021, 1022, 1023, 1024, 1025, 1026
SIGNALS = {KILLED: signal.SIGKILL, STOPPED: signal.SIGSTOP}  # that it sends itself

FAULTY = WorkerPool(COMMAND)  # starts its process with the first training


def _make(make: Callable[..., None], trainer: Trainer, *arguments: Any, **named: Any) -> None:
    seed = named["seed"]
    if seed in AT_THE_START:
        raise AT_THE_START[seed]
    if seed == SLOW:
        time.sleep(1)  # as long as it takes to draw some digits
    while seed == ENDLESS:  # a drawing of digits that has no end
        named["check_cancelled"]()
    make(trainer, *arguments, **named)


def _step(step: Callable[..., Any], trainer: Trainer, batch: Any) -> Any:
    done = trainer.steps_done
    if trainer.seed in SIGNALS and done == GOOD_STEPS - 1:
        time.sleep(2 * worker.REPORT_EVERY)  # so that after this step it reports
    if trainer.seed in SIGNALS and done == GOOD_STEPS:
        os.kill(os.getpid(), SIGNALS[trainer.seed])
    if trainer.seed == SLOW_STEPS and done:
        time.sleep(8)
    if trainer.seed in AT_A_STEP and done == GOOD_STEPS:
        raise AT_A_STEP[trainer.seed]
    logits, labels, loss = step(trainer, batch)
    return logits, labels, float("nan") if trainer.seed == NOT_FINITE and done else loss


def main() -> None:
    make, step = Trainer.__init__, Trainer._step
    Trainer.__init__ = lambda *a, **named: _make(make, *a, **named)  # type: ignore[method-assign]
    Trainer._step = lambda *a: _step(step, *a)  # type: ignore[method-assign]
    worker.main()


if __name__ == "__main__":
    main()
