"""What is shown for each choice; the digits themselves are those of `choose`."""

from dataclasses import replace
from typing import Any

import gradio as gr
import numpy as np
import pytest

from mnist_demo import load_checkpoint, shipped_checkpoints
from mnist_demo.recipes import BOUNDS
from mnist_demo.ui.gallery import handlers
from mnist_demo.ui.gallery.handlers import OUTPUTS
from mnist_demo.ui.gallery.ink import Ink
from mnist_demo.ui.gallery.look import ANY
from mnist_demo.ui.gallery.neighbours import Neighbours
from mnist_demo.ui.gallery.selection import ORDERS, PAGE, PAIRS, SHOWN
from mnist_demo.ui.library import Library
from tests.ui.english import english

SETTINGS: dict[str, Any] = {
    "model": "softmax",
    "other": None,
    "order": "hardest",
    "seed": 0,
    "label": ANY,
    "prediction": ANY,
    "shown": "all",
    "own": {},
}
BAD: dict[str, list[Any]] = {
    "model": [None, "nonsense", 3, ["softmax"], {}],
    "other": ["", "nonsense", 3, ["softmax"], {}],
    "order": [None, "nonsense", []],
    "seed": [None, -1, 0.5, "1", float("nan")],
    "label": [10, "1", [], 0.5],
    "prediction": [10, "1", {}, 0.5],
    "shown": [None, "nonsense", {}],
}
CLOSED: list[Any] = [{}, None, 3]


def values(**changes: Any) -> list[Any]:
    return list((SETTINGS | changes).values())


def named(outputs: list[Any]) -> dict[str, Any]:
    """What a handler put out, by name, without what stays as it is."""
    assert len(outputs) == len(OUTPUTS)
    pairs = zip(OUTPUTS, outputs, strict=True)
    return {name: english(value) for name, value in pairs if value not in (gr.skip(), {})}


def show(library: Library, **changes: Any) -> dict[str, Any]:
    return named(handlers.show(library, *values(**changes)))


def right_of(library: Library, model: str) -> int:
    answers = library.test_probabilities(library.model(model, {})).argmax(axis=1)
    return int((answers == library.dataset().test_labels.numpy()).sum())


@pytest.fixture(scope="module")
def neighbours(library: Library) -> Neighbours:
    return Neighbours(library)


