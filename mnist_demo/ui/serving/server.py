"""Starts the server, says where it is, and stays until it has to end."""

import ctypes
import gc
import os
import platform
import signal
import socket
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from typing import Any, NoReturn

import gradio as gr

from mnist_demo.files import reason
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.compute.queue import TrainingQueue
from mnist_demo.ui.gradio_internals import server_address
from mnist_demo.ui.serving.addresses import describe_addresses, find_addresses
from mnist_demo.ui.serving.checked_blocks import CheckedBlocks
from mnist_demo.ui.serving.health import host_routes
from mnist_demo.ui.serving.launch import launch_options
from mnist_demo.ui.serving.logs import LOGGER, log_event, set_up_logs
from mnist_demo.ui.serving.settings import Settings
from mnist_demo.ui.serving.shutdown import EndRequest, EndSignal, end, handle_signals, leave
from mnist_demo.ui.serving.status import Status

PREPARE_AFTER = 3.0  # seconds: the first page needs the processor more
# Seconds that a thread keeps Python's lock from others that wait; Python's own 5 ms are long: an
# answer asks for the lock at each layer of a network, while Gradio makes a page of the Gallery.
SWITCH_INTERVAL = 0.0005
# Python's own but for the last: a full collection of garbage looks at all that Gradio keeps of each
# session, and nobody is answered meanwhile; with 100 visitors 0.14 s, every few seconds.
GC_THRESHOLDS = (700, 10, 100)
# Of glibc's malloc, which has up to eight for each core: what is freed in one serves no thread of
# another, and each training leaves some in all of them.
ARENAS = 2
M_ARENA_MAX = -8  # malloc.h; see mallopt(3)
LOG_EVERY = 60.0  # seconds between two looks at what goes on


def serve(
    app: CheckedBlocks,
    store: ModelStore,
    queue: TrainingQueue,
    settings: Settings,
    program: str = "python app.py",
) -> None:
    """Serve `app` until Ctrl-C or SIGTERM; exit status 1, and one line, where it cannot.

    program: what was called, for messages.
    """
    set_up_logs()
    asked = EndSignal()
    handle_signals(asked)
    _handle_end_of_trainings(queue)
    sys.setswitchinterval(SWITCH_INTERVAL)
    gc.set_threshold(*GC_THRESHOLDS)
    _limit_arenas()
    status = Status(app, store, queue)
    ended = threading.Event()
    bypass_proxy(settings.host)
    _check_address(settings, program)
    try:
        launched, _, _ = app.launch(
            **launch_options(app, host_routes(status, store.compute.torch_thread, settings.host)),
            server_name=settings.host,
            server_port=settings.port,
            quiet=True,
            prevent_thread_lock=True,
        )
    except OSError:
        _refuse_address(settings, program, "none of them is free")
    except Exception as error:  # noqa: BLE001  # Gradio's and httpx's are of many kinds
        told = " ".join(f"{type(error).__name__}: {error}".split())
        sys.exit(
            f"{program}: the server did not start ({told}); try another --host or --port, and "
            "where a proxy or a firewall is in use, let this machine reach itself"
        )
    if launched is None:  # `gradio app.py` runs this again at each reload; the server is there
        return
    try:
        with suppress(EndRequest):
            _require_filter(app, program)
            _announce(app, settings, status, program)
            gc.collect()
            gc.freeze()  # what is there from the start stays, and is not looked at again
            for name, work, subject in (
                ("prepare", _prepare, store),
                ("status", _log_status, status),
            ):
                given = (subject, ended)
                threading.Thread(target=work, args=given, name=name, daemon=True).start()
            asked.wait(app)
    finally:
        ended.set()
        end(app, store, status)
    if asked.has_come:
        leave()


def _limit_arenas() -> None:
    """Where malloc is another one, as on Windows and macOS, nothing is to be done."""
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)


def _check_address(settings: Settings, program: str) -> None:
    """End with the system's reason where nobody can listen there, which Gradio does not tell."""
    try:
        with socket.socket() as trial:
            if os.name == "posix":  # a port that was in use until now is free; on Windows it is not
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((settings.host or "127.0.0.1", settings.port or 0))
    except OSError as error:
        _refuse_address(settings, program, reason(error))


def _refuse_address(settings: Settings, program: str, why: str) -> NoReturn:
    where = f"{settings.host or '127.0.0.1'}, port {settings.port or '7860 to 7959'}"
    sys.exit(f"{program}: cannot listen on {where}: {why}; choose another by --host and --port")


def bypass_proxy(host: str | None) -> None:
    """Gradio asks the server by HTTP whether it is there, which no proxy of a school knows."""
    known = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    own = (host, "127.0.0.1", "localhost", "::1")
    hosts = dict.fromkeys([*known.split(","), *own])  # each once
    os.environ["no_proxy"] = os.environ["NO_PROXY"] = ",".join(filter(None, hosts))


def _require_filter(app: gr.Blocks, program: str) -> None:
    """Gradio's launch asks the server whether it is there: that must have come through the filter.

    A Gradio that takes no middleware of ours would serve every file, and fetch what it is told to.
    """
    if not getattr(app, "filtered", False):
        sys.exit(
            f"{program}: gradio {gr.__version__} lets requests past this app's filter; "
            "install the version that requirements.txt names"
        )


def _handle_end_of_trainings(queue: TrainingQueue) -> None:
    """SIGUSR1 ends those that run; Windows has no such signal."""
    if threading.current_thread() is threading.main_thread() and hasattr(signal, "SIGUSR1"):
        signal.signal(signal.SIGUSR1, partial(_end_trainings, queue))


def _end_trainings(queue: TrainingQueue, *_: Any) -> None:
    log_event("trainings_ended", count=queue.end_running())


def _announce(app: gr.Blocks, settings: Settings, status: Status, program: str) -> None:
    addresses = find_addresses() if sys.stdout.isatty() else []
    lines = describe_addresses(*server_address(app), addresses, program)
    print(*lines, sep="\n", flush=True)
    versions = {"python": platform.python_version(), "gradio": gr.__version__}
    chosen = {name: value for name, value in asdict(settings).items() if value is not None}
    log_event("start", pid=os.getpid(), **status.app(), **versions, **chosen)
    if os.environ.get("SPACES_ZERO_GPU"):
        LOGGER.warning("this app does not use ZeroGPU, see docs/HOSTING.md; choose other hardware")


def _prepare(store: ModelStore, ended: threading.Event) -> None:
    """Load the data set, and start a process to train, before the first visitor asks for them."""
    try:
        dataset = store.dataset()
    except RuntimeError:  # a program that ends begins no new threads
        if ended.is_set():
            return
        raise
    if ended.is_set():
        return
    sizes = {"train": len(dataset.train_labels), "test": len(dataset.test_labels)}
    log_event("dataset", name=dataset.name, **sizes)
    if dataset.notice:
        LOGGER.warning("%s %s", dataset.notice, dataset.cause)
    if not ended.wait(PREPARE_AFTER):
        store.compute.pool.prepare()


def _log_status(status: Status, ended: threading.Event) -> None:
    """Log what goes on, once a minute, where it is not what it was."""
    logged = status.load()
    while not ended.wait(LOG_EVERY):
        seen = status.load()
        if seen != logged:
            log_event("status", **seen, **status.cost())
            logged = seen
