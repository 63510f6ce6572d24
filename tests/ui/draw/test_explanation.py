"""The panel that looks inside a network, layer by layer."""

import re
from typing import Any

import numpy as np
import pytest

from mnist_demo import shipped_checkpoints
from mnist_demo.models import saliency
from mnist_demo.ui.components import sections
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.draw.explanation.look import DRAWING, MOST_OFF, Look, read_look
from mnist_demo.ui.draw.explanation.sheets import MOST_MAPS, MOST_WEIGHTS
from mnist_demo.ui.draw.handlers import EXPERIMENTS, update_experiment
from tests.ui.conftest import Strokes
from tests.ui.english import english


@pytest.fixture
def drawn(seven: Strokes) -> dict[str, Any]:
    return {"strokes": seven, "line_width": 18}


def _look(
    store: ModelStore, drawn: Any, model: str, view: str = DRAWING, **asked: Any
) -> dict[str, Any]:
    asked = {"view": view, "off": {}} | asked
    answer = update_experiment(store, EXPERIMENTS["explanation"], asked, drawn, model, {})
    assert answer is not None
    assert answer["model"] == model
    shown: dict[str, Any] = english(answer["shown"])
    return shown


@pytest.mark.parametrize("model", shipped_checkpoints())
def test_every_layer_has_its_view(
    model: str, store: ModelStore, drawn: dict[str, Any], subtests: pytest.Subtests
) -> None:
    views = _look(store, drawn, model)["views"]
    assert views[0] == {"name": DRAWING, "title": "your drawing", "size": "28 × 28"}
    for view in views:
        with subtests.test(view=view["name"]):
            shown = _look(store, drawn, model, view["name"])
            sheet = shown["sheet"]
            assert shown["view"] == view["name"]
            assert shown["views"] == views
            assert sheet["picture"].startswith("data:image/png;base64,")
            assert sheet["title"]
            assert sheet["help"]
            assert len(sheet["values"]) == len(sheet["units"]) == len({*sheet["units"]})
            assert bool(shown["sections"]) == (view["name"] == DRAWING)


def test_beside_the_drawing_stands_the_ink_that_counted(
    store: ModelStore, drawn: dict[str, Any]
) -> None:
    (counted,) = _look(store, drawn, "mlp")["sections"]
    assert [picture["caption"][:5] for picture in counted["pictures"]] == ["for 7", "for 9"]
    _, weights = _look(store, drawn, "softmax")["sections"]
    assert len(weights["pictures"]) == 10


