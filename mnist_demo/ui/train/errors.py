"""What goes wrong in one visitor's training: told to them, logged for the host."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import gradio as gr

from mnist_demo.training.devices import is_out_of_memory
from mnist_demo.training.processes.worker_process import (
    FilesChangedError,
    WorkerLostError,
    WorkerSilentError,
)
from mnist_demo.ui.errors import error_sentence, user_error
from mnist_demo.ui.i18n.translate import Translations, translate


def reason_for_visitor(error: Exception) -> Translations:
    """Why something failed: of a ValueError its own words; all else is logged."""
    return error_sentence(error) if isinstance(error, ValueError) else explain_error(error)


def explain_error(error: Exception) -> Translations:
    """A sentence for the visitor; the traceback goes into the log, for who runs the server."""
    logging.getLogger(__name__).error("A training failed.", exc_info=error)
    if isinstance(error, FilesChangedError):
        return translate("train_files_changed")
    if isinstance(error, WorkerSilentError):
        return translate("train_silent")
    if isinstance(error, WorkerLostError):
        return translate("train_memory" if error.killed else "train_broke")
    return translate("train_memory" if is_out_of_memory(error) else "train_broke")


@contextmanager
def errors_shown() -> Iterator[None]:
    """What is raised becomes a gr.Error that tells it, see `reason_for_visitor`."""
    try:
        yield
    except gr.Error:
        raise
    except Exception as error:  # noqa: BLE001  # it is logged
        raise user_error(reason_for_visitor(error)) from None
