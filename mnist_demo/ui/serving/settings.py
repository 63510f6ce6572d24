"""What a host decides: on the command line, else in the environment, else as it stands here."""

import argparse
import atexit
import math
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mnist_demo.arguments import OneLineParser
from mnist_demo.files import reason

SPACE_SECONDS = 300.0  # on two cores all of softmax, mlp and fast_cnn; docs/HOSTING.md has the rest
NO_LIMIT = "none"
ABOUT: dict[str, Any] = {
    "description": "Serve the page: draw a digit, train a network live, look at its mistakes.",
    "epilog": "docs/HOSTING.md tells what to set where.",
    "allow_abbrev": False,
}


@dataclass(frozen=True)
class Settings:
    """The host's settings.

    data: the folder of the data set, as for `load_dataset`; None: its default.
    trainings: how many run at once; the others wait.
    max_steps, max_seconds: the budget of one training; None: no limit.
    host, port: where the server listens; None: 127.0.0.1, the first free port from 7860.
    """

    data: Path | None = None
    trainings: int = 1
    max_steps: int | None = None
    max_seconds: float | None = None
    host: str | None = None
    port: int | None = None


def read_settings(
    arguments: Sequence[str] = (), environment: Mapping[str, str] = os.environ
) -> Settings:
    """The settings that the command line and the environment ask for; the command line wins.

    An environment variable that is empty counts as not set. A value that will not do ends the
    program with status 2 and one line, which names the value, where it stands, and the remedy.
    """
    parser = OneLineParser(prog="python app.py", **ABOUT)
    add_options(parser)
    return choose_settings(parser, parser.parse_args(arguments), environment)


def add_options(parser: argparse.ArgumentParser) -> None:
    """One option for each setting."""
    for option in OPTIONS:
        meaning = f"{option.help} (or {option.variable}; default: {option.default})"
        parser.add_argument(option.flag, metavar=option.metavar, help=meaning)


def choose_settings(
    parser: argparse.ArgumentParser,
    options: argparse.Namespace,
    environment: Mapping[str, str] = os.environ,
) -> Settings:
    """`read_settings` of what `parser` has parsed; it tells of a bad value."""
    given = vars(options)
    found: dict[str, Any] = {}
    for option in OPTIONS:
        text = given[option.field] or environment.get(option.variable, "")
        if not text:
            continue
        try:
            found[option.field] = option.read(text)
        except ValueError:
            place = option.flag if given[option.field] else option.variable
            parser.error(f"{place}: {text!r} is not {option.wanted}; give that, or leave it out")
    _check_gradios_own(parser, environment)
    return replace(_defaults(environment), **found)


def _check_gradios_own(parser: argparse.ArgumentParser, environment: Mapping[str, str]) -> None:
    """Gradio's own variables that would end its start in the middle."""
    root = environment.get("GRADIO_ROOT_PATH", "")
    if root and not root.startswith(("/", "http://", "https://")):
        parser.error(
            f"GRADIO_ROOT_PATH: {root!r} is no path that begins with /, such as '/{root}', and no "
            "address; give that, or leave it out"
        )
    named = environment.get("GRADIO_TEMP_DIR", "")
    try:
        folder = Path(named) if named else Path(tempfile.gettempdir(), "gradio")
    except FileNotFoundError:
        parser.error("no folder for temporary files can be written; name one by TMPDIR")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return
    except OSError as error:
        if named:
            parser.error(
                f"GRADIO_TEMP_DIR: {named!r} cannot be written ({reason(error)}); name another "
                "folder, or leave it out"
            )
    # Another user of this machine has Gradio's usual one: one of our own, for as long as we run.
    own = os.environ["GRADIO_TEMP_DIR"] = tempfile.mkdtemp(prefix="gradio_")
    atexit.register(shutil.rmtree, own, ignore_errors=True)


def _defaults(environment: Mapping[str, str]) -> Settings:
    """On a Space strangers share the machine, so that no training may keep it for long."""
    return Settings(max_seconds=SPACE_SECONDS if environment.get("SPACE_ID") else None)


@dataclass(frozen=True)
class Option:
    """One setting: its field in Settings, its variable, and how its text is read.

    wanted: what a good value is. read: raises ValueError where it is none.
    """

    field: str
    variable: str
    metavar: str
    help: str
    default: str
    wanted: str
    read: Callable[[str], Any]

    @property
    def flag(self) -> str:
        return f"--{self.field.replace('_', '-')}"


def _whole(text: str, least: int = 1, most: float = math.inf) -> int:
    number = int(text)
    if not least <= number <= most:
        raise ValueError(text)
    return number


def _port(text: str) -> int:
    return _whole(text, most=65535)


def _folder(text: str) -> Path:
    try:
        path = Path(text).expanduser()
    except RuntimeError:  # there is no such user, or no home directory
        raise ValueError(text) from None
    if path.exists() and not path.is_dir():
        raise ValueError(text)
    return path


def _address(text: str) -> str:
    if any(letter.isspace() or letter in "/:" for letter in text):  # Gradio has no IPv6
        raise ValueError(text)
    return text


def _steps(text: str) -> int | None:
    return None if text == NO_LIMIT else _whole(text)


def _seconds(text: str) -> float | None:
    if text == NO_LIMIT:
        return None
    seconds = float(text)
    if not 1 <= seconds < math.inf:
        raise ValueError(text)
    return seconds


OPTIONS = (
    Option(
        "host",
        "GRADIO_SERVER_NAME",
        "ADDRESS",
        "where to listen; 0.0.0.0 opens the page to other machines, such as a class",
        "127.0.0.1, this machine alone",
        "an IPv4 address or a name of this machine, such as 0.0.0.0",
        _address,
    ),
    Option(
        "port",
        "GRADIO_SERVER_PORT",
        "NUMBER",
        "that port and no other",
        "the first free one from 7860",
        "a port, a whole number from 1 to 65535",
        _port,
    ),
    Option(
        "data",
        "MNIST_DEMO_DATA",
        "FOLDER",
        "the folder with MNIST/raw/, in torchvision's layout",
        "data/ beside app.py; of an installed package the user's data folder",
        "a folder",
        _folder,
    ),
    Option(
        "trainings",
        "MNIST_DEMO_TRAININGS",
        "NUMBER",
        "how many trainings run at once; the others wait",
        "1, which leaves drawings their speed on two cores",
        "a whole number from 1",
        _whole,
    ),
    Option(
        "max_steps",
        "MNIST_DEMO_MAX_STEPS",
        "NUMBER",
        f"the steps after which a training ends; {NO_LIMIT}: no limit",
        "no limit",
        f"a whole number from 1, or {NO_LIMIT!r}",
        _steps,
    ),
    Option(
        "max_seconds",
        "MNIST_DEMO_MAX_SECONDS",
        "NUMBER",
        f"the seconds after which a training ends; {NO_LIMIT}: no limit",
        f"no limit; on a Hugging Face Space {SPACE_SECONDS:.0f}",
        f"a number from 1, or {NO_LIMIT!r}",
        _seconds,
    ),
)
