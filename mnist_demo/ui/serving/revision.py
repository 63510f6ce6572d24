"""Which commit of the repository is served, where that can be known."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

VARIABLE = "MNIST_DEMO_REVISION"  # of an image, which has no .git
ROOT = Path(__file__).parents[3]
_COMMIT = re.compile(r"[0-9a-f]{40,64}")


def find_revision(root: Path = ROOT, environment: Mapping[str, str] = os.environ) -> str | None:
    """The host's word for it, else the commit that a checkout at `root` is at; None: neither."""
    return environment.get(VARIABLE) or _read_commit(root / ".git")


def _read_commit(git: Path) -> str | None:
    """The commit of HEAD, without git itself, which need not be there (gitrepository-layout)."""
    try:
        if git.is_file():  # of a worktree: "gitdir: PATH"
            git = git.parent / git.read_text(encoding="utf-8").partition(":")[2].strip()
        head = (git / "HEAD").read_text(encoding="utf-8").strip()
        if head.startswith("ref: "):
            head = _read_branch(git, head.removeprefix("ref: "))
    except (OSError, UnicodeDecodeError):
        return None
    return head if _COMMIT.fullmatch(head) else None


def _read_branch(git: Path, branch: str) -> str:
    """What a branch is at; empty where it is nowhere."""
    common = git / "commondir"  # of a worktree: where the branches of all are
    if common.is_file():
        git = git / common.read_text(encoding="utf-8").strip()
    if (git / branch).is_file():
        return (git / branch).read_text(encoding="utf-8").strip()
    for line in (git / "packed-refs").read_text(encoding="utf-8").splitlines():
        commit, _, name = line.partition(" ")
        if name == branch:
            return commit
    return ""
