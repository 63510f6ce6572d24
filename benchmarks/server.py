"""A web app in a process of its own, as its users start it."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
APP = [sys.executable, "app.py"]


@contextmanager
def serve(command: list[str]) -> Iterator[str]:
    """Start `command` in the project's folder, wait for its page, and give its address."""
    with serve_process(command) as (url, _):
        yield url


@contextmanager
def serve_process(command: list[str]) -> Iterator[tuple[str, int]]:
    """Likewise, and give its address and its process's number."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}/"
    environment = os.environ | {
        "GRADIO_SERVER_PORT": str(port),
        "GRADIO_ANALYTICS_ENABLED": "False",
    }
    server = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for_page(url, server, command)
        yield url, server.pid
    finally:
        server.terminate()
        server.wait()


def resident_megabytes(process: int) -> float:
    """The memory that a process holds, and those that it has started, on Linux; what they share
    counts for each."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    pages = 0
    for each in (process, *children):
        with contextlib.suppress(FileNotFoundError):  # it has just ended
            pages += int(Path(f"/proc/{each}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 2**20


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for_page(url: str, server: subprocess.Popen[bytes], command: list[str]) -> None:
    while server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=60) as page:
                page.read()
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.02)
    raise RuntimeError(f"{command} ended with exit status {server.returncode}")
