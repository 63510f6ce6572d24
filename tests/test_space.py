"""The command of docs/HOSTING.md puts this folder, and nothing else, into a new Space.

Against a hub on this machine, which like the real one takes binary files from Git LFS alone, has a
first commit of its own already, and heeds .gitignore (here of __pycache__, which lies everywhere).
"""

import base64
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
HF = Path(sys.executable).with_name("hf")
(COMMAND,) = re.findall(
    r"^ +(hf upload .*)$", (ROOT / "docs/HOSTING.md").read_text(encoding="utf-8"), re.MULTILINE
)
IGNORED = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
SHIPPED = ("mnist_demo", "checkpoints", "docs", "README.md", "app.py", "requirements.txt")
NOT_SHIPPED = ("data/MNIST/raw/x", "models/mine.safetensors", ".venv/bin/python", ".git/config")


def _is_binary(content: bytes) -> bool:
    return b"\0" in content


class _Hub(ThreadingHTTPServer):
    """A Space of someone, as the files of its newest commit."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.files: dict[str, bytes] = {"README.md": b"a new Space", ".gitattributes": b"lfs"}
        self.large: dict[str, bytes] = {}

    def answer(self, path: str, body: bytes) -> Any:
        """What the hub's interface answers to a POST; None where it refuses it."""
        if path == "/api/repos/create":
            return {"url": f"{self.url}/spaces/NAME/SPACE"}
        if path == "/api/spaces/NAME/SPACE/preupload/main":
            return {"files": [self._sort(file) for file in json.loads(body)["files"]]}
        if path == "/spaces/NAME/SPACE.git/info/lfs/objects/batch":
            return {"objects": [self._store(each) for each in json.loads(body)["objects"]]}
        if path == "/api/spaces/NAME/SPACE/commit/main":
            lines = [json.loads(line) for line in body.splitlines()]
            return self._commit([(line["key"], line["value"]) for line in lines])
        return {}

    def _sort(self, file: dict[str, Any]) -> dict[str, Any]:
        return {
            "path": file["path"],
            "uploadMode": "lfs" if _is_binary(base64.b64decode(file["sample"])) else "regular",
            "shouldIgnore": "__pycache__/" in IGNORED and "/__pycache__/" in file["path"],
        }

    def _store(self, each: dict[str, Any]) -> dict[str, Any]:
        return each | {"actions": {"upload": {"href": f"{self.url}/store/{each['oid']}"}}}

    def _commit(self, changes: list[tuple[str, dict[str, Any]]]) -> dict[str, str] | None:
        for key, value in changes:
            if key == "lfsFile":
                self.files[value["path"]] = self.large[value["oid"]]
            elif key == "file":
                content = base64.b64decode(value["content"])
                if _is_binary(content):
                    return None
                self.files[value["path"]] = content
        return {"commitUrl": f"{self.url}/spaces/NAME/SPACE/commit/1", "commitOid": "1"}


class _Handler(BaseHTTPRequestHandler):
    server: _Hub

    def _read(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        chunks = []
        while size := int(self.rfile.readline(), 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def do_POST(self) -> None:
        self._answer(self.server.answer(self.path.partition("?")[0], self._read()))

    def do_PUT(self) -> None:
        content = self._read()
        self.server.large[hashlib.sha256(content).hexdigest()] = content
        self._answer({})

    def do_GET(self) -> None:
        self._answer({})

    def _answer(self, value: Any) -> None:
        content = json.dumps(value).encode()
        self.send_response(200 if value is not None else 400)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def hub() -> Iterator[_Hub]:
    with _Hub() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What is shipped, and beside it what people have there that must not be."""
    folder = tmp_path / "mnist"
    folder.mkdir()
    for name in (*SHIPPED, ".gitignore"):
        copy: Any = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    for name in (*NOT_SHIPPED, "mnist_demo/__pycache__/x.pyc"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"private")
    return folder


@pytest.mark.slow
def test_the_command_uploads_this_folder_and_nothing_else(
    hub: _Hub, folder: Path, tmp_path: Path
) -> None:
    ours = {"HF_ENDPOINT": hub.url, "HF_TOKEN": "hf_x", "HF_HOME": str(tmp_path / "home")}
    done = subprocess.run(
        [HF, *shlex.split(COMMAND)[1:]],
        cwd=folder,
        env=os.environ | ours | {"HF_HUB_DISABLE_XET": "1", "HF_HUB_DISABLE_UPDATE_CHECK": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    wanted = {name for name in there if "__pycache__" not in name} - set(NOT_SHIPPED)
    assert set(hub.files) == wanted | {".gitattributes"}
    for name in wanted:
        assert hub.files[name] == (folder / name).read_bytes(), name
    assert hub.files["README.md"].startswith(b"---\n")
    assert hub.large


def test_the_hub_of_this_test_refuses_binaries_as_the_real_one_does(hub: _Hub) -> None:
    content = base64.b64encode(b"\0weights").decode()
    change = {"key": "file", "value": {"path": "x.safetensors", "content": content}}
    body = json.dumps(change).encode()
    assert hub.answer("/api/spaces/NAME/SPACE/commit/main", body) is None
    assert "x.safetensors" not in hub.files
