"""The training of all set-ups of a lesson, one after another."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from typing import Any, cast

import gradio as gr

from mnist_demo.ui.train.controller import TrainingController
from mnist_demo.ui.train.lesson import choose_set_up, newest_run, read_choice
from mnist_demo.ui.train.links import Link
from mnist_demo.ui.train.recipe_form import FIELDS
from mnist_demo.ui.train.run_store import Runs
from mnist_demo.ui.wiring import Outputs


def make_set_up_trainer(controller: TrainingController) -> Callable[..., AsyncIterator[Outputs]]:
    """A handler that trains the set-up which the lesson's card has chosen: it goes on with a run of
    it that was paused, where that is the last one of all."""

    async def train_set_up(
        request: gr.Request, link: Link, lesson: Any, runs: Runs, **settings: Any
    ) -> AsyncIterator[Outputs]:
        chosen = choose_set_up(link, lesson, runs, training_all=True)
        yield chosen
        session, (_, index) = settings["session"], read_choice(link, lesson)
        begun = newest_run(runs, link.set_ups[index])
        paused = session if begun and not begun.ended else None
        if begun and paused and paused.number == begun.number and paused.resumable:
            training = controller.resume(request, session, runs)
        else:
            form = {name: chosen[name] for name in ("recipe", *FIELDS)}
            training = controller.start(request, runs=runs, **settings, **form)
        async with aclosing(cast("AsyncGenerator[Outputs]", training)) as shows:
            async for shown in shows:
                yield shown

    return train_set_up
