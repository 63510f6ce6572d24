import errno
import gzip
import hashlib
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torchvision.datasets import MNIST

from mnist_demo import Dataset, DatasetError, load_dataset
from mnist_demo.data import mnist as data
from mnist_demo.data.mnist import data_directory
from mnist_demo.files import write_whole

Respond = Callable[[BaseHTTPRequestHandler], None]
Files = dict[str, bytes]


def _idx(values: np.ndarray) -> bytes:
    sizes = b"".join(size.to_bytes(4, "big") for size in values.shape)
    return (0x0800 + values.ndim).to_bytes(4, "big") + sizes + values.astype(np.uint8).tobytes()


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> Files:
    """A published MNIST of 20 and 10 images: the four files that count as the right ones."""
    random = np.random.default_rng(0)
    contents: Files = {}
    for part, count in (("train", 20), ("t10k", 10)):
        images = random.integers(0, 256, (count, 28, 28))
        contents[f"{part}-images-idx3-ubyte"] = _idx(images)
        contents[f"{part}-labels-idx1-ubyte"] = _idx(np.arange(count) % 10)
    monkeypatch.setattr(
        data,
        "_RAW_FILES",
        tuple(
            data._RawFile(
                name,
                len(content),
                int.from_bytes(content[:4], "big"),
                hashlib.md5(content, usedforsecurity=False).hexdigest(),
            )
            for name, content in contents.items()
        ),
    )
    return contents


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    directory = tmp_path / "MNIST" / "raw"
    directory.mkdir(parents=True)
    return directory


