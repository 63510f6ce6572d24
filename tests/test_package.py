"""What is built of pyproject.toml can be installed, holds all that it needs, and runs anywhere."""

import ast
import json
import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from email.message import Message
from email.parser import Parser
from importlib.metadata import packages_distributions
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from PIL import Image, ImageDraw

from hatch_build import read_requirements
from mnist_demo import __version__, shipped_checkpoints
from mnist_demo.ui.serving.request_filter import ANSWER
from tests.conftest import OFFLINE

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "mnist_demo"
REQUIREMENTS = (ROOT / "requirements.txt").read_text(encoding="utf-8")
SEVEN = [[[70, 60], [205, 60], [125, 235]]]


def _names(requirements: Iterable[str]) -> set[str]:
    """Of packages, as the index writes them."""
    return {re.split(r"[<>=~!; \[]", line)[0].replace("_", "-").lower() for line in requirements}


def _imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return {name.split(".")[0] for name in names} - sys.stdlib_module_names - {"mnist_demo"}


def test_what_is_imported_is_required_and_the_page_alone_requires_more() -> None:
    package, page = map(_names, read_requirements(REQUIREMENTS))
    assert not package & page
    assert "gradio" in page
    sources = packages_distributions()
    for path in PACKAGE.rglob("*.py"):
        allowed = package | page if PACKAGE / "ui" in path.parents else package
        for name in _imported(path):
            assert _names(sources[name]) & allowed, (path, name)


def test_requirements_without_the_mark_are_refused() -> None:
    with pytest.raises(ValueError, match="# The page"):
        read_requirements("torch>=2\ngradio>=6\n")
    text = "# What.\ntorch>=2,<3  # why\n\n# The page: more.\ngradio~=6.31.0 # why\n"
    assert read_requirements(text) == (["torch>=2,<3"], ["gradio~=6.31.0"])


def _python(*arguments: str | Path, **options: object) -> None:
    subprocess.run([sys.executable, *map(str, arguments)], check=True, **options)  # type: ignore[call-overload]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    offline = ("--no-deps", "--no-build-isolation", "--no-index", "--quiet")
    _python("-m", "pip", "wheel", *offline, "--wheel-dir", folder, ROOT)
    (path,) = folder.glob("*.whl")
    return path


