"""Files that are there whole or not at all."""

import os
import secrets
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write `path`, or leave it as it was (an atomic write): a full disk or a stop of the process
    makes no half file.

    Raises OSError where it cannot be written.
    """
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # some disks report only here that they are full
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def reason(error: OSError) -> str:
    """Why, as the system says it: "No space left on device"."""
    return error.strerror or str(error) or type(error).__name__


def one_line(text: str) -> str:
    """The text, with escapes for what a terminal would take for more than letters: a name of a file
    may hold line breaks, and sequences that colour or hide what stands after them."""
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)
