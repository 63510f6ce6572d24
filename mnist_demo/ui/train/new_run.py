"""A training that is asked for, and the session that it becomes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mnist_demo.digits.stroke_files import drawings_to_digits
from mnist_demo.training.processes.remote_trainer import RemoteTrainer
from mnist_demo.training.recipes import Recipe
from mnist_demo.training.snapshots import Snapshot
from mnist_demo.training.trainer import BatchSizeError
from mnist_demo.ui.compute.model_store import ModelStore, UserDigits
from mnist_demo.ui.train.live_view import is_open, make_live_view
from mnist_demo.ui.train.run_store import NamedRun
from mnist_demo.ui.train.session import TrainingSession

TESTS = 10  # of a short run, about: a test curve, not a single dot
WATCH_EVERY = 0.22  # seconds: as often as the page shows it


@dataclass(frozen=True, eq=False)
class NewRun:
    """user_digits: the visitor's, to train on beside the data set's. start: the moment of another
    run that it begins with."""

    number: int
    name: str
    recipe: Recipe
    seed: int
    user_digits: UserDigits
    start: Snapshot | None = None


@dataclass(frozen=True)
class QueuedTraining:
    """What a visitor has asked for that has not begun, for their page when it is loaded again.

    settings: what `start` was given of the page; None: to resume the run there is. former: who the
    visitor was before. moment: what `start_from` was given, where it is that. new: the run that it
    becomes; None where it goes on with one.
    """

    settings: Mapping[str, Any] | None
    former: str | None = None
    moment: Mapping[str, int] | None = None
    new: NewRun | None = None


def coming_runs(session: TrainingSession | None, queued: QueuedTraining | None) -> list[NamedRun]:
    """The visitor's run under way and the one that waits: what joins the table later has their
    numbers and names already."""
    under_way: list[NamedRun] = [session] if session and session.kept is None else []
    return under_way + ([queued.new] if queued and queued.new else [])


def make_session(
    store: ModelStore,
    new: NewRun,
    last: TrainingSession | None,
    live_view: Any,
    drawing: Any,
    check_cancelled: Callable[[], None],
) -> TrainingSession:
    """last: the visitor's, which holds the moments of all of their runs. live_view, drawing: as a
    browser sent them."""
    trainer = _make_trainer(store, new, new.recipe, check_cancelled)
    snapshots = last.snapshots if last else None
    made = TrainingSession(new.number, new.name, trainer, new.recipe, snapshots, new.user_digits)
    if is_open(live_view):
        made.live_view = make_live_view(store, drawing)
    return made


def _make_trainer(
    store: ModelStore, new: NewRun, recipe: Recipe, check_cancelled: Callable[[], None]
) -> RemoteTrainer:
    """With a smaller batch where there are too few images for one; the session says so."""
    try:
        return RemoteTrainer(
            recipe,
            store.dataset(),
            pool=store.compute.pool,
            seed=new.seed,
            extra_digits=drawings_to_digits(new.user_digits) if new.user_digits else None,
            check_cancelled=check_cancelled,
            tests=TESTS,
            watch_every=WATCH_EVERY,
            start=new.start,
        )
    except BatchSizeError as error:
        fitting = replace(recipe, batch_size=error.images)
        return _make_trainer(store, new, fitting, check_cancelled)
