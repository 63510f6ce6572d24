import errno
import os
from pathlib import Path
from typing import Any

import pytest

from mnist_demo.files import one_line, reason, write_whole

FAULTS: dict[str, BaseException] = {
    "full": OSError(errno.ENOSPC, "No space left on device"),
    "read-only": OSError(errno.EROFS, "Read-only file system"),
    "stopped": KeyboardInterrupt(),
}


def _failing(error: BaseException) -> Any:
    def fail(*_: Any) -> None:
        raise error

    return fail


def test_a_file_is_written_and_nothing_else(tmp_path: Path) -> None:
    for content in (b"first", b"second"):
        write_whole(tmp_path / "file", content)
        assert (tmp_path / "file").read_bytes() == content
    assert os.listdir(tmp_path) == ["file"]


@pytest.mark.parametrize("there_before", [True, False])
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_what_fails_leaves_all_as_it_was(
    step: str, fault: str, there_before: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if there_before:
        (tmp_path / "file").write_bytes(b"before")
    owner: Any = os if step == "fsync" else Path
    monkeypatch.setattr(owner, step, _failing(FAULTS[fault]))
    with pytest.raises(type(FAULTS[fault])):
        write_whole(tmp_path / "file", b"after")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == (
        {"file": b"before"} if there_before else {}
    )


def test_a_reason_has_no_number_and_no_path(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file") as caught:
        (tmp_path / "missing").read_bytes()
    assert reason(caught.value) == "No such file or directory"
    assert reason(OSError("odd")) == "odd"
    assert reason(TimeoutError()) == "TimeoutError"


def test_a_text_stays_on_its_line() -> None:
    assert one_line("two 숫자 é.png") == "two 숫자 é.png"
    assert one_line("a\nb\x1b[31m\u202e\udcff\r") == r"a\nb\x1b[31m\u202e\udcff\r"
    assert one_line(r"C:\new") == r"C:\new"
