"""Where the shipped models and the data lie: in a checkout, and once the package is installed."""

import os
import sys
from pathlib import Path

_PACKAGE = Path(__file__).parent
_PACKED = _PACKAGE / "checkpoints"  # there in a wheel alone; a checkout has them beside the package
IS_INSTALLED = _PACKED.is_dir()
CHECKPOINTS = _PACKED if IS_INSTALLED else _PACKAGE.parent / "checkpoints"


def default_data_directory() -> Path:
    """`data/` in a checkout; once installed, `mnist-demo` among the user's data for programs.

    It may begin with ~, for whoever is at home.
    """
    return _user_data() / "mnist-demo" if IS_INSTALLED else _PACKAGE.parent / "data"


def _user_data() -> Path:
    """Where programs keep a user's data; on Linux by the XDG Base Directory Specification."""
    match sys.platform:
        case "win32":
            return Path(os.environ.get("LOCALAPPDATA") or "~/AppData/Local")
        case "darwin":
            return Path("~/Library/Application Support")
        case _:
            return Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share")
