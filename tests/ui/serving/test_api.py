"""The named endpoints as a client sees them: over HTTP, on the bundled digits."""

import asyncio
import base64
import io
import itertools
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import httpx
import pytest
from gradio_client import Client, handle_file  # type: ignore[import-untyped]
from gradio_client.exceptions import AppError  # type: ignore[import-untyped]
from PIL import Image

from mnist_demo import Dataset
from mnist_demo.training.processes.remote_trainer import RemoteTrainer
from mnist_demo.ui.compute.budget import Budget
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.compute.queue import TrainingQueue
from mnist_demo.ui.page import build_app
from mnist_demo.ui.serving import training_stream
from mnist_demo.ui.serving.api import _Endpoints
from mnist_demo.ui.serving.settings import Settings
from tests.conftest import quick
from tests.serving import launch
from tests.training.processes.faulty_worker import FAULTY, NOT_FINITE
from tests.ui.conftest import Strokes

NOT_FOR_PEOPLE = ("Traceback", "raise", "TypeError", "ValueError", "object", "upstream", ".py")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_ANALYTICS_ENABLED", "False")
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("uploads")))
        app = build_app(Settings(data=tmp_path_factory.mktemp("no_mnist")))
        url = launch(app)
        client = Client(url, verbose=False)
        yield client
        client.close()
        app.close()


@pytest.fixture
def digit(bundled: Dataset, tmp_path: Path) -> Path:
    """A picture of a seven out of the test digits, dark on light."""
    index = bundled.test_labels.tolist().index(7)
    path = tmp_path / "seven.png"
    ink = bundled.test_images[index].numpy()
    Image.fromarray(255 - ink).resize((140, 140)).save(path)
    return path


def _refusal(client: Client, *values: Any, **named: Any) -> str:
    """What the server says where it refuses; a sentence, for people."""
    with pytest.raises(AppError) as caught:
        client.predict(*values, **named)
    message = str(caught.value)
    assert not [word for word in NOT_FOR_PEOPLE if word in message]
    return message


def _check_answer(answer: dict[str, Any], label: str, *more: str) -> None:
    assert answer.keys() == {"label", "confidences", *more}
    assert answer["label"] == label
    confidences = answer["confidences"]
    assert confidences[0]["label"] == label
    assert {entry["label"] for entry in confidences} == set("0123456789")
    shares = [entry["confidence"] for entry in confidences]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1, abs=1e-4)


def test_only_the_named_endpoints_are_listed(client: Client) -> None:
    listed = client.view_api(print_info=False, return_format="dict")
    assert isinstance(listed, dict)
    names = {"/predict", "/predict_strokes", "/read_number", "/sample_test_digits", "/train"}
    assert set(listed["named_endpoints"]) == names
    assert listed["unnamed_endpoints"] == {}
    assert all(listed["named_endpoints"][name]["description"] for name in names)


def test_the_last_arguments_may_be_left_out(client: Client, seven: Strokes) -> None:
    """Also by a list of values: whose author knew of no more, as an endpoint may get new ones."""
    answer = httpx.post(f"{client.src}gradio_api/run/predict_strokes", json={"data": [seven]})
    assert answer.status_code == 200, answer.text


class TestPredict:
    @pytest.mark.parametrize("model", ["simple_cnn", "deep_cnn"])
    def test_a_picture_is_read(self, model: str, client: Client, digit: Path) -> None:
        answer = client.predict(handle_file(digit), model, api_name="/predict")
        _check_answer(answer, "7")

    @pytest.mark.parametrize(
        ("name", "content", "words"),
        [
            ("notes.txt", b"seven", "not a picture that can be read"),
            ("notes.png", b"seven", "not a picture that can be read"),
            ("empty.png", b"", "not a picture that can be read"),
        ],
    )
    def test_a_file_that_is_no_picture_is_refused(
        self, name: str, content: bytes, words: str, client: Client, tmp_path: Path
    ) -> None:
        (tmp_path / name).write_bytes(content)
        assert words in _refusal(client, handle_file(tmp_path / name), api_name="/predict")

    def test_a_cut_off_picture_is_refused(self, client: Client, digit: Path) -> None:
        digit.write_bytes(digit.read_bytes()[:-100])
        assert "cannot be read" in _refusal(client, handle_file(digit), api_name="/predict")

    def test_a_blank_picture_is_refused(self, client: Client, tmp_path: Path) -> None:
        Image.new("L", (50, 50), 255).save(tmp_path / "blank.png")
        said = _refusal(client, handle_file(tmp_path / "blank.png"), api_name="/predict")
        assert "no digit was found; the picture is blank" in said

    def test_no_picture_is_refused(self, client: Client) -> None:
        assert "Send a picture" in _refusal(client, None, api_name="/predict")

    def test_an_unknown_model_is_refused(self, client: Client, digit: Path) -> None:
        said = _refusal(client, handle_file(digit), "nonsense", api_name="/predict")
        for name in ("nonsense", "softmax", "simple_cnn"):
            assert name in said


