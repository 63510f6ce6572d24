"""What a training does on the page: from the press of Train to the model in the visitor's hands."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing, closing
from typing import Any

import gradio as gr

from mnist_demo.digits.stroke_files import drawings_to_digits
from mnist_demo.training.events import Event
from mnist_demo.training.processes.pool import WORKER_POOL, WorkerPool
from mnist_demo.training.processes.remote_trainer import RemoteTrainer
from mnist_demo.training.recipes import Recipe
from mnist_demo.training.trainer import BatchSizeError
from mnist_demo.training.training_set import ExtraDigits
from mnist_demo.ui.components.sketchpad import read_sketch
from mnist_demo.ui.compute.model_store import ModelStore, UserDigits, UserModels
from mnist_demo.ui.compute.streaming import stream
from mnist_demo.ui.compute.torch_thread import TORCH
from mnist_demo.ui.errors import user_error
from mnist_demo.ui.i18n.translate import TranslatedError, translate
from mnist_demo.ui.train.budget import Budget, BudgetClock
from mnist_demo.ui.train.durations import describe_roughly
from mnist_demo.ui.train.errors import errors_shown, explain_error
from mnist_demo.ui.train.live_view import LiveView, is_open
from mnist_demo.ui.train.progress import describe_progress
from mnist_demo.ui.train.queue import Job, QueuePosition, TrainingQueue
from mnist_demo.ui.train.recipe_form import read_recipe
from mnist_demo.ui.train.run_actions import act_on_runs
from mnist_demo.ui.train.run_store import Runs, describe_changes, new_name, new_number
from mnist_demo.ui.train.runs_table import describe_runs
from mnist_demo.ui.train.session import TrainingSession
from mnist_demo.ui.validation import check_setting

SHOW_EVERY = 0.22  # seconds: four pictures a second move, and what they take


class TrainingController:
    """What Train and Go on do: wait in line, train within the budget, and show both."""

    def __init__(
        self,
        store: ModelStore,
        queue: TrainingQueue,
        budget: Budget,
        workers: WorkerPool = WORKER_POOL,
    ) -> None:
        self._library = store
        self._queue = queue
        self._budget = budget
        self._workers = workers

    async def start(
        self,
        request: gr.Request,
        user_models: UserModels,
        runs: Runs,
        user_digits: UserDigits,
        add_user_digits: bool,
        watch: Any,
        drawing: Any,
        *settings: Any,
    ) -> AsyncIterator[list[Any]]:
        """Train from random weights with the settings of the form, and show it."""
        with errors_shown():
            recipe, seed = read_recipe(*settings)
        more = user_digits if add_user_digits else ()
        # Here, as in the other thread nobody knows which language the visitor speaks.
        changes = describe_changes(recipe, len(more), dataset=self._library.loaded)
        name = new_name(recipe, changes, runs, user_models)

        def make(check: Callable[[], None]) -> TrainingSession:
            extra_digits = drawings_to_digits(more) if more else None
            trainer = self._make_trainer(recipe, seed, extra_digits, check)
            run = TrainingSession(new_number(runs), name, trainer)
            run.watch = _make_watch(self._library, drawing) if is_open(watch) else None
            return run

        with self._queue.stand(request.session_hash) as job:
            async for shown in _wait(job):
                yield shown
            starting = describe_progress(translate("train_starting"))
            # No run yet: a refusal loses no earlier one.
            yield [gr.skip(), starting, gr.skip(), *_running(None)]
            async with aclosing(self._train(make, job)) as shows:
                async for shown in shows:
                    yield shown

    async def resume(
        self, request: gr.Request, run: TrainingSession | None, runs: Runs
    ) -> AsyncIterator[list[Any]]:
        """Go on with a run that was paused, or train a finished one for as many epochs again."""
        if run is None or not run.resumable:
            raise user_error(translate("train_nothing"))

        def resume_run(check: Callable[[], None]) -> TrainingSession:
            run.rest()
            run.trainer.check_cancelled = check
            return run

        with self._queue.stand(request.session_hash) as job:
            async for shown in _wait(job):
                yield shown
            if run.reached:
                run.target += run.trainer.recipe.epochs
            run.name = next((each.name for each in runs if each.number == run.number), run.name)
            async with aclosing(self._train(resume_run, job)) as shows:
                async for shown in shows:
                    yield shown

    async def _train(
        self, take: Callable[[Callable[[], None]], TrainingSession], job: Job
    ) -> AsyncGenerator[list[Any]]:
        """Train the run that `take` makes or takes up again, in another thread, and show it."""
        clock = BudgetClock(self._budget)
        runs: list[TrainingSession] = []

        def work(check: Callable[[], None]) -> Iterator[Event]:
            run = take(check)
            with closing(run.trainer):
                limits = clock.begin(run.trainer.steps_done)
                runs.append(run)
                yield from run.resume(**limits)

        shown_before = False
        try:
            async with aclosing(stream(work, SHOW_EVERY)) as events:
                async for _ in events:
                    if not runs:
                        yield _skips(8)
                        continue
                    yield _show(runs[0], job, clock, first=not shown_before)
                    shown_before = True
        except Exception as error:  # it is logged, and ends this run alone
            if not runs:
                with errors_shown():
                    raise
            runs[0].ended_by = explain_error(error)
        if not shown_before:
            yield _show(runs[0], job, clock, first=True)
        if spent := runs[0].trainer.spent:
            runs[0].ended_by = self._budget.describe_exhausted(spent)

    def _make_trainer(
        self,
        recipe: Recipe,
        seed: int,
        extra_digits: ExtraDigits | None,
        check_cancelled: Callable[[], None],
    ) -> RemoteTrainer:
        try:
            return RemoteTrainer(
                recipe,
                self._library.dataset(),
                seed=seed,
                extra_digits=extra_digits,
                check_cancelled=check_cancelled,
                workers=self._workers,
            )
        except BatchSizeError as error:
            too_large = translate(
                "batch_too_large", batch_size=error.batch_size, images=error.images
            )
            raise TranslatedError(too_large) from None


def _show(run: TrainingSession, job: Job, clock: BudgetClock, *, first: bool) -> list[Any]:
    """What the page gets of a run under way, and who waits of the time it still takes."""
    job.seconds_left = clock.seconds_left(run.trainer.steps_done, run.steps_left())
    if first:
        return [run, run.progress(), gr.skip(), *_running(run.trainer.learning_rate)]
    watched = run.watch.describe() if run.watch else gr.skip()
    # What does not change is left out: each output costs its time, and a rate being typed.
    return [run, run.progress(), watched, *_skips(5)]


async def _wait(job: Job) -> AsyncIterator[list[Any]]:
    """Wait for one's turn, and show one's place in line."""
    told: Any = None
    async for place in job.wait():
        status = describe_place(place)
        if told is None:
            yield [gr.skip(), status, gr.skip(), *_running(None, waits=True)]
        else:  # also where nothing has changed: Gradio then notices who has left
            yield [gr.skip(), gr.skip() if status == told else status, *_skips(6)]
        told = status


def describe_place(place: QueuePosition) -> dict[str, Any]:
    """A place in line, for the progress bar."""
    line = (
        translate("queue_next")
        if place.place == 1
        else translate("queue_position", place=place.place)
    )
    if place.seconds is None:
        return describe_progress(line)
    clock = translate("queue_turn_in", time=describe_roughly(place.seconds))
    return describe_progress(line, facts=[(translate("fact_turn"), clock)])


def _running(rate: float | None, waits: bool = False) -> list[Any]:
    """The buttons and the learning rate, where there is one, while a training goes on or waits."""
    shown = gr.update(visible=rate is not None, value=rate)
    return [*visible(False, not waits, False), shown, gr.update(visible=waits)]


def _skips(count: int) -> list[Any]:
    return [gr.skip() for _ in range(count)]


def visible(*shown: bool) -> list[Any]:
    """One update for each: Gradio takes an update apart, and a second use of it does nothing."""
    return [gr.update(visible=one) for one in shown]


def change_rate(run: TrainingSession | None, rate: Any) -> None:
    """Train on with another learning rate."""
    if run is None or run.kept:
        raise user_error(translate("rate_done"))
    try:
        check_setting("learning_rate", rate)
        run.trainer.learning_rate = rate
    except ValueError as error:
        raise user_error(error) from None


def toggle_live_view(
    store: ModelStore, run: TrainingSession | None, watch: Any, drawing: Any
) -> Any:
    """Begin to watch the run there is, or cease to."""
    if run is None:
        return gr.skip()
    if not is_open(watch):
        run.watch = None
        return gr.skip()
    if run.watch is None:
        run.watch = _make_watch(store, drawing)
    if run.kept:  # it is over: so the watch is shown its last state
        TORCH.call(run.watch, run.trainer.model, run.epochs_seen)
    return run.watch.describe()


def _make_watch(store: ModelStore, drawing: Any) -> LiveView:
    try:
        sketch = read_sketch(drawing)
    except ValueError:
        sketch = None
    return LiveView(store.dataset(), sketch.digit if sketch else None)


def act(value: Any, runs: Runs, user_models: UserModels) -> list[Any]:
    """Do what the board asks for; the runs, the models, the one to choose, and the board."""
    outcome = act_on_runs(runs, user_models, value)
    return [outcome.runs, outcome.user_models, outcome.newest, describe_runs(outcome)]
