from pathlib import Path

import pytest

from mnist_demo.ui.serving.revision import VARIABLE, find_revision

COMMIT, OTHER = "0123456789" * 4, "f" * 40


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{text}\n", encoding="utf-8")


@pytest.mark.parametrize(
    "files",
    [
        {".git/HEAD": "ref: refs/heads/main", ".git/refs/heads/main": COMMIT},
        {
            ".git/HEAD": "ref: refs/heads/a/b",
            ".git/packed-refs": f"# pack-refs\n{OTHER} refs/heads/a\n{COMMIT} refs/heads/a/b",
        },
        {".git/HEAD": COMMIT},
        {
            ".git": "gitdir: elsewhere/.git/worktrees/one",
            "elsewhere/.git/worktrees/one/HEAD": "ref: refs/heads/main",
            "elsewhere/.git/worktrees/one/commondir": "../..",
            "elsewhere/.git/refs/heads/main": COMMIT,
        },
    ],
    ids=["a branch", "a packed branch", "no branch", "a worktree"],
)
def test_a_checkout_tells_its_commit(files: dict[str, str], tmp_path: Path) -> None:
    for name, text in files.items():
        _write(tmp_path / name, text)
    assert find_revision(tmp_path, {}) == COMMIT


@pytest.mark.parametrize(
    "files",
    [
        {},
        {".git/HEAD": "ref: refs/heads/new"},
        {".git/HEAD": "ref: refs/heads/new", ".git/packed-refs": f"{OTHER} refs/heads/old"},
        {".git/HEAD": "<html>"},
        {".git": "nothing"},
    ],
)
def test_where_there_is_none_none_is_told(files: dict[str, str], tmp_path: Path) -> None:
    for name, text in files.items():
        _write(tmp_path / name, text)
    assert find_revision(tmp_path, {}) is None


def test_the_host_may_name_it(tmp_path: Path) -> None:
    _write(tmp_path / ".git/HEAD", COMMIT)
    assert find_revision(tmp_path, {VARIABLE: "v1.2"}) == "v1.2"
    assert find_revision(tmp_path, {VARIABLE: ""}) == COMMIT
