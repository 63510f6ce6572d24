"""What goes wrong in one visitor's training: told to them, logged for the host."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import gradio as gr

from mnist_demo.devices import is_out_of_memory
from mnist_demo.ui.refuse import refuse
from mnist_demo.ui.words import Words, tell
from mnist_demo.workers import WorkerLostError


def explain(error: Exception) -> Words:
    """A sentence for the visitor; the traceback goes into the log, for who runs the server."""
    logging.getLogger(__name__).error("A training failed.", exc_info=error)
    lacked_memory = isinstance(error, WorkerLostError) or is_out_of_memory(error)
    return tell("train_memory") if lacked_memory else tell("train_broke")


@contextmanager
def faults_told() -> Iterator[None]:
    """What is raised becomes a gr.Error that tells it: of a ValueError its own words."""
    try:
        yield
    except gr.Error:
        raise
    except ValueError as error:
        raise refuse(error) from None
    except Exception as error:  # noqa: BLE001  # it is logged
        raise refuse(explain(error)) from None