class TestShow:
    def test_accuracy_loss_and_the_first_page_are_shown(self, library: Library) -> None:
        shown = show(library)
        right = right_of(library, "softmax")
        assert f"**softmax** reads **{right} of 297** unseen test images right" in shown["summary"]
        assert f"({right / 297:.2%})" in shown["summary"]
        assert "Its loss, the mean surprise at the right answers, is **" in shown["summary"]
        assert "The hardest come first" in shown["summary"]
        assert len(shown["tiles"]["tiles"]) == PAGE
        assert shown["tiles"]["pages"] == 5
        assert not shown["tiles"]["tiles"][0]["right"]
        assert sum(int(cell["count"] or 0) for cell in shown["confusion"]["cells"]) == 297
        assert shown["agreement"] == {"buttons": []}
        assert not shown["show_all"]["visible"]

    @pytest.mark.parametrize("order", ORDERS)
    def test_every_order_shows_all_and_tells_itself(self, order: str, library: Library) -> None:
        shown = show(library, order=order, other="mlp")
        assert shown["tiles"]["pages"] == 5
        told = {show(library, order=one, other="mlp")["summary"] for one in ORDERS}
        assert len(told) == len(ORDERS)
        assert shown["seed"]["visible"] == (order == "random")

    def test_filters_are_told_and_can_be_taken_off(self, library: Library) -> None:
        shown = show(library, label=8, prediction=ANY, shown="wrong")
        count = sum("✗" in tile["verdict"] for tile in shown["tiles"]["tiles"])
        assert f"**{count}** shown: label 8, wrong." in shown["summary"]
        assert all("label 8," in tile["alt"] for tile in shown["tiles"]["tiles"])
        assert shown["show_all"]["visible"]

    def test_that_there_are_none_is_said(self, library: Library) -> None:
        shown = show(library, label=3, prediction=3, shown="wrong")
        assert "There are none: label 3, predicted 3, wrong." in shown["summary"]
        assert shown["tiles"]["tiles"] == []

    def test_the_cell_of_the_filters_is_marked(self, library: Library) -> None:
        picked = show(library, label=3, prediction=5)["confusion"]["picked"]
        assert picked == {"label": 3, "prediction": 5}
        assert show(library, label=3)["confusion"]["picked"] is None

    def test_a_second_model_is_compared(self, library: Library) -> None:
        shown = show(library, other="mlp")
        counts = {button["name"]: int(button["count"]) for button in shown["agreement"]["buttons"]}
        assert tuple(counts) == PAIRS
        assert sum(counts.values()) == 297
        assert counts["both"] + counts["first"] == right_of(library, "softmax")
        assert counts["both"] + counts["second"] == right_of(library, "mlp")
        assert "two_models" not in shown

    @pytest.mark.parametrize("changes", [{"order": "disagreement"}, {"shown": "first"}])
    @pytest.mark.parametrize("model", ["softmax", "mlp"])
    def test_where_a_second_model_is_needed_one_is_chosen_and_shown(
        self, model: str, changes: dict[str, str], library: Library
    ) -> None:
        shown = show(library, model=model, **changes)
        assert shown["other"]["value"] in shipped_checkpoints()
        assert shown["other"]["value"] != model
        assert shown["two_models"]["open"]

    def test_a_visitors_own_model_is_shown_and_offered_as_the_second(
        self, library: Library
    ) -> None:
        shown = show(library, model="mine", own={"mine": load_checkpoint("softmax")})
        assert shown["summary"].startswith("**mine** reads")
        assert shown["tiles"] == show(library)["tiles"]
        assert shown["other"]["choices"] == ["mine", *shipped_checkpoints()]

    @pytest.mark.parametrize("changes", [{"model": "mine"}, {"other": "mine"}])
    def test_an_own_model_that_has_gone_is_told(
        self, changes: dict[str, str], library: Library
    ) -> None:
        shown = show(library, **changes)
        assert "There is no model 'mine'. Choose one of: softmax" in shown["summary"]
        assert shown["tiles"]["tiles"] == []
        assert shown["confusion"] == {"cells": []}
        assert shown["agreement"] == {"buttons": []}
        assert shown["other"]["choices"] == shipped_checkpoints()
        assert shown["other"]["value"] is None

    @pytest.mark.parametrize(
        ("name", "value"),
        [(name, value) for name, bad in BAD.items() for value in bad],
    )
    def test_a_bad_value_is_told(self, name: str, value: Any, library: Library) -> None:
        shown = show(library, **{name: value})
        assert repr(value) in shown["summary"]
        assert shown["tiles"]["tiles"] == []


class TestStudy:
    def test_it_says_so_while_a_model_reads_for_the_first_time(self, library: Library) -> None:
        own = {"mine": replace(load_checkpoint("softmax"), name="mine")}
        first, second = map(named, handlers.study(library, *values(model="mine", own=own)))
        assert first == {"summary": "**mine** is reading all test images…"}
        assert second["summary"].startswith("**mine** reads")
        (again,) = map(named, handlers.study(library, *values(model="mine", own=own)))
        assert again == second

    def test_an_unknown_model_is_told(self, library: Library) -> None:
        (shown,) = map(named, handlers.study(library, *values(model="nonsense")))
        assert "There is no model 'nonsense'" in shown["summary"]


class TestTurn:
    def turn(self, library: Library, value: Any, **changes: Any) -> tuple[Any, dict[str, Any]]:
        summary, tiles = handlers.turn(library, value, *values(**changes))
        return english(summary), english(tiles)

    def test_all_digits_can_be_paged_through(self, library: Library) -> None:
        seen = []
        for number in range(1, 6):
            summary, tiles = self.turn(library, {"page": number}, order="random")
            assert summary == {}
            assert tiles["page"] == tiles["asked"] == number
            seen += [tile["index"] for tile in tiles["tiles"]]
        assert sorted(seen) == list(range(297))

    @pytest.mark.parametrize("value", [None, 7, "x", {}, {"page": "x"}, {"page": -1}, [1]])
    def test_nonsense_leads_to_the_first_page(self, value: Any, library: Library) -> None:
        assert self.turn(library, value)[1]["page"] == 1

    def test_a_model_that_has_gone_is_told(self, library: Library) -> None:
        summary, tiles = self.turn(library, {"page": 2}, model="mine")
        assert "There is no model 'mine'" in summary
        assert tiles["tiles"] == []


