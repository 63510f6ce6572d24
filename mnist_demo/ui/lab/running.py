"""What a training does on the page: from the press of Train to the model in the visitor's hands."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from typing import Any

import gradio as gr

from mnist_demo.drawings import drawings_to_digits
from mnist_demo.recipes import Recipe
from mnist_demo.training import BatchSizeError, Trainer
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
from mnist_demo.ui.streaming import in_own_thread
from mnist_demo.ui.torch_thread import TORCH
from mnist_demo.ui.words import RefusedError, tell

SHOW_EVERY = 0.22  # seconds: four pictures a second move, and what they take


class Lab:
    """What Train and Go on do: wait in line, train within the budget, and show both."""

    def __init__(self, library: Library, line: Line, budget: Budget) -> None:
        self._library = library
        self._line = line
        self._budget = budget

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

        def make(give_way: Callable[[], None]) -> LiveRun:
            trainer = _make_trainer(self._library, recipe, seed, more, give_way)
            run = LiveRun(new_number(runs), name, trainer)
            run.watch = _make_watch(self._library, drawing) if is_open(watch) else None
            return run

        with self._line.stand(request.session_hash) as ticket:
            async for shown in _wait(ticket):
                yield shown
            turn = Turn(self._budget)
            starting = describe_progress(tell("train_starting"))
            # No run yet: a refusal loses no earlier one.
            yield [gr.skip(), starting, gr.skip(), *_running(None)]
            run: list[LiveRun] = []
            with faults_told():
                async with aclosing(in_own_thread(make, SHOW_EVERY)) as making:
                    async for made in making:
                        run += made
                        yield _skips(8)
            async with aclosing(self._follow(run[0], ticket, turn)) as shows:
                async for shown in shows:
                    yield shown

    async def go_on(
        self, request: gr.Request, run: LiveRun | None, runs: Runs
    ) -> AsyncIterator[list[Any]]:
        """Go on with a run that was paused, or train a finished one for as many epochs again."""
        if run is None or run.diverged:
            raise refuse(tell("train_nothing"))
        with self._line.stand(request.session_hash) as ticket:
            async for shown in _wait(ticket):
                yield shown
            if run.reached:
                run.target += run.trainer.recipe.epochs
            run.name = next((each.name for each in runs if each.number == run.number), run.name)
            async with aclosing(self._follow(run, ticket, Turn(self._budget))) as shows:
                async for shown in shows:
                    yield shown

    async def _follow(self, run: LiveRun, ticket: Ticket, turn: Turn) -> AsyncGenerator[list[Any]]:
        yield [run, run.progress(), gr.skip(), *_running(run.trainer.learning_rate)]
        run.trainer.give_way = TORCH.give_way
        try:
            async with aclosing(TORCH.stream(turn.limit(run.go_on()), SHOW_EVERY)) as events:
                async for _ in events:
                    ticket.seconds_left = turn.seconds_left(run.steps_left())
                    watched = run.watch.describe() if run.watch else gr.skip()
                    # What does not change is left out: each output costs its time, and a rate
                    # being typed.
                    yield [run, run.progress(), watched, *_skips(5)]
        except Exception as error:  # noqa: BLE001  # it is logged, and ends this run alone
            run.ended_by = explain(error)
        if turn.spent:
            run.ended_by = self._budget.tell_spent(turn.spent)


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


def _make_trainer(
    library: Library, recipe: Recipe, seed: int, own_set: OwnSet, give_way: Callable[[], None]
) -> Trainer:
    own_digits = drawings_to_digits(own_set) if own_set else None
    dataset = library.dataset()
    try:
        return Trainer(recipe, dataset, seed=seed, own_digits=own_digits, give_way=give_way)
    except BatchSizeError as error:
        too_large = tell("batch_too_large", batch_size=error.batch_size, images=error.images)
        raise RefusedError(too_large) from None


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
