from pathlib import Path

import pytest

from mnist_demo.training.processes import version


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("__init__.py", "training/trainer.py", "ui/i18n/english.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x = 1\n", encoding="utf-8")
    monkeypatch.setattr(version, "PACKAGE", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "content", "differs"),
    [
        ("training/trainer.py", "x = 2\n", True),
        ("training/another.py", "", True),
        ("training/trainer.py", "x = 1\n", False),  # written anew as it was
        ("ui/i18n/english.py", "x = 2\n", False),  # no training imports it
    ],
)
def test_it_is_that_of_the_files_a_training_imports(
    name: str, content: str, differs: bool, package: Path
) -> None:
    before = version.read_version()
    (package / name).write_text(content, encoding="utf-8")
    assert (version.read_version() != before) is differs


def test_a_file_that_moves_makes_another(package: Path) -> None:
    before = version.read_version()
    (package / "training" / "trainer.py").rename(package / "trainer.py")
    assert version.read_version() != before


def test_a_greeting_is_one_line() -> None:
    assert "\n" not in version.VERSION
    assert len(version.VERSION) < 1000