class TestPicks:
    def test_a_cell_shows_exactly_its_digits(self, library: Library) -> None:
        settings = values(label=1, shown="right")  # which no longer hold
        cells = show(library)["confusion"]["cells"]
        for label, prediction in ((4, 9), (8, 8), (1, 8)):
            value = {"picked": {"label": label, "prediction": prediction}}
            shown = named(handlers.pick_cell(library, value, *settings))
            tiles = shown["tiles"]["tiles"]
            assert len(tiles) == int(cells[label * 10 + prediction]["count"] or 0)
            assert all(f"label {label}, predicted {prediction}," in one["alt"] for one in tiles)
            filters = (shown["label"], shown["prediction"], shown["shown"])
            assert filters == (label, prediction, "all")

    @pytest.mark.parametrize("pair", PAIRS)
    def test_a_pair_shows_exactly_its_digits(self, pair: str, library: Library) -> None:
        settings = values(label=1, prediction=1, other="mlp")
        shown = named(handlers.pick_pair(library, {"picked": pair}, *settings))
        buttons = {button["name"]: button["count"] for button in shown["agreement"]["buttons"]}
        assert f"**{buttons[pair]}** shown: " in shown["summary"]
        assert (shown["label"], shown["prediction"], shown["shown"]) == (ANY, ANY, pair)
        assert shown["agreement"]["picked"] == pair

    @pytest.mark.parametrize("value", [None, 7, {}, {"picked": 4}, {"picked": {"label": 4}}])
    def test_nonsense_is_told(self, value: Any, library: Library) -> None:
        for handler in (handlers.pick_cell, handlers.pick_pair):
            shown = named(handler(library, value, *values()))
            assert "must be" in shown["summary"]

    def test_all_are_shown_again(self, library: Library) -> None:
        settings = values(label=1, prediction=2, shown="wrong", order="index")
        shown = named(handlers.show_all(library, *settings))
        assert (shown["label"], shown["prediction"], shown["shown"]) == (ANY, ANY, SHOWN[0])
        assert shown["tiles"] == show(library, order="index")["tiles"]

    def test_shuffling_shows_an_order_of_its_own_seed(self, library: Library) -> None:
        seeds = set()
        for _ in range(20):
            shown = named(handlers.shuffle(library, *values()))
            seed = shown["seed"]["value"]
            BOUNDS["seed"].check("seed", seed)
            assert (shown["order"], shown["seed"]["visible"]) == ("random", True)
            assert shown["tiles"] == show(library, order="random", seed=seed)["tiles"]
            seeds.add(seed)
        assert len(seeds) > 1


class TestDetail:
    def test_every_model_answers(self, library: Library) -> None:
        own = {"mine": replace(load_checkpoint("mlp"), name="mine")}
        shown = english(handlers.open_digit(library, {"open": 5}, "softmax", own))
        label = int(library.dataset().test_labels[5])
        assert shown["title"] == f"Test digit 5: label {label}"
        assert [row["name"] for row in shown["rows"]] == ["mine", *shipped_checkpoints()]
        assert [row["name"] for row in shown["rows"] if row["chosen"]] == ["softmax"]
        for row in shown["rows"]:
            checkpoint = library.model(row["name"], own)
            expected = library.test_probabilities(checkpoint)[5]
            np.testing.assert_allclose(row["shares"], expected, atol=1e-3)
            assert row["answer"] == expected.argmax()
            assert row["right"] == (row["answer"] == label)
            assert row["verdict"] == f"{'✓' if row['right'] else '✗'} {row['answer']}"
        right = sum(row["right"] for row in shown["rows"])
        assert shown["summary"].startswith(f"{right} of 7 models read it right.")

    @pytest.mark.parametrize("value", [None, 3, {}, {"open": 297}, {"open": "5"}, {"open": [5]}])
    def test_no_such_digit_is_told(self, value: Any, library: Library) -> None:
        shown = english(handlers.open_digit(library, value, "softmax", {}))
        assert "choose a whole number from 0 to 296." in shown["message"]

    @pytest.mark.parametrize("model", ["mine", None, ["softmax"]])
    def test_a_model_that_has_gone_is_told(self, model: Any, library: Library) -> None:
        shown = english(handlers.open_digit(library, {"open": 5}, model, {}))
        assert shown["message"].startswith(f"There is no model {model!r}. Choose one of: ")

    def test_another_model_keeps_the_digit(self, library: Library) -> None:
        shown = english(handlers.open_digit(library, {"open": 5}, "softmax", {}))
        again = handlers.reopen_digit(library, shown, "mlp", {})
        assert (again["index"], again["model"]) == (5, "mlp")
        for closed in CLOSED:
            assert handlers.reopen_digit(library, closed, "mlp", {}) == {}


