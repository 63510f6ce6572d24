"""Two visitors of one server: what is one's is out of the other's reach, whatever they send."""

import re
import threading
from typing import Any

import pytest

from mnist_demo import RECIPES
from tests.hostile.server import Server
from tests.hostile.values import DIGIT, SEVEN
from tests.hostile.visitor import API, Visitor

pytestmark = pytest.mark.slow  # each file starts a server

OWN = "my softmax, 100 images"
DRAWN = 27182.81  # a number in the drawing of the first visitor, found nowhere else


def _settings(visitor: Visitor, number: int, **changes: Any) -> list[Any]:
    """The data of the event that trains: a short run, of softmax."""
    wanted: dict[str, Any] = {"train_images": 100, "epochs": 1, "batch_size": 64}
    wanted |= {"learning_rate": 0.02, "optimizer": "sgd", "schedule": "constant"}
    wanted |= {"recipe": "softmax", "label_smoothing": 0, "momentum": 0, "weight_decay": 0}
    wanted |= changes
    data = visitor.initial(number)
    for at, component in enumerate(visitor.events[number]["inputs"]):
        properties = visitor.components.get(component, {"props": {}})["props"]
        label = properties.get("label")
        key = re.search(r'"key": ?"(\w+)"', str(label))  # of the words on the page
        data[at] = wanted.get(key[1] if key else "", data[at])
        if properties.get("elem_id") == "network":
            data[at] = {"text": RECIPES["softmax"].layers}
    return data


def _after(visitor: Visitor, number: int) -> list[int]:
    """The events that the page sends when that one has ended."""
    return [each for each, event in visitor.events.items() if event["trigger_after"] == number]


@pytest.fixture(scope="module")
def first(server: Server) -> Visitor:
    """A visitor with a model of their own, a run, and a drawing in their set."""
    visitor = Visitor(server.url)
    train = visitor.event("train", "click")
    ended = visitor.send(train, _settings(visitor, train))
    assert ended.finished
    assert ended.error is None
    (finish,) = _after(visitor, train)
    for number in (finish, *_after(visitor, finish)):  # the second: to offer the model
        visitor.send(number, visitor.initial(number))
    act = visitor.event("my-handwriting", "act")
    drawing = DIGIT | {"strokes": [[[DRAWN, 0], [DRAWN, 100]]]}
    data = [{"action": {"kind": "add", "label": 1}}, None, "softmax", None, drawing]
    assert "Added as a 1" in visitor.send(act, data).text
    return visitor


@pytest.fixture
def second(server: Server) -> Visitor:
    return Visitor(server.url)


def _read(visitor: Visitor, model: str) -> str:
    return visitor.send(visitor.event("prediction", "ask"), [DIGIT, model, None]).text


def _saved(visitor: Visitor) -> str:
    act = visitor.event("my-handwriting", "act")
    return visitor.send(act, [{"action": {"kind": "save"}}, None, DIGIT, "softmax", None]).text


def test_the_first_has_it_all(first: Visitor) -> None:
    assert '"digit":' in _read(first, OWN)
    assert str(DRAWN) in _saved(first)


def test_the_second_finds_nothing_by_any_event(first: Visitor, second: Visitor) -> None:
    """With the other's names and numbers in every value, and in the place of every state."""
    mine = {OWN: {"name": OWN}, "number": 1, "selected": 1, "name": OWN}
    for number, event in second.events.items():
        for action in ("select", "save", "rename"):
            value = {**mine, "action": {"kind": action, "number": 1, "what": "model", "name": "x"}}
            data = [_guess(second, one, value) for one in event["inputs"]]
            answer = second.send(number, data, seconds=3)
            unsaid = answer.text.replace("Value: " + OWN, "")
            assert str(DRAWN) not in unsaid
            assert '"has_model": true' not in unsaid
            assert not re.search(r'"choices":\[[^]]*my softmax', unsaid)


def _guess(visitor: Visitor, component: int, value: Any) -> Any:
    known = visitor.components.get(component)
    if known is None or known["type"] in ("state", "html"):
        return value
    if known["type"] == "dropdown" and "model" in (known["props"].get("elem_id") or ""):
        return OWN
    return known["props"].get("value")


def test_a_name_alone_opens_nothing(first: Visitor, second: Visitor) -> None:
    assert '"digit":' not in _read(second, OWN)
    for visitor in (first, second):  # the route beside the events knows nobody's own
        told = visitor.draw(DIGIT, OWN)
        assert told.output["gone"]
        assert "digit" not in told.output
        assert "my softmax" not in told.text.replace(f"model '{OWN}'", "").replace(f"{OWN!r}", "")
    assert str(DRAWN) not in _saved(second)
    act = second.event("runs", "act")
    for kind in ("save", "rename", "delete", "select"):
        action = {"action": {"kind": kind, "number": 1}}
        told = second.send(act, [action, *second.initial(act)[1:]])
        assert "This run is no longer there." in told.text
    assert '"digit":' in _read(first, OWN)


@pytest.mark.parametrize(
    ("name", "data"), [("predict_strokes", [SEVEN, OWN]), ("sample_test_digits", [OWN])]
)
def test_the_api_knows_shipped_models_alone(
    name: str, data: list[Any], first: Visitor, second: Visitor
) -> None:
    for visitor in (first, second):
        number = next(one for one, each in visitor.events.items() if each["api_name"] == name)
        missing = visitor.initial(number)[len(data) :]
        assert "There is no model" in (visitor.send(number, [*data, *missing]).error or "")


@pytest.mark.parametrize("session", ["", " ", "a/b", "x" * 65, "../a", 5, [], {"a": 1}])
def test_what_is_no_session_is_refused(session: Any, second: Visitor) -> None:
    """An empty one left an event in the queue that kept all others from being told anything."""
    number = second.event("train", "click")
    body = {"fn_index": number, "data": second.initial(number), "session_hash": session}
    answer = second.post("queue/join", body)
    assert answer.status == (400 if session != 5 else 422)


def test_another_training_cannot_be_cancelled(server: Server, second: Visitor) -> None:
    """Not by its number, nor by a guess of its id: an id is 128 random bits, a session 52."""
    victim = Visitor(server.url)
    train = victim.event("train", "click")
    done: list[Any] = []
    data = _settings(victim, train, epochs=60, train_images=1000)
    run = threading.Thread(target=lambda: done.append(victim.send(train, data)))
    run.start()
    ids = set()
    while run.is_alive():
        joined = second.post(
            "queue/join",
            {"fn_index": train, "data": _settings(second, train), "session_hash": second.session},
        )
        ids.add(joined.output["event_id"])
        for event in ("", "0" * 32, joined.output["event_id"]):
            for session in (second.session, "undefined", "null"):
                body = {"session_hash": session, "fn_index": train, "event_id": event}
                assert second.post("cancel", body).status == 200
        for path in (f"call/train/{'0' * 32}", f"queue/data?session_hash={'0' * 11}"):
            with second.http.stream("GET", f"{API}/{path}") as stream:
                assert "404" in "".join(stream.iter_text())  # and nothing else
        with second.http.stream("GET", f"{API}/heartbeat/{second.session}"):
            pass  # and left: that ends what is the second's own
    run.join()
    assert done[0].finished
    assert done[0].error is None
    assert all(re.fullmatch("[0-9a-f]{32}", one) for one in ids)
