"""The end of the server: asked for by a signal, and within seconds whatever goes on."""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import gradio as gr

from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.serving.logs import LOGGER, log_event
from mnist_demo.ui.serving.status import Status

CLOSE_WITHIN = 1.5  # seconds that open connections get
END_WITHIN = 4.0  # seconds; then the end is forced
ALARM_AFTER = 4.8  # seconds; then the system forces it
LOOK_EVERY = 0.1  # seconds


def handle_signals(handler: Callable[..., None] | signal.Handlers) -> None:
    """SIGTERM, which the first process of a container ignores else, and Ctrl-C, at which Gradio
    would wait; not where that is ignored, as by a program in the background of a shell."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, handler)
        if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
            signal.signal(signal.SIGINT, handler)


class EndRequest(SystemExit):
    """By a signal. Where nobody catches it, the program ends well."""


class EndSignal:
    """A signal's handler, which raises EndRequest; and whether it has."""

    def __init__(self) -> None:
        self.has_come = False

    def __call__(self, *_: Any) -> None:
        self.has_come = True
        raise EndRequest

    def wait(self, app: gr.Blocks) -> None:
        """While the app runs, and this has not come. Python swallows what is raised amid a
        finalizer, such as the garbage collector runs: so it may have come unnoticed."""
        while app.is_running and not self.has_come:
            time.sleep(LOOK_EVERY)


def end(app: gr.Blocks, store: ModelStore, status: Status) -> None:
    """Close all that is open, one after another, and none of it for long. What holds the end up
    after that, here or as the interpreter ends, is cut off."""
    handle_signals(signal.SIG_IGN)  # it ends in any case
    _set_alarm()
    last = threading.Timer(END_WITHIN, _force_end, [store])
    last.daemon = True
    last.start()
    cost = status.cost()
    closing = threading.Thread(target=app.close, args=(False,), name="close", daemon=True)
    closing.start()
    closing.join(CLOSE_WITHIN)
    store.compute.close()
    log_event("stop", **cost)


def _set_alarm() -> None:
    """Where even the timer's thread gets no turn, as with many programs on few cores, the system
    ends this one. Windows has no such alarm."""
    if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, ALARM_AFTER)


def _force_end(store: ModelStore) -> None:
    try:
        LOGGER.warning("something held up the end for %.0f seconds, and was cut off", END_WITHIN)
        store.compute.pool.kill()
    finally:
        leave()


def leave() -> None:
    """End the process as it is. The interpreter would first wait for each thread, such as one that
    fetches MNIST, and take a gigabyte apart, which takes seconds where the cores are taken."""
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)
