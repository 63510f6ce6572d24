"""Gradio's Blocks with our queue, and our words for what it does not take."""

from typing import Any

import gradio as gr

from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.errors import user_error
from mnist_demo.ui.gradio_internals import OwnBlocks
from mnist_demo.ui.i18n.translate import translate
from mnist_demo.ui.serving.presence import OpenSessions

QUEUE = 500  # events: all that a class of 100 asks for at once; who trains waits in the line


class CheckedBlocks(OwnBlocks):
    """Blocks whose components refuse what is not theirs with a message, not with a traceback.

    store: what the routes beside Gradio's events are answered from; set it before the launch.
    filtered: whether a request has come through the RequestFilter, which holds the checks.
    open_sessions: whose page is open, and who listens; Presence counts them.
    """

    store: ModelStore
    filtered = False

    def __init__(self, **options: Any) -> None:
        self.open_sessions = OpenSessions()
        super().__init__(**options)

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

    def mount_error(self, path: str) -> Exception:
        """Mounted, the page would come without its scripts, its routes and its filter."""
        return RuntimeError(
            f"this app cannot be mounted at {path!r}: `gr.mount_gradio_app` leaves out what "
            "`launch_options(app)` adds. Run it as a process of its own, `python app.py` or "
            f"`mnist-demo serve` with GRADIO_ROOT_PATH={path}, behind the same proxy; see "
            "docs/HOSTING.md"
        )

    def input_error(self, error: Exception) -> gr.Error:
        """What Gradio says of a value, as a sentence; of anything else, that it cannot be used."""
        if isinstance(error, gr.Error):
            return user_error(ValueError(error.message))
        return user_error(translate("bad_input"))
