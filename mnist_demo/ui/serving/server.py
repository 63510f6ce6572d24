"""Starts the server, says where it is, and stays until it has to end."""

import os
import platform
import signal
import socket
import sys
import threading
from dataclasses import asdict
from typing import Any

import gradio as gr

from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.gradio_internals import server_address
from mnist_demo.ui.serving.health import host_routes
from mnist_demo.ui.serving.launch import launch_options
from mnist_demo.ui.serving.logs import LOGGER, log_event, set_up_logs
from mnist_demo.ui.serving.settings import Settings
from mnist_demo.ui.serving.status import Status
from mnist_demo.ui.train.queue import TrainingQueue

EVERYWHERE = ("0.0.0.0", "::")
PREPARE_AFTER = 3.0  # seconds: the first page needs the processor more
LOG_EVERY = 60.0  # seconds between two looks at what goes on


def serve(
    app: gr.Blocks,
    store: ModelStore,
    queue: TrainingQueue,
    settings: Settings,
    program: str = "python app.py",
) -> None:
    """Serve `app` until Ctrl-C or SIGTERM; exit status 1 where it cannot listen.

    program: what was called, for messages.
    """
    set_up_logs()
    store.compute.pool.spare = settings.trainings
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _exit)  # the first process of a container ignores it else
    status = Status(app, store, queue)
    ended = threading.Event()
    try:
        launched, _, _ = app.launch(
            **launch_options(app, host_routes(status, store.compute.torch_thread)),
            server_name=settings.host,
            server_port=settings.port,
            quiet=True,
            prevent_thread_lock=True,
        )
    except OSError:
        where = f"{settings.host or '127.0.0.1'}, port {settings.port or '7860 to 7959'}"
        sys.exit(f"{program}: cannot listen on {where}; choose another by --host and --port")
    if launched is None:  # `gradio app.py` runs this again at each reload; the server is there
        return
    try:
        _require_filter(app)
        _announce(app, settings, status, program)
        for name, work, subject in (("prepare", _prepare, store), ("status", _log_status, status)):
            threading.Thread(target=work, args=(subject, ended), name=name, daemon=True).start()
        app.block_thread()
    finally:
        ended.set()
        app.close(verbose=False)
        log_event("stop", **status.cost())


def _require_filter(app: gr.Blocks) -> None:
    """Gradio's launch asks the server whether it is there: that must have come through the filter.

    A Gradio that takes no middleware of ours would serve every file, and fetch what it is told to.
    """
    if not getattr(app, "filtered", False):
        sys.exit(
            f"python app.py: gradio {gr.__version__} lets requests past this app's filter; "
            "install the version that requirements.txt names"
        )


def _exit(*_: Any) -> None:
    sys.exit(0)


def _announce(app: gr.Blocks, settings: Settings, status: Status, program: str) -> None:
    lan = find_lan_address() if sys.stdout.isatty() else None
    lines = describe_addresses(*server_address(app), lan, program)
    print(*lines, sep="\n", flush=True)
    versions = {"python": platform.python_version(), "gradio": gr.__version__}
    chosen = {name: value for name, value in asdict(settings).items() if value is not None}
    log_event("start", **status.app(), **versions, **chosen)
    if os.environ.get("SPACES_ZERO_GPU"):
        LOGGER.warning("this app does not use ZeroGPU, see docs/HOSTING.md; choose other hardware")


def describe_addresses(
    host: str, port: int, lan: str | None, program: str = "python app.py"
) -> list[str]:
    """Where the page is, in lines for a person.

    lan: this machine's address in its network, for the class to open; empty: nothing is said of it.
    """
    here = "127.0.0.1" if host in EVERYWHERE else f"[{host}]" if ":" in host else host
    lines = [f"Open http://{here}:{port}"]
    if lan and host in EVERYWHERE:
        lines.append(f"A class in the same network opens http://{lan}:{port}")
    elif lan:
        lines.append(f"For a class in the same network: {program} --host 0.0.0.0")
    return lines


def find_lan_address() -> str | None:
    """This machine's address in its network, where it is in one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect(("192.0.2.1", 9))  # an address of no one; nothing is sent to it
        except OSError:
            return None
        return str(asked.getsockname()[0])


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
