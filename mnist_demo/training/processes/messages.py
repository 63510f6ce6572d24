"""What a trainer and the process that computes for it send each other, through a pipe.

The messages are pickled. They come from a process that this one has started, or was started by, and
from nowhere else: no file and no visitor can put anything into the pipe.
"""

import pickle
import pickletools
import struct
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from torch import Tensor

from mnist_demo.data.dataset import Dataset
from mnist_demo.training.events import Event
from mnist_demo.training.recipes import Recipe
from mnist_demo.training.setting_changes import SettingChange
from mnist_demo.training.snapshots import Snapshot
from mnist_demo.training.training_set import ExtraDigits

# To the worker.


@dataclass(frozen=True, eq=False)
class MakeTrainer:
    """Make a trainer. recipe: packed. dataset: None for the last one. state: to resume. start: see
    `Trainer`."""

    recipe: bytes
    dataset: Dataset | None
    seed: int
    device: str
    extra_digits: ExtraDigits | None
    tests: int | None
    watch_every: float | None
    state: Mapping[str, Any] | None
    start: Snapshot | None


@dataclass(frozen=True)
class StartRun:
    """Train; the arguments are those of `RemoteTrainer.run`."""

    epochs: int | None
    max_steps: int | None
    max_seconds: float | None


@dataclass(frozen=True)
class ChangeSettings:
    """Values for some of a trainer's settings, checked where they were given."""

    values: Mapping[str, float | None]


@dataclass(frozen=True)
class SetThreads:
    """How many to compute with, from the next step on."""

    count: int


@dataclass(frozen=True)
class Stop:
    """End what is being done, and report how far it is."""


Order = MakeTrainer | StartRun | ChangeSettings | SetThreads | Stop

# From the worker.


@dataclass(frozen=True)
class TrainerMade:
    """The trainer is there; the values are its own."""

    images_per_epoch: int
    steps_per_epoch: int
    draws: bool


@dataclass(frozen=True, eq=False)
class EventBatch:
    """Events, and what the trainer is after the last of them. epoch_steps: done in the epoch under
    way. weights: of its model's state."""

    events: Sequence[Event]
    epochs_done: int
    epoch_steps: int
    seconds: float
    wall_seconds: float
    changes: Sequence[SettingChange]
    threads: frozenset[int]
    weights: Mapping[str, Tensor]


@dataclass(frozen=True, eq=False)
class Ended:
    """Nothing is being done any more.

    state: the trainer's, to resume; None where there is none. spent: which limit ended the run,
    "steps" or "seconds", if one did. error: what did, with its traceback as a note.
    """

    state: Mapping[str, Any] | None = None
    spent: str | None = None
    error: Exception | None = None


@dataclass(frozen=True)
class SignOfLife:
    """The process is there, whatever it computes."""


Report = TrainerMade | EventBatch | Ended | SignOfLife

_LENGTH = struct.Struct("!Q")  # of a message, in bytes; before each


class UnreadableMessageError(RuntimeError):
    """A message came whole, but this process can make nothing of it: a class of it has changed, or
    is defined where this process does not look."""


def pack(message: Order | Report) -> bytes:
    """A message, to be written to a channel."""
    content = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(content)) + content


@dataclass(eq=False)
class Channel:
    """One end of the two pipes."""

    incoming: IO[bytes]
    outgoing: IO[bytes]
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def greet(self, version: str) -> None:
        """Say which version of the program this process runs, before its first message: no pickle,
        for another version may read none of these."""
        self.write(f"{version}\n".encode())

    def read_greeting(self) -> str:
        """The other's version. Raises EOFError where it ended before it told any."""
        line = self._read(self.incoming.readline, 1000)
        if not line.endswith(b"\n"):
            raise EOFError
        return line.decode(errors="replace").rstrip("\n")

    def send(self, message: Order | Report) -> None:
        """From any thread. Raises OSError where nobody is there to read it."""
        self.write(pack(message))

    def write(self, packed: bytes) -> None:
        """What `pack` made; as `send`."""
        with self._lock:
            self.outgoing.write(packed)
            self.outgoing.flush()

    def receive(self) -> Any:
        """The next message; waits for it. Raises EOFError where none will come any more, and
        UnreadableMessageError where this process can make nothing of it."""
        (length,) = _LENGTH.unpack(self._read_all(_LENGTH.size))
        content = self._read_all(length)
        try:
            return pickle.loads(content)
        except Exception as error:  # whatever is raised by the code that a pickle calls
            raise UnreadableMessageError(f"{type(error).__name__}: {error}") from error

    def _read_all(self, size: int) -> bytes:
        content = self._read(self.incoming.read, size)
        if len(content) < size:  # cut off
            raise EOFError
        return content

    @staticmethod
    def _read(read: Callable[[int], bytes], size: int) -> bytes:
        try:
            return read(size)
        except (OSError, ValueError) as error:  # closed
            raise EOFError from error


def pack_recipe(recipe: Recipe) -> bytes:
    """A recipe for another process, which imports its network by module and name.

    Raises ValueError where it cannot: the network is made by a lambda, or within a function, or in
    the script that was started, which another process cannot import without running it.
    """
    try:
        packed = pickle.dumps(recipe)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise ValueError(_cannot_import(recipe.name, error)) from None
    if "__main__" in (argument for _, argument, _ in pickletools.genops(packed)):
        raise ValueError(_cannot_import(recipe.name, "it stands in the script that was started"))
    return packed


def unpack_recipe(packed: bytes) -> Recipe:
    """In that process. Raises ValueError where it cannot import the network."""
    try:
        return pickle.loads(packed)
    except (ImportError, AttributeError) as error:
        raise ValueError(_cannot_import("this recipe", error)) from None


def _cannot_import(name: str, reason: object) -> str:
    return (
        f"the process that trains cannot import the network of {name}: {reason}; define it at the "
        "top of a module of its own, beside the script, and import it there"
    )


def sendable(error: Exception) -> Exception:
    """An exception as it may be sent: not all can be pickled that a network of one's own raises."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # noqa: BLE001  # whatever its own code does
        plain = RuntimeError(f"{type(error).__name__}: {error}")
        for note in getattr(error, "__notes__", ()):
            plain.add_note(note)
        return plain
    return error
