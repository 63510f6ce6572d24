import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

import mnist_demo
from mnist_demo.ui.compute.torch_thread import TorchThread
from mnist_demo.ui.serving import health
from mnist_demo.ui.serving.revision import find_revision
from tests.ui.serving.conftest import Served


def _get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def _torch_thread(served: Served) -> TorchThread:
    return served.app.store.compute.torch_thread


@contextmanager
def _busy_thread(torch_thread: TorchThread) -> Iterator[None]:
    """The networks' thread in one long computation that makes way for nobody."""
    over, begun = threading.Event(), threading.Event()

    def compute() -> None:
        begun.set()
        over.wait(30)

    other = threading.Thread(target=torch_thread.call, args=(compute,))
    other.start()
    begun.wait(30)
    yield
    over.set()
    other.join()


def test_a_healthy_app_says_what_it_serves(served: Served) -> None:
    code, body = _get(f"{served.url}healthz")
    told = json.loads(body)
    assert code == 200
    assert told["status"] == "ok"
    assert told["dataset"] in ("loading", "bundled digits")
    assert told["version"] == mnist_demo.__version__
    assert told.get("revision") == find_revision()
    optional = {"revision", "memory_mb"}
    assert set(told) - optional == {"status", "version", "dataset", "device", "uptime_s"}


def test_it_answers_while_the_data_set_loads(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(served.status._store), "loaded", None)
    code, body = _get(f"{served.url}healthz")
    assert code == 200
    assert json.loads(body)["dataset"] == "loading"


def test_a_long_computation_that_makes_way_is_no_illness(served: Served) -> None:
    begun, over = threading.Event(), threading.Event()

    def parts() -> Iterator[None]:
        while not over.wait(0.02):
            begun.set()
            yield

    other = threading.Thread(target=_torch_thread(served).collect, args=(parts(),))
    other.start()
    begun.wait(30)
    code, _ = _get(f"{served.url}healthz")
    over.set()
    other.join()
    assert code == 200


def test_a_thread_that_does_not_answer_is_told_and_asked_once(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "PATIENCE", 0.2)
    with _busy_thread(_torch_thread(served)):
        for _ in range(3):
            code, body = _get(f"{served.url}healthz")
            assert code == 503
            assert json.loads(body)["status"] == "unhealthy"
            assert "networks' thread has not answered" in json.loads(body)["reason"]
        assert len(_torch_thread(served)._calls) == 1
    assert _get(f"{served.url}healthz")[0] == 200


def test_the_status_is_one_line_that_needs_no_thread(served: Served) -> None:
    with _busy_thread(_torch_thread(served)):
        code, body = _get(f"{served.url}status")
    assert code == 200
    (queue,) = body.splitlines()
    keys = [pair.split("=")[0] for pair in queue.replace('"bundled digits"', "x").split()]
    keys = [key for key in keys if key != "revision"]  # of a checkout
    assert keys[:6] == ["visitors", "training", "waiting", "version", "dataset", "device"]
    assert set(keys[6:]) <= {"memory_mb", "uptime_s"}


def test_the_page_is_still_there(served: Served) -> None:
    assert _get(served.url)[0] == 200
    assert _get(f"{served.url}nowhere")[0] == 404
