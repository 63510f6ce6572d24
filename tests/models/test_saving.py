import errno
import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mnist_demo import RECIPES, Dataset, Trainer, load_checkpoint, save_checkpoint
from mnist_demo.data import mnist as data
from mnist_demo.models import saving
from mnist_demo.models.saving import check_room, save_somewhere

Output = pytest.CaptureFixture[str]
RECIPE = replace(RECIPES["softmax"], epochs=1)


@pytest.fixture
def trainer(tiny: Dataset) -> Trainer:
    trainer = Trainer(RECIPE, tiny)
    for _ in trainer.run():
        pass
    return trainer


@pytest.fixture
def full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on a disk without room; temporary files lie on another."""
    folder, temporary = tmp_path / "full", tmp_path / "temporary"
    folder.mkdir()
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))

    def save(path: Path, *model: Any, **about: Any) -> Path:
        if path.is_relative_to(folder):
            raise OSError(errno.ENOSPC, "No space left on device")
        return save_checkpoint(path, *model, **about)

    monkeypatch.setattr(saving, "save_checkpoint", save)
    return folder


def _answer(monkeypatch: pytest.MonkeyPatch, *answers: Any) -> None:
    """A person who answers so, one after the other."""
    left = iter(answers)

    def ask(_: str) -> str:
        answer = next(left)
        if isinstance(answer, type):
            raise answer
        return str(answer)

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", ask)


def test_where_nobody_is_asked_the_model_goes_to_a_temporary_folder(
    trainer: Trainer, full: Path, tmp_path: Path, capsys: Output
) -> None:
    path = save_somewhere(full / "mine", trainer, {})
    assert path.parent.parent == tmp_path / "temporary"
    assert load_checkpoint(path).recipe == RECIPE
    assert list(full.iterdir()) == []
    (said,) = capsys.readouterr().err.splitlines()
    assert said == f"The model cannot be saved as {full / 'mine'}: No space left on device."


def test_a_person_names_another_place_until_one_will_do(
    trainer: Trainer, full: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    _answer(monkeypatch, full / "again", tmp_path / "other" / "mine")
    path = save_somewhere(full / "mine", trainer, {})
    assert path == tmp_path / "other" / "mine.safetensors"
    assert load_checkpoint(path).recipe == RECIPE
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_a_person_who_names_no_new_file_is_asked_again(
    trainer: Trainer, full: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    (tmp_path / "old.safetensors").write_bytes(b"another model")
    wrong = [
        ".",
        "~nobody-of-this-name/x",
        tmp_path,
        tmp_path / "old",
        "/proc/nowhere/mine",
        "a\0b",
    ]
    _answer(monkeypatch, *wrong, tmp_path / "mine")
    assert save_somewhere(full / "mine", trainer, {}) == tmp_path / "mine.safetensors"
    assert (tmp_path / "old.safetensors").read_bytes() == b"another model"
    assert len(capsys.readouterr().err.splitlines()) == 1 + len(wrong)


@pytest.mark.parametrize("answer", ["", "  ", EOFError, KeyboardInterrupt])
def test_a_person_who_names_none_gets_a_temporary_folder(
    answer: Any, trainer: Trainer, full: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _answer(monkeypatch, answer)
    path = save_somewhere(full / "mine", trainer, {})
    assert path.parent.parent == tmp_path / "temporary"


def test_where_there_is_room_nothing_is_left_by_the_trial(tmp_path: Path) -> None:
    check_room(tmp_path / "new" / "mine", RECIPE)
    assert list((tmp_path / "new").iterdir()) == []


def test_a_disk_without_room_is_told_before_the_training_in_one_line(tmp_path: Path) -> None:
    """No file may be larger than the model less one byte: as full as a disk can be made here."""
    arguments = ["train", "softmax", "--no-download", "--output", str(tmp_path / "new" / "mine")]

    def leave_little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4 * 7850 - 1, 4 * 7850 - 1))

    done = subprocess.run(
        [sys.executable, "-B", "-m", "mnist_demo", *arguments],
        cwd=Path(data.__file__).parents[2],
        env=os.environ | {"MNIST_DEMO_DATA": str(tmp_path)},
        preexec_fn=leave_little_room,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    (said,) = done.stderr.splitlines()
    assert said.endswith(
        f"{tmp_path}/new/mine.safetensors: File too large; choose another --output"
    )
    assert list((tmp_path / "new").iterdir()) == []
