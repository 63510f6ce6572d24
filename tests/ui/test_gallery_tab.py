from typing import Any

import gradio as gr
import numpy as np
import pytest

from mnist_demo import load_checkpoint
from mnist_demo.recipes import BOUNDS
from mnist_demo.ui.gallery_tab import ANY_DIGIT, new_seed, show_samples
from mnist_demo.ui.library import Library

SETTINGS = {"model_name": "softmax", "count": 20, "seed": 0, "only_mistakes": False}


def _show(library: Library, **changes: Any) -> tuple[str, list[dict[str, Any]]]:
    return show_samples(
        library,
        **({"digit": ANY_DIGIT, "own": {}} | SETTINGS | changes),  # type: ignore[arg-type]
    )


def _right(library: Library, model: str) -> int:
    answers = library.test_probabilities(library.model(model, {})).argmax(axis=1)
    return int((answers == library.dataset().test_labels.numpy()).sum())


def test_test_digits_of_both_kinds_are_shown(library: Library) -> None:
    summary, tiles = _show(library, count=200)
    right = _right(library, "softmax")
    assert f"**softmax** reads **{right} of 297** test images right" in summary
    assert f"({right / 297:.2%})" in summary
    assert summary.endswith("Shown: 200 of 297 test images.")
    assert len(tiles) == 200
    assert {tile["right"] for tile in tiles} == {True, False}


def test_mistakes_alone_are_shown(library: Library) -> None:
    summary, tiles = _show(library, only_mistakes=True)
    assert summary.endswith(f"Shown: 20 of {297 - _right(library, 'softmax')} mistakes.")
    assert len(tiles) == 20
    assert not any(tile["right"] for tile in tiles)


@pytest.mark.parametrize("digit", [0, 9])
def test_one_digit_alone_is_shown(digit: int, library: Library) -> None:
    summary, tiles = _show(library, digit=digit)
    count = int((library.dataset().test_labels == digit).sum())
    assert summary.endswith(f"Shown: 20 of {count} test images whose label is {digit}.")
    assert all(f"label {digit}," in tile["alt"] for tile in tiles)


def test_that_there_are_none_is_said(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    perfect = np.eye(10, dtype=np.float32)[library.dataset().test_labels.numpy()]
    monkeypatch.setattr(library, "test_probabilities", lambda _: perfect)
    summary, tiles = _show(library, only_mistakes=True, digit=3)
    assert summary.endswith("There are no mistakes whose label is 3.")
    assert "(100.00%)" in summary
    assert tiles == []


def test_a_seed_shows_the_same_digits_each_time(library: Library) -> None:
    assert _show(library, seed=5) == _show(library, seed=5)
    assert _show(library, seed=5) != _show(library, seed=6)


def test_a_visitors_own_model_is_shown(library: Library) -> None:
    summary, tiles = _show(library, model_name="mine", own={"mine": load_checkpoint("softmax")})
    assert summary.startswith("**mine** reads")
    assert tiles == _show(library)[1]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("model_name", "nonsense", "no model 'nonsense'"),
        ("count", 0, "count must be"),
        ("count", 201, "count must be"),
        ("count", None, "count must be"),
        ("seed", -1, "seed must be"),
        ("seed", None, "seed must be"),
        ("digit", 10, "digit must be"),
        ("digit", "1", "digit must be"),
    ],
)
def test_a_bad_value_is_told(name: str, value: Any, words: str, library: Library) -> None:
    with pytest.raises(gr.Error, match=words) as caught:
        _show(library, **{name: value})
    assert not caught.value.print_exception


def test_new_seeds_differ_and_are_valid() -> None:
    seeds = {new_seed() for _ in range(50)}
    assert len(seeds) > 1
    for seed in seeds:
        BOUNDS["seed"].check("seed", seed)
