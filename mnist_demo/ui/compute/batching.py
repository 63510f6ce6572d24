"""The thread that answers drawings: those of many visitors that wait are read in one pass."""

from collections import deque
from collections.abc import Generator
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from torch import nn

from mnist_demo.models.inference import check_digits, predict_probabilities
from mnist_demo.ui.compute.torch_thread import TorchThread

T = TypeVar("T")
Probabilities = NDArray[np.float32]  # (N, 10)
# The way to an answer: it yields a model, not in training, and digits (N, 28, 28), and gets what
# the model makes of them.
PredictionSteps = Generator[tuple[nn.Module, NDArray[Any]], Probabilities, T]

MOST = 16  # digits in one pass: robust_cnn reads them in some 20 ms on one core


@dataclass(frozen=True, eq=False)
class _Task:
    steps: PredictionSteps[Any]
    answer: Future[Any] = field(default_factory=Future)

    def advance(self, shares: Probabilities | None) -> tuple[nn.Module, NDArray[Any]] | None:
        """The next question; None where there is none, as the answer is known."""
        try:
            return self.steps.send(shares)  # type: ignore[arg-type]  # None begins
        except StopIteration as end:
            self.answer.set_result(end.value)
        except BaseException as error:  # noqa: BLE001  # it is raised where it is waited for
            self.answer.set_exception(error)
        return None


@dataclass(frozen=True, eq=False)
class _Question:
    task: _Task
    model: nn.Module
    digits: NDArray[Any]


class BatchPredictor:
    """Reads digits at once, whatever trains or is computed elsewhere meanwhile: dynamic batching.

    One thread of torch's: several would wait for each other, long where the cores are taken. A pass
    over four digits takes 0.7 of the time of four.

    What leads to a question, and from there to an answer, runs in this thread too: numpy and torch
    let go of Python's lock at each step, and two threads that hand it to and fro take a quarter
    more of the processor.

    torch_thread: where longer work is done, which leaves a core to a crowd of these.
    """

    def __init__(self, torch_thread: TorchThread) -> None:
        self._torch_thread = torch_thread
        self._thread = TorchThread(threads=1)
        self._waiting: deque[_Question] = deque()

    def predict(self, model: nn.Module, digits: ArrayLike) -> Probabilities:
        """As `predict_probabilities`, from any thread. `model` must not be in training."""
        return self.run(_ask(model, check_digits(digits))).result()

    def run(self, steps: PredictionSteps[T]) -> Future[T]:
        """What `steps` returns or raises. None of them may take long: all others wait."""
        task = _Task(steps)
        self._thread.post(partial(self._begin, task))
        return task.answer

    def close(self) -> None:
        """End its thread; the next question starts another one."""
        self._thread.close()

    def _begin(self, task: _Task) -> None:
        if task.answer.set_running_or_notify_cancel():
            self._advance(task, None)

    def _advance(self, task: _Task, shares: Probabilities | None) -> None:
        question = task.advance(shares)
        if question:
            self._torch_thread.note_other()
            self._waiting.append(_Question(task, *question))
            self._thread.post(self._answer)  # as often as there are questions: none is left over

    def _answer(self) -> None:
        """Answer the question that waits longest, and others to the same model with it."""
        together = self._take_together()
        if not together:
            return
        digits = np.concatenate([question.digits for question in together])
        try:
            shares = predict_probabilities(together[0].model, digits)
        except BaseException as error:  # noqa: BLE001  # it is raised where it is waited for
            for question in together:
                question.task.answer.set_exception(error)
            return
        ends = np.cumsum([len(question.digits) for question in together])
        for question, part in zip(together, np.split(shares, ends[:-1]), strict=True):
            self._advance(question.task, part)

    def _take_together(self) -> list[_Question]:
        """The question that waits longest, and as many others to its model as go with it."""
        if not self._waiting:
            return []
        first = self._waiting.popleft()
        together, others, count = [first], [], len(first.digits)
        while self._waiting and count < MOST:
            question = self._waiting.popleft()
            if question.model is first.model and count + len(question.digits) <= MOST:
                together.append(question)
                count += len(question.digits)
            else:
                others.append(question)
        self._waiting.extendleft(reversed(others))
        return together


def _ask(model: nn.Module, digits: NDArray[Any]) -> PredictionSteps[Probabilities]:
    return (yield model, digits)
