"""Which version of the program a process runs: its files as they were when it began."""

import hashlib
import platform
from pathlib import Path

import torch

PACKAGE = Path(__file__).parents[2]
APART = ("ui", "cli")  # rooms that no process that trains imports: words may change meanwhile


def read_version() -> str:
    """Of the program as its files are now, which may not be those that this process has imported.

    Some milliseconds for some hundred kilobytes.
    """
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE)
        if name.parts[0] not in APART:
            digest.update(f"{name.as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return (
        f"{digest.hexdigest()[:16]}, Python {platform.python_version()}, torch {torch.__version__}"
    )


VERSION = read_version()  # of this process
