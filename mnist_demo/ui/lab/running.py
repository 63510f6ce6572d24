"""What a training does on the page: from the press of Train to the model in the visitor's hands."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing, closing
from typing import Any

import gradio as gr

from mnist_demo.drawings import drawings_to_digits
from mnist_demo.events import Event
from mnist_demo.recipes import Recipe
from mnist_demo.remote_training import RemoteTrainer
from mnist_demo.training import BatchSizeError
from mnist_demo.training_images import OwnDigits
from mnist_demo.ui.checks import check_setting
from mnist_demo.ui.lab.budget import Budget, Turn
from mnist_demo.ui.lab.durations import tell_roughly
from mnist_demo.ui.lab.faults import explain, faults_told
from mnist_demo.ui.lab.line import Line, Place, Ticket
from mnist_demo.ui.lab.live_run import LiveRun
from mnist_demo.ui.lab.progress import describe_progress
from mnist_demo.ui.lab.recipe_form import read_recipe
from mnist_demo.ui.lab.runs import (
    Runs,
    describe_changes,
    new_name,
    new_number,
)
from mnist_demo.ui.lab.table import act_on_runs, describe_runs
from mnist_demo.ui.lab.watch import Watch, is_open
from mnist_demo.ui.library import Library, Own, OwnSet
from mnist_demo.ui.refuse import refuse
from mnist_demo.ui.sketchpad import read_sketch
from mnist_demo.ui.streaming import stream
from mnist_demo.ui.torch_thread import TORCH
from mnist_demo.ui.words import RefusedError, tell
from mnist_demo.workers import WORKERS, Workers

SHOW_EVERY = 0.22  # seconds: four pictures a second move, and what they take


class Lab:
    """What Train and Go on do: wait in line, train within the budget, and show both."""

    def __init__(
        self, library: Library, line: Line, budget: Budget, workers: Workers = WORKERS
    ) -> None:
        self._library = library
        self._line = line
        self._budget = budget
        self._workers = workers

    async def start(
        self,
        request: gr.Request,
        own: Own,
        runs: Runs,
        own_set: OwnSet,
        add_own: bool,
        watch: Any,
        drawing: Any,
        *settings: Any,
    ) -> AsyncIterator[list[Any]]:
        """Train from random weights with the settings of the form, and show it."""
        with faults_told():
            recipe, seed = read_recipe(*settings)
        more = own_set if add_own else ()
        # Here, as in the other thread nobody knows which language the visitor speaks.
        name = new_name(recipe, describe_changes(recipe, len(more)), runs, own)

        def make(check: Callable[[], None]) -> LiveRun:
            own_digits = drawings_to_digits(more) if more else None
            trainer = self._make_trainer(recipe, seed, own_digits, check)
            run = LiveRun(new_number(runs), name, trainer)
            run.watch = _make_watch(self._library, drawing) if is_open(watch) else None
            return run

        with self._line.stand(request.session_hash) as ticket:
            async for shown in _wait(ticket):
                yield shown
            starting = describe_progress(tell("train_starting"))
            # No run yet: a refusal loses no earlier one.
            yield [gr.skip(), starting, gr.skip(), *_running(None)]
            async with aclosing(self._train(make, ticket)) as shows:
                async for shown in shows:
                    yield shown

    async def go_on(
        self, request: gr.Request, run: LiveRun | None, runs: Runs
    ) -> AsyncIterator[list[Any]]:
        """Go on with a run that was paused, or train a finished one for as many epochs again."""
        if run is None or not run.resumable:
            raise refuse(tell("train_nothing"))

        def take_up(check: Callable[[], None]) -> LiveRun:
            run.rest()
            run.trainer.give_way = check
            return run

        with self._line.stand(request.session_hash) as ticket:
            async for shown in _wait(ticket):
                yield shown
            if run.reached:
                run.target += run.trainer.recipe.epochs
            run.name = next((each.name for each in runs if each.number == run.number), run.name)
            async with aclosing(self._train(take_up, ticket)) as shows:
                async for shown in shows:
                    yield shown

    async def _train(
        self, take: Callable[[Callable[[], None]], LiveRun], ticket: Ticket
    ) -> AsyncGenerator[list[Any]]:
        """Train the run that `take` makes or takes up again, in another thread, and show it."""
        turn = Turn(self._budget)
        runs: list[LiveRun] = []

        def work(check: Callable[[], None]) -> Iterator[Event]:
            run = take(check)
            with closing(run.trainer):
                limits = turn.begin(run.trainer.steps_done)
                runs.append(run)
                yield from run.go_on(**limits)

        shown_before = False
        try:
            async with aclosing(stream(work, SHOW_EVERY)) as events:
                async for _ in events:
                    if not runs:
                        yield _skips(8)
                        continue
                    yield _show(runs[0], ticket, turn, first=not shown_before)
                    shown_before = True
        except Exception as error:  # it is logged, and ends this run alone
            if not runs:
                with faults_told():
                    raise
            runs[0].ended_by = explain(error)
        if not shown_before:
            yield _show(runs[0], ticket, turn, first=True)
        if spent := runs[0].trainer.spent:
            runs[0].ended_by = self._budget.tell_spent(spent)

    def _make_trainer(
        self,
        recipe: Recipe,
        seed: int,
        own_digits: OwnDigits | None,
        give_way: Callable[[], None],
    ) -> RemoteTrainer:
        try:
            return RemoteTrainer(
                recipe,
                self._library.dataset(),
                seed=seed,
                own_digits=own_digits,
                give_way=give_way,
                workers=self._workers,
            )
        except BatchSizeError as error:
            too_large = tell("batch_too_large", batch_size=error.batch_size, images=error.images)
            raise RefusedError(too_large) from None


def _show(run: LiveRun, ticket: Ticket, turn: Turn, *, first: bool) -> list[Any]:
    """What the page gets of a run under way, and who waits of the time it still takes."""
    ticket.seconds_left = turn.seconds_left(run.trainer.steps_done, run.steps_left())
    if first:
        return [run, run.progress(), gr.skip(), *_running(run.trainer.learning_rate)]
    watched = run.watch.describe() if run.watch else gr.skip()
    # What does not change is left out: each output costs its time, and a rate being typed.
    return [run, run.progress(), watched, *_skips(5)]


async def _wait(ticket: Ticket) -> AsyncIterator[list[Any]]:
    """Wait for one's turn, and show one's place in line."""
    told: Any = None
    async for place in ticket.wait():
        status = describe_place(place)
        if told is None:
            yield [gr.skip(), status, gr.skip(), *_running(None, waits=True)]
        else:  # also where nothing has changed: Gradio then notices who has left
            yield [gr.skip(), gr.skip() if status == told else status, *_skips(6)]
        told = status


def describe_place(place: Place) -> dict[str, Any]:
    """A place in line, for the progress bar."""
    line = tell("line_next") if place.place == 1 else tell("line_place", place=place.place)
    if place.seconds is None:
        return describe_progress(line)
    turn = tell("turn_in", time=tell_roughly(place.seconds))
    return describe_progress(line, facts=[(tell("fact_turn"), turn)])


def _running(rate: float | None, waits: bool = False) -> list[Any]:
    """The buttons and the learning rate, where there is one, while a training goes on or waits."""
    shown = gr.update(visible=rate is not None, value=rate)
    return [*visible(False, not waits, False), shown, gr.update(visible=waits)]


def _skips(count: int) -> list[Any]:
    return [gr.skip() for _ in range(count)]


def visible(*shown: bool) -> list[Any]:
    """One update for each: Gradio takes an update apart, and a second use of it does nothing."""
    return [gr.update(visible=one) for one in shown]


def change_rate(run: LiveRun | None, rate: Any) -> None:
    """Train on with another learning rate."""
    if run is None or run.kept:
        raise refuse(tell("rate_done"))
    try:
        check_setting("learning_rate", rate)
        run.trainer.learning_rate = rate
    except ValueError as error:
        raise refuse(error) from None


def look(library: Library, run: LiveRun | None, watch: Any, drawing: Any) -> Any:
    """Begin to watch the run there is, or cease to."""
    if run is None:
        return gr.skip()
    if not is_open(watch):
        run.watch = None
        return gr.skip()
    if run.watch is None:
        run.watch = _make_watch(library, drawing)
    if run.kept:  # it is over: so the watch is shown its last state
        TORCH.call(run.watch, run.trainer.model, run.epochs_seen)
    return run.watch.describe()


def _make_watch(library: Library, drawing: Any) -> Watch:
    try:
        sketch = read_sketch(drawing)
    except ValueError:
        sketch = None
    return Watch(library.dataset(), sketch.digit if sketch else None)


def act(value: Any, runs: Runs, own: Own) -> list[Any]:
    """Do what the board asks for; the runs, the models, the one to choose, and the board."""
    outcome = act_on_runs(runs, own, value)
    return [outcome.runs, outcome.own, outcome.newest, describe_runs(outcome)]