class TestPredictStrokes:
    def test_a_seven_is_read(self, client: Client, seven: Strokes) -> None:
        answer = client.predict(seven, api_name="/predict_strokes")
        _check_answer(answer, "7", "verdict")
        assert answer["verdict"] == "sure"
        _check_answer(client.predict(seven, "mlp", api_name="/predict_strokes"), "7", "verdict")

    @pytest.mark.slow
    def test_what_is_no_drawing_is_refused(self, client: Client, subtests: pytest.Subtests) -> None:
        cases: list[tuple[Any, str]] = [  # the rest: tests/digits/test_strokes.py
            ([[], []], "no strokes"),
            (None, "must be a list of strokes, not NoneType"),
            ([{"x": 1}], "not a list of (x, y) numbers"),
            ([[[1, 2]] * 50_001], "at most 50,000"),
        ]
        for strokes, words in cases:
            with subtests.test(strokes=strokes, words=words):
                assert words in _refusal(client, strokes, api_name="/predict_strokes")

    @pytest.mark.parametrize("number", ["NaN", "Infinity"])
    def test_what_is_no_number_is_refused(self, number: str, client: Client) -> None:
        """The client sends none; whoever writes the JSON can."""
        answer = httpx.post(
            f"{client.src}gradio_api/run/predict_strokes",
            content=f'{{"data": [[[[{number}, 0], [1, 1]]], "mlp"]}}',
            headers={"Content-Type": "application/json"},
        )
        assert answer.status_code == 400
        assert "not the JSON" in answer.json()["detail"]

    def test_an_unknown_model_is_refused(self, client: Client, seven: Strokes) -> None:
        said = _refusal(client, seven, "nonsense", api_name="/predict_strokes")
        assert "no model 'nonsense'" in said
        assert not said.endswith("..")
        assert "simple_cnn" in said

    @pytest.mark.parametrize("name", quick(7, of=(["mlp"], 7, "")))
    def test_what_is_no_name_is_refused(self, name: Any, client: Client, seven: Strokes) -> None:
        for endpoint, values in (
            ("/predict_strokes", (seven, name)),
            ("/sample_test_digits", (name,)),
            ("/train", (name,)),
        ):
            assert "there is no" in _refusal(client, *values, api_name=endpoint).lower()


class TestReadNumber:
    def test_a_number_of_strokes_is_read(self, client: Client, seven: Strokes) -> None:
        strokes = [[[20, 60], [20, 235]], *seven]
        answer = client.predict(strokes=strokes, api_name="/read_number")
        assert answer["text"] == "17"
        shares = [each["probability"] for each in answer["digits"]]
        assert answer["probability"] == pytest.approx(shares[0] * shares[1])
        assert [each["digit"] for each in answer["digits"]] == [1, 7]
        assert answer["digits"][0]["box"] == [20, 60, 0, 175]
        for each in answer["digits"]:
            picture = base64.b64decode(each["image"].partition(",")[2])
            assert Image.open(io.BytesIO(picture)).size == (28, 28)

    def test_a_picture_is_read(self, client: Client, digit: Path) -> None:
        answer = client.predict(picture=handle_file(digit), model="mlp", api_name="/read_number")
        assert answer["text"] == "7"

    def test_one_of_the_two_is_asked_for(self, client: Client, digit: Path, seven: Strokes) -> None:
        assert "one of the two" in _refusal(client, api_name="/read_number")
        both = (handle_file(digit), seven)
        assert "one of the two" in _refusal(client, *both, api_name="/read_number")

    def test_what_cannot_be_read_is_refused(self, client: Client, tmp_path: Path) -> None:
        (tmp_path / "notes.png").write_bytes(b"seven")
        file = handle_file(tmp_path / "notes.png")
        assert "not a picture that" in _refusal(client, file, api_name="/read_number")
        assert "no strokes" in _refusal(client, None, [[]], api_name="/read_number")
        assert "must be a list" in _refusal(client, None, {"x": 1}, api_name="/read_number")

    def test_an_unknown_model_is_refused(self, client: Client, seven: Strokes) -> None:
        said = _refusal(client, None, seven, "nonsense", api_name="/read_number")
        assert "nonsense" in said
        assert "simple_cnn" in said


