"""A computer without what is needed is told so in one line, not by a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOO_OLD = "import sys; sys.version_info = (3, 10, 13)"
WITHOUT = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == {package!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Missing())
"""
INTEL_MAC = "import platform; sys.platform = 'darwin'; platform.machine = lambda: 'x86_64'"
# What Python does at its start, and what is told.
COMPUTERS = {
    "an old Python": (TOO_OLD, "Python 3.11 or newer is needed, and this is 3.10.13"),
    "no torch": (WITHOUT.format(package="torch"), "torch is missing; pip install -r requirements"),
    "an Intel Mac": (WITHOUT.format(package="torch") + INTEL_MAC, "there is no PyTorch of today"),
}
COMMANDS = {
    "python app.py": ("app.py",),
    "python -m mnist_demo": ("-m", "mnist_demo", "predict", "x.png"),
}


def _run(at_start: str, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    (folder / "sitecustomize.py").write_text(at_start, encoding="utf-8")
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("computer", COMPUTERS)
def test_what_is_missing_is_told_in_one_line(computer: str, command: str, tmp_path: Path) -> None:
    at_start, told = COMPUTERS[computer]
    done = _run(at_start, tmp_path, *COMMANDS[command])
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"{command}: {told}")


def test_a_page_without_gradio_says_how_to_get_it(tmp_path: Path) -> None:
    done = _run(WITHOUT.format(package="gradio"), tmp_path, "app.py")
    assert done.returncode == 1
    told = "python app.py: gradio is missing; pip install -r requirements.txt brings it\n"
    assert done.stderr == told


def test_who_imports_the_package_gets_an_import_error(tmp_path: Path) -> None:
    at_start, told = COMPUTERS["no torch"]
    program = "try: import mnist_demo\nexcept ImportError as error: print(error)"
    done = _run(at_start, tmp_path, "-c", program)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(told)
