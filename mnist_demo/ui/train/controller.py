"""What a training does on the page: from the press of Train to its last step."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing, closing
from functools import partial
from typing import Any

import gradio as gr

from mnist_demo.training.events import Event
from mnist_demo.ui.compute.budget import Budget, BudgetClock
from mnist_demo.ui.compute.model_store import ModelStore, UserDigits, UserModels
from mnist_demo.ui.compute.queue import Job, JobEndedError, QueuePosition, TrainingQueue
from mnist_demo.ui.compute.streaming import stream
from mnist_demo.ui.errors import error_sentence, user_error
from mnist_demo.ui.i18n.durations import describe_roughly
from mnist_demo.ui.i18n.translate import translate
from mnist_demo.ui.train.buttons import show_buttons, show_end_buttons
from mnist_demo.ui.train.errors import errors_shown, explain_error, reason_for_visitor
from mnist_demo.ui.train.handlers import change_setting
from mnist_demo.ui.train.new_run import NewRun, QueuedTraining, make_session
from mnist_demo.ui.train.played_run import find_moment, name_after
from mnist_demo.ui.train.progress import describe_progress
from mnist_demo.ui.train.recipe_form import read_recipe
from mnist_demo.ui.train.run_store import Removed, Runs, free_name, new_name, new_number
from mnist_demo.ui.train.session import TrainingSession
from mnist_demo.ui.train.session_status import describe_running
from mnist_demo.ui.wiring import Outputs

SHOW_EVERY = 0.22  # seconds: four pictures a second move, and what they take
# No session yet while it starts: a refusal loses no earlier one.
STARTING = {"status": describe_progress(translate("train_starting"), waits=True)}


class TrainingController:
    """What Train and Go on do: wait in the queue, train within the budget, and show both."""

    def __init__(self, store: ModelStore, queue: TrainingQueue, budget: Budget) -> None:
        self._store = store
        self._queue = queue
        self._budget = budget

    async def start(
        self,
        request: gr.Request,
        session: TrainingSession | None,
        user_models: UserModels,
        runs: Runs,
        user_digits: UserDigits,
        add_user_digits: bool,
        live_view: Any,
        drawing: Any,
        removed: Removed = None,
        former: str | None = None,
        **form: Any,
    ) -> AsyncIterator[Outputs]:
        """Train from random weights with the settings of the form, and show it.

        session: the visitor's last one, which a refusal leaves as it is. removed: what can be
        brought back meanwhile. former: see `stand`.
        """
        with errors_shown():
            recipe, seed = read_recipe(**form)
        added = user_digits if add_user_digits else ()
        # Here, as in the other thread nobody knows which language the visitor speaks.
        name = new_name(recipe, runs, user_models, len(added), self._store.loaded)
        new = NewRun(new_number(runs, removed), name, recipe, seed, added)
        make = partial(make_session, self._store, new, session, live_view, drawing)
        queued = QueuedTraining(form | {"add_user_digits": add_user_digits}, former, new=new)
        training = self._wait_and_train(request, make, session, queued, STARTING)
        async with aclosing(training) as shows:
            async for shown in shows:
                yield shown

    async def start_from(
        self,
        request: gr.Request,
        session: TrainingSession | None,
        user_models: UserModels,
        runs: Runs,
        live_view: Any,
        drawing: Any,
        playback: Any,
        removed: Removed = None,
        former: str | None = None,
    ) -> AsyncIterator[Outputs]:
        """Train from a moment of a run, as a run of its own: see `Trainer`.

        playback: which one, as a browser says it. removed, former: as of `start`.
        """
        found = find_moment(session, runs, playback)
        if found is None:
            raise user_error(translate("playback_gone"))
        run, snapshot = found
        words = translate("playback_new_run", step=snapshot.step)
        name = free_name(name_after(run, words), runs, user_models)
        number = new_number(runs, removed)
        new = NewRun(number, name, run.recipe, run.seed, run.user_digits, snapshot)
        make = partial(make_session, self._store, new, session, live_view, drawing)
        queued = QueuedTraining(None, former, {"run": run.number, "step": snapshot.step}, new)
        training = self._wait_and_train(request, make, session, queued, STARTING)
        async with aclosing(training) as shows:
            async for shown in shows:
                yield shown

    async def resume(
        self,
        request: gr.Request,
        session: TrainingSession | None,
        runs: Runs,
        former: str | None = None,
        **settings_now: Any,
    ) -> AsyncIterator[Outputs]:
        """Go on with a run that was paused, or train a finished one for as many epochs again.

        settings_now: to go on with, as NAME_now; None for the one that it had. former: see `stand`.
        """
        if session is None or not session.resumable:
            raise user_error(translate("train_nothing"))
        for name in session.trainer.settings:
            if (value := settings_now.get(f"{name}_now")) is not None:
                change_setting(name, session, value)
        paused = session

        def resume_session(check: Callable[[], None]) -> TrainingSession:
            paused.rest()
            paused.trainer.check_cancelled = check
            if paused.reached:
                paused.target += paused.trainer.recipe.epochs
            named = (each.name for each in runs if each.number == paused.number)
            paused.name = next(named, paused.name)  # it may have got another one since
            return paused

        queued = QueuedTraining(None, former)
        training = self._wait_and_train(request, resume_session, session, queued)
        async with aclosing(training) as shows:
            async for shown in shows:
                yield shown

    async def _wait_and_train(
        self,
        request: gr.Request,
        take: Callable[[Callable[[], None]], TrainingSession],
        last: TrainingSession | None,
        queued: QueuedTraining,
        starting: Outputs | None = None,
    ) -> AsyncGenerator[Outputs]:
        """Wait in the queue, then train the session that `take` makes, or takes up again.

        last: the one that there is where it makes none.
        """
        with self._queue.stand(request.session_hash, queued.former) as job:
            with errors_shown():
                async for shown in _wait(job, queued):
                    yield shown
            if starting:
                yield starting | {"queued": queued} | show_buttons("pause")
            async with aclosing(self._train(take, last, job)) as shows:
                async for shown in shows:
                    yield shown

    async def _train(
        self,
        take: Callable[[Callable[[], None]], TrainingSession],
        last: TrainingSession | None,
        job: Job,
    ) -> AsyncGenerator[Outputs]:
        """Train in another thread, and show it."""
        clock = BudgetClock(self._budget)
        taken: list[TrainingSession] = []

        def work(check: Callable[[], None]) -> Iterator[Event]:
            session = take(check)
            with closing(session.trainer):
                limits = clock.begin(session.trainer.steps_done)
                taken.append(session)
                yield from session.resume(**limits)

        shown_before = False
        try:
            async with aclosing(stream(work, SHOW_EVERY)) as events:
                async for _ in events:
                    job.check()
                    if not taken:
                        yield {}
                        continue
                    yield _describe_session(taken[0], job, clock, first=not shown_before)
                    shown_before = True
        except Exception as error:  # noqa: BLE001  # it is logged, and ends this run alone
            if not taken:
                reason = reason_for_visitor(error)
                # What is shown before an error stays, for nothing runs after it: see `finish`.
                status = describe_progress(reason)
                yield {"status": status, "queued": None, **show_end_buttons(last)}
                raise user_error(reason) from None
            ended = isinstance(error, JobEndedError)
            taken[0].ended_by = error_sentence(error) if ended else explain_error(error)
        if not shown_before:
            yield _describe_session(taken[0], job, clock, first=True)
        if spent := taken[0].trainer.spent:
            taken[0].ended_by = self._budget.describe_exhausted(spent)


def _describe_session(
    session: TrainingSession, job: Job, clock: BudgetClock, *, first: bool
) -> Outputs:
    """What the page gets of a training under way, and who waits of the time it still takes.

    What does not change is left out: each output costs its time, and a setting being typed.
    """
    job.seconds_left = clock.seconds_left(session.trainer.steps_done, session.steps_left())
    shown: Outputs = {"session": session, "status": describe_running(session)}
    if first:
        buttons = show_buttons("pause", settings=session.trainer.settings)
        return shown | {"queued": None} | buttons
    if session.live_view:
        shown["live_view"] = session.live_view.describe()
    return shown


async def _wait(job: Job, queued: QueuedTraining) -> AsyncIterator[Outputs]:
    """Wait in the queue, and show the position there."""
    last: Any = None
    async for position in job.wait():
        status = describe_position(position)
        if last is None:
            yield {"status": status, "queued": queued, **show_buttons("leave_queue")}
        else:  # also where nothing has changed: Gradio then notices who has left
            yield {} if status == last else {"status": status}
        last = status


def describe_position(position: QueuePosition) -> dict[str, Any]:
    """A position in the queue, for the progress bar."""
    if position.number == 1:
        text = translate("queue_next")
    else:
        text = translate("queue_position", number=position.number)
    if position.seconds is None:
        return describe_progress(text, waits=True)
    starts_in = translate("queue_starts_in", time=describe_roughly(position.seconds))
    return describe_progress(text, facts=[(translate("fact_start"), starts_in)], waits=True)
