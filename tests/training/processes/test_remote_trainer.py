import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from mnist_demo import RECIPES, Dataset, DivergedEvent, EpochEvent, Recipe, StepEvent, Trainer
from mnist_demo.training.events import Event
from mnist_demo.training.processes import remote_trainer
from mnist_demo.training.processes.messages import (
    Order,
    SetThreads,
    StartRun,
    TrainerMade,
    UnreadableMessageError,
)
from mnist_demo.training.processes.pool import WorkerPool
from mnist_demo.training.processes.remote_trainer import RemoteTrainer
from mnist_demo.training.processes.worker_process import (
    SILENT_FOR,
    WorkerLostError,
    WorkerProcess,
    WorkerSilentError,
)
from mnist_demo.training.setting_changes import SETTABLE, SettingChange
from mnist_demo.training.trainer import BatchSizeError
from tests.training.processes.faulty_worker import (
    AT_THE_START,
    ENDLESS,
    FAULTY,
    GOOD_STEPS,
    KILLED,
    NOT_FINITE,
    OURS,
    SLOW_STEPS,
    STOPPED,
)
from tests.training.runs import go, weights_of

SOFTMAX = replace(RECIPES["softmax"], epochs=2)  # 8 steps each on `tiny`
UNENDING = replace(SOFTMAX, epochs=1000, batch_size=1)  # lasts longer than any test
DROPPING = replace(UNENDING, layers="linear 20, relu, dropout 0.25, linear 10")
POOL = WorkerPool()


class LeftError(Exception):
    """Nobody waits for it any more."""


class Deaf:
    """Passes orders on, but for how long a run may take."""

    def __init__(self, order: Callable[[Order], None]) -> None:
        self._order = order

    def __call__(self, order: Order) -> None:
        if isinstance(order, StartRun):
            order = replace(order, max_seconds=None)
        self._order(order)


class OneThread(WorkerPool):
    """With several, the last digits depend on how busy the machine is: see thread_tuner.py."""

    def threads(self) -> int:
        return 1


SERIAL = OneThread()


class Lossy(WorkerPool):
    """Whose processes are done something to just as they are lent."""

    def __init__(self, do: Callable[[WorkerProcess], None]) -> None:
        super().__init__()
        self._do = do
        self.taken = 0

    def take(self) -> WorkerProcess:
        self.taken += 1
        worker = super().take()
        self._do(worker)
        return worker


@pytest.fixture
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def _collect(events: Iterator[Event], error: type[Exception]) -> list[Event]:
    """All that comes until that is raised."""
    seen: list[Event] = []

    def consume() -> None:
        for event in events:
            seen.append(event)  # what came before the error stays

    with pytest.raises(error):
        consume()
    return seen


def _losses(events: list[Event]) -> list[float]:
    return [event.loss for event in events if isinstance(event, StepEvent)]


def _timeless(event: Event) -> dict[str, Any]:
    """What an event says, but for the time."""
    shown = vars(event) | {"type": type(event), "seconds": 0.0, "wall_seconds": 0.0}
    return shown | ({"_answers": event.accuracy} if isinstance(event, StepEvent) else {})


def _leave(now: bool) -> None:
    if now:
        raise LeftError


