import os
import sys
import time
from datetime import datetime, timedelta

import pytest
from gradio_client import Client  # type: ignore[import-untyped]

from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.compute.queue import TrainingQueue
from mnist_demo.ui.page import build_app
from mnist_demo.ui.serving.status import FORGOTTEN, Status, resident_megabytes
from tests.ui.serving.conftest import Served


def _until(wanted: dict[str, int], status: Status) -> None:
    deadline = time.monotonic() + 30
    while not wanted.items() <= status.load().items():
        assert time.monotonic() < deadline, status.load()
        time.sleep(0.02)


def test_a_new_app_has_no_visitors_and_no_trainings(store: ModelStore) -> None:
    status = Status(build_app(store=store), store, TrainingQueue(1))
    assert status.load() == {"visitors": 0, "training": 0, "waiting": 0}


def test_trainings_and_those_that_wait_are_counted(served: Served) -> None:
    client = Client(served.url, verbose=False)
    before = served.status.load()["visitors"]
    long = {"epochs": 50, "batch_size": 8, "api_name": "/train"}
    jobs = [client.submit("simple_cnn", **long) for _ in range(2)]
    try:
        _until({"training": 1, "waiting": 1}, served.status)
        assert served.status.load()["visitors"] >= before
    finally:
        for job in jobs:
            job.cancel()
    _until({"training": 0, "waiting": 0}, served.status)


def test_visitors_are_those_whose_page_is_open_and_in_use(store: ModelStore) -> None:
    app = build_app(store=store)
    status = Status(app, store, TrainingQueue(1))
    holder = app.state_holder
    for name in ("here", "call", "silent"):
        holder[name]
    assert status.load()["visitors"] == 0
    app.open_sessions.pages.update(["here", "silent", "never used"])
    assert status.load()["visitors"] == 2
    holder.time_last_used["silent"] = datetime.now() - FORGOTTEN - timedelta(seconds=1)
    assert status.load()["visitors"] == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells it in /proc")
def test_the_memory_is_that_of_this_process() -> None:
    memory = resident_megabytes(os.getpid())
    assert memory is not None
    assert 50 < memory < 20_000


def test_where_the_system_does_not_tell_the_memory_it_is_left_out(
    store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mnist_demo.ui.serving.status.resident_megabytes", lambda _: None)
    assert set(Status(build_app(store=store), store, TrainingQueue(1)).cost()) == {"uptime_s"}
