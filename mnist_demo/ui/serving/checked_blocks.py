"""Gradio's Blocks with our queue, and our words for what it does not take."""

from typing import Any

import gradio as gr

from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.errors import user_error
from mnist_demo.ui.gradio_internals import BlocksWithInputErrors
from mnist_demo.ui.i18n.translate import translate

QUEUE = 500  # events: all that a class of 100 asks for at once; who trains waits in the line


class CheckedBlocks(BlocksWithInputErrors):
    """Blocks whose components refuse what is not theirs with a message, not with a traceback.

    store: what the routes beside Gradio's events are answered from; set it before the launch.
    filtered: whether a request has come through the RequestFilter, which holds the checks.
    """

    store: ModelStore
    filtered = False

    def queue(self, **options: Any) -> gr.Blocks:
        """Gradio's, which it makes with the blocks: a second one takes a tenth of a second.

        Closed: else a client could call what waits in the queue, a training too, past it.
        """
        ours = {"max_size": QUEUE, "default_concurrency_limit": 1, "api_open": False}
        return super().queue(**(ours | options))

    def close(self, verbose: bool = True) -> None:
        """Gradio's; and what computes for the app's visitors ends with it."""
        super().close(verbose)
        self.store.compute.close()

    def input_error(self, error: Exception) -> gr.Error:
        """What Gradio says of a value, as a sentence; of anything else, that it cannot be used."""
        if isinstance(error, gr.Error):
            return user_error(ValueError(error.message))
        return user_error(translate("bad_input"))
