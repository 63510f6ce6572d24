import asyncio
from typing import Any

import pytest

from mnist_demo import load_checkpoint
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.draw.handlers import (
    EXPERIMENTS,
    PANELS,
    act_on_user_digits,
    predict_by_user_model,
    update_experiment,
    update_panel,
)
from tests.ui.conftest import Strokes
from tests.ui.drawings import HOSTILE


def test_a_panel_shows_nothing_of_what_is_no_drawing(
    store: ModelStore, subtests: pytest.Subtests
) -> None:
    add = {"action": {"kind": "add", "label": 1}}
    for kind, drawing in HOSTILE.items():
        with subtests.test(kind):
            for describe in PANELS.values():
                assert update_panel(store, describe, drawing, "softmax", {}) is None
            assert (
                update_experiment(store, EXPERIMENTS["robustness"], None, drawing, "softmax", {})
                is None
            )
            shown = act_on_user_digits(store, add, (), drawing, "mlp", {})
            assert shown["user_digits"] == ()


def test_the_answer_of_an_own_model_comes_with_its_name(store: ModelStore, seven: Strokes) -> None:
    user_models = {"mine": load_checkpoint("mlp")}
    told = asyncio.run(predict_by_user_model(store, {"strokes": seven}, "mine", user_models))
    assert told["model"] == "mine"
    assert told["answer"]["digit"] == 7
    blank = asyncio.run(predict_by_user_model(store, {"strokes": []}, "mine", user_models))
    assert blank == {"model": "mine", "answer": None}
    names: list[Any] = [None, 3, {}, [[[]]]]
    for name in names:  # what is no name is not sent back
        assert (
            asyncio.run(predict_by_user_model(store, {"strokes": seven}, name, user_models))[
                "model"
            ]
            is None
        )
