"""What a host decides: where the data lies, and what a training may take of the machine."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """The host's settings.

    data: the folder of the data set, as for `load_dataset`; None: its default.
    trainings: how many run at once; the others wait.
    max_steps, max_seconds: the budget of one training; None: no limit.
    """

    data: Path | None = None
    trainings: int = 1
    max_steps: int | None = None
    max_seconds: float | None = None
