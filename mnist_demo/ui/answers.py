"""The thread that answers drawings: those of many visitors that wait are read in one pass."""

from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from torch import nn

from mnist_demo.inference import check_digits, predict_probabilities
from mnist_demo.ui.torch_thread import TORCH, TorchThread

MOST = 16  # digits in one pass: robust_cnn reads them in some 20 ms on one core


@dataclass(frozen=True, eq=False)
class _Question:
    model: nn.Module
    digits: NDArray[Any]  # (N, 28, 28)
    answer: Future[NDArray[np.float32]] = field(default_factory=Future)


class Answers:
    """Reads digits at once, whatever trains or is reckoned elsewhere meanwhile.

    One worker: a team of them would disturb that of the trainings, as torch_thread.py tells, and
    waits long where the cores are taken. A pass over four digits takes 0.7 of the time of four.
    """

    def __init__(self) -> None:
        self._thread = TorchThread(workers=1)
        self._waiting: deque[_Question] = deque()

    def predict(self, model: nn.Module, digits: ArrayLike) -> NDArray[np.float32]:
        """As `predict_probabilities`, from any thread. `model` must not be in training."""
        return self.ask(model, digits).result()

    def ask(self, model: nn.Module, digits: ArrayLike) -> Future[NDArray[np.float32]]:
        """`predict`, for who does not wait here. Raises ValueError at once for what is no digit."""
        question = _Question(model, check_digits(digits))
        TORCH.note_other()
        self._waiting.append(question)
        self._thread.post(self._answer)  # as often as there are questions: none is left over
        return question.answer

    def _answer(self) -> None:
        """Answer the question that waits longest, and others to the same model with it."""
        together = [each for each in self._take() if each.answer.set_running_or_notify_cancel()]
        if not together:
            return
        digits = np.concatenate([question.digits for question in together])
        try:
            shares = predict_probabilities(together[0].model, digits)
        except BaseException as error:  # noqa: BLE001  # it is raised where it is waited for
            for question in together:
                question.answer.set_exception(error)
            return
        ends = np.cumsum([len(question.digits) for question in together])
        for question, part in zip(together, np.split(shares, ends[:-1]), strict=True):
            question.answer.set_result(part)

    def _take(self) -> list[_Question]:
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


ANSWERS = Answers()  # its thread starts with the first question
