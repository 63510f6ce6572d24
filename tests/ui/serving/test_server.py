import gc
import logging
import os
import platform
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import httpx
import pytest

from mnist_demo import Dataset
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.compute.queue import TrainingQueue
from mnist_demo.ui.serving import server, shutdown
from mnist_demo.ui.serving.checked_blocks import CheckedBlocks
from mnist_demo.ui.serving.settings import Settings
from tests.serving import free_port

DEAD_PROXY = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")
ROOT = Path(__file__).parents[3]
# Lets eight threads at once take memory, and prints what malloc knows of its arenas.
TAKE_MEMORY = """
import ctypes, sys, threading
from mnist_demo.ui.serving import server
if sys.argv[1:]:
    server._limit_arenas()
held, all_there = [], threading.Barrier(8)
def take():
    all_there.wait()
    held.append(bytearray(60_000))
    all_there.wait()
threads = [threading.Thread(target=take) for _ in range(8)]
for each in threads:
    each.start()
for each in threads:
    each.join()
libc = ctypes.CDLL(None)
libc.fdopen.restype = ctypes.c_void_p
libc.malloc_info(0, ctypes.c_void_p(libc.fdopen(1, b"w")))
libc.fflush(None)
"""


@contextmanager
def _started(*options: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
    environment = os.environ | {"GRADIO_ANALYTICS_ENABLED": "False", **variables}
    with subprocess.Popen(
        [sys.executable, *options],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Ctrl-C is heard there also where these tests run in a shell's background.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    ) as process:
        try:
            yield process
        finally:
            process.kill()  # where it has not ended


def test_it_starts_tells_where_it_is_and_ends_on_sigterm(tmp_path: Path) -> None:
    port = free_port()
    variables = {"SPACES_ZERO_GPU": "true", **DEAD_PROXY}
    with _started("app.py", "--port", str(port), "--data", str(tmp_path), **variables) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline() == f"Open http://127.0.0.1:{port}\n"
        lines = [process.stderr.readline(), process.stderr.readline()]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=60) as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGUSR1)
        lines.append(process.stderr.readline())
        process.send_signal(signal.SIGTERM)
        lines += process.stderr.readlines()
        assert process.wait(60) == 0
        assert process.stdout.read() == ""
    found = [re.fullmatch(r"time=\S+ level=(\w+) event=(\w+) (.*)\n", queue) for queue in lines]
    events = [queue.groups() for queue in found if queue]
    assert len(events) == len(lines)
    assert events[0][:2] == ("info", "start")
    for part in ("version=", "dataset=loading", "device=", "trainings=1", f"port={port}"):
        assert part in events[0][2]
    assert f"pid={process.pid} " in events[0][2]
    assert ("info", "trainings_ended", "count=0") in events
    assert events[1][0] == "warning"
    assert "ZeroGPU" in events[1][2]
    assert events[-1][:2] == ("info", "stop")


def test_why_mnist_is_not_there_is_logged(
    tiny: Dataset, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    store = ModelStore()
    monkeypatch.setattr(store, "dataset", lambda: replace(tiny, notice="Told.", cause="<urlopen>"))
    monkeypatch.setattr(server, "PREPARE_AFTER", 0)
    monkeypatch.setattr(store.compute.pool, "prepare", lambda: None)
    with caplog.at_level(logging.WARNING):
        server._prepare(store, threading.Event())
    assert "Told. <urlopen>" in caplog.text


@pytest.mark.slow
def test_where_it_cannot_listen_it_says_so_in_one_line() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with _started("app.py", "--port", str(port)) as process:
            _, err = process.communicate(timeout=120)
    assert process.returncode == 1
    (line,) = err.splitlines()
    told = f"python app.py: cannot listen on 127.0.0.1, port {port}: Address already in use; choose"
    assert line.startswith(told)


@pytest.mark.parametrize(
    ("host", "error", "told"),
    [
        (None, PermissionError(13, "Permission denied"), "127.0.0.1, port 80: Permission denied;"),
        ("192.0.2.7", None, "192.0.2.7, port 80: Cannot assign requested address; choose another"),
        ("no host", socket.gaierror(-2, "Name not known"), "no host, port 80: Name not known; ch"),
    ],
)
def test_why_it_cannot_listen_is_told(
    host: str | None, error: OSError | None, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Socket(socket.socket):
        def bind(self, address: Any) -> None:
            if error:
                raise error
            super().bind(address)

    monkeypatch.setattr(socket, "socket", Socket)
    with pytest.raises(SystemExit) as ended:
        server._check_address(Settings(host=host, port=80), "python app.py")
    assert told in str(ended.value)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, "127.0.0.1,localhost,::1"),
        ({"NO_PROXY": "school.example"}, "school.example,127.0.0.1,localhost,::1"),
        ({"no_proxy": "localhost", "NO_PROXY": "no.one"}, "localhost,127.0.0.1,::1"),
    ],
)
def test_the_proxies_that_others_chose_stay_for_all_but_this_machine(
    before: dict[str, str], after: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, before.get(name, ""))
    server.bypass_proxy(None)
    assert os.environ["no_proxy"] == os.environ["NO_PROXY"] == after


