import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from mnist_demo import load_checkpoint, predict_probabilities
from mnist_demo.models.activations import hidden_layers, last_hidden
from mnist_demo.ui.compute import batching as module
from mnist_demo.ui.compute.batching import MOST, BatchPredictor, PredictionSteps
from mnist_demo.ui.compute.torch_thread import CROWD, TorchThread

MODELS = {name: load_checkpoint(name).model for name in ("softmax", "mlp", "fast_cnn")}
DIGITS = np.random.default_rng(0).random((60, 28, 28), dtype=np.float32)


@pytest.fixture
def torch_thread() -> TorchThread:
    return TorchThread()


@pytest.fixture
def answers(torch_thread: TorchThread) -> BatchPredictor:
    return BatchPredictor(torch_thread)


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many digits each pass has; the first one waits until all have asked."""
    seen: list[int] = []

    def counted(model: nn.Module, digits: Any) -> Any:
        seen.append(len(digits))
        return predict_probabilities(model, digits)

    monkeypatch.setattr(module, "predict_probabilities", counted)
    return seen


def _ask_together(answers: BatchPredictor, questions: list[tuple[nn.Module, Any]]) -> list[Any]:
    """The answers to questions that all wait when the first one is taken."""
    held, begun = Future[None](), threading.Event()

    def hold() -> None:
        begun.set()
        held.result(timeout=30)

    answers._thread.post(hold)
    begun.wait(30)
    with ThreadPoolExecutor(len(questions)) as pool:
        asked = [pool.submit(answers.predict, *question) for question in questions]
        while len(answers._thread._calls) < len(questions):
            pass
        held.set_result(None)
        return [each.result(timeout=30) for each in asked]


def test_each_gets_the_answer_to_its_own_digits(answers: BatchPredictor) -> None:
    questions = [
        (MODELS[name], DIGITS[at : at + count])
        for at, (name, count) in enumerate(zip([*MODELS] * 10, [1, 3, 20, 1, 2] * 6, strict=True))
    ]
    for (model, digits), got in zip(questions, _ask_together(answers, questions), strict=True):
        np.testing.assert_allclose(got, predict_probabilities(model, digits), atol=1e-5)


def test_those_who_wait_for_one_model_are_answered_in_one_pass(
    answers: BatchPredictor, passes: list[int]
) -> None:
    _ask_together(answers, [(MODELS["mlp"], DIGITS[at]) for at in range(MOST)])
    assert passes == [MOST]


def test_a_pass_is_short_enough_for_the_others(answers: BatchPredictor, passes: list[int]) -> None:
    _ask_together(answers, [(MODELS["mlp"], DIGITS[: MOST // 2 + 1]) for _ in range(4)])
    assert passes == [MOST // 2 + 1] * 4


def test_what_cannot_be_read_disturbs_nobody_else(answers: BatchPredictor) -> None:
    with pytest.raises(ValueError, match="not \\(3,\\)"):
        answers.predict(MODELS["mlp"], np.zeros(3))
    assert answers.predict(MODELS["mlp"], DIGITS[0]).shape == (1, 10)


def test_a_fault_is_raised_where_it_is_waited_for(answers: BatchPredictor) -> None:
    with pytest.raises(RuntimeError):
        answers.predict(nn.Linear(3, 10), DIGITS[0])
    assert answers.predict(MODELS["mlp"], DIGITS[0]).shape == (1, 10)


def test_a_way_to_an_answer_may_have_no_question_or_several(answers: BatchPredictor) -> None:
    def steps(count: int) -> PredictionSteps[int]:
        rows = 0
        for _ in range(count):
            rows += len((yield MODELS["mlp"], DIGITS[:2]))
        return rows

    assert [answers.run(steps(count)).result() for count in range(4)] == [0, 2, 4, 6]


def test_a_fault_on_the_way_is_the_answer(answers: BatchPredictor) -> None:
    def steps() -> PredictionSteps[None]:
        yield MODELS["mlp"], DIGITS[:1]
        raise KeyError("a fault")

    with pytest.raises(KeyError, match="a fault"):
        answers.run(steps()).result()
    assert answers.predict(MODELS["mlp"], DIGITS[0]).shape == (1, 10)


def test_what_is_no_longer_wanted_is_not_begun(answers: BatchPredictor) -> None:
    held, begun = Future[None](), []

    def steps() -> PredictionSteps[None]:
        begun.append(1)
        yield MODELS["mlp"], DIGITS[:1]

    answers._thread.post(lambda: held.result(timeout=30))
    assert answers.run(steps()).cancel()
    held.set_result(None)
    assert answers.predict(MODELS["mlp"], DIGITS[0]).shape == (1, 10)
    assert begun == []


def test_an_answer_does_not_wait_for_a_long_computation(
    answers: BatchPredictor, torch_thread: TorchThread
) -> None:
    held = Future[None]()
    torch_thread.post(lambda: held.result(timeout=30))
    try:
        assert answers.predict(MODELS["mlp"], DIGITS[0]).shape == (1, 10)
    finally:
        held.set_result(None)


def test_what_others_read_is_not_seen_in_a_models_layers(answers: BatchPredictor) -> None:
    model = MODELS["fast_cnn"]
    layers, hidden = hidden_layers(model, DIGITS[0]), last_hidden(model, DIGITS[0])
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            answers.predict(model, DIGITS[1])

    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read)
        for _ in range(20):
            for ours, again in zip(layers, hidden_layers(model, DIGITS[0]), strict=True):
                np.testing.assert_allclose(ours.activations, again.activations, atol=1e-5)
            np.testing.assert_allclose(hidden, last_hidden(model, DIGITS[0]), atol=1e-5)
        done.set()
        reading.result()


def test_a_training_leaves_a_core_to_a_crowd_and_to_nobody_else() -> None:
    thread = TorchThread()
    everything = thread.call(torch.get_num_threads)
    for _ in range(CROWD - 1):
        thread.note_other()
    assert thread.call(torch.get_num_threads) == everything
    thread.note_other()
    assert thread.call(torch.get_num_threads) == 1
