"""The Train tab: choose a recipe, watch it train, use the model."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from mnist_demo.checkpoints import Checkpoint, save_checkpoint
from mnist_demo.drawings import drawings_to_digits
from mnist_demo.recipes import Recipe
from mnist_demo.training import Trainer
from mnist_demo.ui.charts import chart
from mnist_demo.ui.library import Library, Own, OwnSet
from mnist_demo.ui.live_run import LiveRun
from mnist_demo.ui.progress import describe_progress, progress
from mnist_demo.ui.recipe_form import read_recipe, recipe_choice, recipe_form
from mnist_demo.ui.streaming import in_own_thread
from mnist_demo.ui.torch_thread import TORCH
from mnist_demo.ui.words import say

SHOW_EVERY = 0.25  # seconds: four pictures a second move
MAX_OWN_MODELS = 12  # a visitor; the oldest goes first


@dataclass(frozen=True)
class TrainTab:
    """After each event of `finished` the visitor has a new model; `newest` holds its name."""

    finished: list[gr.events.Dependency]
    newest: gr.State
    notice: gr.Markdown
    add_own: gr.Checkbox


def build_train_tab(library: Library, own: gr.State, own_set: gr.State) -> TrainTab:
    run, newest = gr.State(None), gr.State(None)
    with gr.Row(elem_classes="columns"):
        with gr.Column(scale=2, min_width=320):
            notice = gr.Markdown(visible=False, elem_classes="notice")
            choice, facts = recipe_choice()
            add_own = gr.Checkbox(
                label=say("add_own", count=0), visible=False, container=False, elem_id="add-own"
            )
            with gr.Row(elem_classes="buttons"):
                start = gr.Button(say("train_button"), variant="primary", elem_id="train")
                stop = gr.Button(say("stop_button"), variant="stop", visible=False, elem_id="stop")
                resume = gr.Button(say("resume_button"), visible=False, elem_id="resume")
            form = recipe_form(choice, facts)
        with gr.Column(scale=3, min_width=320):
            status = progress(say("train_ready"))
            loss = chart(say("loss_chart"), elem_id="loss-chart")
            accuracy = chart(say("accuracy_chart"), percent=True, elem_id="accuracy-chart")
            download = gr.DownloadButton(say("download"), visible=False, elem_id="download")

    shown = [run, status, loss, accuracy, start, stop, resume, download]
    live: dict[str, Any] = {
        "outputs": shown,
        "concurrency_id": "train",
        "concurrency_limit": 1,
        "show_progress": "hidden",
        "api_visibility": "private",
    }
    first = start.click(partial(train, library), [own, own_set, add_own, *form.inputs()], **live)
    again = resume.click(go_on, run, **live)
    stop.click(None, None, None, cancels=[first, again], queue=False)
    finished = [
        event.then(
            TORCH.wrap(partial(finish, download.GRADIO_CACHE)),
            [run, own],
            [own, newest, status, start, stop, resume, download],
            show_progress="hidden",
            api_visibility="private",
        )
        for event in (first, again)
    ]
    return TrainTab(finished, newest, notice, add_own)


def offer_own_digits(own_set: OwnSet) -> Any:
    """Where the visitor has collected digits, they can be trained on."""
    label = say("add_own", count=len(own_set))
    return gr.update(visible=bool(own_set), label=label, value=bool(own_set))


def train(
    library: Library, own: Own, own_set: OwnSet, add_own: bool, *settings: Any
) -> Iterator[list[Any]]:
    """Train from random weights with the settings of the form, and show it."""
    try:
        recipe, seed = read_recipe(*settings)
        more = own_set if add_own else ()
        made: list[Trainer] = []
        for trainers in in_own_thread(_make_trainer(library, recipe, seed, more), SHOW_EVERY):
            made += trainers
            starting = _show(None, say("train_starting"))
            yield [gr.skip(), *starting[1:]]  # a refusal loses no earlier run
    except ValueError as error:
        raise gr.Error(f"{error}.", print_exception=False) from None
    yield from _follow(LiveRun(_new_name(recipe.name, own), made[0]))


def _make_trainer(
    library: Library, recipe: Recipe, seed: int, own_set: OwnSet
) -> Iterator[Trainer]:
    own_digits = drawings_to_digits(own_set) if own_set else None
    yield Trainer(recipe, library.dataset(), seed=seed, own_digits=own_digits)


def go_on(run: LiveRun | None) -> Iterator[list[Any]]:
    """Go on with a run that was stopped, or train a finished one for as many epochs again."""
    if run is None or run.diverged:
        raise gr.Error(say("train_nothing"), print_exception=False)
    if run.reached:
        run.target += run.trainer.recipe.epochs
    yield from _follow(run)


def _follow(run: LiveRun) -> Iterator[list[Any]]:
    yield _show(run)
    run.trainer.give_way = TORCH.give_way
    for _ in TORCH.stream(run.go_on(), SHOW_EVERY):
        yield _show(run)


def _show(run: LiveRun | None, line: str = "") -> list[Any]:
    """The outputs while a training goes on: run, status, charts, buttons and download."""
    status = run.progress() if run else describe_progress(line)
    charts = run.charts() if run else (None, None)
    return [run, status, *charts, *_visible(False, True, False, False)]


def _visible(*shown: bool) -> list[Any]:
    """One update for each: Gradio takes an update apart, and a second use of it does nothing."""
    return [gr.update(visible=one) for one in shown]


def _new_name(recipe: str, own: Own) -> str:
    name, number = say("own_model", recipe=recipe), 1
    while name in own:
        number += 1
        name = say("own_model_again", recipe=recipe, number=number)
    return name


def finish(cache: str, run: LiveRun | None, own: Own) -> list[Any]:
    """After a training, however it ended: the model joins the visitor's own."""
    if run is None:  # refused, or stopped before its first step
        status = describe_progress(say("train_ready"))
        return [own, None, status, *_visible(True, False, False, False)]
    if run.kept:  # nothing new: another training was refused
        shown = _visible(True, False, run.diverged is None, True)
        return [own, None, run.result(run.kept), *shown]
    checkpoint = run.kept = run.checkpoint()
    buttons = _visible(True, False, run.diverged is None)
    others = {name: model for name, model in own.items() if name != run.name}
    kept = dict(list(others.items())[-(MAX_OWN_MODELS - 1) :])
    path = _write(checkpoint, Path(cache))
    return [
        kept | {run.name: checkpoint},
        run.name,
        run.result(checkpoint),
        *buttons,
        gr.update(value=path, visible=True),
    ]


def _write(checkpoint: Checkpoint, cache: Path) -> str:
    """Write the model where Gradio serves it from, under a name that no other visitor can guess."""
    path = cache / secrets.token_hex(16) / checkpoint.name.replace(" ", "_")
    return str(
        save_checkpoint(
            path,
            checkpoint.model,
            recipe=checkpoint.recipe,
            seed=checkpoint.seed,
            dataset=checkpoint.dataset,
            metrics=checkpoint.metrics,
        )
    )
