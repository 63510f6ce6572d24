import asyncio
import base64
import io
import threading
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from mnist_demo import load_checkpoint, predict_probabilities, strokes_to_digit
from mnist_demo.ui.components.sketchpad import read_sketch
from mnist_demo.ui.compute.model_store import DEFAULT_MODEL, ModelStore, UserModels
from mnist_demo.ui.compute.pacing import LONGEST
from mnist_demo.ui.draw import predict as module
from mnist_demo.ui.draw.predict import predict_drawing
from mnist_demo.ui.i18n.translate import translate
from mnist_demo.ui.serving.predict_route import ASK_AGAIN_AFTER, answer_route
from mnist_demo.ui.serving.request_filter import MAX_DRAWING, RequestFilter
from tests.ui.conftest import Strokes
from tests.ui.drawings import HOSTILE
from tests.ui.english import english


def _answer(store: ModelStore, drawing: Any, model: Any, user_models: UserModels) -> Any:
    return asyncio.run(predict_drawing(store, drawing, model, user_models))


@pytest.mark.parametrize("drawing", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_drawing_cannot_be_read(drawing: Any, store: ModelStore) -> None:
    answer = english(_answer(store, drawing, "softmax", {}))
    assert answer is not None
    assert answer.keys() == {"sentence"}
    assert answer["sentence"].startswith("This cannot be read: ")
    assert len(answer["sentence"]) < 300


def test_a_blank_pad_has_no_answer(store: ModelStore) -> None:
    assert _answer(store, {"strokes": []}, "softmax", {}) is None


def _read(
    store: ModelStore, strokes: Strokes, model: str = DEFAULT_MODEL, **user_models: Any
) -> Any:
    return english(_answer(store, {"strokes": strokes}, model, user_models))


def test_a_drawing_has_ten_shares_that_are_one_together(store: ModelStore, seven: Strokes) -> None:
    answer = _read(store, seven)
    assert answer["digit"] == 7
    assert answer["sentence"] == "It reads a 7."
    assert len(answer["shares"]) == 10
    assert sum(answer["shares"]) == pytest.approx(1, abs=1e-3)
    assert max(answer["shares"]) == answer["shares"][7]
    assert answer["picture"].startswith("data:image/png;base64,")


@pytest.mark.parametrize("strokes", [[[[5, 5]]], [[[5, 5], [9, 5]], [[7, 2], [7, 12]]]])
def test_of_a_dot_nothing_is_said(strokes: Strokes, store: ModelStore) -> None:
    assert _read(store, strokes) == {"sentence": english(translate("prediction_little"))}


def test_where_and_how_large_it_is_drawn_does_not_matter(store: ModelStore, seven: Strokes) -> None:
    moved = [[[3 * x - 500, 3 * y + 99] for x, y in stroke] for stroke in seven]
    assert _read(store, moved) == _read(store, seven)


def test_the_chosen_model_answers(store: ModelStore, seven: Strokes) -> None:
    assert _read(store, seven, "mlp")["shares"] != _read(store, seven, "softmax")["shares"]


def test_a_visitors_own_model_answers(store: ModelStore, seven: Strokes) -> None:
    user_models = english(
        _answer(store, {"strokes": seven}, "mine", {"mine": load_checkpoint("mlp")})
    )
    assert user_models == _read(store, seven, "mlp")


@pytest.mark.parametrize(
    ("threshold", "sentence"), [(0.9999, "Not sure: a "), (0.0001, ""), ("high", ""), (None, "")]
)
def test_the_threshold_of_the_model_is_minded(
    threshold: Any, sentence: str, store: ModelStore, seven: Strokes
) -> None:
    plain = load_checkpoint("softmax")
    mine = replace(plain, metrics=dict(plain.metrics) | {"threshold": threshold})
    answer = english(_answer(store, {"strokes": seven}, "mine", {"mine": mine}))
    expected = _read(store, seven, "softmax")
    assert answer is not None
    assert answer["shares"] == expected["shares"]
    if sentence:
        assert answer["sentence"].startswith(sentence)
    else:
        assert not answer["sentence"].startswith("Not sure")


def test_an_unknown_model_is_told_with_the_valid_names(store: ModelStore, seven: Strokes) -> None:
    answer = _read(store, seven, "nonsense")
    assert answer.keys() == {"sentence", "gone"}
    assert answer["gone"]
    for name in ("'nonsense'", *store.names({})):
        assert name in answer["sentence"]


@pytest.fixture
def client(store: ModelStore) -> TestClient:
    app: Any = Starlette(routes=[answer_route()], middleware=[Middleware(RequestFilter)])
    app.get_blocks = lambda: SimpleNamespace(store=store)
    return TestClient(app)


@pytest.mark.parametrize("model", ["softmax", DEFAULT_MODEL])
def test_the_route_gives_the_same_answer(
    model: str, client: TestClient, store: ModelStore, seven: Strokes
) -> None:
    drawing = {"strokes": seven, "line_width": 18}
    answer = client.post("/answer", json={"drawing": drawing, "model": model})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.json() == _answer(store, drawing, model, {})
    assert 0 <= int(answer.headers[ASK_AGAIN_AFTER]) <= 1000 * LONGEST


def test_the_route_knows_shipped_models_alone(client: TestClient, seven: Strokes) -> None:
    answer = client.post("/answer", json={"drawing": {"strokes": seven}, "model": "mine"}).json()
    assert answer["gone"]
    assert set(answer["sentence"]) == {"en", "ko"}
    assert "There is no model 'mine'" in answer["sentence"]["en"]


def test_the_route_says_nothing_of_a_blank_pad(client: TestClient) -> None:
    asked = {"drawing": {"strokes": []}, "model": "softmax"}
    assert client.post("/answer", json=asked).json() is None


@pytest.mark.parametrize("model", [None, 3, [], {}, ["softmax"], "x" * 100_000, "\u202e"])
def test_any_model_may_be_named(model: Any, client: TestClient, seven: Strokes) -> None:
    answer = client.post("/answer", json={"drawing": {"strokes": seven}, "model": model})
    assert answer.status_code == 200
    refused = "Model is empty" if model is None else "There is no model"
    assert refused in answer.json()["sentence"]["en"]
    assert len(answer.content) < 4000


def test_any_drawing_may_be_sent(client: TestClient, subtests: pytest.Subtests) -> None:
    for kind, drawing in HOSTILE.items():
        if kind in ("NaN", "infinity", "huge nests", "a number without end"):
            continue  # this client cannot write it
        with subtests.test(kind):
            answer = client.post("/answer", json={"drawing": drawing, "model": "softmax"})
            assert answer.status_code == 200
            assert answer.json()["sentence"]["en"].startswith("This cannot be read: ")


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b'{"drawing": NaN}', b'{"model": "\\ud800"}', b"[" * 10**6, b"\xff"],
)
def test_a_body_is_json(body: bytes, client: TestClient) -> None:
    answer = client.post("/answer", content=body)
    assert answer.status_code == 400
    assert answer.json() == {"detail": translate("request_body")["en"]}


