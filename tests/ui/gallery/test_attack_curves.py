"""What it takes to fool the models, in the Gallery."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mnist_demo import load_checkpoint, shipped_checkpoints
from mnist_demo.models.adversarial import count_right
from mnist_demo.models.attack_curves import STRENGTHS
from mnist_demo.ui.components.plot import COLOURS
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.gallery import attack_reader
from mnist_demo.ui.gallery.attack_curves import TOLD, show_attack_curves
from mnist_demo.ui.gallery.attack_reader import AttackReader
from tests.ui.english import english

FEW = 30


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that models of one's own take no seconds."""
    monkeypatch.setattr(attack_reader, "DIGITS", FEW)


def _show(store: ModelStore, model: Any, reader: AttackReader | None = None, **user: Any) -> Any:
    shown = show_attack_curves(store, reader or AttackReader(store), model, user)
    return [english(each) for each in shown]


@pytest.mark.parametrize("model", ["softmax", "robust_cnn"])
def test_those_of_the_shipped_models_are_there_at_once(model: str, store: ModelStore) -> None:
    (shown,) = _show(store, model)
    assert shown["line"].startswith(f"Made to fool {model}; ")
    assert [each["name"] for each in shown["series"]] == list(shipped_checkpoints())
    assert [each["colour"] for each in shown["series"]] == list(range(len(shown["series"])))
    for each in shown["series"]:
        assert [x for x, _ in each["points"]] == pytest.approx(STRENGTHS.tolist())
        assert all(0 <= y <= 1 for _, y in each["points"])
        assert len(each["told"]) == len(TOLD)
    pictures = [each["picture"] for each in shown["pictures"]]
    assert len({*pictures}) == len(TOLD)
    assert shown["pictures"][1]["alt"].endswith("changed by 0.1 of full ink")


@pytest.mark.usefixtures("few")
def test_a_model_of_ones_own_is_read_while_one_waits(store: ModelStore) -> None:
    mine = replace(load_checkpoint("mlp"), name="mine")
    first, last = _show(store, "softmax", mine=mine)
    assert "mine" not in [each["name"] for each in first["series"]]
    assert "reading" in first["line"]
    assert [each["name"] for each in last["series"]] == ["mine", *shipped_checkpoints()]
    dataset = store.dataset()
    digits = dataset.test_images[:FEW].numpy() / np.float32(255)
    labels = dataset.test_labels[:FEW].numpy()
    softmax = load_checkpoint("softmax").model
    right = count_right(softmax, [mine.model], digits, labels, STRENGTHS)[0] / FEW
    points = [y for _, y in last["series"][0]["points"]]
    assert points == pytest.approx(right.tolist(), abs=1e-4)


@pytest.mark.usefixtures("few")
def test_it_is_worked_out_once(store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = replace(load_checkpoint("softmax"), name="mine")
    reader = AttackReader(store)
    assert len(_show(store, "mine", reader, mine=mine)) == 2
    monkeypatch.setattr(attack_reader, "count_right", pytest.fail)
    (shown,) = _show(store, "mine", reader, mine=mine)
    assert len(shown["series"]) == len(shipped_checkpoints()) + 1


@pytest.mark.usefixtures("few")
def test_the_attacked_model_is_among_them_however_many_there_are(store: ModelStore) -> None:
    mine = {str(at): replace(load_checkpoint("softmax"), name=str(at)) for at in range(COLOURS)}
    *_, shown = _show(store, "robust_cnn", None, **mine)
    names = [each["name"] for each in shown["series"]]
    assert len(names) == COLOURS
    assert names[-1] == shown["attacked"] == "robust_cnn"


@pytest.mark.usefixtures("few")
def test_a_class_that_waits_for_one_model_has_it_read_once(
    store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, read = replace(load_checkpoint("softmax"), name="mine"), list[int]()
    real = AttackReader._count

    def count(self: AttackReader, *asked: Any) -> Any:
        read.append(1)
        return real(self, *asked)

    monkeypatch.setattr(AttackReader, "_count", count)
    reader = AttackReader(store)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: reader.compute(mine, [mine]), range(4)))
    assert read == [1]


@pytest.mark.parametrize("model", ["nonsense", None, 3, ["softmax"]])
def test_a_model_that_is_not_there_is_told(model: Any, store: ModelStore) -> None:
    (shown,) = _show(store, model)
    assert shown["line"]
    assert shown["series"] == []
