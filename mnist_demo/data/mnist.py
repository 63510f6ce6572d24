"""MNIST as tensors, fetched where it is missing; 5,000 of its digits where it cannot be had."""

import gzip
import hashlib
import logging
import math
import os
import threading
import time
import urllib.request
import zlib
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any

import numpy as np
import torch

from mnist_demo.data.bundled_digits import bundled_digits
from mnist_demo.data.dataset import Dataset, DatasetError
from mnist_demo.digits.mnist_format import SIZE
from mnist_demo.files import reason, write_whole
from mnist_demo.paths import default_data_directory

LOG = logging.getLogger(__name__)
_FETCH_FAULTS = (OSError, ValueError, EOFError, HTTPException, zlib.error)
SILENCE = 8.0  # seconds without a byte after which a download is given up
NEAR = 50  # folders within the data directory that are looked into
PATIENCE = 60.0  # seconds after which a slow download is no longer waited for
_NOTICE = (
    "MNIST is not here, so 5,000 of its 70,000 digits are used. To have them all, connect this "
    "computer to the internet and start again."
)


@dataclass(frozen=True)
class _RawFile:
    """One of MNIST's four files, as it must be once unpacked."""

    name: str
    size: int
    magic: int
    md5: str

    def check(self, content: bytes, origin: str) -> None:
        """Raise DatasetError unless `content` is this file to the last byte."""
        magic = int.from_bytes(content[:4], "big")
        if len(content) < self.size:
            fault = f"is truncated: it has {len(content):,} bytes of {self.size:,}"
        elif len(content) > self.size:
            fault = f"is too long: it has {len(content):,} bytes instead of {self.size:,}"
        elif magic != self.magic:
            fault = f"is not that MNIST file: its magic number is {magic}, not {self.magic}"
        elif hashlib.md5(content, usedforsecurity=False).hexdigest() != self.md5:
            fault = "is damaged: its md5 sum is not that of the published file"
        else:
            return
        raise DatasetError(f"{origin} {fault}")

    def find(self, folder: Path, suffix: str) -> Path | None:
        """The file in `folder`, by the name that it was published under or the one that 7-Zip gives
        it."""
        names = (self.name, self.name.replace("-idx", ".idx"))
        paths = (folder / f"{name}{suffix}" for name in names)
        return next((path for path in paths if path.is_file()), None)


_IMAGES = 2051  # the magic number of a file of images; labels have 2049
_RAW_FILES = (
    _RawFile("train-images-idx3-ubyte", 47_040_016, _IMAGES, "6bbc9ace898e44ae57da46a324031adb"),
    _RawFile("train-labels-idx1-ubyte", 60_008, 2049, "a25bea736e30d166cdddb491f175f624"),
    _RawFile("t10k-images-idx3-ubyte", 7_840_016, _IMAGES, "2646ac647ad5339dbf082846283269ea"),
    _RawFile("t10k-labels-idx1-ubyte", 10_008, 2049, "27ae3e4e09519cfbb04c329615203637"),
)


def data_directory(root: Path | str | None = None) -> Path:
    """Where the data lies: `root`, else $MNIST_DEMO_DATA, else `data/` beside the package, or the
    user's data folder where the package is installed.

    Raises DatasetError where it begins with ~, and there is no home directory.
    """
    chosen = root or os.environ.get("MNIST_DEMO_DATA") or default_data_directory()
    try:
        return Path(chosen).expanduser()
    except RuntimeError:
        raise DatasetError(f"{chosen}: there is no home directory; name the whole path") from None


def load_dataset(root: Path | str | None = None, *, download: bool = True) -> Dataset:
    """MNIST from the data directory, fetched first where it is missing and `download` allows; where
    nothing can be written there, that is logged, and it serves all the same.

    Where it can be had neither way within seconds, the bundled digits; `notice` says so, and
    `cause` why. A network that is refused, failing or silent is given up within 10 seconds, a slow
    one after 60.

    Raises DatasetError, a ValueError, where a file of MNIST is there but truncated, damaged or not
    to be read.
    """
    base = data_directory(root)
    try:
        raw = _find_folder(base)
        contents = {file: _read(file, raw, download) for file in _RAW_FILES}
    except OSError as error:
        raise DatasetError(f"{error.filename or base} cannot be read: {reason(error)}") from None
    missing = [file for file, content in contents.items() if content is None]
    if missing and not download:
        return bundled_digits(_NOTICE, f"MNIST is not in {raw}, and no download was asked for")
    if missing:
        fetch = _Fetch(raw, missing)
        fault = fetch.wait()
        if fault:
            return bundled_digits(_NOTICE, f"MNIST could not be fetched to {raw}: {fault}")
        contents |= fetch.contents
    return _make_dataset(*(content for content in contents.values() if content is not None))


