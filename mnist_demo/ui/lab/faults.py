"""What goes wrong in one visitor's training: told to them, logged for the host."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import gradio as gr

from mnist_demo.devices import is_out_of_memory
from mnist_demo.ui.words import say


def explain(error: Exception) -> str:
    """A sentence for the visitor; the traceback goes into the log, for who runs the server."""
    logging.getLogger(__name__).error("A training failed.", exc_info=error)
    return say("train_memory") if is_out_of_memory(error) else say("train_broke")


@contextmanager
def faults_told() -> Iterator[None]:
    """What is raised becomes a gr.Error that tells it: of a ValueError its own words."""
    try:
        yield
    except gr.Error:
        raise
    except ValueError as error:
        raise gr.Error(f"{error}.", print_exception=False) from None
    except Exception as error:  # noqa: BLE001  # it is logged
        raise gr.Error(explain(error), print_exception=False) from None
