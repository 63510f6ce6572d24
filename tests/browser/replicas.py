"""Two replicas of the app behind nginx, with the configuration that deploy/ holds."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.serving import free_port

ROOT = Path(__file__).parents[2]
CONFIGURATION = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Replica:
    process: subprocess.Popen[bytes]
    port: int

    def status(self) -> dict[str, str]:
        """What this replica itself says of who is there and what trains."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/status", timeout=30) as answer:
            return dict(re.findall(r'(\w+)=("[^"]+"|\S+)', answer.read().decode()))

    def app_id(self) -> float:
        """What this replica calls itself, as its pages know it: JavaScript's numbers are floats."""
        with urllib.request.urlopen(
            f"http://127.0.0.1:{self.port}/gradio_api/app_id", timeout=30
        ) as answer:
            return float(json.load(answer)["app_id"])


@dataclass(frozen=True)
class Site:
    url: str
    replicas: list[Replica]


@contextmanager
def serve_replicas(folder: Path) -> Iterator[Site]:
    """Two replicas on the bundled digits, and nginx before them; its files go to `folder`."""
    (folder / "data").mkdir()
    with ExitStack() as stack:
        replicas = [stack.enter_context(_replica(folder / "data")) for _ in range(2)]
        port = free_port()
        settings = folder / "nginx.conf"
        settings.write_text(_adapt(folder, port, replicas), encoding="utf-8")
        stack.enter_context(run_nginx(settings))
        for each in (*(replica.port for replica in replicas), port):
            wait_until_healthy(each)
        yield Site(f"http://127.0.0.1:{port}/", replicas)


@contextmanager
def run_nginx(settings: Path) -> Iterator[None]:
    """nginx with that configuration; a test is skipped where there is none."""
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if nginx is None:
        pytest.skip("no nginx: apt-get install nginx-light")
    with _running([nginx, "-e", "stderr", "-c", str(settings), "-g", _globals()]):
        yield


def _adapt(folder: Path, port: int, replicas: list[Replica]) -> str:
    """The configuration as it stands, but for the ports, the hosts and the folder."""
    servers = iter(replicas)
    lines = []
    for line in CONFIGURATION.replace("/tmp/", f"{folder}/").splitlines():
        if re.match(r" *server app\d:", line):
            replica = next(servers, None)
            lines += [f"server 127.0.0.1:{replica.port};"] if replica else []
        else:
            lines.append(re.sub(r"listen \d+;", f"listen 127.0.0.1:{port};", line))
    return "\n".join(lines)


def _globals() -> str:
    # Started by root, nginx would work as nobody, who may not enter the tests' folder.
    return "daemon off;" + (" user root;" if os.getuid() == 0 else "")


@contextmanager
def _replica(data: Path) -> Iterator[Replica]:
    port = free_port()
    command = [sys.executable, "app.py", "--port", str(port), "--data", str(data)]
    with _running(command) as process:
        yield Replica(process, port)


@contextmanager
def _running(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | {"GRADIO_ANALYTICS_ENABLED": "False"}
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def wait_until_healthy(port: int, path: str = "/healthz") -> None:
    deadline = time.monotonic() + 120
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20).close()
            return
        except (urllib.error.URLError, ConnectionError):
            assert time.monotonic() < deadline, f"nobody answers at port {port}"
            time.sleep(0.2)
