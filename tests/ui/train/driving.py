"""A training on the page, one step at a time."""

import asyncio
import copy
from collections.abc import AsyncIterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from mnist_demo import RECIPES
from mnist_demo.training.processes.pool import WorkerPool
from mnist_demo.training.setting_changes import SETTABLE
from mnist_demo.ui.compute.budget import Budget
from mnist_demo.ui.compute.model_store import ModelStore, UserDigits, UserModels
from mnist_demo.ui.compute.queue import TrainingQueue
from mnist_demo.ui.train.controller import TrainingController
from mnist_demo.ui.train.finishing import finish
from mnist_demo.ui.train.recipe_form import FIELDS, show_recipe
from mnist_demo.ui.train.run_store import Removed, Runs
from mnist_demo.ui.train.session import TrainingSession

T = TypeVar("T")


# What can be changed during a run whose network has no dropout.
SETTINGS_NOW = {"learning_rate_now", "weight_decay_now", "label_smoothing_now"}


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


# Settings of a run that lasts longer than any test.
UNENDING: dict[str, Any] = {"epochs": 1000, "batch_size": 1}
VISITOR: Any = SimpleNamespace(session_hash="visitor")


def settings_of(recipe: str = "softmax", **changes: Any) -> dict[str, Any]:
    """What the form of a recipe sends, with some values changed."""
    form = show_recipe(RECIPES[recipe], RECIPES[recipe].seed)
    filled = {name: form[name] for name in ("recipe", *FIELDS)}
    assert changes.keys() <= filled.keys()
    return filled | {"epochs": 1} | changes


def start(
    store: ModelStore,
    settings: dict[str, Any],
    user_models: UserModels | None = None,
    runs: Runs = (),
    user_digits: UserDigits = (),
    add_user_digits: bool = False,
    live_view: Any = None,
    drawing: Any = None,
    controller: TrainingController | None = None,
    visitor: Any = VISITOR,
    session: TrainingSession | None = None,
    removed: Removed = None,
) -> Shows[dict[str, Any]]:
    controller = controller or make_controller(store)
    return Shows(
        controller.start(
            visitor,
            session=session,
            user_models=user_models or {},
            runs=runs,
            user_digits=user_digits,
            add_user_digits=add_user_digits,
            live_view=live_view,
            drawing=drawing,
            removed=removed,
            **settings,
        )
    )


def make_controller(
    store: ModelStore,
    queue: TrainingQueue | None = None,
    pool: WorkerPool | None = None,
    **budget: Any,
) -> TrainingController:
    """pool: other processes than those of the store."""
    if pool:
        store = copy.copy(store)
        store.compute = replace(store.compute, pool=pool)
    return TrainingController(store, queue or TrainingQueue(), Budget(**budget))


def resume(
    store: ModelStore,
    session: TrainingSession | None,
    runs: Runs,
    controller: TrainingController | None = None,
    **settings_now: Any,
) -> Shows[dict[str, Any]]:
    controller = controller or make_controller(store)
    return Shows(controller.resume(VISITOR, session, runs, **settings_now))


def train(
    store: ModelStore, user_models: UserModels, runs: Runs = (), **changes: Any
) -> TrainingSession:
    *_, shown = start(store, settings_of(**changes), user_models, runs)
    assert isinstance(shown["session"], TrainingSession)
    return shown["session"]


def finish_session(
    store: ModelStore,
    session: TrainingSession | None,
    user_models: UserModels,
    runs: Runs = (),
) -> dict[str, Any]:
    """What the page holds then."""
    return {"runs": runs, "user_models": user_models} | finish(store, session, runs, user_models)


def stop_after(shows: Shows[dict[str, Any]], epochs: float) -> TrainingSession:
    live = (shown["session"] for shown in shows if "session" in shown)
    session: TrainingSession = next(each for each in live if each.epochs_seen >= epochs)
    shows.close()
    return session


def visible_buttons(shown: dict[str, Any]) -> set[str]:
    """Those that a handler has shown, and fields; the others it must have hidden."""
    names = ("train", "pause", "resume", "leave_queue", *(f"{name}_now" for name in SETTABLE))
    return {name for name in names if shown[name]["visible"]}