def test_a_body_is_bounded(client: TestClient) -> None:
    assert client.post("/answer", content=b" " * (MAX_DRAWING + 1)).status_code == 413
    parts = iter([b" " * MAX_DRAWING, b" "])  # without its length
    assert client.post("/answer", content=parts).status_code == 413


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_the_route_takes_posts_alone(method: str, client: TestClient) -> None:
    assert client.request(method, "/answer").status_code == 404


def _wait(held: threading.Event) -> None:
    held.wait(30)


def _picture(side: int) -> str:
    content = io.BytesIO()
    pixels = np.full((side, side), 255, dtype=np.uint8)
    pixels[side // 5 : -side // 5, side * 9 // 20 : side * 11 // 20] = 0
    Image.fromarray(pixels).save(content, format="PNG")
    return f"data:image/png;base64,{base64.b64encode(content.getvalue()).decode()}"


def test_what_takes_long_to_read_keeps_nobody_waiting(
    store: ModelStore, seven: Strokes, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = threading.Event()

    def read(drawing: Any, *more: Any) -> Any:
        if "picture" in drawing:
            held.wait(30)
        return read_sketch(drawing, *more)

    monkeypatch.setattr(module, "read_sketch", read)

    async def ask_both() -> None:
        photo = asyncio.create_task(
            predict_drawing(store, {"picture": _picture(300)}, "fast_cnn", {})
        )
        await asyncio.sleep(0.1)
        answer = await predict_drawing(store, {"strokes": seven}, "fast_cnn", {})
        assert answer
        assert answer["digit"] == 7
        assert not photo.done()
        held.set()
        answer = await photo
        assert answer
        assert answer["digit"] == 1

    asyncio.run(ask_both())


def test_many_who_ask_at_once_get_each_their_own(store: ModelStore) -> None:
    drawings = [[[[0, 0], [at * 9, 100], [90, 20 * at]]] for at in range(1, 25)]

    async def ask_all() -> list[Any]:
        return await asyncio.gather(
            *(predict_drawing(store, {"strokes": each}, DEFAULT_MODEL, {}) for each in drawings)
        )

    model = store.model(DEFAULT_MODEL, {}).model
    digits = np.stack([strokes_to_digit(each) for each in drawings])
    for answer, expected in zip(
        asyncio.run(ask_all()), predict_probabilities(model, digits), strict=True
    ):
        np.testing.assert_allclose(answer["shares"], expected, atol=1e-4)


def test_who_leaves_before_the_answer_disturbs_nobody(store: ModelStore, seven: Strokes) -> None:
    drawing = {"strokes": seven}

    async def leave() -> Any:
        held = threading.Event()
        store.compute.predictor._thread.post(lambda: _wait(held))
        left = asyncio.create_task(predict_drawing(store, drawing, "softmax", {}))
        stays = asyncio.create_task(predict_drawing(store, drawing, "softmax", {}))
        await asyncio.sleep(0.05)
        left.cancel()
        await asyncio.sleep(0)
        held.set()
        return await stays

    assert asyncio.run(leave())["digit"] == 7


ONE_AND_SEVEN = [[[30, 60], [30, 235]], [[90, 60], [205, 60], [125, 235]]]


def test_a_number_has_the_answer_to_each_digit(store: ModelStore) -> None:
    answer = _read(store, ONE_AND_SEVEN)
    assert answer.keys() == {"sentence", "digits", "note"}
    assert "17" in answer["sentence"]
    assert [each["digit"] for each in answer["digits"]] == [1, 7]
    assert [each["box"] for each in answer["digits"]] == [[30, 60, 0, 175], [90, 60, 115, 175]]
    for each, strokes in zip(answer["digits"], (ONE_AND_SEVEN[:1], ONE_AND_SEVEN[1:]), strict=True):
        alone = _read(store, strokes)
        assert each["picture"] == alone["picture"]
        assert each["sentence"] == alone["sentence"]
        np.testing.assert_allclose(each["shares"], alone["shares"], atol=1e-3)


def test_which_digit_is_chosen_changes_no_answer(store: ModelStore) -> None:
    chosen = {"strokes": ONE_AND_SEVEN, "chosen": [30, 60, 0, 175]}
    assert english(_answer(store, chosen, DEFAULT_MODEL, {})) == _read(store, ONE_AND_SEVEN)


def test_a_number_in_a_picture_has_its_boxes_on_the_pad(store: ModelStore) -> None:
    picture = Image.new("L", (400, 200), 255)
    for left in (80, 280):
        picture.paste(0, (left, 40, left + 20, 160))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    uri = "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
    answer = english(_answer(store, {"picture": uri}, DEFAULT_MODEL, {}))
    assert answer is not None
    assert [each["digit"] for each in answer["digits"]] == [1, 1]
    unit = 280 / 400
    for each, left in zip(answer["digits"], (80, 280), strict=True):
        expected = [left * unit, 70 + 40 * unit, 20 * unit, 120 * unit]
        assert each["box"] == pytest.approx(expected, abs=3)
    chosen = read_sketch({"picture": uri, "chosen": answer["digits"][1]["box"]})
    whole = read_sketch({"picture": uri})
    assert chosen is not None
    assert whole is not None
    assert np.ptp(np.nonzero(chosen.digit > 0.5)[1]) < np.ptp(np.nonzero(whole.digit > 0.5)[1])
