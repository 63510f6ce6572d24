"""A training on the page, one step at a time."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from mnist_demo.training.processes.pool import WORKER_POOL, WorkerPool
from mnist_demo.ui.compute.model_store import ModelStore, UserDigits, UserModels
from mnist_demo.ui.train.budget import Budget
from mnist_demo.ui.train.controller import TrainingController
from mnist_demo.ui.train.finishing import finish
from mnist_demo.ui.train.queue import TrainingQueue
from mnist_demo.ui.train.recipe_form import FIELDS, fill_in
from mnist_demo.ui.train.run_store import Runs
from mnist_demo.ui.train.session import TrainingSession

T = TypeVar("T")


class Shows(Generic[T]):
    """What an async generator yields, in a loop of its own; between the steps that loop rests."""

    def __init__(self, generator: AsyncIterator[T]) -> None:
        self._generator = generator
        self._loop = asyncio.new_event_loop()

    def __iter__(self) -> "Shows[T]":
        return self

    def __next__(self) -> T:
        over = True
        try:
            shown = self._loop.run_until_complete(anext(self._generator))
            over = False
            return shown
        except StopAsyncIteration:
            raise StopIteration from None
        finally:
            if over:  # or failed: either way there is no next step
                self._loop.close()

    def close(self) -> None:
        """As Gradio does where who asked has left."""
        self._loop.run_until_complete(self._generator.aclose())  # type: ignore[attr-defined]
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()


RUN, STATUS, WATCH, START, PAUSE, RESUME, RATE, LEAVE = range(8)  # of what a training shows
BUTTONS = (START, PAUSE, RESUME)
VISITOR: Any = SimpleNamespace(session_hash="visitor")


def settings_of(recipe: str = "softmax", **changes: Any) -> list[Any]:
    filled = dict(zip(FIELDS, fill_in(ModelStore(), recipe)[2:], strict=True))
    assert changes.keys() <= filled.keys()
    return [recipe, *(filled | {"epochs": 1} | changes).values()]


def start(
    store: ModelStore,
    settings: list[Any],
    user_models: UserModels | None = None,
    runs: Runs = (),
    user_digits: UserDigits = (),
    add_user_digits: bool = False,
    watch: Any = None,
    drawing: Any = None,
    controller: TrainingController | None = None,
) -> Shows[list[Any]]:
    controller = controller or make_lab(store)
    return Shows(
        controller.start(
            VISITOR,
            user_models or {},
            runs,
            user_digits,
            add_user_digits,
            watch,
            drawing,
            *settings,
        )
    )


def make_lab(
    store: ModelStore,
    line: TrainingQueue | None = None,
    workers: WorkerPool = WORKER_POOL,
    **budget: Any,
) -> TrainingController:
    return TrainingController(store, line or TrainingQueue(), Budget(**budget), workers)


def resume(
    store: ModelStore,
    run: TrainingSession | None,
    runs: Runs,
    controller: TrainingController | None = None,
) -> Shows[Any]:
    return Shows((controller or make_lab(store)).resume(VISITOR, run, runs))


def train(
    store: ModelStore, user_models: UserModels, runs: Runs = (), **changes: Any
) -> TrainingSession:
    *_, shown = start(store, settings_of(**changes), user_models, runs)
    assert isinstance(shown[RUN], TrainingSession)
    return shown[RUN]


def finish_run(
    run: TrainingSession | None, user_models: UserModels, runs: Runs = ()
) -> dict[str, Any]:
    names = (
        "runs",
        "own",
        "newest",
        "board",
        "status",
        "watch",
        "start",
        "pause",
        "resume",
        "rate",
        "leave",
    )
    return dict(zip(names, finish(run, runs, user_models), strict=True))


def stop_after(shows: Shows[list[Any]], epochs: float) -> TrainingSession:
    live = (run for run, *_ in shows if isinstance(run, TrainingSession))
    run = next(run for run in live if run.epochs_seen >= epochs)
    shows.close()
    return run
