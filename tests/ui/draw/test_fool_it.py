"""The panel that fools networks."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mnist_demo import load_checkpoint, predict_probabilities, shipped_checkpoints
from mnist_demo.models.adversarial import fast_gradient_sign
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.compute.test_set import take_digit
from mnist_demo.ui.draw.fool_it import (
    MAX_PIXELS,
    WAYS,
    Question,
    describe_fool_it,
    read_question,
)
from mnist_demo.ui.draw.handlers import EXPERIMENTS, update_experiment
from tests.conftest import quick
from tests.ui.conftest import Strokes
from tests.ui.english import english

ASKED = {"way": "fgsm", "strength": 0.1, "target": None, "pixels": []}


@pytest.fixture
def drawn(seven: Strokes) -> dict[str, Any]:
    return {"strokes": seven, "line_width": 18}


def _show(store: ModelStore, drawn: Any, model: str = "simple_cnn", **changes: Any) -> Any:
    asked = ASKED | changes
    answer = update_experiment(store, EXPERIMENTS["fool_it"], asked, drawn, model, {})
    assert answer is not None
    return english(answer["shown"])


@pytest.mark.parametrize("way", WAYS)
def test_every_model_reads_the_same_changed_picture(
    way: str, store: ModelStore, drawn: dict[str, Any]
) -> None:
    shown = _show(store, drawn, way=way, pixels=[[0, 0]])
    assert [each["name"] for each in shown["answers"]] == list(shipped_checkpoints())
    assert {name: shown[name] for name in ASKED} == ASKED | {"way": way, "pixels": [[0, 0]]}
    for picture in ("digit", "change", "sum"):
        assert shown[picture].startswith("data:image/png;base64,")
    assert shown["digit"] != shown["sum"]


def test_it_says_whether_the_chosen_model_is_fooled(
    store: ModelStore, drawn: dict[str, Any]
) -> None:
    held = _show(store, drawn, strength=0)
    assert held["line"] == "simple_cnn still reads a 7."
    assert not held["fooled"]
    fooled = _show(store, drawn, strength=0.5)
    assert fooled["line"].startswith("simple_cnn read a 7, and is fooled: now it reads a")
    assert fooled["fooled"]


@pytest.mark.parametrize("way", ["fgsm", "pgd"])
def test_the_least_strength_fools_it_and_a_step_less_does_not(
    way: str, store: ModelStore, drawn: dict[str, Any]
) -> None:
    least = _show(store, drawn, way=way, least=True)
    assert least["fooled"]
    assert 0 < least["strength"] < 0.5
    less = round(least["strength"] - 0.01, 2)
    assert not _show(store, drawn, way=way, strength=less)["fooled"]


@pytest.mark.parametrize("name", quick("fast_cnn", of=("softmax", "simple_cnn", "fast_cnn")))
def test_in_one_step_no_strength_is_passed_over(name: str, store: ModelStore) -> None:
    model, dataset = store.model(name, {}), store.dataset()
    steps = np.arange(1, 51) / 100
    for index in (0, 17, 56):
        digit, _ = take_digit(dataset, index)
        read = int(predict_probabilities(model.model, digit)[0].argmax())
        for target in (None, 3, 8):
            changed = fast_gradient_sign(model.model, digit, steps, read, target)
            answers = predict_probabilities(model.model, changed).argmax(axis=1)
            does = answers != read if target is None else answers == target
            question = Question("fgsm", target=target, least=True)
            shown = describe_fool_it(store.compute, digit, question, [model], model)
            if target != read:
                expected = steps[does.argmax()] if does.any() else 0.5
                assert shown["strength"] == round(float(expected), 2)


def test_a_target_that_is_not_reached_is_told(store: ModelStore, drawn: dict[str, Any]) -> None:
    shown = _show(store, drawn, "softmax", least=True, target=1)
    assert shown["line"] == (
        "softmax reads a 7, and no such change up to the largest strength makes it read a 1."
    )


def test_what_cannot_be_fooled_is_told(store: ModelStore, drawn: dict[str, Any]) -> None:
    checkpoint = load_checkpoint("softmax")
    with_bias = checkpoint.model.get_parameter("classifier.bias")
    with_bias.data[7] += 1e6
    asked = ASKED | {"least": True}
    mine = {"mine": replace(checkpoint, name="mine")}
    answer = update_experiment(store, EXPERIMENTS["fool_it"], asked, drawn, "mine", mine)
    assert answer is not None
    line = english(answer["shown"])["line"]
    assert line == "mine reads a 7, and no such change up to the largest strength fools it."


@pytest.mark.parametrize(
    "value",
    [
        {"way": "magic"},
        {"way": ["fgsm"], "strength": 0.1},
        {"way": "fgsm"},
        {"way": "fgsm", "strength": 2},
        {"way": "fgsm", "strength": "0.1"},
        ASKED | {"target": 10},
        ASKED | {"target": "7"},
        ASKED | {"pixels": [[1, 2]] * (MAX_PIXELS + 1)},
        ASKED | {"pixels": [[28, 0]]},
        ASKED | {"pixels": [[1.5, 0]]},
        ASKED | {"pixels": [5]},
        ASKED | {"pixels": "x"},
    ],
    ids=repr,
)
def test_a_question_that_is_none_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"way|strength|target|pixel"):
        read_question(value)


@pytest.mark.parametrize("value", [None, {}, [], "x", {"strength": 3}])
def test_no_question_is_the_first_one(value: Any) -> None:
    assert read_question(value) == Question()


def test_a_blank_pad_shows_nothing(store: ModelStore) -> None:
    blank: dict[str, Any] = {"strokes": []}
    assert update_experiment(store, EXPERIMENTS["fool_it"], ASKED, blank, "mlp", {}) is None