def test_whatever_keeps_it_from_starting_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("All connection\nattempts failed")

    monkeypatch.setattr(gr.Blocks, "launch", fail)
    monkeypatch.setattr(server, "set_up_logs", lambda: None)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    chosen: list[object] = []
    monkeypatch.setattr(sys, "setswitchinterval", chosen.append)
    monkeypatch.setattr(gc, "set_threshold", lambda *thresholds: chosen.append(thresholds))
    monkeypatch.setattr(server, "_limit_arenas", lambda: chosen.append("arenas"))
    with pytest.raises(SystemExit) as ended:
        server.serve(CheckedBlocks(), ModelStore(), TrainingQueue(1), Settings())
    # Before the first answer.
    assert chosen == [server.SWITCH_INTERVAL, server.GC_THRESHOLDS, "arenas"]
    line = str(ended.value)
    assert line.startswith("python app.py: the server did not start (RuntimeError: All connection ")
    assert "\n" not in line


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another malloc")
def test_all_threads_take_memory_from_a_few_places() -> None:
    def count_arenas(*limited: str) -> int:
        command = [sys.executable, "-c", TAKE_MEMORY, *limited]
        told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        return told.stdout.count("<heap ")

    assert count_arenas() > server.ARENAS
    assert count_arenas("limited") <= server.ARENAS


def test_what_holds_up_the_end_is_cut_off(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A connection that does not close, and a long computation that makes no way."""
    over, forced, killed = threading.Event(), threading.Event(), threading.Event()
    store = ModelStore()
    monkeypatch.setattr(shutdown, "CLOSE_WITHIN", 0.1)
    monkeypatch.setattr(shutdown, "END_WITHIN", 0.2)
    monkeypatch.setattr(shutdown, "handle_signals", lambda _: None)
    monkeypatch.setattr(shutdown, "_set_alarm", lambda: None)
    monkeypatch.setattr(shutdown, "leave", forced.set)
    monkeypatch.setattr(store.compute.pool, "kill", killed.set)
    monkeypatch.setattr(gr.Blocks, "close", lambda *_: over.wait(60))
    computing = threading.Thread(target=store.compute.torch_thread.call, args=(over.wait, 60))
    computing.start()
    try:
        with caplog.at_level(logging.WARNING):
            shutdown.end(gr.Blocks(), store, SimpleNamespace(cost=dict))  # type: ignore[arg-type]
            assert forced.wait(60)
    finally:
        over.set()
        computing.join()
    assert killed.is_set()
    assert "held up the end" in caplog.text


def test_a_signal_amid_a_finalizer_ends_the_server_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python swallows what its handler raises there."""
    asked = shutdown.EndSignal()

    class Finalized:
        def __del__(self) -> None:
            os.kill(os.getpid(), signal.SIGUSR2)
            time.sleep(0.01)  # the handler runs here

    swallowed: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", swallowed.append)
    former = signal.signal(signal.SIGUSR2, asked)
    try:
        Finalized()
    finally:
        signal.signal(signal.SIGUSR2, former)
    assert len(swallowed) == 1
    asked.wait(SimpleNamespace(is_running=True))  # type: ignore[arg-type]


HARD_TO_END = """
import os, runpy, signal, threading, time
from mnist_demo.training.processes import remote_trainer
from mnist_demo.ui.compute.model_store import ModelStore
receive = remote_trainer.WorkerProcess.receive
def stop_then_receive(self, *arguments):  # at the first step
    report = receive(self, *arguments)
    if isinstance(report, remote_trainer.EventBatch):
        os.kill(self.number, signal.SIGSTOP)
        print("stopped", self.number, flush=True)
    return report
remote_trainer.WorkerProcess.receive = stop_then_receive
runpy.run_path("app.py", run_name="__main__")
"""


@pytest.mark.slow
def test_it_ends_on_ctrl_c_within_seconds_whatever_goes_on(tmp_path: Path) -> None:
    """A training whose process is stopped, who looks at it, and who listens to nothing."""
    variables = {"GRADIO_SERVER_PORT": str(free_port()), "MNIST_DEMO_DATA": str(tmp_path)}
    with _started("-c", HARD_TO_END, **variables) as process:
        assert process.stdout
        url = process.stdout.readline().split()[1]
        asked = {"data": ["softmax", 1000, None, 1, 0]}
        with httpx.Client(base_url=f"{url}/gradio_api", timeout=120) as client:
            event = client.post("/call/train", json=asked).json()["event_id"]
            with (
                client.stream("GET", f"/call/train/{event}"),
                client.stream("GET", "/heartbeat/abcdefghij"),
            ):
                words = process.stdout.readline().split()
                assert words[0] == "stopped"
                began = time.monotonic()
                process.send_signal(signal.SIGINT)
                assert process.wait(60) in (0, -signal.SIGALRM)
                # It is cut off after five; but others compute too, before it knows of the signal.
                assert time.monotonic() - began < 2 * shutdown.ALARM_AFTER
    with pytest.raises(ProcessLookupError):
        os.kill(int(words[1]), 0)


WITHOUT_MIDDLEWARE = """
import runpy, gradio
launch = gradio.Blocks.launch
def launch_without(self, *args, app_kwargs, **options):
    return launch(self, *args, app_kwargs={"routes": app_kwargs["routes"]}, **options)
gradio.Blocks.launch = launch_without
runpy.run_path("app.py", run_name="__main__")
"""


@pytest.mark.parametrize("program", ["python app.py", "mnist-demo serve"])
def test_what_was_started_is_named_where_requests_pass_the_filter(program: str) -> None:
    with pytest.raises(SystemExit, match=f"^{program}: gradio "):
        server._require_filter(CheckedBlocks(), program)


@pytest.mark.slow
def test_it_refuses_to_serve_past_the_filter() -> None:
    """By a Gradio that takes no middleware of ours."""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_MIDDLEWARE],
        cwd=ROOT,
        env=os.environ
        | {"GRADIO_ANALYTICS_ENABLED": "False", "GRADIO_SERVER_PORT": str(free_port())},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert "lets requests past this app's filter; install the version" in done.stderr
    assert "Traceback" not in done.stderr
