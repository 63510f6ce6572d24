"""What had not begun when its page was loaded again."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from typing import Any, cast

import gradio as gr

from mnist_demo.ui.errors import user_error
from mnist_demo.ui.i18n.translate import translate
from mnist_demo.ui.train.controller import TrainingController
from mnist_demo.ui.train.new_run import QueuedTraining
from mnist_demo.ui.train.run_store import Runs
from mnist_demo.ui.train.session import TrainingSession
from mnist_demo.ui.wiring import Outputs


def make_stand_again(controller: TrainingController) -> Callable[..., AsyncIterator[Outputs]]:
    """A handler that waits and trains as the page before was asked to."""

    async def stand_again(
        request: gr.Request,
        queued: QueuedTraining | None,
        session: TrainingSession | None,
        runs: Runs,
        **own: Any,
    ) -> AsyncIterator[Outputs]:
        if queued is None:
            raise user_error(translate("train_nothing"))
        shared: dict[str, Any] = {"session": session, "runs": runs, "former": queued.former}
        if queued.moment is not None:
            own = {name: own[name] for name in ("user_models", "live_view", "drawing", "removed")}
            training = controller.start_from(request, **shared, **own, playback=queued.moment)
        elif queued.settings is None:
            training = controller.resume(request, **shared)
        else:
            training = controller.start(request, **shared, **own, **queued.settings)
        async with aclosing(cast("AsyncGenerator[Outputs]", training)) as shows:
            async for shown in shows:
                yield shown

    return stand_again
