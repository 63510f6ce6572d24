"""What a host sees of a whole visit: that it happened, and nothing of whom or what."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.pen import SEVEN, draw
from tests.browser.train_tab import finished, open_train, pause, start_endless, train_once
from tests.serving import free_port

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROOT = Path(__file__).parents[2]
KEYS = {
    "start": {"pid", "version", "revision", "dataset", "device", "python", "gradio"}
    | {"data", "trainings", "port"},
    "dataset": {"name", "train", "test"},
    "message": {"from", "text"},
    "training": {"recipe", "steps", "seconds", "ended"},
    "status": {"visitors", "training", "waiting", "memory_mb", "uptime_s"},
    "stop": {"memory_mb", "uptime_s"},
}


def _visit(open_page: Open, url: str) -> None:
    page = open_page(url)
    draw(page, SEVEN)
    expect(page.locator("#prediction .digit")).to_have_text("7")
    open_train(page, Epochs="2")
    train_once(page)
    start_endless(page)
    pause(page)
    finished(page, runs=2)
    page.get_by_role("tab", name="Gallery", exact=True).click()
    expect(page.locator("#gallery-summary")).to_contain_text("reads")
    page.close()  # before its server ends, which it would look for


def test_a_visit_leaves_nothing_personal_in_the_log(open_page: Open, tmp_path: Path) -> None:
    log = tmp_path / "log"
    variables = {"GRADIO_ANALYTICS_ENABLED": "False", "PYTHONUNBUFFERED": "1"}
    port = str(free_port())
    command = [sys.executable, "app.py", "--port", port, "--data", str(tmp_path / "empty")]
    with (
        log.open("w") as file,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | variables,
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
        ) as app,
    ):
        assert app.stdout
        try:
            _visit(open_page, f"{app.stdout.readline().split()[1]}/")
        finally:
            app.terminate()
        assert app.stdout.read() == ""
    told = []
    for line in log.read_text(encoding="utf-8").splitlines():
        pairs = dict(re.findall(r'(\w+)=("(?:[^"\\]|\\.)*"|\S+)', line))
        told.append(pairs.pop("event"))
        assert pairs.keys() - {"time", "level"} <= KEYS[told[-1]], line
    told = [event for event in told if event != "status"]  # once a minute, on a slow machine
    assert told == ["start", "dataset", "message", "training", "training", "stop"]
    trainings = [line for line in log.read_text().splitlines() if "event=training" in line]
    assert [line.rpartition("ended=")[2] for line in trainings] == ["done", "stopped"]
    assert "MNIST could not be fetched" in log.read_text()  # the one message: the host's own matter
