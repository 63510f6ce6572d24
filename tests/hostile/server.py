"""The app in a process and folders of its own: its log, memory and files can be seen."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

REPOSITORY = Path(__file__).parents[2]
FOLDERS = ("home", "tmp", "uploads", "data", "work")
PROGRAM = """
from pathlib import Path
from torchvision.datasets import MNIST
from mnist_demo.ui.page import build_app
from mnist_demo.ui.serving.settings import Settings
from tests.serving import launch
MNIST.mirrors = ["http://127.0.0.1:9/"]  # as in tests/conftest.py
app = build_app(Settings(data=Path("../data")))
print("url", launch(app), flush=True)
app.block_thread()
"""


@dataclass(frozen=True)
class Server:
    """url: ends in a slash. root: all that it may write lies below."""

    url: str
    root: Path
    process: subprocess.Popen[bytes]

    def log(self) -> str:
        """What the host sees."""
        return (self.root / "log").read_text(errors="replace")

    def megabytes(self) -> float:
        """Of memory that it holds now; 0 where Linux is not there to say it."""
        return self._number("status", r"VmRSS:\s+(\d+)") / 1024

    def cpu_seconds(self) -> float:
        """That it has computed so far; 0 where Linux is not there to say it."""
        ticks = self._number("stat", r"\) \S+ (?:\S+ ){10}(\d+)")
        return ticks / os.sysconf("SC_CLK_TCK")

    def _number(self, name: str, pattern: str) -> float:
        path = Path(f"/proc/{self.process.pid}/{name}")
        found = re.search(pattern, path.read_text()) if path.exists() else None
        return float(found[1]) if found else 0.0

    def rests(self, seconds: float) -> bool:
        """Whether it ceases to compute within that time."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            before = self.cpu_seconds()
            time.sleep(1)
            if self.cpu_seconds() - before < 0.3:
                return True
        return False


@contextmanager
def serve(root: Path) -> Iterator[Server]:
    """A server on the bundled digits, whose folders are made below `root`."""
    for name in FOLDERS:
        (root / name).mkdir()
    environment = os.environ | {
        "HOME": str(root / "home"),
        "TMPDIR": str(root / "tmp"),
        "XDG_CACHE_HOME": str(root / "tmp"),
        "XDG_CONFIG_HOME": str(root / "tmp"),
        "MPLCONFIGDIR": str(root / "tmp"),
        "GRADIO_TEMP_DIR": str(root / "uploads"),
        "GRADIO_ANALYTICS_ENABLED": "False",
        "PYTHONPATH": str(REPOSITORY),
        "PYTHONDONTWRITEBYTECODE": "1",
        "OMP_NUM_THREADS": "1",
    }
    with (root / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            cwd=root / "work",
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Server(_wait_for_url(process, root / "log"), root, process)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for_url(process: subprocess.Popen[bytes], log: Path) -> str:
    ends = time.monotonic() + 120
    while time.monotonic() < ends and process.poll() is None:
        if found := re.search(r"^url (\S+)$", log.read_text(), re.MULTILINE):
            httpx.get(found[1], timeout=60).raise_for_status()
            return found[1]
        time.sleep(0.2)
    raise RuntimeError(f"the server did not start: {log.read_text()}")