class TestSameAsHere:
    @pytest.mark.parametrize(
        "recipe",
        [
            SOFTMAX,
            *(
                pytest.param(recipe, marks=pytest.mark.slow)
                for recipe in (
                    replace(RECIPES["fast_cnn"], epochs=2, batch_size=64),
                    replace(RECIPES["mlp"], epochs=2, label_noise=0.1, train_images=300),
                )
            ),
        ],
        ids=lambda recipe: recipe.name,
    )
    def test_events_and_weights_are_those_of_a_trainer_here(
        self, recipe: Recipe, tiny: Dataset, one_thread: None
    ) -> None:
        here = Trainer(recipe, tiny, seed=3, device="cpu")
        there = RemoteTrainer(recipe, tiny, seed=3, device="cpu", pool=SERIAL)
        assert there.steps_per_epoch == here.steps_per_epoch
        assert there.images_per_epoch == here.images_per_epoch
        expected, events = list(here.run()), list(there.run())
        assert len(events) == len(expected)
        for event, other in zip(events, expected, strict=True):
            assert _timeless(event) == _timeless(other)
        assert torch.equal(weights_of(there.model), weights_of(here.model))
        assert there.steps_done == here.steps_done
        assert there.epochs_done == here.epochs_done == 2
        assert there.changes == here.changes == []
        assert there.calibration_split[1].equal(here.calibration_split[1])
        assert there.dataset_name == here.dataset_name

    def test_a_run_that_was_left_goes_on_as_if_it_had_not_been(self, tiny: Dataset) -> None:
        parted = RemoteTrainer(UNENDING, tiny, pool=SERIAL)
        parted.check_cancelled = lambda: _leave(parted.steps_done > 0)
        first = _losses(_collect(parted.run(), LeftError))
        assert first
        assert parted.steps_done == len(first)
        parted.check_cancelled = None
        second = _losses(list(parted.run(max_steps=50)))
        whole = RemoteTrainer(UNENDING, tiny, pool=SERIAL)
        assert _losses(list(whole.run(max_steps=len(first) + 50))) == first + second
        assert torch.equal(weights_of(parted.model), weights_of(whole.model))

    @pytest.mark.slow
    def test_own_digits_are_trained_on(self, tiny: Dataset) -> None:
        user_models = (np.ones((2, 28, 28), np.float32), np.array([7, 1]))
        trainer = RemoteTrainer(SOFTMAX, tiny, pool=POOL, extra_digits=user_models)
        trainer.close()
        assert trainer.images_per_epoch == 512 + 10
        assert trainer.dataset_name == "tiny and 2 own digits"

    @pytest.mark.parametrize("name", SETTABLE)
    def test_settings_changed_on_the_way_give_the_same_losses(
        self, name: str, tiny: Dataset, one_thread: None
    ) -> None:
        """During the run, where the record says at which step, and while it rests."""
        there = RemoteTrainer(DROPPING, tiny, seed=3, device="cpu", pool=SERIAL)
        events = there.run()
        seen = [next(events)]
        setattr(there, name, 0.3)
        there.check_cancelled = lambda: _leave(bool(there.changes))
        seen += _collect(events, LeftError)
        there.check_cancelled = None
        stopped_at = there.steps_done
        setattr(there, name, 0.1)
        seen += there.run(max_steps=20)
        during = there.changes[0]
        assert 0 < during.step < stopped_at
        assert there.changes == [
            SettingChange(during.step, name, 0.3),
            SettingChange(stopped_at, name, 0.1),
        ]
        here = Trainer(DROPPING, tiny, seed=3, device="cpu")
        expected = go(here, during.step)
        setattr(here, name, 0.3)
        expected += go(here, stopped_at - during.step)
        setattr(here, name, 0.1)
        expected += go(here, 20)
        assert _losses(seen) == [event.loss for event in expected]
        assert torch.equal(weights_of(there.model), weights_of(here.model))
        assert here.changes == there.changes

    def test_a_bad_setting_is_refused_here(self, tiny: Dataset) -> None:
        trainer = RemoteTrainer(SOFTMAX, tiny, pool=POOL)
        trainer.close()
        with pytest.raises(ValueError, match="weight_decay must be a number from 0 to 1, not 2"):
            trainer.weight_decay = 2
        with pytest.raises(ValueError, match="dropout cannot be changed"):
            trainer.dropout = 0.5