class TestReasons:
    def explain(
        self, library: Library, neighbours: Neighbours, value: Any, model: Any = "mlp"
    ) -> list[dict[str, Any]]:
        shows = handlers.explain_digit(library, neighbours, Ink(library), value, model, {})
        return [english(show) for show in shows]

    def test_what_is_quick_comes_before_what_is_reckoned(self, library: Library) -> None:
        neighbours = Neighbours(library)
        first, second = self.explain(library, neighbours, {"index": 5})
        assert first["line"] == "mlp is looking through 1,500 training digits for the most alike…"
        assert len(first["sections"]) == 1
        assert second["line"] == ""
        assert second["sections"][0] == first["sections"][0]
        assert second["key"] == first["key"] == "5 mlp"
        assert self.explain(library, neighbours, {"index": 5}) == [second]

    @pytest.mark.parametrize("model", ["softmax", "mlp"])
    def test_the_labels_of_the_neighbours_are_counted(
        self, model: str, library: Library, neighbours: Neighbours
    ) -> None:
        labels = library.dataset().test_labels
        answers = library.test_probabilities(library.model(model, {})).argmax(axis=1)
        wrong = int(np.flatnonzero(answers != labels.numpy())[0])
        for index in (wrong, int(np.flatnonzero(answers == labels.numpy())[0])):
            alike = self.explain(library, neighbours, {"index": index}, model)[-1]["sections"][1]
            captions, told = [one["caption"] for one in alike["pictures"]], alike["help"]
            assert len(captions) == 8
            answer, label = str(answers[index]), str(int(labels[index]))
            assert (
                f"Labelled {answer}, as {model} reads: {captions.count(answer)} of 8."
                in alike["help"]
            )
            if index == wrong:
                assert (
                    f"Labelled {label}, as the digit is: {captions.count(label)} of 8."
                    in alike["help"]
                )
            kinds = {picture["caption"] == label: picture["kind"] for picture in alike["pictures"]}
            assert kinds.get(True, "right") == "right"
            assert kinds.get(False, "wrong") == "wrong"
            assert "the first 1,500 of 1,500 training digits" in told
            assert ("no hidden layer" in told) == (model == "softmax")

    def test_ink_for_the_label_is_shown_where_it_is_misread(
        self, library: Library, neighbours: Neighbours
    ) -> None:
        labels = library.dataset().test_labels.numpy()
        answers = library.test_probabilities(library.model("softmax", {})).argmax(axis=1)
        for index in np.flatnonzero(answers != labels)[:5].tolist():
            saliency = self.explain(library, neighbours, {"index": index}, "softmax")[-1][
                "sections"
            ][0]
            first, second = (picture["caption"] for picture in saliency["pictures"])
            assert first.startswith(f"for {answers[index]} ")
            assert second.startswith(f"for {labels[index]} ")

    @pytest.mark.parametrize("value", [None, {}, 3, {"index": 297}, {"index": "5"}])
    def test_of_nothing_nothing_is_told(
        self, value: Any, library: Library, neighbours: Neighbours
    ) -> None:
        assert self.explain(library, neighbours, value) == [{}]

    def test_of_a_model_that_has_gone_nothing_is_told(
        self, library: Library, neighbours: Neighbours
    ) -> None:
        assert self.explain(library, neighbours, {"index": 5}, "mine") == [{}]
