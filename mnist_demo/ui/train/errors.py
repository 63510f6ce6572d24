"""What goes wrong in one visitor's training: told to them, logged for the host."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import gradio as gr

from mnist_demo.training.devices import is_out_of_memory
from mnist_demo.training.processes.pool import WorkerLostError
from mnist_demo.ui.errors import user_error
from mnist_demo.ui.i18n.translate import Translations, translate


def explain_error(error: Exception) -> Translations:
    """A sentence for the visitor; the traceback goes into the log, for who runs the server."""
    logging.getLogger(__name__).error("A training failed.", exc_info=error)
    lacked_memory = isinstance(error, WorkerLostError) or is_out_of_memory(error)
    return translate("train_memory") if lacked_memory else translate("train_broke")


@contextmanager
def errors_shown() -> Iterator[None]:
    """What is raised becomes a gr.Error that tells it: of a ValueError its own words."""
    try:
        yield
    except gr.Error:
        raise
    except ValueError as error:
        raise user_error(error) from None
    except Exception as error:  # noqa: BLE001  # it is logged
        raise user_error(explain_error(error)) from None