class TestSampleTestDigits:
    def _draw(self, client: Client, **settings: Any) -> Any:
        settings = {"model": "softmax", "count": 5} | settings
        return client.predict(api_name="/sample_test_digits", **settings)

    def test_digits_come_with_their_answers(self, client: Client, bundled: Dataset) -> None:
        drawn = self._draw(client)
        assert drawn["dataset"] == "bundled digits"
        assert drawn["found"] == drawn["total"] == 1000
        assert 800 < drawn["right"] < 1000
        assert drawn["seen_in_training"] is True
        assert len(drawn["samples"]) == 5
        for sample in drawn["samples"]:
            assert sample["label"] == bundled.test_labels[sample["index"]]
            assert sample["prediction"] in range(10)
            assert 0.1 <= sample["confidence"] <= 1
            assert sample["picture"].startswith("data:image/png;base64,")

    def test_a_seed_draws_the_same_digits_each_time(self, client: Client) -> None:
        assert self._draw(client, seed=3) == self._draw(client, seed=3)
        assert self._draw(client, seed=3) != self._draw(client, seed=4)

    def test_mistakes_alone_are_drawn(self, client: Client) -> None:
        drawn = self._draw(client, mistakes_only=True, count=200)
        assert drawn["found"] == len(drawn["samples"]) == drawn["total"] - drawn["right"]
        assert all(sample["prediction"] != sample["label"] for sample in drawn["samples"])

    @pytest.mark.parametrize("digit", [0, 9])
    def test_one_digit_alone_is_drawn(self, digit: int, client: Client) -> None:
        drawn = self._draw(client, digit=digit)
        assert {sample["label"] for sample in drawn["samples"]} == {digit}

    @pytest.mark.parametrize(
        ("name", "value", "words"),
        [
            ("count", 0, "count must be"),
            *(
                pytest.param(*case, marks=pytest.mark.slow)
                for case in (
                    ("count", 201, "count must be"),
                    ("count", "many", "count must be"),
                    ("seed", -1, "seed must be"),
                    ("seed", None, "seed must be"),
                    ("digit", 10, "digit must be"),
                    ("digit", "one", "digit must be"),
                    ("model", "nonsense", "no model 'nonsense'"),
                )
            ),
        ],
    )
    def test_a_bad_value_is_refused(
        self, name: str, value: Any, words: str, client: Client
    ) -> None:
        assert words in _refusal(client, api_name="/sample_test_digits", **{name: value})


