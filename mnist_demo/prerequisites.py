"""What must be there before the rest of this package can be imported: so nothing here needs it."""

import platform
import sys
from typing import NoReturn

_OLDEST_PYTHON = (3, 11)


def check_python() -> None:
    """Raise ImportError where this Python is too old."""
    if sys.version_info < _OLDEST_PYTHON:
        needed, this = (".".join(map(str, each[:3])) for each in (_OLDEST_PYTHON, sys.version_info))
        refuse(f"Python {needed} or newer is needed, and this is {this}")


def explain_missing(package: str) -> str:
    """What to do where that package is not installed."""
    if package == "torch" and sys.platform == "darwin" and platform.machine() == "x86_64":
        return (
            "there is no PyTorch of today for Macs with an Intel processor; take another computer "
            "or a free Space, see docs/HOSTING.md"
        )
    return f"{package} is missing; pip install -r requirements.txt brings it"


def refuse(reason: str) -> NoReturn:
    """Raise ImportError; where `python -m mnist_demo` imports the package, end with that line."""
    if sys.argv[:1] == ["-m"]:  # so it is until the module that is to be run is found
        sys.exit(f"python -m mnist_demo: {reason}")
    raise ImportError(reason)
