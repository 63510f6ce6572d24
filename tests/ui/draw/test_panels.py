"""What the panels under the pad show."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mnist_demo import load_checkpoint, shipped_checkpoints
from mnist_demo.digits.perturbations import RANGES, Perturbation
from mnist_demo.digits.stroke_files import (
    MAX_DRAWINGS,
    Drawing,
    read_drawings,
    write_drawings,
)
from mnist_demo.ui.components.plot import COLOURS
from mnist_demo.ui.components.sketchpad import SIDE, Sketch, put_digit, read_sketch
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.draw.examples import EXAMPLES, put_example, put_test_digit
from mnist_demo.ui.draw.handlers import (
    EXPERIMENTS,
    PANELS,
    act_on_user_digits,
    show_user_digits,
    take_test_digit,
    update_experiment,
    update_panel,
)
from mnist_demo.ui.draw.my_handwriting import MAX_POINTS, act_on_set, describe_my_handwriting
from mnist_demo.ui.draw.replay import first_points
from mnist_demo.ui.draw.robustness import POINTS, read_change
from tests.ui.conftest import Strokes
from tests.ui.english import english


def _show(
    panel: str, store: ModelStore, value: Any, model: str = "softmax", **user_models: Any
) -> Any:
    answer = update_panel(store, PANELS[panel], value, model, user_models)
    assert answer is None or answer["model"] == model
    return answer and english(answer["shown"])


def _change(store: ModelStore, asked: Any, drawing: Any) -> dict[str, Any]:
    answer = update_experiment(store, EXPERIMENTS["robustness"], asked, drawing, "robust_cnn", {})
    assert answer is not None
    assert answer["model"] == "robust_cnn"
    return answer["shown"]


@pytest.fixture
def drawn(seven: Strokes) -> dict[str, Any]:
    return {"strokes": seven, "line_width": 18}


@pytest.fixture
def scan(store: ModelStore) -> dict[str, Any]:
    return put_digit(store.dataset().test_images[3].numpy())


def test_a_blank_pad_shows_nothing(store: ModelStore, subtests: pytest.Subtests) -> None:
    for panel in PANELS:
        with subtests.test(panel=panel):
            assert _show(panel, store, {"strokes": []}) is None


def test_every_model_shows_something(
    store: ModelStore, drawn: dict[str, Any], subtests: pytest.Subtests
) -> None:
    for panel in PANELS:
        for model in shipped_checkpoints():
            with subtests.test(panel=panel, model=model):
                assert _show(panel, store, drawn, model)


def test_an_unknown_model_shows_nothing(
    store: ModelStore, drawn: dict[str, Any], subtests: pytest.Subtests
) -> None:
    for panel in PANELS:
        with subtests.test(panel=panel):
            assert _show(panel, store, drawn, "nonsense") is None


class TestStages:
    def test_there_are_three_and_the_last_is_the_answer(
        self, store: ModelStore, drawn: dict[str, Any]
    ) -> None:
        stages = _show("preprocessing", store, drawn, "robust_cnn")
        assert [stage["title"][0] for stage in stages] == ["1", "2", "3"]
        assert len({stage["picture"] for stage in stages}) == 3
        assert stages[-1]["answer"].startswith("7 (")

    def test_of_a_picture_only_the_last(self, store: ModelStore, scan: dict[str, Any]) -> None:
        (stage,) = _show("preprocessing", store, scan)
        assert stage["title"].startswith("3")


class TestComparison:
    def test_every_model_has_its_row_the_own_ones_first(
        self, store: ModelStore, drawn: dict[str, Any]
    ) -> None:
        mine = replace(load_checkpoint("mlp"), name="mine")
        rows = _show("model_comparison", store, drawn, "robust_cnn", mine=mine)
        assert [row["name"] for row in rows] == ["mine", *shipped_checkpoints()]
        assert rows[0]["parameters"] == "535,818"
        for row in rows:
            assert row["digit"] in "0123456789"
            assert 0 < row["share"] <= 1
            assert row["text"].endswith("%")
            assert float(row["milliseconds"]) >= 0

    def test_who_disagrees_stands_out(self, store: ModelStore) -> None:
        corner = put_example("scribble")
        rows = _show("model_comparison", store, corner, "softmax")
        answer = next(row["digit"] for row in rows if row["name"] == "softmax")
        assert [row["agrees"] for row in rows] == [row["digit"] == answer for row in rows]


class TestReplay:
    def test_it_ends_at_the_whole_drawing(self, store: ModelStore, drawn: dict[str, Any]) -> None:
        drawn["strokes"] = [
            np.linspace(a, b, 20).tolist()
            for a, b in [((70, 60), (205, 60)), ((205, 60), (125, 235))]
        ]
        shown = _show("replay", store, drawn, "robust_cnn")
        assert shown["strokes"] == drawn["strokes"]
        assert shown["side"] == SIDE
        seven = next(series for series in shown["series"] if series["name"] == "7")
        assert seven["points"][-1][0] == 1
        assert seven["points"][-1][1] > 0.8
        assert seven["points"][0][1] < 0.5
        xs = [x for x, _ in seven["points"]]
        assert xs == sorted(set(xs))

    def test_a_picture_has_none(self, store: ModelStore, scan: dict[str, Any]) -> None:
        assert _show("replay", store, scan) is None

    def test_the_first_points_are_strokes(self) -> None:
        strokes = [[[0, 0], [1, 1]], [[2, 2], [3, 3], [4, 4]]]
        assert first_points(strokes, 0) == []
        assert first_points(strokes, 1) == [[[0, 0]]]
        assert first_points(strokes, 3) == [[[0, 0], [1, 1]], [[2, 2]]]
        assert first_points(strokes, 99) == strokes


class TestBreaking:
    @pytest.mark.parametrize("name", RANGES)
    def test_every_model_has_its_curve(
        self, name: str, store: ModelStore, drawn: dict[str, Any]
    ) -> None:
        asked = {"change": {"rotation": 10, "noise": 0.1}, "name": name}
        shown = _change(store, asked, drawn)
        assert [series["name"] for series in shown["series"]] == shipped_checkpoints()
        assert {len(series["points"]) for series in shown["series"]} == {POINTS}
        assert english(shown["caption"]) == "Probability of a 7"
        assert shown["change"]["rotation"] == 10
        assert shown["low"] == RANGES[name].low

    def test_dense_models_lack_translation(self, store: ModelStore, drawn: dict[str, Any]) -> None:
        asked = {"change": {"shift": 5}, "name": "shift"}
        shown = _change(store, asked, drawn)
        here = {series["name"]: int(series["shown"].rstrip("%")) for series in shown["series"]}
        assert here["softmax"] < 50

    @pytest.mark.parametrize(
        "value",
        [
            {"change": {"rotation": 1e9}, "name": "rotation"},
            {"change": {"rotation": "10"}, "name": "rotation"},
            {"change": {"rotation": None}, "name": "rotation"},
            {"change": {"noise": float("nan")}, "name": "rotation"},
            {"change": {}, "name": "colour"},
            {"change": {}, "name": ["rotation"]},
            {"change": {}},
        ],
        ids=repr,
    )
    def test_a_change_out_of_bounds_is_refused(self, value: Any) -> None:
        with pytest.raises(ValueError, match=r"rotation|noise|change"):
            read_change(value)

    @pytest.mark.parametrize("value", [None, {}, [], "x", {"change": 3}])
    def test_no_change_is_none(self, value: Any) -> None:
        assert read_change(value) == (Perturbation(), "rotation")

    def test_what_is_unknown_is_left_out(self) -> None:
        change, _ = read_change({"change": {"colour": "red", "shift": 2}, "name": "shift"})
        assert change == Perturbation(shift=2)


class TestHand:
    def _sketch(self, strokes: Strokes) -> Sketch:
        sketch = read_sketch({"strokes": strokes})
        assert sketch is not None
        return sketch

    def test_a_drawing_is_added_with_its_label(self, seven: Strokes) -> None:
        action = {"action": {"kind": "add", "label": 7}}
        user_digits, shown = act_on_set((), action, self._sketch(seven))
        assert user_digits == (Drawing(7, seven),)
        assert english(shown["message"]) == "Added as a 7."

    def test_a_blank_pad_or_a_picture_is_not(self, scan: dict[str, Any]) -> None:
        action = {"action": {"kind": "add", "label": 7}}
        for sketch in (None, read_sketch(scan)):
            user_digits, shown = act_on_set((), action, sketch)
            assert user_digits == ()
            assert shown["message"]

    def test_what_is_doubtful_is_asked_about_and_added_by_who_is_sure(self, seven: Strokes) -> None:
        def add(**more: Any) -> tuple[Any, dict[str, Any]]:
            action = {"action": {"kind": "add", "label": 8, **more}}
            return act_on_set((), action, self._sketch(seven), lambda _: True)

        for more in ({}, {"sure": False}, {"sure": "yes"}):
            user_digits, shown = add(**more)
            assert user_digits == ()
            question = english(shown["question"])
            assert question["label"] == 8
            assert question["text"].endswith("Add it as an 8 all the same?")
        assert add(sure=True)[0] == (Drawing(8, seven),)
        assert add(label="8")[0] == ()

    @pytest.mark.parametrize(
        ("strokes", "doubtful"),
        [
            ([[[100, 100], [104, 100]]], True),
            (put_example("scribble")["strokes"], True),
            (put_example("crossed")["strokes"], False),
            (put_example("slashed")["strokes"], False),
        ],
        ids=["dot", "scribble", "crossed 7", "slashed 0"],
    )
    def test_a_dot_and_a_scribble_are_doubtful_and_odd_digits_are_not(
        self, store: ModelStore, strokes: Any, doubtful: bool
    ) -> None:
        add = {"action": {"kind": "add", "label": 7}}
        outputs = act_on_user_digits(store, add, (), {"strokes": strokes}, "softmax", {})
        assert bool(outputs["my_handwriting"].get("question")) is doubtful
        assert len(outputs["user_digits"]) == (not doubtful)

    def test_how_models_read_the_set_is_shown_and_leaves_it_as_it_is(
        self, store: ModelStore, seven: Strokes
    ) -> None:
        shown = show_user_digits(store, {"seen": 3}, (Drawing(7, seven),), "mlp", {})
        assert shown.keys() == {"my_handwriting"}
        assert shown["my_handwriting"]["seen"] == 3
        assert shown["my_handwriting"]["counts"] == [0] * 7 + [1, 0, 0]
        assert "mlp" in english(shown["my_handwriting"]["frames"])

    def test_its_file_is_in_the_pages_hands_and_is_opened_again(
        self, store: ModelStore, seven: Strokes
    ) -> None:
        user_digits = (Drawing(7, seven), Drawing(1, seven))
        file = describe_my_handwriting(store.compute.predictor, user_digits, [], None)["file"]
        assert tuple(read_drawings(file)) == user_digits
        joined, shown = act_on_set(user_digits, {"action": {"kind": "open", "text": file}}, None)
        assert joined == user_digits * 2
        assert english(shown["message"]) == "2 digits added from the file."

    def test_a_set_that_the_server_lost_is_restored_and_nothing_comes_twice(
        self, seven: Strokes
    ) -> None:
        user_digits = (Drawing(7, seven), Drawing(1, seven))
        newer = Drawing(2, seven)
        action = {"action": {"kind": "restore", "text": write_drawings(user_digits)}}
        assert act_on_set((), action, None)[0] == user_digits
        assert act_on_set(user_digits, action, None)[0] == user_digits
        assert act_on_set((newer,), action, None)[0] == (*user_digits, newer)

    def test_one_is_removed_or_all_are(self, seven: Strokes) -> None:
        user_digits = (Drawing(7, seven), Drawing(1, seven))
        assert act_on_set(user_digits, {"action": {"kind": "remove", "index": 0}}, None)[0] == (
            Drawing(1, seven),
        )
        assert act_on_set(user_digits, {"action": {"kind": "clear"}}, None)[0] == ()

    def test_anything_else_changes_nothing(self, seven: Strokes, subtests: pytest.Subtests) -> None:
        values: list[Any] = [
            *(None, 3, "add", [], {}, {"action": "add"}, {"action": {"kind": ["add"]}}),
            {"action": {"kind": "add"}},
            {"action": {"kind": "add", "label": "7"}},
            {"action": {"kind": "add", "label": 10}},
            {"action": {"kind": "remove", "index": "0"}},
            {"action": {"kind": "remove", "index": 9}},
            {"action": {"kind": "open", "text": 7}},
            {"action": {"kind": "open", "text": "<script>"}},
        ]
        for value in values:
            with subtests.test(value=value):
                user_digits = (Drawing(1, seven),)
                assert act_on_set(user_digits, value, self._sketch(seven))[0] == user_digits

    def test_there_is_room_for_so_many(self, seven: Strokes) -> None:
        full = (Drawing(1, seven),) * 500
        action = {"action": {"kind": "add", "label": 7}}
        user_digits, shown = act_on_set(full, action, self._sketch(seven))
        assert user_digits == full
        assert "room for 500" in english(shown["message"])

    def test_there_is_room_for_so_many_points(self) -> None:
        scrawl = [[[at % 280, at // 280] for at in range(MAX_POINTS // 5)]]
        action = {"action": {"kind": "add", "label": 7}}
        user_digits: tuple[Drawing, ...] = ()
        for _ in range(5):
            user_digits = act_on_set(user_digits, action, self._sketch(scrawl))[0]
        kept, shown = act_on_set(user_digits, action, self._sketch(scrawl))
        assert len(kept) == 5
        assert "room for 150,000 points" in shown["message"]["en"]

    def test_a_set_that_can_be_saved_can_be_opened(self, store: ModelStore) -> None:
        points = [[round(at * 1.3 % 280, 1), round(at * 0.7 % 280, 1)] for at in range(50_000)]
        user_digits = (Drawing(1, (points,)),) * 3  # type: ignore[arg-type]
        shown = describe_my_handwriting(store.compute.predictor, user_digits, [], None)
        assert len(read_drawings(shown["file"])) == 3

    def test_every_model_has_its_score(
        self, store: ModelStore, drawn: dict[str, Any], seven: Strokes
    ) -> None:
        user_digits = (Drawing(7, seven), Drawing(1, seven))
        outputs = act_on_user_digits(store, {}, user_digits, drawn, "robust_cnn", {})
        assert outputs["user_digits"] == user_digits
        shown = english(outputs["my_handwriting"])
        assert [tile["right"] for tile in shown["tiles"]] == [True, False]
        assert [tile["label"] for tile in shown["tiles"]] == ["7", "1"]
        assert len(shown["scores"]) == len(shipped_checkpoints())
        robust = next(line for line in shown["scores"] if line.startswith("robust_cnn"))
        assert robust.startswith("robust_cnn: 1 of 2 (on MNIST: 99.")


class TestExamples:
    @pytest.mark.parametrize(("name", "digit"), [("crossed", 7), ("slashed", 0), ("corner", 4)])
    def test_an_example_is_read(self, name: str, digit: int, store: ModelStore) -> None:
        rows = _show("model_comparison", store, put_example(name), "robust_cnn")
        robust = next(row for row in rows if row["name"] == "robust_cnn")
        assert robust["digit"] == str(digit)

    @pytest.mark.parametrize("name", EXAMPLES)
    def test_an_example_lies_on_the_pad(self, name: str) -> None:
        points = np.concatenate(put_example(name)["strokes"])
        assert points.min() >= 0
        assert points.max() <= SIDE

    def test_a_test_digit_is_that_of_its_number(self, store: ModelStore) -> None:
        sketch = read_sketch(put_test_digit(store, 5))
        assert sketch is not None
        expected = store.dataset().test_images[5].numpy() / np.float32(255)
        assert np.array_equal(sketch.digit, expected)

    @pytest.mark.parametrize("number", [-1, 10_000, 1.5, None, "3", True, float("nan"), [1]])
    def test_a_number_that_is_not_there_is_refused(self, number: Any, store: ModelStore) -> None:
        with pytest.raises(ValueError, match="test digit"):
            put_test_digit(store, number)
        refused = take_test_digit(store, number)
        assert refused.keys() == {"refused"}
        assert "test digit" in refused["refused"]["en"]
        assert "None" not in refused["refused"]["en"]

    def test_a_number_that_is_there_takes_the_refusal_away(self, store: ModelStore) -> None:
        taken = take_test_digit(store, 5)
        assert taken["pad"]["digit"]
        assert taken["refused"] is None


def test_the_chosen_model_has_its_curve_however_many_there_are(
    store: ModelStore, drawn: dict[str, Any]
) -> None:
    mine = {str(at): replace(load_checkpoint("softmax"), name=str(at)) for at in range(COLOURS)}
    asked = {"change": {}, "name": "rotation"}
    experiment = EXPERIMENTS["robustness"]
    answer = update_experiment(store, experiment, asked, drawn, "robust_cnn", mine)
    assert answer is not None
    names = [each["name"] for each in answer["shown"]["series"]]
    assert len(names) == COLOURS
    assert "robust_cnn" in names


def test_the_largest_set_there_may_be_can_be_opened_again() -> None:
    point = ((-999_999.123456, -999_999.654321),)
    count = MAX_POINTS // MAX_DRAWINGS
    digits = tuple(Drawing(8, (point,) * count) for _ in range(MAX_DRAWINGS))
    assert read_drawings(write_drawings(digits)) == list(digits)