class TestTrain:
    @pytest.mark.parametrize(("seconds", "limit"), [(None, 600), (30, 30), (3600, 600)])
    def test_it_has_a_limit_of_its_own(
        self, seconds: float | None, limit: float, store: ModelStore
    ) -> None:
        budget = Budget(steps=7, seconds=seconds)
        assert _Endpoints(store, TrainingQueue(), budget)._budget == Budget(7, limit)

    @pytest.mark.parametrize(
        ("settings", "words"),
        [
            ({"batch_size": 4001}, "batch_size 4,001 is more than the 4,000"),
            (
                {"batch_size": 1, "recipe": "fast_cnn", "layers": "linear 20, norm"},
                "a batch of one",
            ),
        ],
    )
    def test_batches_that_cannot_be_are_refused_before_it_waits(
        self, settings: dict[str, Any], words: str, store: ModelStore
    ) -> None:
        queue = TrainingQueue()
        request: Any = SimpleNamespace(session_hash="one")
        events = _Endpoints(store, queue, Budget()).train(request, **settings)
        with queue.stand("another"), pytest.raises(gr.Error, match=words):
            asyncio.run(anext(events))  # type: ignore[arg-type]
        assert queue.counts() == {"running": 0, "waiting": 0}

    def test_what_is_spent_is_told_to_who_has_no_page(self, store: ModelStore) -> None:
        async def train() -> list[Any]:
            request: Any = SimpleNamespace(session_hash="one")
            endpoints = _Endpoints(store, TrainingQueue(), Budget(steps=3))
            return [event async for event in endpoints.train(request)]

        assert "by the API may take 3 steps" in asyncio.run(train())[-1]["message"]

    def test_a_training_is_streamed(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(training_stream, "SHOW_EVERY", 0.01)
        settings = {"recipe": "softmax", "epochs": 3, "batch_size": 8, "learning_rate": 0.05}
        shown: list[Any] = list(client.submit(api_name="/train", **settings))
        events = [event for event in shown if event["event"] != "starting"]  # on a slow machine
        steps = [event for event in events if event["event"] == "step"]
        epochs = [event for event in events if event["event"] == "epoch"]
        assert len(steps) + len(epochs) == len(events)
        assert 3 <= len(steps) < 1000  # of 1500: what came since the last look is not repeated
        at = [(step["epoch"], step["step"]) for step in steps]
        assert at == sorted({*at})
        assert {step["steps_per_epoch"] for step in steps} == {500}
        assert [epoch["epoch"] for epoch in epochs] == [1, 2, 3]
        assert events[-1] is epochs[-1]
        assert epochs[0]["train_loss"] > epochs[1]["train_loss"] > epochs[2]["train_loss"]
        assert epochs[-1]["test_accuracy"] > 0.8
        seconds = [event["seconds"] for event in events]
        assert all(before <= after for before, after in itertools.pairwise(seconds))

    def test_a_network_is_told_as_text(self, client: Client) -> None:
        settings = {"recipe": "fast_cnn", "epochs": 1, "batch_size": 400}
        last = client.predict(api_name="/train", layers="conv 4, pool, norm, relu", **settings)
        assert last["event"] == "epoch"
        assert last != client.predict(api_name="/train", **settings)

    def test_a_cancelled_training_ends_and_lets_the_next_one_in(self, client: Client) -> None:
        long = client.submit(api_name="/train", recipe="mlp", epochs=1000, batch_size=1)
        next(long)
        long.cancel()
        next_one = client.submit(api_name="/train", epochs=1)
        assert next_one.result(timeout=60)["epoch"] == 1
        assert not [thread for thread in threading.enumerate() if thread.name.startswith("train")]

    def test_a_seed_trains_the_same_each_time(self, client: Client) -> None:
        def train(seed: int) -> Any:
            last = client.predict(api_name="/train", epochs=1, seed=seed)
            return last["train_loss"], last["test_accuracy"]

        assert train(1) == train(1)
        assert train(1) != train(2)

    @pytest.mark.slow
    def test_a_loss_that_is_no_number_is_the_end(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def make(*arguments: Any, **options: Any) -> RemoteTrainer:
            return RemoteTrainer(*arguments, **options | {"pool": FAULTY})

        monkeypatch.setattr(training_stream, "RemoteTrainer", make)
        events = list(client.submit(api_name="/train", epochs=2, seed=NOT_FINITE))
        assert events[-1] == {"event": "diverged", "epoch": 1, "step": 2}
        assert [event["event"] for event in events if event["event"] != "starting"] == [
            "step",
            "diverged",
        ]

    @pytest.mark.parametrize(
        ("name", "value", "words"),
        [
            ("batch_size", 4001, "batch_size 4,001 is more than the 4,000"),
            ("layers", "relu, linear 3000", "layer 2, 'linear 3000': with it the network has"),
            *(
                pytest.param(*case, marks=pytest.mark.slow)
                for case in (
                    ("recipe", "nonsense", "no recipe 'nonsense'"),
                    ("epochs", 0, "epochs must be"),
                    ("epochs", "two", "epochs must be"),
                    ("learning_rate", -1, "learning_rate must be"),
                    ("learning_rate", "fast", "learning_rate must be"),
                    ("seed", -1, "seed must be"),
                )
            ),
        ],
    )
    def test_a_bad_value_is_refused(
        self, name: str, value: Any, words: str, client: Client
    ) -> None:
        assert words in _refusal(client, api_name="/train", **{name: value})
