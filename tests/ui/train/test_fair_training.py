"""One training at a time, over HTTP: who leaves, whose connection dies, who takes too long."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import httpx
import pytest
from gradio_client import Client  # type: ignore[import-untyped]

from mnist_demo import RECIPES
from mnist_demo.ui.compute import queue as queue_module
from mnist_demo.ui.compute.queue import TrainingQueue
from mnist_demo.ui.page import build_app
from mnist_demo.ui.serving.checked_blocks import CheckedBlocks
from mnist_demo.ui.serving.settings import Settings
from tests.serving import launch

IDLE = {"running": 0, "waiting": 0}


class Visitor:
    """Asks for a training as the page does: joins the queue, and listens to what is told."""

    def __init__(self, url: str, name: str, **asked: Any) -> None:
        values = {"recipe": "softmax", "epochs": 1, "learning_rate": None, "batch_size": None}
        self._open = ExitStack()
        self._http = self._open.enter_context(httpx.Client(base_url=url, timeout=60))
        self._http.post(
            "gradio_api/call/train",  # it tells the number of the event, which nobody needs here
            json={"data": [*(values | asked).values(), 0], "session_hash": name},
        )
        listen = self._http.stream("GET", "gradio_api/queue/data", params={"session_hash": name})
        self._lines = self._open.enter_context(listen).iter_lines()

    def hear(self, event: str) -> dict[str, Any]:
        """The next event of that kind."""
        for line in self._lines:
            output = json.loads(line.removeprefix("data:")).get("output") if line else None
            for told in output.get("data", []) if output else []:
                if isinstance(told, dict) and told.get("event") == event:
                    return told
        raise AssertionError(f"there was no {event}")

    def hear_error(self) -> None:
        """Wait until it is refused."""
        assert any('"success":false' in line for line in self._lines)

    def leave(self) -> None:
        """Close the connection, as a browser does when its tab is closed, and a killed client."""
        self._open.close()


Serve = Callable[..., tuple[str, TrainingQueue]]


@pytest.fixture(scope="module")
def apps() -> list[CheckedBlocks]:
    """What is served, the newest last."""
    return []


@pytest.fixture(scope="module")
def serve(apps: list[CheckedBlocks], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    def serve_with(**budget: Any) -> tuple[str, TrainingQueue]:
        settings = Settings(data=tmp_path_factory.mktemp("no_mnist"), **budget)
        queue = TrainingQueue(settings.trainings)
        app = build_app(settings, queue=queue)
        url = launch(app)
        apps.append(app)
        return url, queue

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_ANALYTICS_ENABLED", "False")
        yield serve_with
        for app in apps:
            app.close()


@pytest.fixture(scope="module")
def server(serve: Serve) -> tuple[str, TrainingQueue]:
    return serve()


def _wait_for(queue: TrainingQueue, **counts: int) -> None:
    """Wait until so many train and wait; not for the end of what goes on for longer than this."""
    ends = time.monotonic() + 30
    while queue.counts() != counts:
        assert time.monotonic() < ends, f"{queue.counts()}, not {counts}"
        time.sleep(0.01)


def test_who_leaves_while_it_starts_frees_the_place(
    server: tuple[str, TrainingQueue], monkeypatch: pytest.MonkeyPatch
) -> None:
    many = replace(RECIPES["robust_cnn"], synthetic_digits=100_000, non_digits=100_000)
    monkeypatch.setitem(RECIPES, "robust_cnn", many)
    url, queue = server
    visitor = Visitor(url, "starting", recipe="robust_cnn")  # which draws for minutes
    visitor.hear("starting")
    visitor.leave()
    _wait_for(queue, **IDLE)


def _call_train(url: str, way: str) -> None:
    """Ask for a long training, and never for what becomes of it."""
    long = {"recipe": "softmax", "epochs": 1000, "learning_rate": None, "batch_size": 1, "seed": 0}
    body = long if "v2" in way else {"data": [*long.values()]}
    answer = httpx.post(f"{url}gradio_api/{way}", json=body, timeout=60)
    assert answer.status_code == 200


@pytest.mark.parametrize("way", ["call/train", "call/v2/train"])
def test_a_place_in_line_that_nobody_listens_for_is_given_up(
    way: str, server: tuple[str, TrainingQueue], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, queue = server
    with queue.stand("holder"):
        visitor = Visitor(url, "listens")
        visitor.hear("waiting")
        _call_train(url, way)
        _wait_for(queue, running=1, waiting=2)
        monkeypatch.setattr(queue_module, "UNHEARD", 0.3)
        _wait_for(queue, running=1, waiting=1)
        assert visitor.hear("waiting")["place"] == 1
        visitor.leave()
        _wait_for(queue, running=1, waiting=0)


@pytest.mark.slow
def test_a_training_that_nobody_listens_to_ends(
    server: tuple[str, TrainingQueue], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, queue = server
    _call_train(url, "call/train")
    _wait_for(queue, running=1, waiting=0)
    monkeypatch.setattr(queue_module, "UNHEARD", 0.3)
    _wait_for(queue, **IDLE)


def test_a_wrong_recipe_is_refused_before_it_waits(server: tuple[str, TrainingQueue]) -> None:
    url, queue = server
    with queue.stand("holder"):
        for wrong in ({"recipe": "nonsense"}, {"epochs": 0}, {"learning_rate": "fast"}):
            visitor = Visitor(url, "wrong", **wrong)
            visitor.hear_error()
            visitor.leave()
            assert queue.counts() == {"running": 1, "waiting": 0}


@pytest.mark.slow
def test_processes_beyond_one_are_ended_after_trainings_at_once(
    serve: Serve, apps: list[CheckedBlocks]
) -> None:
    url, queue = serve(trainings=3)
    visitors = [Visitor(url, f"once{number}", epochs=1000, batch_size=1) for number in range(3)]
    for visitor in visitors:
        visitor.hear("step")
    pool = apps[-1].store.compute.pool
    assert len(pool.numbers()) == 3
    for visitor in visitors:
        visitor.leave()
    _wait_for(queue, **IDLE)
    deadline = time.monotonic() + 30
    while len(pool.numbers()) > 1:
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.slow
def test_who_leaves_amid_an_epoch_of_the_slowest_recipe_frees_the_place(
    server: tuple[str, TrainingQueue], monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(RECIPES["robust_cnn"], synthetic_digits=100, non_digits=100)
    monkeypatch.setitem(RECIPES, "robust_cnn", few)
    url, queue = server
    visitor = Visitor(url, "training", recipe="robust_cnn", epochs=1000)
    step = visitor.hear("step")
    assert step["step"] < step["steps_per_epoch"]
    next_one = Visitor(url, "next", epochs=1)
    assert next_one.hear("waiting")["place"] == 1
    visitor.leave()
    _wait_for(queue, running=1, waiting=0)
    assert next_one.hear("epoch")["epoch"] == 1
    next_one.leave()
    _wait_for(queue, **IDLE)


@pytest.mark.slow
def test_those_behind_one_who_leaves_the_line_move_up(server: tuple[str, TrainingQueue]) -> None:
    url, queue = server
    with queue.stand("holder"):
        second, third, fourth = (Visitor(url, name) for name in ("second", "third", "fourth"))
        assert [visitor.hear("waiting")["place"] for visitor in (second, third, fourth)] == [
            1,
            2,
            3,
        ]
        third.leave()
        _wait_for(queue, running=1, waiting=2)
        while fourth.hear("waiting")["place"] != 2:
            pass
    for visitor in (second, fourth):
        visitor.hear("epoch")
        visitor.leave()
    _wait_for(queue, **IDLE)


@pytest.mark.slow
def test_fifty_wait_and_all_have_their_turn(server: tuple[str, TrainingQueue]) -> None:
    """More than Gradio has threads; predictions are answered meanwhile."""
    url, queue = server
    with queue.stand("holder"):
        visitors = [Visitor(url, f"fifty{number}") for number in range(50)]
        _wait_for(queue, running=1, waiting=50)
        strokes = [[[70, 60], [205, 60], [125, 235]]]
        answer = httpx.post(
            f"{url}gradio_api/run/predict_strokes", json={"data": [strokes, "mlp"]}, timeout=60
        )
        assert answer.json()["data"][0]["label"] == "7"
    for visitor in visitors:
        visitor.hear("epoch")
        visitor.leave()
    _wait_for(queue, **IDLE)


@pytest.mark.slow
def test_a_connection_that_dies_silently_is_ended_by_the_budget(serve: Serve) -> None:
    url, queue = serve(max_seconds=1.5)
    visitor = Visitor(url, "silent", epochs=1000, batch_size=1)
    _wait_for(queue, running=1, waiting=0)
    _wait_for(queue, **IDLE)  # and nothing was heard or closed
    assert "may take" in visitor.hear("budget")["message"]
    visitor.leave()


@pytest.mark.slow
def test_a_budget_of_steps_is_told_as_the_last_event(serve: Serve) -> None:
    url, _ = serve(max_steps=30)
    client = Client(url, verbose=False)
    events = list(client.submit(recipe="softmax", epochs=5, api_name="/train"))
    client.close()
    assert events[-1] == {
        "event": "budget",
        "message": "On this server a training by the API may take 30 steps. With fewer epochs it "
        "is done by then.",
    }
