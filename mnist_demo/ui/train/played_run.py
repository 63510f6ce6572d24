"""Which run, and which of its moments, a visitor goes back to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mnist_demo.training.recipes import Recipe
from mnist_demo.training.snapshots import Snapshot
from mnist_demo.ui.compute.model_store import UserDigits
from mnist_demo.ui.i18n.translate import Translations, pick_language
from mnist_demo.ui.train.run_store import MAX_NAME, Runs, describe_changes
from mnist_demo.ui.train.session import TrainingSession


@dataclass(frozen=True, eq=False)
class PlayedRun:
    """A run that has ended, or the one under way, and its snapshots; the rest: as of RunRecord."""

    number: int
    name: str
    recipe: Recipe
    seed: int
    changes: Translations | str
    user_digits: UserDigits
    snapshots: Sequence[Snapshot]

    def nearest(self, step: int | None) -> int:
        """The place of the snapshot nearest to a step; of the newest for None."""
        if step is None:
            return len(self.snapshots) - 1
        places = range(len(self.snapshots))
        return min(places, key=lambda place: abs(self.snapshots[place].step - step))


def find_played(
    session: TrainingSession | None, runs: Runs, number: int | None
) -> PlayedRun | None:
    """The run of that number; without one that under way, else the newest; None where there is no
    such run."""
    if session and session.kept is None and number in (None, session.number):
        recipe, dataset = session.asked, session.trainer.dataset
        changes = describe_changes(recipe, len(session.user_digits), dataset=dataset)
        known = (session.name, recipe, session.trainer.seed, changes, session.user_digits)
        return PlayedRun(session.number, *known, session.snapshots.of(session.number))
    run = next((each for each in reversed(runs) if number in (None, each.number)), None)
    if run is None:
        return None
    kept = session.snapshots.of(run.number) if session else ()
    known = (run.name, run.recipe, run.seed, run.changes, run.user_digits)
    return PlayedRun(run.number, *known, kept)


def read_moment(value: Any) -> tuple[int | None, int | None]:
    """The number of the run and the step that a browser asks for, which may send anything; None for
    what is no whole number."""
    asked = value if isinstance(value, dict) else {}
    run, step = (
        each if isinstance(each, int) and not isinstance(each, bool) else None
        for each in (asked.get("run"), asked.get("step"))
    )
    return run, step


def find_moment(
    session: TrainingSession | None, runs: Runs, value: Any
) -> tuple[PlayedRun, Snapshot] | None:
    """The run and the snapshot nearest to the step that a browser asks for; None where none is."""
    number, step = read_moment(value)
    run = None if number is None or step is None else find_played(session, runs, number)
    if run is None or not run.snapshots:
        return None
    return run, run.snapshots[run.nearest(step)]


def name_after(run: PlayedRun, words: Translations) -> str:
    """The run's name, with words behind it, as long as a name may be; in the visitor's language."""
    ending = pick_language(words)
    return run.name[: MAX_NAME - len(ending)] + ending
