"""What a training does on the page: from the press of Train to the model in the visitor's hands."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from mnist_demo.drawings import drawings_to_digits
from mnist_demo.recipes import Recipe
from mnist_demo.take_home import write_script
from mnist_demo.training import BatchSizeError, Trainer
from mnist_demo.ui.checks import check_setting
from mnist_demo.ui.lab.live_run import LiveRun
from mnist_demo.ui.lab.progress import describe_progress
from mnist_demo.ui.lab.recipe_form import read_recipe
from mnist_demo.ui.lab.runs import (
    Run,
    Runs,
    add_run,
    describe_changes,
    new_name,
    new_number,
)
from mnist_demo.ui.lab.table import Outcome, act_on_runs, describe_runs
from mnist_demo.ui.lab.watch import Watch, is_open
from mnist_demo.ui.library import Library, Own, OwnSet
from mnist_demo.ui.refuse import refuse
from mnist_demo.ui.sketchpad import read_sketch
from mnist_demo.ui.streaming import in_own_thread
from mnist_demo.ui.torch_thread import TORCH
from mnist_demo.ui.words import RefusedError, tell

SHOW_EVERY = 0.22  # seconds: four pictures a second move, and what they take


def train(
    library: Library,
    own: Own,
    runs: Runs,
    own_set: OwnSet,
    add_own: bool,
    watch: Any,
    drawing: Any,
    *settings: Any,
) -> Iterator[list[Any]]:
    """Train from random weights with the settings of the form, and show it."""
    try:
        recipe, seed = read_recipe(*settings)
        more = own_set if add_own else ()
        made: list[Trainer] = []
        for trainers in in_own_thread(_make_trainer(library, recipe, seed, more), SHOW_EVERY):
            made += trainers
            starting = describe_progress(tell("train_starting"))
            yield [
                gr.skip(),
                starting,
                gr.skip(),
                *_running(None),
            ]  # a refusal loses no earlier run
    except BatchSizeError as error:
        too_large = tell("batch_too_large", batch_size=error.batch_size, images=error.images)
        raise refuse(RefusedError(too_large)) from None
    except ValueError as error:
        raise refuse(error) from None
    name = new_name(recipe, describe_changes(recipe, len(more)), runs, own)
    run = LiveRun(new_number(runs), name, made[0])
    if is_open(watch):
        run.watch = _make_watch(library, drawing)
    yield from _follow(run)


def _make_trainer(
    library: Library, recipe: Recipe, seed: int, own_set: OwnSet
) -> Iterator[Trainer]:
    own_digits = drawings_to_digits(own_set) if own_set else None
    yield Trainer(recipe, library.dataset(), seed=seed, own_digits=own_digits)


def go_on(run: LiveRun | None, runs: Runs) -> Iterator[list[Any]]:
    """Go on with a run that was paused, or train a finished one for as many epochs again."""
    if run is None or run.diverged:
        raise refuse(tell("train_nothing"))
    if run.reached:
        run.target += run.trainer.recipe.epochs
    run.name = next((each.name for each in runs if each.number == run.number), run.name)
    yield from _follow(run)


def _follow(run: LiveRun) -> Iterator[list[Any]]:
    yield [run, run.progress(), gr.skip(), *_running(run.trainer.learning_rate)]
    run.trainer.give_way = TORCH.give_way
    for _ in TORCH.stream(run.go_on(), SHOW_EVERY):
        watched = run.watch.describe() if run.watch else gr.skip()
        # What does not change is left out: each output costs its time, and a rate being typed.
        yield [run, run.progress(), watched, *(gr.skip() for _ in range(4))]


def _running(rate: float | None) -> list[Any]:
    """The buttons and the learning rate, where there is one, while a training goes on."""
    return [*_visible(False, True, False), gr.update(visible=rate is not None, value=rate)]


def _visible(*shown: bool) -> list[Any]:
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


def finish(run: LiveRun | None, runs: Runs, own: Own) -> list[Any]:
    """After a training, however it ended: it joins the visitor's runs, its model their own."""
    if run is None:  # refused, or paused before its first step
        status = describe_progress(tell("train_ready"))
        return [runs, own, None, gr.skip(), status, gr.skip(), *_ended(False)]
    if run.kept:  # nothing new: another training was refused
        again = run.diverged is None
        return [runs, own, None, gr.skip(), run.result(run.kept), gr.skip(), *_ended(again)]
    checkpoint = run.kept = run.checkpoint()
    runs, own = add_run(runs, own, _keep(run), checkpoint)
    outcome = Outcome(runs, own, selected=run.number)
    watched = run.watch.describe() if run.watch else gr.skip()
    shown = [describe_runs(outcome), run.result(checkpoint), watched, *_ended(run.diverged is None)]
    return [runs, own, run.name, *shown]


def _keep(run: LiveRun) -> Run:
    """What stays of a run when its trainer is gone."""
    trainer, checkpoint = run.trainer, run.kept
    assert checkpoint is not None
    own_digits = 0 if trainer.own_digits is None else len(trainer.own_digits[0])
    return Run(
        run.number,
        run.name,
        trainer.recipe,
        trainer.seed,
        describe_changes(trainer.recipe, own_digits, len(trainer.learning_rates) - 1),
        checkpoint.metrics,
        run.curves(),
        # A run that was paused before its first step has nothing to repeat.
        write_script(trainer, checkpoint.metrics["test_accuracy"]) if trainer.steps_done else "",
    )


def _ended(resumable: bool) -> list[Any]:
    return [*_visible(True, False, resumable), gr.update(visible=False)]


def act(value: Any, runs: Runs, own: Own) -> list[Any]:
    """Do what the board asks for; the runs, the models, the one to choose, and the board."""
    outcome = act_on_runs(runs, own, value)
    return [outcome.runs, outcome.own, outcome.newest, describe_runs(outcome)]