@pytest.fixture
def set_mirrors(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    monkeypatch.setenv("no_proxy", "*")

    def set_them(*mirrors: str) -> None:
        monkeypatch.setattr(MNIST, "mirrors", list(mirrors))

    return set_them


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that gives up is what these tests are about."""


@contextmanager
def _serving(respond: Respond) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            respond(self)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with _Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def _answer(content: bytes, *, promised: int | None = None) -> Respond:
    def respond(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(promised or len(content)))
        request.end_headers()
        request.wfile.write(content)

    return respond


def _serve_files(files: Files) -> Respond:
    packed = {f"/{name}.gz": gzip.compress(content, 1) for name, content in files.items()}

    def respond(request: BaseHTTPRequestHandler) -> None:
        if request.path in packed:
            _answer(packed[request.path])(request)
        else:
            request.send_error(404)

    return respond


@contextmanager
def _silent_server() -> Iterator[str]:
    over = threading.Event()

    def wait(request: BaseHTTPRequestHandler) -> None:
        over.wait(30)

    with _serving(wait) as mirror:
        try:
            yield mirror
        finally:
            over.set()


def _write(directory: Path, contents: Files) -> None:
    for name, content in contents.items():
        (directory / name).write_bytes(content)


def _assert_bundled(dataset: Dataset, raw: Path) -> None:
    assert dataset.name == "bundled digits"
    assert str(raw) in dataset.cause
    assert str(raw) not in dataset.notice
    assert "connect this computer to the internet" in dataset.notice


def test_mnist_is_the_published_data_set(mnist: Dataset) -> None:
    assert mnist.name == "MNIST"
    assert mnist.notice == ""
    assert mnist.train_images.shape == (60_000, 28, 28)
    assert mnist.test_images.shape == (10_000, 28, 28)
    assert mnist.train_images.dtype == mnist.test_images.dtype == torch.uint8
    assert mnist.train_labels.dtype == mnist.test_labels.dtype == torch.int64
    assert mnist.train_labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert mnist.test_labels[:5].tolist() == [7, 2, 1, 0, 4]
    assert mnist.train_labels.bincount()[1] == 6742


def test_files_that_are_there_are_read_without_a_download(
    files: Files, raw: Path, tmp_path: Path
) -> None:
    _write(raw, files)
    dataset = load_dataset(tmp_path, download=False)
    assert (dataset.name, dataset.notice) == ("MNIST", "")
    pixels = files["train-images-idx3-ubyte"][16:]
    assert dataset.train_images.numpy().tobytes() == pixels
    assert dataset.test_labels.tolist() == list(range(10))


DAMAGES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda content: b"", "truncated"),
    "one byte short": (lambda content: content[:-1], "truncated"),
    "one byte long": (lambda content: content + b"\0", "too long"),
    "another kind": (lambda content: b"\0\0\x0b\x01" + content[4:], "magic number"),
    "one byte changed": (lambda content: content[:-1] + bytes([content[-1] ^ 1]), "md5"),
}


def test_a_damaged_file_is_named_with_its_fault_and_the_remedy(
    files: Files, raw: Path, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    for name in [file.name for file in data._RAW_FILES]:
        for damage in DAMAGES:
            with subtests.test(name=name, damage=damage):
                change, fault = DAMAGES[damage]
                _write(raw, files | {name: change(files[name])})
                with pytest.raises(DatasetError, match=fault) as caught:
                    load_dataset(tmp_path, download=False)
                assert str(raw / name) in str(caught.value)
                assert "delete it" in str(caught.value)


def test_a_data_set_error_is_a_value_error() -> None:
    assert issubclass(DatasetError, ValueError)


def test_packed_files_that_are_there_are_used_without_a_download(
    files: Files, raw: Path, tmp_path: Path
) -> None:
    _write(raw, {f"{name}.gz": gzip.compress(content) for name, content in files.items()})
    assert load_dataset(tmp_path, download=False).name == "MNIST"


def test_files_have_the_names_that_7_zip_gives_them_too(
    files: Files, raw: Path, tmp_path: Path
) -> None:
    _write(raw, {name.replace("-idx", ".idx"): content for name, content in files.items()})
    assert load_dataset(tmp_path, download=False).name == "MNIST"


@pytest.mark.parametrize("named", ["", "MNIST", "MNIST/raw"])
def test_a_folder_too_many_or_too_few_is_no_matter(
    named: str, files: Files, raw: Path, tmp_path: Path
) -> None:
    _write(raw, files)
    assert load_dataset(tmp_path / named, download=False).name == "MNIST"


def test_files_lie_in_any_folder_of_the_one_that_is_named(files: Files, tmp_path: Path) -> None:
    for folder in ("archive", "unpacked/raw"):
        there = tmp_path / folder.split("/")[0] / "home" / folder
        there.mkdir(parents=True)
        _write(there, files)
        assert load_dataset(there.parents[folder.count("/")], download=False).name == "MNIST"


def test_packed_files_are_read_where_the_disk_cannot_be_written(
    files: Files, raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, content: bytes) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(data, "write_whole", refuse)
    _write(raw, {f"{name}.gz": gzip.compress(content) for name, content in files.items()})
    dataset = load_dataset(tmp_path)
    assert dataset.name == "MNIST"
    assert dataset.train_images.numpy().tobytes() == files["train-images-idx3-ubyte"][16:]


def test_a_file_that_came_half_is_fetched_anew(
    files: Files, raw: Path, tmp_path: Path, set_mirrors: Callable[..., None]
) -> None:
    _write(raw, {f"{name}.gz": gzip.compress(content)[:-9] for name, content in files.items()})
    with _serving(_serve_files(files)) as mirror:
        set_mirrors(mirror)
        assert load_dataset(tmp_path).name == "MNIST"
    assert load_dataset(tmp_path, download=False).name == "MNIST"


# A gzip header, then a block of deflate's reserved type: zlib.error, which is not an OSError.
DAMAGED_STREAM = gzip.compress(b"")[:10] + b"\xff" * 40

PACKED_DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "truncated": lambda content: gzip.compress(content)[:-20],
    "not gzip": lambda content: b"<html>",
    "damaged stream": lambda content: DAMAGED_STREAM,
    "other content": lambda content: gzip.compress(content[:-1] + bytes([content[-1] ^ 1])),
}


def test_the_damaged_stream_is_one_that_zlib_refuses() -> None:
    with pytest.raises(zlib.error):
        gzip.decompress(DAMAGED_STREAM)


@pytest.mark.parametrize("damage", PACKED_DAMAGES)
def test_a_damaged_packed_file_is_named(
    damage: str, files: Files, raw: Path, tmp_path: Path
) -> None:
    _write(raw, {f"{name}.gz": gzip.compress(content) for name, content in files.items()})
    damaged = raw / "train-images-idx3-ubyte.gz"
    damaged.write_bytes(PACKED_DAMAGES[damage](files["train-images-idx3-ubyte"]))
    with pytest.raises(DatasetError, match="delete it, and it is fetched anew") as caught:
        load_dataset(tmp_path, download=False)
    assert damaged.name in str(caught.value)


def test_a_refused_connection_gives_the_bundled_digits(
    files: Files, set_mirrors: Callable[..., None], tmp_path: Path, raw: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    set_mirrors(f"http://127.0.0.1:{port}/")
    dataset = load_dataset(tmp_path)
    _assert_bundled(dataset, raw)
    assert "refused" in dataset.cause


def _not_http(request: BaseHTTPRequestHandler) -> None:
    request.wfile.write(b"220 ftp ready\r\n\r\n")


def _internal_error(request: BaseHTTPRequestHandler) -> None:
    request.send_error(500)


BAD_ANSWERS: dict[str, Respond] = {
    "HTTP 500": _internal_error,
    "half a file, then a hang-up": _answer(gzip.compress(bytes(10_000))[:20], promised=10_000),
    "a page instead of a file": _answer(b"<!doctype html><title>Please log in</title>"),
    "an empty file": _answer(b""),
    "another file": _answer(gzip.compress(b"another file")),
    "a damaged stream": _answer(DAMAGED_STREAM),
    "no HTTP": _not_http,
    "a hang-up without an answer": lambda request: None,
}


@pytest.mark.parametrize("answer", BAD_ANSWERS)
def test_a_bad_answer_gives_the_bundled_digits_and_leaves_nothing_behind(
    answer: str, files: Files, set_mirrors: Callable[..., None], tmp_path: Path, raw: Path
) -> None:
    with _serving(BAD_ANSWERS[answer]) as mirror:
        set_mirrors(mirror)
        dataset = load_dataset(tmp_path)
    _assert_bundled(dataset, raw)
    assert "could not be fetched" in dataset.cause
    assert not list(raw.iterdir())


def test_silent_servers_are_given_up_within_ten_seconds(
    files: Files,
    set_mirrors: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    raw: Path,
) -> None:
    assert data.SILENCE < 10
    monkeypatch.setattr(data, "SILENCE", 0.5)
    with _silent_server() as first, _silent_server() as second:
        set_mirrors(first, second)
        dataset = load_dataset(tmp_path)
    _assert_bundled(dataset, raw)
    assert "silent for" in dataset.cause  # and not that each of them was waited for


def test_a_slow_download_is_not_waited_for_and_serves_the_next_start(
    files: Files,
    set_mirrors: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    raw: Path,
) -> None:
    monkeypatch.setattr(data, "PATIENCE", 0.3)
    given_up = threading.Event()
    at_once = _serve_files(files)

    def respond(request: BaseHTTPRequestHandler) -> None:
        given_up.wait(4)
        at_once(request)

    with _serving(respond) as mirror:
        set_mirrors(mirror)
        dataset = load_dataset(tmp_path)
        _assert_bundled(dataset, raw)
        assert "slow" in dataset.cause
        given_up.set()
        for thread in threading.enumerate():
            if thread.name == "fetch MNIST":
                thread.join(10)
    assert load_dataset(tmp_path, download=False).name == "MNIST"


def test_a_good_server_gives_mnist_and_nothing_but_its_files(
    files: Files, set_mirrors: Callable[..., None], tmp_path: Path
) -> None:
    with _serving(_serve_files(files)) as mirror:
        set_mirrors(mirror)
        assert load_dataset(tmp_path).name == "MNIST"
    raw = tmp_path / "MNIST" / "raw"
    assert {path.name: path.read_bytes() for path in raw.iterdir()} == files
    assert load_dataset(tmp_path, download=False).name == "MNIST"


def test_the_second_mirror_serves_where_the_first_fails(
    files: Files, set_mirrors: Callable[..., None], tmp_path: Path
) -> None:
    with _serving(_internal_error) as bad, _serving(_serve_files(files)) as good:
        set_mirrors(bad, good)
        assert load_dataset(tmp_path).name == "MNIST"


def test_only_missing_files_are_fetched(
    files: Files, set_mirrors: Callable[..., None], tmp_path: Path, raw: Path
) -> None:
    asked = []
    serve = _serve_files(files)

    def respond(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.path)
        serve(request)

    missing = "t10k-images-idx3-ubyte"
    _write(raw, {name: content for name, content in files.items() if name != missing})
    with _serving(respond) as mirror:
        set_mirrors(mirror)
        assert load_dataset(tmp_path).name == "MNIST"
    assert asked == [f"/{missing}.gz"]


def test_what_came_before_a_failure_is_not_fetched_again(
    files: Files, set_mirrors: Callable[..., None], tmp_path: Path, raw: Path
) -> None:
    first_two = dict(list(files.items())[:2])
    with _serving(_serve_files(first_two)) as mirror:
        set_mirrors(mirror)
        _assert_bundled(load_dataset(tmp_path), raw)
    assert {path.name for path in raw.iterdir()} == set(first_two)
    with _serving(_serve_files({k: v for k, v in files.items() if k not in first_two})) as mirror:
        set_mirrors(mirror)
        assert load_dataset(tmp_path).name == "MNIST"


def test_no_download_asks_no_server(
    files: Files, set_mirrors: Callable[..., None], tmp_path: Path
) -> None:
    with _serving(_serve_files(files)) as mirror:
        set_mirrors(mirror)
        dataset = load_dataset(tmp_path, download=False)
    assert dataset.name == "bundled digits"
    assert "no download was asked for" in dataset.cause


@pytest.mark.parametrize("fault", ["no folder", "full disk"])
def test_where_nothing_can_be_written_it_is_fetched_all_the_same(
    fault: str,
    files: Files,
    set_mirrors: Callable[..., None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fill(path: Path, content: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "a file").touch()
    folder = tmp_path / "a file" if fault == "no folder" else tmp_path
    if fault == "full disk":
        monkeypatch.setattr(data, "write_whole", fill)
    with _serving(_serve_files(files)) as mirror:
        set_mirrors(mirror)
        dataset = load_dataset(folder)
    assert (dataset.name, dataset.notice) == ("MNIST", "")
    assert dataset.train_images.numpy().tobytes() == files["train-images-idx3-ubyte"][16:]
    (told,) = caplog.messages
    assert told.startswith(f"MNIST cannot be kept in {folder / 'MNIST' / 'raw'} (No")
    assert "make that folder writable" in told


def test_a_slow_disk_is_no_silent_network(
    files: Files,
    set_mirrors: Callable[..., None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def write_slowly(path: Path, content: bytes) -> None:
        assert waiting.wait(10)  # which has looked whether the network is silent
        write_whole(path, content)

    class Watched(data._Fetch):
        def join(self, timeout: float | None = None) -> None:
            super().join(timeout)
            if self.last_sign_of_life > time.monotonic():
                looks.append(None)
            if len(looks) > 5:
                waiting.set()

    waiting, looks = threading.Event(), list[None]()
    monkeypatch.setattr(data, "write_whole", write_slowly)
    monkeypatch.setattr(data, "_Fetch", Watched)
    monkeypatch.setattr(data, "SILENCE", 0.3)
    with _serving(_serve_files(files)) as mirror:
        set_mirrors(mirror)
        assert load_dataset(tmp_path).name == "MNIST"


def test_what_torchvision_once_wrote_beside_the_files_is_not_read(
    files: Files, raw: Path, tmp_path: Path
) -> None:
    _write(raw, files)
    processed = tmp_path / "MNIST" / "processed"
    processed.mkdir()
    for name in ("training.pt", "test.pt"):
        (processed / name).write_bytes(b"half a pickle")
    dataset = load_dataset(tmp_path, download=False)
    assert dataset.name == "MNIST"
    assert dataset.test_labels.tolist() == list(range(10))


def test_mnist_comes_whole_through_a_download(
    mnist: Dataset, set_mirrors: Callable[..., None], tmp_path: Path
) -> None:
    source = data_directory() / "MNIST" / "raw"
    published = {file.name: (source / file.name).read_bytes() for file in data._RAW_FILES}
    with _serving(_serve_files(published)) as mirror:
        set_mirrors(mirror)
        fetched = load_dataset(tmp_path)
    assert fetched.name == "MNIST"
    assert torch.equal(fetched.train_images, mnist.train_images)
    assert torch.equal(fetched.test_labels, mnist.test_labels)
    raw = tmp_path / "MNIST" / "raw"
    assert {path.name for path in raw.iterdir()} == set(published)


def test_the_argument_comes_before_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MNIST_DEMO_DATA", str(tmp_path / "environment"))
    assert data_directory(tmp_path / "argument") == tmp_path / "argument"
    assert data_directory(str(tmp_path / "argument")) == tmp_path / "argument"
    assert data_directory() == tmp_path / "environment"


@pytest.mark.parametrize("value", [None, ""])
def test_without_an_environment_the_data_lies_beside_the_package(
    value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MNIST_DEMO_DATA", raising=False)
    if value is not None:
        monkeypatch.setenv("MNIST_DEMO_DATA", value)
    assert data_directory() == Path(data.__file__).parents[2] / "data"


def test_the_environment_says_where_files_are_read(
    files: Files, raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(raw, files)
    monkeypatch.setenv("MNIST_DEMO_DATA", str(tmp_path))
    assert load_dataset(download=False).name == "MNIST"


def test_two_downloads_at_once_do_not_hurt_each_other(
    files: Files, set_mirrors: Callable[..., None], tmp_path: Path
) -> None:
    with _serving(_serve_files(files)) as mirror, ThreadPoolExecutor(8) as pool:
        set_mirrors(mirror)
        datasets = list(pool.map(load_dataset, [tmp_path] * 8))
    assert [dataset.notice for dataset in datasets] == [""] * 8