def _find_folder(base: Path) -> Path:
    """Where MNIST's files lie: in `base`, as torchvision has them, or a level or two beside that,
    which happens where somebody unpacks or names a folder too many or too few.

    Where there are none: `base/MNIST/raw`, for them to be fetched to.
    """
    usual = base / "MNIST" / "raw"
    near = [usual, base, base / "raw", base / "MNIST"]
    for folder in near:
        if _holds_any(folder):
            return folder
    with suppress(OSError):  # there is no such folder, or one in it is closed to us
        for child in sorted(base.iterdir())[:NEAR]:
            for folder in (child / "MNIST" / "raw", child / "raw", child):
                if _holds_any(folder):
                    return folder
    return usual


def _holds_any(folder: Path) -> bool:
    return any(file.find(folder, suffix) for file in _RAW_FILES for suffix in ("", ".gz"))


def _read(file: _RawFile, raw: Path, download: bool) -> bytes | None:
    """The content of that file, unpacked where it has to be, which then stays unpacked where the
    disk can be written. None where there is none, or, for a download, none that is whole.

    Raises DatasetError where it is there but not that file, whole.
    """
    plain, packed = file.find(raw, ""), file.find(raw, ".gz")
    if plain:
        content = plain.read_bytes()
        try:
            file.check(content, str(plain))
        except DatasetError as error:
            raise DatasetError(f"{error}; delete it, and it is fetched anew") from None
        return content
    if not packed:
        return None
    try:
        content = _unpack(file, packed)
    except DatasetError as error:
        if download:  # half downloaded
            return None
        raise DatasetError(f"{error}; delete it, and it is fetched anew") from None
    with suppress(OSError):
        write_whole(raw / file.name, content)
    return content


def _unpack(file: _RawFile, packed: Path) -> bytes:
    """The content of a packed file. Raises DatasetError where it is not that file, whole."""
    try:
        content = gzip.decompress(packed.read_bytes())
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DatasetError(f"{packed} is damaged ({error})") from None
    file.check(content, str(packed))
    return content


def _make_dataset(*contents: bytes) -> Dataset:
    """Of the contents of _RAW_FILES, which have been checked: images and labels, in turn."""
    tensors: list[Any] = []
    for file, content in zip(_RAW_FILES, contents, strict=True):
        header = 16 if file.magic == _IMAGES else 8
        values = torch.from_numpy(np.frombuffer(content, np.uint8, offset=header).copy())
        tensors.append(values.reshape(-1, SIZE, SIZE) if file.magic == _IMAGES else values.long())
    return Dataset("MNIST", *tensors)


class _Fetch(threading.Thread):
    """Fetches files in the background; whoever waits can see that it still lives.

    A thread, since neither a name look-up nor torchvision's own download can be given a time limit.
    """

    def __init__(self, raw: Path, files: list[_RawFile]) -> None:
        super().__init__(daemon=True, name="fetch MNIST")
        # Not in the thread: an import there aborts a process that ends meanwhile.
        from torchvision.datasets import MNIST

        self.mirrors = list(MNIST.mirrors)
        self.raw = raw
        self.files = files
        self.contents: dict[_RawFile, bytes] = {}
        self.fault = ""
        self.unkept = ""
        self.last_sign_of_life = time.monotonic()

    def run(self) -> None:
        try:
            for file in self.files:
                self.contents[file] = self._download(file)
                self.last_sign_of_life = math.inf  # a slow disk is no silent network
                self._keep(file)
                self.last_sign_of_life = time.monotonic()
        except _FETCH_FAULTS as error:
            self.fault = str(error) or type(error).__name__

    def wait(self) -> str:
        """Start, and wait for the end, while it lives; returns why it failed, or nothing."""
        self.start()
        started = time.monotonic()
        while self.is_alive():
            self.join(0.1)
            now = time.monotonic()
            if now - self.last_sign_of_life > SILENCE:
                return f"the network has been silent for {SILENCE:.0f} seconds"
            if now - started > PATIENCE:
                return "the network is slow; the download goes on and serves the next start"
        if self.unkept and not self.fault:
            LOG.warning(
                "MNIST cannot be kept in %s (%s): each start fetches it anew; make that folder "
                "writable, or name another one",
                self.raw,
                self.unkept,
            )
        return self.fault

    def _keep(self, file: _RawFile) -> None:
        try:
            self.raw.mkdir(parents=True, exist_ok=True)
            write_whole(self.raw / file.name, self.contents[file])
        except OSError as error:
            self.unkept = reason(error)

    def _download(self, file: _RawFile) -> bytes:
        errors = []
        for mirror in self.mirrors:
            try:
                with urllib.request.urlopen(f"{mirror}{file.name}.gz", timeout=5) as answer:
                    chunks = []
                    while chunk := answer.read(1 << 16):
                        chunks.append(chunk)
                        self.last_sign_of_life = time.monotonic()
                content = gzip.decompress(b"".join(chunks))
                file.check(content, f"{mirror}{file.name}.gz")
                return content
            except _FETCH_FAULTS as error:
                errors.append(str(error) or type(error).__name__)
        raise ValueError("; ".join(dict.fromkeys(errors)))