def test_while_the_pen_moves_the_ink_that_counted_is_told_at_a_glance(
    store: ModelStore, drawn: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def find(*arguments: Any, steps: int) -> Any:
        asked.append(steps)
        return saliency.saliencies(*arguments, steps=steps)

    monkeypatch.setattr(sections, "saliencies", find)
    for moving in (True, False, None):
        _look(store, drawn, "mlp", moving=moving)
    assert asked == [saliency.FEW_STEPS, saliency.STEPS, saliency.STEPS]


def test_of_wide_layers_the_most_active_parts_are_shown(
    store: ModelStore, drawn: dict[str, Any]
) -> None:
    maps = _look(store, drawn, "robust_cnn", "conv7")["sheet"]
    assert len(maps["units"]) == MOST_MAPS
    assert maps["title"] == "conv7: what its 128 filters find, 7 x 7 each"
    assert maps["help"].endswith(f"Shown are the {MOST_MAPS} that find most.")
    units = _look(store, drawn, "mlp", "hidden1")["sheet"]
    assert len(units["units"]) == MOST_WEIGHTS
    hidden = next(unit for unit in range(512) if unit not in units["units"])
    now = _look(store, drawn, "mlp", "hidden1", off={"hidden1": [hidden]})["sheet"]
    assert now["units"] == sorted([*units["units"], hidden])  # or nobody could switch it on
    assert now["values"][now["units"].index(hidden)] == "0.00"


def test_the_answer_is_that_without_what_is_off(store: ModelStore, drawn: dict[str, Any]) -> None:
    whole = _look(store, drawn, "simple_cnn")
    assert whole["line"] == f"With all of it on, it reads a 7 ({whole['before'][7]:.1%})."
    assert whole["now"] == pytest.approx(whole["before"], abs=1e-6)
    off = {"conv2": [*range(60)], DRAWING: [300]}
    without = _look(store, drawn, "simple_cnn", "conv1", off=off)
    assert without["off"] == off
    assert without["before"] == pytest.approx(whole["before"], abs=1e-6)
    assert without["now"] != pytest.approx(whole["before"], abs=1e-3)
    assert without["line"].startswith("With 61 switched off, it reads a")
    assert sum(without["now"]) == pytest.approx(1, abs=1e-4)


def test_maps_after_what_is_off_are_others_and_those_before_are_not(
    store: ModelStore, drawn: dict[str, Any]
) -> None:
    for view, changes in (("conv2", False), ("conv3", True), ("conv4", True)):
        whole, without = (
            _look(store, drawn, "robust_cnn", view, off=off)["sheet"]
            for off in ({}, {"conv3": [*range(20)]})
        )
        assert (whole["picture"] != without["picture"]) is changes


def test_a_pixel_that_is_off_has_no_ink(store: ModelStore, drawn: dict[str, Any]) -> None:
    whole = _look(store, drawn, "softmax")["sheet"]
    inked = [number for number, value in enumerate(whole["values"]) if value != "0.00"][:3]
    without = _look(store, drawn, "softmax", off={DRAWING: inked})["sheet"]
    assert [without["values"][number] for number in inked] == ["0.00"] * 3


@pytest.mark.parametrize(
    ("model", "view"),
    [("softmax", DRAWING), ("mlp", "hidden2"), ("fast_cnn", "conv1"), ("robust_cnn", "conv7")],
)
def test_what_matters_most_is_what_the_answer_loses_most_without(
    model: str, view: str, store: ModelStore, drawn: dict[str, Any]
) -> None:
    shown = _look(store, drawn, model, view, find=True)
    assert "matters most" in shown["found"]
    assert len(shown["ranked"]) == 5
    assert {*shown["ranked"]} <= {*shown["sheet"]["units"]}
    without = [
        _look(store, drawn, model, view, off={view: [part]})["now"][7] for part in shown["ranked"]
    ]
    assert without == pytest.approx(sorted(without), abs=1e-5)
    assert without[0] < shown["before"][7]
    others = np.random.default_rng(0).choice(shown["sheet"]["units"], 8).tolist()
    for other in others:
        now = _look(store, drawn, model, view, off={view: [other]})["now"][7]
        assert now >= without[0] - 1e-5


def test_where_nothing_matters_alone_it_says_so(store: ModelStore, drawn: dict[str, Any]) -> None:
    everything = {"conv2": [*range(64)]}
    shown = _look(store, drawn, "simple_cnn", "conv1", off=everything, find=True)
    assert "none matters alone" in shown["found"]  # for nothing of it reaches the answer


def test_the_sum_is_that_of_the_place_that_is_pointed_at(
    store: ModelStore, drawn: dict[str, Any]
) -> None:
    place = [3, 10, 12]
    shown = _look(store, drawn, "simple_cnn", "conv1", place=place)
    assert {*shown} == {"view", "sum"}
    assert shown["sum"]["place"] == place
    assert shown["sum"]["title"].startswith("filter 4, row 11, column 13:")
    (term,) = shown["sum"]["parts"]
    assert term["name"] == "your drawing"
    assert np.shape(term["patch"]) == np.shape(term["weights"]) == (3, 3)
    deep = _look(store, drawn, "robust_cnn", "conv3", place=[0, None, None])["sum"]
    assert all(re.fullmatch(r"map \d+ of those before it", each["name"]) for each in deep["parts"])
    assert "norm" in deep["help"]
    assert deep["help"].endswith("Then relu makes 0 of what is below 0.")
    assert [line["name"] for line in deep["lines"]] == ["29 other maps", "sum", "after norm, relu"]
    numbers = [float(each["product"]) for each in deep["parts"]]
    rest, total = (float(line["value"]) for line in deep["lines"][:2])
    assert sum(numbers) + rest == pytest.approx(total, abs=0.03)  # each is rounded


def test_a_sum_follows_what_is_off_before_it(store: ModelStore, drawn: dict[str, Any]) -> None:
    off = {"conv1": [*range(32)]}
    shown = _look(store, drawn, "simple_cnn", "conv2", off=off, place=[0, 5, 5])["sum"]
    assert all(not np.any(each["patch"]) for each in shown["parts"])


def test_the_sum_of_what_is_off_says_so(store: ModelStore, drawn: dict[str, Any]) -> None:
    asked: dict[str, Any] = {"off": {"conv1": [3]}, "place": [3, 10, 12]}
    for model in ("simple_cnn", "robust_cnn"):
        shown = _look(store, drawn, model, "conv1", **asked)["sum"]
        assert shown["lines"][-1] == {"name": "switched off", "value": "0.00"}
    on = _look(store, drawn, "robust_cnn", "conv1", **asked | {"off": {"conv1": [4]}})["sum"]
    assert on["lines"][-1]["name"] == "after norm, relu"


@pytest.mark.parametrize(
    ("model", "view", "place"),
    [
        ("simple_cnn", "conv1", [32, 0, 0]),
        ("simple_cnn", "conv1", [0, 28, 0]),
        ("mlp", "hidden1", [0, 0, 0]),
    ],
)
def test_where_there_is_no_sum_none_is_shown(
    model: str, view: str, place: list[int], store: ModelStore, drawn: dict[str, Any]
) -> None:
    assert _look(store, drawn, model, view, place=place)["sum"] is None


def test_what_another_model_has_is_passed_over(store: ModelStore, drawn: dict[str, Any]) -> None:
    asked: dict[str, Any] = {"off": {"conv1": [1, 900], "nonsense": [1], "conv9": [2]}}
    shown = _look(store, drawn, "mlp", "conv1", **asked)
    assert (shown["view"], shown["off"]) == (DRAWING, {})
    assert shown["asked"] == {"view": "conv1", "off": asked["off"] | {"conv1": [1, 900]}}
    assert _look(store, drawn, "simple_cnn", "conv1", **asked)["off"] == {"conv1": [1]}


@pytest.mark.parametrize(
    "asked",
    [
        {"view": 3},
        {"view": "conv1", "off": [1]},
        {"view": "conv1", "off": {"conv1": 1}},
        {"view": "conv1", "off": {"conv1": [-1]}},
        {"view": "conv1", "off": {"conv1": [1.5]}},
        {"view": "conv1", "off": {"conv1": ["1"]}},
        {"view": "conv1", "off": {"a": [*range(3000)], "b": [*range(3000)]}},
        {"view": "conv1", "off": {"a": [0] * (MOST_OFF + 1)}},
        {"view": "conv1", "place": [1, 2]},
        {"view": "conv1", "place": [None, 1, 2]},
        {"view": "conv1", "place": [1, "2", 3]},
        {"view": "conv1", "place": "123"},
    ],
)
def test_what_is_no_question_is_refused(asked: Any) -> None:
    with pytest.raises(ValueError, match=r"must be|at most|hold a list"):
        read_look(asked)


@pytest.mark.parametrize("asked", [None, 3, [], "x", {}, {"model": "mlp", "shown": {}}])
def test_an_answer_that_came_late_is_the_first_question(asked: Any) -> None:
    assert read_look(asked) == Look()
