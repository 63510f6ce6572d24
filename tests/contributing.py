"""A copy of the repository to which the steps of docs/CONTRIBUTING.md are done."""

import re
import shutil
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "docs" / "CONTRIBUTING.md"
BLOCK = re.compile(r"^ *```(python|diff)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def follow(heading: str, folder: Path) -> Path:
    """Copy what runs to `folder`, and do there what the code blocks under `heading` say.

    A Python block is a new file, or comes at the end of one: its first line says which. A diff's
    first line names its file; its other lines are to be found there once.
    """
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("mnist_demo", "checkpoints"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    part = GUIDE.read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    blocks = BLOCK.findall(part)
    assert blocks
    for kind, indented in blocks:
        first, _, rest = dedent(indented).partition("\n")
        path = folder / first.split()[-1]
        if kind == "diff":
            _patch(path, rest)
        elif first.startswith("# at the end of "):
            path.write_text(path.read_text(encoding="utf-8") + rest, encoding="utf-8")
        else:
            assert not path.exists()
            path.write_text(rest, encoding="utf-8")
    return folder


def _patch(path: Path, diff: str) -> None:
    lines = diff.splitlines()
    old = "\n".join(line[1:] for line in lines if line[0] in " -")
    new = "\n".join(line[1:] for line in lines if line[0] in " +")
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path.name} holds this {text.count(old)} times:\n{old}"
    path.write_text(text.replace(old, new), encoding="utf-8")