class TestLimits:
    @pytest.mark.parametrize(("steps", "made"), [(3, 3), (7, 7), (9, 9), (16, 16), (1000, 16)])
    def test_steps_end_it(self, steps: int, made: int, tiny: Dataset) -> None:
        trainer = RemoteTrainer(SOFTMAX, tiny, pool=POOL)
        list(trainer.run(max_steps=steps))
        assert trainer.steps_done == made
        assert trainer.spent == ("steps" if made < 16 else None)  # else it is done

    def test_an_epoch_whose_steps_are_done_is_evaluated(self, tiny: Dataset) -> None:
        *_, last = RemoteTrainer(SOFTMAX, tiny, pool=POOL).run(max_steps=8)
        assert isinstance(last, EpochEvent)

    def test_it_ends_too_where_epochs_are_one_step_and_not_tested(self, tiny: Dataset) -> None:
        recipe = replace(UNENDING, train_images=100, batch_size=100)
        trainer = RemoteTrainer(recipe, tiny, pool=POOL, tests=10)
        assert len(list(trainer.run(max_steps=5))) <= 6
        assert trainer.spent == "steps"

    def test_seconds_end_it(self, tiny: Dataset) -> None:
        trainer = RemoteTrainer(UNENDING, tiny, pool=POOL)
        assert list(trainer.run(max_seconds=0.3))
        assert trainer.spent == "seconds"
        list(trainer.run(1))
        assert trainer.spent is None

    def test_seconds_end_it_too_where_its_process_lets_them_pass(
        self, tiny: Dataset, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(remote_trainer, "EVALUATE_WITHIN", 0)
        trainer = RemoteTrainer(UNENDING, tiny, pool=POOL)
        trainer._order = Deaf(trainer._order)  # type: ignore[method-assign]
        events = list(trainer.run(max_seconds=0.5))
        assert len(_losses(events)) == trainer.steps_done > 0
        assert trainer.spent == "seconds"
        assert not trainer.lost

    def test_seconds_end_it_too_where_its_process_is_stopped(
        self, tiny: Dataset, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(remote_trainer, "SILENT_AT_THE_END", 1)
        trainer = RemoteTrainer(replace(SOFTMAX, epochs=4), tiny, seed=STOPPED, pool=FAULTY)
        began = time.monotonic()
        seen = _collect(trainer.run(max_seconds=2), WorkerSilentError)
        assert time.monotonic() - began < SILENT_FOR
        assert len(_losses(seen)) == trainer.steps_done == GOOD_STEPS
        assert trainer.lost
        assert trainer.spent is None
        assert not FAULTY.are_busy

    @pytest.mark.slow
    def test_a_step_that_does_not_end_is_not_waited_for(
        self, tiny: Dataset, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("EVALUATE_WITHIN", "END_WITHIN"):
            monkeypatch.setattr(remote_trainer, name, 0.2)
        trainer = RemoteTrainer(SOFTMAX, tiny, seed=SLOW_STEPS, pool=FAULTY)
        seen = _collect(trainer.run(max_seconds=0.5), WorkerSilentError)
        assert len(_losses(seen)) == trainer.steps_done <= 1
        assert trainer.lost


class TestFaults:
    def test_too_large_a_batch_is_refused_as_it_is_here(self, tiny: Dataset) -> None:
        with pytest.raises(BatchSizeError, match="513 is more than the 512") as caught:
            RemoteTrainer(replace(SOFTMAX, batch_size=513), tiny, pool=POOL)
        assert (caught.value.batch_size, caught.value.images) == (513, 512)
        assert not POOL.are_busy

    @pytest.mark.parametrize("seed", AT_THE_START)
    def test_what_is_raised_there_is_raised_here(self, seed: int, tiny: Dataset) -> None:
        with pytest.raises(type(AT_THE_START[seed])) as caught:
            RemoteTrainer(SOFTMAX, tiny, seed=seed, pool=FAULTY)
        assert any("faulty_worker.py" in notice for notice in caught.value.__notes__)

    def test_an_order_that_cannot_be_read_is_told_and_the_next_has_another_process(
        self, tiny: Dataset, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        gone = type(sys)("gone_from_here")
        gone.Set = type("Set", (Dataset,), {"__module__": "gone_from_here"})  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "gone_from_here", gone)
        with pytest.raises(UnreadableMessageError, match="No module named 'gone_from_here'"):
            RemoteTrainer(SOFTMAX, gone.Set(**vars(tiny)), pool=POOL)
        assert not POOL.are_busy
        assert list(RemoteTrainer(SOFTMAX, tiny, pool=POOL).run(1))

    def test_a_fault_loses_nothing_that_was_done_before(self, tiny: Dataset) -> None:
        recipe = replace(SOFTMAX, epochs=4)
        trainer = RemoteTrainer(recipe, tiny, seed=OURS, pool=FAULTY)
        seen = _collect(trainer.run(), ArithmeticError)
        assert len(_losses(seen)) == trainer.steps_done == 20
        assert not trainer.lost
        trainer.learning_rate = 0.5
        assert _collect(trainer.run(), ArithmeticError) == []  # it goes on there
        assert trainer.learning_rate == 0.5

    @pytest.mark.slow
    def test_a_process_that_is_killed_leaves_the_last_model_seen(self, tiny: Dataset) -> None:
        trainer = RemoteTrainer(replace(SOFTMAX, epochs=4), tiny, seed=KILLED, pool=FAULTY)
        seen = _collect(trainer.run(), WorkerLostError)
        here = Trainer(replace(SOFTMAX, epochs=4), tiny, seed=KILLED, device="cpu")
        list(itertools.islice(here.run(), len(seen)))
        assert trainer.steps_done == here.steps_done == 20
        assert torch.allclose(weights_of(trainer.model), weights_of(here.model), atol=1e-6)
        assert trainer.lost
        assert list(trainer.run()) == []

    @pytest.mark.slow
    def test_a_diverged_run_goes_back_to_the_last_good_weights(self, tiny: Dataset) -> None:
        trainer = RemoteTrainer(SOFTMAX, tiny, seed=NOT_FINITE, pool=FAULTY)
        *_, last = trainer.run()
        assert isinstance(last, DivergedEvent)
        assert trainer.diverged
        assert weights_of(trainer.model).isfinite().all()
        assert list(trainer.run()) == []

    def test_a_stop_before_divergence_was_noticed_can_be_undone(self, tiny: Dataset) -> None:
        trainer = RemoteTrainer(SOFTMAX, tiny, pool=POOL)
        list(trainer.run(max_steps=5))
        here = Trainer(SOFTMAX, tiny, device="cpu")
        list(itertools.islice(here.run(), 5))
        with torch.no_grad():
            next(iter(trainer.model.parameters())).fill_(float("nan"))
        event = trainer.end_diverged(float("nan"))
        assert (event.epoch, event.step) == (1, 5)
        here.end_diverged(float("nan"))
        assert torch.allclose(weights_of(trainer.model), weights_of(here.model), atol=1e-6)

    def test_the_making_of_a_trainer_can_be_left(self, tiny: Dataset) -> None:
        looks = itertools.count()
        check = lambda: _leave(next(looks) == 5)  # noqa: E731
        with pytest.raises(LeftError):
            RemoteTrainer(SOFTMAX, tiny, seed=ENDLESS, check_cancelled=check, pool=FAULTY)
        assert not FAULTY.are_busy


class TestWorkers:
    @pytest.mark.slow
    def test_a_process_is_used_again_and_keeps_the_data_set(self, tiny: Dataset) -> None:
        with_one = WorkerPool()
        for _ in range(2):
            list(RemoteTrainer(SOFTMAX, tiny, pool=with_one).run(1))
        assert len(with_one.numbers()) == 1
        assert with_one._free[0].dataset is tiny
        with_one.close()
        assert with_one.numbers() == []

    @pytest.mark.slow
    def test_it_ends_with_the_one_that_it_works_for(self) -> None:
        worker = WorkerProcess()
        worker.end()
        assert not worker.is_alive
        with pytest.raises(WorkerLostError):
            worker.receive(1)

    @pytest.mark.skipif(sys.platform != "linux", reason="looks for the process in /proc")
    @pytest.mark.slow
    def test_it_ends_where_that_one_is_killed(self) -> None:
        program = (
            "import time; from mnist_demo.training.processes.pool import WorkerPool; "
            "workers = WorkerPool(); workers.prepare(); "
            "print(*workers.numbers(), flush=True); time.sleep(60)"
        )
        owner = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
        with owner:
            assert owner.stdout
            process = Path(f"/proc/{int(owner.stdout.readline())}")
            assert process.exists()
            owner.kill()
        ends = time.monotonic() + 30
        while process.exists() and time.monotonic() < ends:
            time.sleep(0.05)
        assert not process.exists()

    @pytest.mark.slow
    def test_one_that_died_while_it_waited_is_replaced(self, tiny: Dataset) -> None:
        with_one = WorkerPool()
        with_one.prepare()
        (number,) = with_one.numbers()
        os.kill(number, signal.SIGKILL)
        with_one._free[0]._process.wait()
        list(RemoteTrainer(SOFTMAX, tiny, pool=with_one).run(1))
        assert with_one.numbers() != [number]
        with_one.close()

    @pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
    def test_spare_ones_that_end_as_they_are_lent_are_replaced(
        self, number: int, tiny: Dataset
    ) -> None:
        pool = Lossy(lambda worker: os.kill(worker.number, number) if worker.was_spare else None)
        pool.spare = 2
        for worker in [pool.take() for _ in range(2)]:
            pool.give_back(worker, fit=True)
        numbers = pool.numbers()
        trainer = RemoteTrainer(SOFTMAX, tiny, pool=pool)
        assert list(trainer.run(1))
        assert not trainer.lost
        assert not set(numbers) & set(pool.numbers())
        pool.close()

    def test_a_new_one_that_is_killed_is_told_and_not_replaced(self, tiny: Dataset) -> None:
        pool = Lossy(lambda worker: os.kill(worker.number, signal.SIGKILL))
        with pytest.raises(WorkerLostError) as caught:
            RemoteTrainer(SOFTMAX, tiny, pool=pool)
        assert caught.value.killed
        assert (pool.taken, pool.are_busy) == (1, False)

    def test_a_spare_one_that_the_server_ends_is_not_replaced(self, tiny: Dataset) -> None:
        pool = Lossy(lambda worker: worker.kill() if worker.was_spare else None)
        pool.prepare()
        with pytest.raises(WorkerLostError):
            RemoteTrainer(SOFTMAX, tiny, pool=pool)
        assert (pool.taken, pool.numbers()) == (2, [])

    def test_each_process_is_told_how_many_threads_are_its_own(self, tiny: Dataset) -> None:
        trainer = RemoteTrainer(SOFTMAX, tiny, pool=SERIAL)
        list(trainer.run(max_steps=1))
        orders: list[Order] = []
        trainer._order = orders.append  # type: ignore[assignment]
        trainer._reports = lambda *_: iter([TrainerMade(1, 1, draws=False)])  # type: ignore[method-assign]
        trainer._begin()
        assert orders[0] == SetThreads(1)
        trainer._release(fit=False)

    def test_as_many_wait_for_a_training_as_are_to(self) -> None:
        workers = WorkerPool(("cat",))  # it ends with its input
        workers.spare = 2
        for worker in [workers.take() for _ in range(3)]:
            workers.give_back(worker, fit=True)
        assert len(workers.numbers()) == 2
        workers.close()

    def test_trainings_share_the_cores(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("mnist_demo.training.processes.pool.ALL_THREADS", 5)
        workers = WorkerPool(("cat",))  # it ends with its input
        assert workers.threads() == 5
        first, second = workers.take(), workers.take()
        assert workers.are_busy
        assert workers.threads() == 2
        for worker in (first, second):
            workers.give_back(worker, fit=False)
        assert not workers.are_busy
        workers.close()