class Installed:
    """A virtual environment with the wheel in it, which finds torch and the rest where we do."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        venv.create(folder / "venv", with_pip=False)
        self.programs = folder / "venv" / "bin"
        (self.packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
        (self.packages / "lent.pth").write_text(sysconfig.get_paths()["purelib"])
        python = self.programs / "python"
        offline = ("--no-deps", "--no-index", "--quiet")
        _python("-m", "pip", "--python", python, "install", *offline, wheel)
        self.home = folder / "home"
        self.folder = folder / "empty"  # where everything is called
        self.home.mkdir()
        self.folder.mkdir()

    @property
    def environment(self) -> dict[str, str]:
        """No way to the project's folder, nor to any network."""
        ours = {"HOME": str(self.home), "PATH": f"{self.programs}{os.pathsep}{os.environ['PATH']}"}
        return ours | OFFLINE | {"PYTHONDONTWRITEBYTECODE": "1", "GRADIO_ANALYTICS_ENABLED": "0"}

    def run(self, *command: str) -> str:
        done = subprocess.run(
            command,
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    @contextmanager
    def serve(self) -> Iterator[str]:
        """`mnist-demo serve`: the page's address."""
        with subprocess.Popen(
            [self.programs / "mnist-demo", "serve"],
            env=self.environment,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout
            try:
                yield process.stdout.readline().removeprefix("Open ").strip()
            finally:
                process.terminate()
            assert process.wait(60) == 0

    def files(self) -> set[Path]:
        return {path for path in self.packages.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    installed = Installed(tmp_path_factory.mktemp("elsewhere"), wheel)
    before = installed.files()
    yield installed
    assert installed.files() == before, "something was written into site-packages"
    assert list(installed.folder.iterdir()) == [], "something was written where it was called"


def _metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return Parser().parsestr(archive.read(name).decode())


@pytest.mark.slow
class TestWheel:
    def test_it_holds_what_git_holds_and_nothing_else(self, wheel: Path) -> None:
        folders = ("mnist_demo", "checkpoints")
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", *folders],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        ours = {path for path in listed.stdout.splitlines() if (ROOT / path).exists()}
        wanted = {re.sub(r"^checkpoints/", "mnist_demo/checkpoints/", path) for path in ours}
        with zipfile.ZipFile(wheel) as archive:
            held = {name for name in archive.namelist() if ".dist-info/" not in name}
        assert held == wanted
        assert "mnist_demo/py.typed" in held

    def test_it_requires_what_requirements_txt_lists(self, wheel: Path) -> None:
        metadata = _metadata(wheel)
        lines = metadata.get_all("Requires-Dist", [])
        package, page = read_requirements(REQUIREMENTS)
        assert _names([line for line in lines if "extra ==" not in line]) == _names(package)
        assert _names([line for line in lines if "extra == 'ui'" in line]) == _names(page)
        assert metadata.get_all("Provides-Extra") == ["ui"]

    def test_it_bears_its_version_and_licence(self, wheel: Path) -> None:
        metadata = _metadata(wheel)
        assert metadata["Version"] == __version__
        assert metadata["License-Expression"] == "MIT"
        with zipfile.ZipFile(wheel) as archive:
            (name,) = [name for name in archive.namelist() if name.endswith("/LICENSE")]
            assert archive.read(name) == (ROOT / "LICENSE").read_bytes()


@pytest.mark.slow
@pytest.mark.slow
class TestInstalled:
    def test_another_folder_imports_it_with_its_models(self, installed: Installed) -> None:
        program = (
            "import mnist_demo, json\n"
            "names = mnist_demo.shipped_checkpoints()\n"
            "models = [mnist_demo.load_checkpoint(name) for name in names]\n"
            "print(json.dumps([mnist_demo.__file__, names]))"
        )
        place, names = json.loads(installed.run("python", "-c", program))
        assert installed.packages in Path(place).parents
        assert names == shipped_checkpoints()

    def test_its_command_tells_what_it_can(self, installed: Installed) -> None:
        assert installed.run("mnist-demo", "--help").startswith(
            "usage: mnist-demo [-h] [--version] train|"
        )

    @pytest.mark.parametrize("program", [["mnist-demo"], ["python", "-m", "mnist_demo"]])
    def test_it_reads_a_picture(
        self, program: list[str], installed: Installed, tmp_path: Path
    ) -> None:
        picture = Image.new("L", (280, 280), 255)
        ImageDraw.Draw(picture).line([*map(tuple, SEVEN[0])], fill=0, width=20, joint="curve")
        picture.save(tmp_path / "seven.png")
        read = installed.run(*program, "predict", str(tmp_path / "seven.png"))
        assert read.startswith("7 ")

    def test_it_serves_the_page_with_data_in_the_users_folder(self, installed: Installed) -> None:
        with installed.serve() as url:
            with urlopen(url, timeout=60) as page, urlopen(f"{url}/config", timeout=60) as config:
                assert b"gradio" in page.read()
                parts = json.load(config)["components"]
            template = (PACKAGE / "ui/components/sketchpad/sketchpad.html").read_text()
            assert template in {part["props"].get("html_template") for part in parts}
            body = json.dumps({"drawing": {"strokes": SEVEN}, "model": "fast_cnn"}).encode()
            asked = Request(f"{url}{ANSWER}", body, {"Content-Type": "application/json"})
            with urlopen(asked, timeout=60) as answer:
                assert json.load(answer)["digit"] == 7
            trained = installed.run("python", str(ROOT / "examples" / "api_client.py"), url)
            assert "test accuracy" in trained
        where = "from mnist_demo.data.mnist import data_directory; print(data_directory())"
        users = installed.home / ".local" / "share" / "mnist-demo"
        assert installed.run("python", "-c", where).strip() == str(users)
