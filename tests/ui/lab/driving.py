"""A training on the page, one step at a time."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from mnist_demo.ui.lab.budget import Budget
from mnist_demo.ui.lab.finishing import finish
from mnist_demo.ui.lab.line import Line
from mnist_demo.ui.lab.live_run import LiveRun
from mnist_demo.ui.lab.recipe_form import FIELDS, fill_in
from mnist_demo.ui.lab.running import Lab
from mnist_demo.ui.lab.runs import Runs
from mnist_demo.ui.library import Library, Own, OwnSet
from mnist_demo.workers import WORKERS, Workers

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
    filled = dict(zip(FIELDS, fill_in(recipe)[2:], strict=True))
    assert changes.keys() <= filled.keys()
    return [recipe, *(filled | {"epochs": 1} | changes).values()]


def start(
    library: Library,
    settings: list[Any],
    own: Own | None = None,
    runs: Runs = (),
    own_set: OwnSet = (),
    add_own: bool = False,
    watch: Any = None,
    drawing: Any = None,
    lab: Lab | None = None,
) -> Shows[list[Any]]:
    lab = lab or make_lab(library)
    return Shows(lab.start(VISITOR, own or {}, runs, own_set, add_own, watch, drawing, *settings))


def make_lab(
    library: Library, line: Line | None = None, workers: Workers = WORKERS, **budget: Any
) -> Lab:
    return Lab(library, line or Line(), Budget(**budget), workers)


def go_on(library: Library, run: LiveRun | None, runs: Runs, lab: Lab | None = None) -> Shows[Any]:
    return Shows((lab or make_lab(library)).go_on(VISITOR, run, runs))


def train(library: Library, own: Own, runs: Runs = (), **changes: Any) -> LiveRun:
    *_, shown = start(library, settings_of(**changes), own, runs)
    assert isinstance(shown[RUN], LiveRun)
    return shown[RUN]


def finish_run(run: LiveRun | None, own: Own, runs: Runs = ()) -> dict[str, Any]:
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
    return dict(zip(names, finish(run, runs, own), strict=True))


def stop_after(shows: Shows[list[Any]], epochs: float) -> LiveRun:
    live = (run for run, *_ in shows if isinstance(run, LiveRun))
    run = next(run for run in live if run.epochs_seen >= epochs)
    shows.close()
    return run
