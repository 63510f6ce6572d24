from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mnist_demo import RECIPES, load_checkpoint
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.train.report import chosen_run, describe_report, surest_mistakes, update_report
from mnist_demo.ui.train.run_store import RunRecord
from tests.ui.english import english

METRICS = {"epochs": 2, "seconds": 4.0, "test_accuracy": 0.9} | {"wall_seconds": 5.0}
RUN = RunRecord(
    3, "mine", RECIPES["softmax"], 0, "", METRICS, {"number": 3, "images_per_epoch": 640}
)


def _shares(answers: list[int], sureness: list[float]) -> Any:
    shares = np.zeros((len(answers), 10), dtype=np.float32)
    shares[np.arange(len(answers)), answers] = sureness
    return shares


def test_the_surest_mistakes_come_first() -> None:
    labels = np.array([1, 2, 3, 4, 5])
    shares = _shares([1, 3, 4, 5, 6], [0.9, 0.5, 0.8, 0.5, 0.7])
    assert surest_mistakes(shares, labels, 3).tolist() == [2, 4, 1]
    assert surest_mistakes(shares, labels, 99).tolist() == [2, 4, 1, 3]


def test_a_report_agrees_with_the_answers(store: ModelStore) -> None:
    dataset = store.dataset()
    labels = dataset.test_labels.numpy()
    shares = store.test_probabilities(load_checkpoint("softmax"))
    shown = english(describe_report(RUN, dataset, shares))
    right = int((shares.argmax(axis=1) == labels).sum())
    assert f"{right:,} of {len(labels):,}" in shown["lines"][0]
    assert "5.0 s, at 320 images per second" in shown["lines"][1]  # of 4.0 s, without the tests
    assert "90.50%" in shown["lines"][2]
    of_each = [np.mean(shares[labels == digit].argmax(axis=1) == digit) for digit in range(10)]
    assert [each["share"] for each in shown["digits"]] == pytest.approx(of_each, abs=1e-4)
    assert 0 < len(shown["mistakes"]) <= 12
    assert sum(int(cell["count"] or 0) for cell in shown["matrix"]["cells"]) == len(labels)


@pytest.mark.parametrize(
    ("name", "epochs", "changes", "compared"),
    [
        ("MNIST", 10, {}, True),
        ("MNIST", 2, {}, False),
        ("MNIST", 10, {"learning_rate": 0.5}, False),
        ("the bundled digits", 10, {}, False),
    ],
)
def test_only_what_repeats_a_published_run_is_compared_with_it(
    name: str, epochs: int, changes: dict[str, Any], compared: bool, store: ModelStore
) -> None:
    recipe = replace(RECIPES["softmax"], **changes)
    run = replace(RUN, recipe=recipe, metrics=METRICS | {"epochs": epochs})
    dataset = replace(store.dataset(), name=name)
    shares = store.test_probabilities(load_checkpoint("softmax"))
    line = english(describe_report(run, dataset, shares))["lines"][2]
    assert "90.50%" in line
    assert ("this run has" in line) == compared
    assert ("after 10 epochs on all of MNIST" in line) != compared


def test_without_mistakes_there_are_none(store: ModelStore) -> None:
    dataset = store.dataset()
    perfect = np.eye(10, dtype=np.float32)[dataset.test_labels.numpy()]
    shown = describe_report(replace(RUN, recipe=RECIPES["mlp"], curves={}), dataset, perfect)
    assert shown["mistakes"] == []
    assert len(shown["lines"]) == 1  # nothing is known of its training, nor published


@pytest.mark.parametrize(("charts", "number"), [({"selected": 3}, 3), ({}, 4), (None, 4), ("x", 4)])
def test_the_chosen_run_is_reported_else_the_newest(charts: Any, number: int) -> None:
    found = chosen_run((RUN, replace(RUN, number=4)), charts)
    assert found is not None
    assert found.number == number
    assert chosen_run((), charts) is None


def test_a_model_that_is_gone_is_told(store: ModelStore) -> None:
    assert "no longer" in english(update_report(store, {}, (RUN,), {})["message"])
    assert update_report(store, {}, (), {}) == {}


def test_the_report_is_of_the_chosen_run(store: ModelStore) -> None:
    user_models = {"mine": load_checkpoint("softmax")}
    assert "mine" in english(update_report(store, {"selected": 3}, (RUN,), user_models)["lines"][0])
