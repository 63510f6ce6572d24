"""Dockerfile, compose files and nginx.conf agree with the app and with each other."""

import json
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml

from mnist_demo.ui.serving.launch import MAX_FILE_SIZE
from mnist_demo.ui.serving.request_filter import MAX_UPLOAD
from mnist_demo.ui.serving.settings import OPTIONS

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
NGINX = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
COMPOSE_FILES = ["compose.yaml", "deploy/compose.replicas.yaml"]
PORT = 7860


def _instructions(name: str) -> list[str]:
    return re.findall(rf"^ *{name} +(.*)", DOCKERFILE, re.MULTILINE)


def _environment() -> dict[str, str]:
    return dict(re.findall(r"(\w+)=(\S+)", _instructions("ENV")[0]))


def _compose(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / name).read_text(encoding="utf-8")))


def _app_services(name: str) -> dict[str, Any]:
    services = _compose(name)["services"]
    return {key: service for key, service in services.items() if "build" in service}


def test_the_image_is_slim_and_runs_a_python_that_is_tested() -> None:
    (base,) = _instructions("FROM")
    needed = re.search(r'requires-python = ">=([\d.]+)"', (ROOT / "pyproject.toml").read_text())
    assert needed is not None
    assert base == f"python:{needed[1]}-slim"


def test_what_is_copied_is_there_and_not_ignored() -> None:
    kept = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert kept[1] == "*"
    for instruction in _instructions("COPY"):
        *sources, _ = instruction.split()
        for source in sources:
            assert (ROOT / source).exists()
            assert f"!{source}" in kept


def test_nothing_runs_as_root() -> None:
    user, group = _instructions("USER")[-1].split(":")
    assert user == group
    assert int(user) > 999
    assert f"useradd --uid {user} " in DOCKERFILE
    assert f"--owner={user} --group={group} {_environment()['MNIST_DEMO_DATA']}" in DOCKERFILE
    assert DOCKERFILE.index("USER") < DOCKERFILE.index("CMD [")


def test_the_image_starts_the_app_and_looks_whether_it_is_well() -> None:
    (command,) = map(json.loads, _instructions("CMD"))
    check = json.loads(_instructions("HEALTHCHECK")[0].split(" CMD ")[1])
    assert command == ["python", "app.py"]
    assert check[:2] == ["python", "-c"]
    compile(check[2], "HEALTHCHECK", "exec")
    assert f"http://127.0.0.1:{PORT}/healthz" in check[2]


def test_the_ports_agree() -> None:
    environment = _environment()
    assert _instructions("EXPOSE") == [environment["GRADIO_SERVER_PORT"]] == [str(PORT)]
    assert environment["GRADIO_SERVER_NAME"] == "0.0.0.0"
    (published,) = _compose("compose.yaml")["services"]["app"]["ports"]
    assert published.endswith(f":{PORT}")
    (front,) = _compose("deploy/compose.replicas.yaml")["services"]["nginx"]["ports"]
    assert re.findall(r"listen (\d+);", NGINX) == [front.rpartition(":")[2]]


def test_torch_comes_from_its_cpu_index_and_its_lines_are_found() -> None:
    arguments = dict(text.split("=", 1) for text in _instructions("ARG"))
    assert arguments["TORCH_INDEX"].endswith("/whl/cpu")
    assert set(arguments) == {"TORCH_INDEX", "FETCH_MNIST"}
    requirements = (ROOT / "requirements.txt").read_text().splitlines()
    pattern = re.search(r"grep -E '([^']+)' requirements.txt", DOCKERFILE)
    assert pattern is not None
    found = [line.split(">")[0] for line in requirements if re.search(pattern[1], line)]
    assert found == ["torch", "torchvision"]


@pytest.mark.parametrize("name", COMPOSE_FILES)
def test_a_service_builds_this_image_and_writes_only_where_it_may(name: str) -> None:
    known = {option.variable for option in OPTIONS} | {"OMP_NUM_THREADS"}
    volumes = _compose(name)["volumes"]
    for service in _app_services(name).values():
        context = (ROOT / name).parent / service["build"]["context"]
        assert (context / "Dockerfile").is_file()
        assert set(service["build"]["args"]) <= set(re.findall(r"ARG (\w+)", DOCKERFILE))
        assert set(service["environment"]) <= known
        assert service["read_only"]
        assert service["tmpfs"] == ["/tmp"]
        ((volume, folder),) = [text.split(":") for text in service["volumes"]]
        assert volume in volumes
        assert folder == _environment()["MNIST_DEMO_DATA"]


def test_nginx_knows_every_replica_and_waits_until_each_is_well() -> None:
    name = "deploy/compose.replicas.yaml"
    nginx = _compose(name)["services"]["nginx"]
    replicas = list(_app_services(name))
    assert re.findall(r"^ *server (\w+):(\d+);", NGINX, re.MULTILINE) == [
        (replica, str(PORT)) for replica in replicas
    ]
    assert nginx["depends_on"] == {key: {"condition": "service_healthy"} for key in replicas}
    for volume in nginx["volumes"]:
        assert (ROOT / "deploy" / volume.split(":")[0]).is_file()


@pytest.mark.parametrize("document", ["deploy/nginx.conf", "docs/SECURITY.md"])
def test_nginx_lets_pass_what_the_app_takes(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    (limit,) = re.findall(r"client_max_body_size (\d+)m;", text)
    assert int(limit) * 2**20 == MAX_UPLOAD > int(MAX_FILE_SIZE.removesuffix("mb")) * 2**20


@pytest.fixture
def unit() -> str:
    """The systemd unit that docs/HOSTING.md shows."""
    text = (ROOT / "docs/HOSTING.md").read_text(encoding="utf-8")
    (lines,) = re.findall(r"^(    \[Unit\]\n(?:(?:    .*)?\n)+)", text, re.MULTILINE)
    return textwrap.dedent(lines)


def test_the_unit_starts_the_app_with_settings_that_it_knows(unit: str) -> None:
    assert re.findall(r"^\[(\w+)\]$", unit, re.MULTILINE) == ["Unit", "Service", "Install"]
    (program,) = re.findall(r"^ExecStart=(.*)$", unit, re.MULTILINE)
    (folder,) = re.findall(r"^WorkingDirectory=(.*)$", unit, re.MULTILINE)
    assert program == f"{folder}/.venv/bin/python app.py"
    settings = " ".join(re.findall(r"^Environment=(.*)$", unit, re.MULTILINE)).split()
    assert {name.partition("=")[0] for name in settings} <= {option.variable for option in OPTIONS}
    (state,) = re.findall(r"^StateDirectory=(.*)$", unit, re.MULTILINE)
    assert f"MNIST_DEMO_DATA=%S/{state}" in settings  # the one folder that it may write to


@pytest.mark.slow
def test_systemd_understands_the_unit(unit: str, tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("no systemd here")
    there = unit.replace("/srv/mnist-demo/.venv/bin/python", sys.executable)
    path = tmp_path / "mnist-demo.service"
    path.write_text(there.replace("/srv/mnist-demo", str(ROOT)), encoding="utf-8")
    done = subprocess.run([program, "verify", path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
