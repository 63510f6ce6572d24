from pathlib import Path

import pytest

from mnist_demo import DatasetError, paths
from mnist_demo.data.mnist import data_directory


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The home directory of someone who has installed the package, on Linux."""
    monkeypatch.setattr(paths, "IS_INSTALLED", True)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("MNIST_DEMO_DATA", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_the_data_of_an_installed_package_lies_among_the_users(installed: Path) -> None:
    assert data_directory() == installed / ".local" / "share" / "mnist-demo"


def test_where_the_user_says_that_their_data_lies_ours_lies_too(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(installed / "elsewhere"))
    assert data_directory() == installed / "elsewhere" / "mnist-demo"
    monkeypatch.setenv("MNIST_DEMO_DATA", str(installed / "ours"))
    assert data_directory() == installed / "ours"


@pytest.mark.parametrize(
    ("system", "folder"),
    [("win32", "AppData/Local"), ("darwin", "Library/Application Support")],
)
def test_other_systems_have_a_place_of_their_own(
    system: str, folder: str, installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setattr("sys.platform", system)
    assert data_directory() == installed / folder / "mnist-demo"


def test_without_a_home_directory_that_is_told(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_home(path: str) -> str:
        return path

    monkeypatch.setattr("os.path.expanduser", no_home)
    with pytest.raises(DatasetError, match="there is no home directory"):
        data_directory()
