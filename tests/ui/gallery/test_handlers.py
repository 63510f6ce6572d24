"""What is shown for each choice; the digits themselves are those of `choose`."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mnist_demo import load_checkpoint, shipped_checkpoints
from mnist_demo.training.recipes import BOUNDS
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.compute.test_set import NO_DIGIT
from mnist_demo.ui.gallery import handlers
from mnist_demo.ui.gallery.neighbours import Neighbours
from mnist_demo.ui.gallery.saliency_cache import SaliencyCache
from mnist_demo.ui.gallery.selection import ORDERS, PAGE, PAIRS, SHOWN
from tests.ui.english import english

SETTINGS: dict[str, Any] = {
    "model": "softmax",
    "other": None,
    "order": "hardest",
    "seed": 0,
    "label": NO_DIGIT,
    "prediction": NO_DIGIT,
    "shown": "all",
    "user_models": {},
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


def values(**changes: Any) -> dict[str, Any]:
    return SETTINGS | changes


def show(store: ModelStore, **changes: Any) -> dict[str, Any]:
    return english(handlers.show_view(store, **values(**changes)))


def right_of(store: ModelStore, model: str) -> int:
    answers = store.test_probabilities(store.model(model, {})).argmax(axis=1)
    return int((answers == store.dataset().test_labels.numpy()).sum())


@pytest.fixture(scope="module")
def neighbours(store: ModelStore) -> Neighbours:
    return Neighbours(store)


class TestView:
    def test_accuracy_loss_and_the_first_page_are_shown(self, store: ModelStore) -> None:
        shown = show(store)
        right = right_of(store, "softmax")
        assert f"**softmax** reads **{right} of 1,000** test images right" in shown["summary"]
        assert f"({right / 1000:.2%}), but it saw them in training." in shown["summary"]
        assert "Its loss is **" in shown["summary"]
        assert "The hardest come first" in shown["summary"]
        assert len(shown["tiles"]["tiles"]) == PAGE
        assert shown["tiles"]["pages"] == 17
        assert not shown["tiles"]["tiles"][0]["right"]
        assert sum(int(cell["count"] or 0) for cell in shown["confusion"]["cells"]) == 1000
        assert shown["agreement"] == {"buttons": []}
        assert not shown["show_all"]["visible"]

    @pytest.mark.parametrize("order", ORDERS)
    def test_every_order_shows_all_and_tells_itself(self, order: str, store: ModelStore) -> None:
        shown = show(store, order=order, other="mlp")
        assert shown["tiles"]["pages"] == 17
        told = {show(store, order=one, other="mlp")["summary"] for one in ORDERS}
        assert len(told) == len(ORDERS)
        assert shown["seed"]["visible"] == (order == "random")

    def test_filters_are_told_and_can_be_taken_off(self, store: ModelStore) -> None:
        shown = show(store, label=8, prediction=NO_DIGIT, shown="wrong")
        count = sum("✗" in tile["verdict"] for tile in shown["tiles"]["tiles"])
        assert f"**{count}** shown: label 8, wrong." in shown["summary"]
        assert all("label 8," in tile["alt"] for tile in shown["tiles"]["tiles"])
        assert shown["show_all"]["visible"]

    def test_that_there_are_none_is_said(self, store: ModelStore) -> None:
        shown = show(store, label=3, prediction=3, shown="wrong")
        assert "There are none: label 3, read as 3, wrong." in shown["summary"]
        assert shown["tiles"]["tiles"] == []

    def test_the_cell_of_the_filters_is_marked(self, store: ModelStore) -> None:
        picked = show(store, label=3, prediction=5)["confusion"]["picked"]
        assert picked == {"label": 3, "prediction": 5}
        assert show(store, label=3)["confusion"]["picked"] is None

    def test_a_second_model_is_compared(self, store: ModelStore) -> None:
        shown = show(store, other="mlp")
        counts = {button["name"]: int(button["count"]) for button in shown["agreement"]["buttons"]}
        assert tuple(counts) == PAIRS
        assert sum(counts.values()) == 1000
        assert counts["both"] + counts["first"] == right_of(store, "softmax")
        assert counts["both"] + counts["second"] == right_of(store, "mlp")
        assert "two_models" not in shown

    def test_it_says_which_models_saw_the_digits_in_training(self, store: ModelStore) -> None:
        own = replace(store.model("softmax", {}), dataset=store.dataset().name)
        user_models = {"mine": own, "also mine": own}

        def told(model: str, other: str) -> tuple[str, str]:
            shown = show(store, model=model, other=other, user_models=user_models)
            return shown["summary"], shown["agreement"]["seen"]

        assert told("softmax", "mlp")[1] == "Both saw these digits in training."
        for pair in (("softmax", "mine"), ("mine", "softmax")):
            assert told(*pair)[1] == "softmax saw these digits in training, mine did not."
        summary, neither = told("mine", "also mine")
        assert "of 1,000** unseen test images right" in summary
        assert neither == "Neither saw these digits in training."

    def test_of_mnists_own_test_digits_nothing_is_said(
        self, store: ModelStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        dataset = replace(store.dataset(), tests_from="")
        monkeypatch.setattr(store, "dataset", lambda: dataset)
        shown = show(store, other="mlp")
        assert "unseen test images right" in shown["summary"]
        assert "seen" not in shown["agreement"]

    @pytest.mark.parametrize("changes", [{"order": "disagreement"}, {"shown": "first"}])
    @pytest.mark.parametrize("model", ["softmax", "mlp"])
    def test_where_a_second_model_is_needed_one_is_chosen_and_shown(
        self, model: str, changes: dict[str, str], store: ModelStore
    ) -> None:
        shown = show(store, model=model, **changes)
        assert shown["other"]["value"] in shipped_checkpoints()
        assert shown["other"]["value"] != model
        assert shown["two_models"]["open"]

    def test_a_visitors_own_model_is_shown_and_offered_as_the_second(
        self, store: ModelStore
    ) -> None:
        shown = show(store, model="mine", user_models={"mine": load_checkpoint("softmax")})
        assert shown["summary"].startswith("**mine** reads")
        assert shown["tiles"] == show(store)["tiles"]
        assert shown["other"]["choices"] == ["mine", *shipped_checkpoints()]

    @pytest.mark.parametrize(
        ("asked", "kept"),
        [
            ({"order": "disagreement", "shown": "first"}, {"order": "hardest", "shown": "all"}),
            ({"order": "index", "shown": "wrong"}, {"order": "index", "shown": "wrong"}),
        ],
    )
    def test_a_second_model_can_be_let_go(
        self, asked: dict[str, str], kept: dict[str, str], store: ModelStore
    ) -> None:
        chosen = values(other="mlp", label=3, **asked)
        assert show(store, **chosen)["one_model"]["visible"]
        shown = english(handlers.let_other_go(store, **chosen))
        assert shown["other"]["value"] is None
        assert {name: shown[name] for name in kept} == kept
        assert not shown["one_model"]["visible"]
        assert shown["agreement"] == {"buttons": []}
        assert shown["summary"] == show(store, label=3, **kept)["summary"]

    @pytest.mark.parametrize("changes", [{"model": "mine"}, {"other": "mine"}])
    def test_an_own_model_that_has_gone_is_told(
        self, changes: dict[str, str], store: ModelStore
    ) -> None:
        shown = show(store, **changes)
        assert "There is no model 'mine'. Choose one of: softmax" in shown["summary"]
        assert shown["tiles"]["tiles"] == []
        assert shown["confusion"] == {"cells": []}
        assert shown["agreement"] == {"buttons": []}
        assert shown["other"]["choices"] == shipped_checkpoints()
        assert shown["other"].get("value", changes.get("other")) is None

    @pytest.mark.parametrize("other", [None, "mlp"])
    def test_a_second_model_that_stays_is_not_said_as_another_may_be_chosen_since(
        self, other: str | None, store: ModelStore
    ) -> None:
        assert "value" not in show(store, other=other)["other"]

    def test_a_bad_value_is_told(self, store: ModelStore, subtests: pytest.Subtests) -> None:
        for name, value in [(name, value) for name, bad in BAD.items() for value in bad]:
            with subtests.test(name=name, value=value):
                shown = show(store, **{name: value})
                told = (
                    f"{name.title().replace('Shown', 'Show')} is empty: "
                    if value is None
                    else repr(value)
                )
                assert told in shown["summary"]
                assert "None" not in shown["summary"]
                assert shown["tiles"]["tiles"] == []


class TestAnalyse:
    def test_it_says_so_while_a_model_reads_for_the_first_time(self, store: ModelStore) -> None:
        user_models = {"mine": replace(load_checkpoint("softmax"), name="mine")}
        first, second = map(
            english, handlers.analyse(store, **values(model="mine", user_models=user_models))
        )
        assert first == {"summary": "**mine** is reading all test images…"}
        assert second["summary"].startswith("**mine** reads")
        (again,) = map(
            english, handlers.analyse(store, **values(model="mine", user_models=user_models))
        )
        assert again == second

    def test_an_unknown_model_is_told(self, store: ModelStore) -> None:
        (shown,) = map(english, handlers.analyse(store, **values(model="nonsense")))
        assert "There is no model 'nonsense'" in shown["summary"]


class TestPages:
    def change_page(self, store: ModelStore, value: Any, **changes: Any) -> dict[str, Any]:
        return english(handlers.change_page(store, value, **values(**changes)))

    def test_all_digits_can_be_paged_through(self, store: ModelStore) -> None:
        seen = []
        for number in range(1, 18):
            shown = self.change_page(store, {"page": number}, order="random")
            assert shown.keys() == {"tiles"}
            tiles = shown["tiles"]
            assert tiles["page"] == tiles["asked"] == number
            seen += [tile["index"] for tile in tiles["tiles"]]
        assert sorted(seen) == list(range(1000))

    @pytest.mark.parametrize("value", [None, 7, "x", {}, {"page": "x"}, {"page": -1}, [1]])
    def test_nonsense_leads_to_the_first_page(self, value: Any, store: ModelStore) -> None:
        assert self.change_page(store, value)["tiles"]["page"] == 1

    def test_a_model_that_has_gone_is_told(self, store: ModelStore) -> None:
        shown = self.change_page(store, {"page": 2}, model="mine")
        assert "There is no model 'mine'" in shown["summary"]
        assert shown["tiles"]["tiles"] == []


class TestPicks:
    def test_a_cell_shows_exactly_its_digits(self, store: ModelStore) -> None:
        settings = values(label=1, shown="right")  # which no longer hold
        cells = show(store)["confusion"]["cells"]
        for label, prediction in ((4, 9), (8, 8), (1, 8)):
            value = {"picked": {"label": label, "prediction": prediction}}
            shown = english(handlers.pick_cell(store, value, **settings))
            tiles = shown["tiles"]["tiles"]
            count = int(cells[label * 10 + prediction]["count"] or 0)
            assert len(tiles) == min(count, PAGE)
            assert all(f"label {label}, read as {prediction}," in one["alt"] for one in tiles)
            filters = (shown["label"], shown["prediction"], shown["shown"])
            assert filters == (label, prediction, "all")

    def test_a_cell_of_a_runs_report_is_shown_with_its_model(self, store: ModelStore) -> None:
        settings = values(label=1, shown="right")
        asked = {"model": "mlp", "label": 4, "prediction": 9}
        shown = english(handlers.look_at_run(store, asked, **settings))
        assert shown["tabs"]["selected"] == "gallery"
        assert shown["model"]["value"] == "mlp"
        assert shown["tiles"]["reveal"]
        expected = english(handlers.pick_cell(store, {"picked": asked}, **values(model="mlp")))
        assert shown["tiles"]["tiles"] == expected["tiles"]["tiles"]
        assert "detail" not in shown

    def test_a_mistake_of_a_runs_report_is_opened(self, store: ModelStore) -> None:
        shown = english(handlers.look_at_run(store, {"model": "mlp", "index": 7}, **values()))
        assert (shown["detail"]["index"], shown["detail"]["model"]) == (7, "mlp")
        assert shown["detail"]["opened"]
        assert shown["shown"] == "wrong"

    @pytest.mark.parametrize(
        "asked",
        [
            *(None, 3, {}, {"model": "mlp"}, {"model": "mlp", "label": 10, "prediction": 0}),
            *({"model": ["mlp"], "index": 1}, {"model": "gone", "label": 1, "prediction": 2}),
            {"model": "mlp", "index": "7"},
        ],
        ids=repr,
    )
    def test_what_no_report_asks_for_is_refused(self, asked: Any, store: ModelStore) -> None:
        shown = handlers.look_at_run(store, asked, **values())
        assert shown["summary"] or shown["detail"]["message"]
        assert ("model" in shown) == (isinstance(asked, dict) and asked.get("model") == "mlp")

    @pytest.mark.parametrize("pair", PAIRS)
    def test_a_pair_shows_exactly_its_digits(self, pair: str, store: ModelStore) -> None:
        settings = values(label=1, prediction=1, other="mlp")
        shown = english(handlers.pick_pair(store, {"picked": pair}, **settings))
        buttons = {button["name"]: button["count"] for button in shown["agreement"]["buttons"]}
        assert f"**{buttons[pair]}** shown: " in shown["summary"]
        assert (shown["label"], shown["prediction"], shown["shown"]) == (NO_DIGIT, NO_DIGIT, pair)
        assert shown["agreement"]["picked"] == pair

    @pytest.mark.parametrize("value", [None, 7, {}, {"picked": 4}, {"picked": {"label": 4}}])
    def test_nonsense_is_told(self, value: Any, store: ModelStore) -> None:
        for handler in (handlers.pick_cell, handlers.pick_pair):
            shown = english(handler(store, value, **values()))
            assert re.match(r"\w+ (must be|is empty)", shown["summary"])

    def test_all_are_shown_again(self, store: ModelStore) -> None:
        settings = values(label=1, prediction=2, shown="wrong", order="index")
        shown = english(handlers.show_all(store, **settings))
        filters = (shown["label"], shown["prediction"], shown["shown"])
        assert filters == (NO_DIGIT, NO_DIGIT, SHOWN[0])
        assert shown["tiles"] == show(store, order="index")["tiles"]

    def test_shuffling_shows_an_order_of_its_own_seed(self, store: ModelStore) -> None:
        seeds = set()
        for _ in range(20):
            shown = english(handlers.shuffle(store, **values()))
            seed = shown["seed"]["value"]
            BOUNDS["seed"].check("seed", seed)
            assert (shown["order"], shown["seed"]["visible"]) == ("random", True)
            assert shown["tiles"] == show(store, order="random", seed=seed)["tiles"]
            seeds.add(seed)
        assert len(seeds) > 1


class TestDetail:
    def test_every_model_answers(self, store: ModelStore) -> None:
        user_models = {"mine": replace(load_checkpoint("mlp"), name="mine")}
        shown = english(handlers.open_digit(store, {"open": 5}, "softmax", user_models))
        label = int(store.dataset().test_labels[5])
        assert shown["title"] == f"Test digit 5: label {label}"
        assert [row["name"] for row in shown["rows"]] == ["mine", *shipped_checkpoints()]
        assert [row["name"] for row in shown["rows"] if row["chosen"]] == ["softmax"]
        for row in shown["rows"]:
            checkpoint = store.model(row["name"], user_models)
            expected = store.test_probabilities(checkpoint)[5]
            np.testing.assert_allclose(row["shares"], expected, atol=1e-3)
            assert row["answer"] == expected.argmax()
            assert row["right"] == (row["answer"] == label)
            assert row["verdict"] == f"{'✓' if row['right'] else '✗'} {row['answer']}"
        right = sum(row["right"] for row in shown["rows"])
        assert shown["summary"].startswith(f"{right} of 7 models read it right.")

    @pytest.mark.parametrize("value", [None, 3, {}, {"open": 1000}, {"open": "5"}, {"open": [5]}])
    def test_no_such_digit_is_told(self, value: Any, store: ModelStore) -> None:
        shown = english(handlers.open_digit(store, value, "softmax", {}))
        assert "a whole number from 0 to 999." in shown["message"]

    def test_an_emptied_dropdown_is_told(self, store: ModelStore) -> None:
        shown = english(handlers.open_digit(store, {"open": 5}, None, {}))
        assert shown["message"].startswith("Model is empty: choose one of softmax, mlp, ")

    @pytest.mark.parametrize("model", ["mine", ["softmax"]])
    def test_a_model_that_has_gone_is_told(self, model: Any, store: ModelStore) -> None:
        shown = english(handlers.open_digit(store, {"open": 5}, model, {}))
        assert shown["message"].startswith(f"There is no model {model!r}. Choose one of: ")

    def test_another_model_keeps_the_digit(self, store: ModelStore) -> None:
        shown = english(handlers.open_digit(store, {"open": 5}, "softmax", {}))
        again = handlers.reopen_digit(store, shown, "mlp", {})
        assert (again["index"], again["model"]) == (5, "mlp")
        for closed in CLOSED:
            assert handlers.reopen_digit(store, closed, "mlp", {}) == {}


class TestReasons:
    def explain(
        self, store: ModelStore, neighbours: Neighbours, value: Any, model: Any = "mlp"
    ) -> list[dict[str, Any]]:
        shows = handlers.explain_digit(store, neighbours, SaliencyCache(store), value, model, {})
        return [english(show) for show in shows]

    def test_what_is_quick_comes_before_what_is_computed(
        self, store: ModelStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(store, "precomputed", lambda _: None)
        neighbours = Neighbours(store)
        first, second = self.explain(store, neighbours, {"index": 5})
        assert first["line"] == "mlp is looking through 4,000 training digits for the most alike…"
        assert len(first["sections"]) == 1
        assert second["line"] == ""
        assert second["sections"][0] == first["sections"][0]
        assert second["key"] == first["key"] == "5 mlp"
        assert self.explain(store, neighbours, {"index": 5}) == [second]

    @pytest.mark.parametrize("model", ["softmax", "mlp"])
    def test_the_labels_of_the_neighbours_are_counted(
        self, model: str, store: ModelStore, neighbours: Neighbours
    ) -> None:
        labels = store.dataset().test_labels
        answers = store.test_probabilities(store.model(model, {})).argmax(axis=1)
        wrong = int(np.flatnonzero(answers != labels.numpy())[0])
        for index in (wrong, int(np.flatnonzero(answers == labels.numpy())[0])):
            alike = self.explain(store, neighbours, {"index": index}, model)[-1]["sections"][1]
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
            assert kinds.get(True, "same") == "same"
            assert kinds.get(False, "other") == "other"
            assert "the first 4,000 of 4,000 training digits" in told
            assert ("no hidden layer" in told) == (model == "softmax")

    def test_ink_for_the_label_is_shown_where_it_is_misread(
        self, store: ModelStore, neighbours: Neighbours
    ) -> None:
        labels = store.dataset().test_labels.numpy()
        answers = store.test_probabilities(store.model("softmax", {})).argmax(axis=1)
        for index in np.flatnonzero(answers != labels)[:5].tolist():
            saliency = self.explain(store, neighbours, {"index": index}, "softmax")[-1]["sections"][
                0
            ]
            first, second = (picture["caption"] for picture in saliency["pictures"])
            assert first.startswith(f"for {answers[index]} ")
            assert second.startswith(f"for {labels[index]} ")

    @pytest.mark.parametrize("value", [None, {}, 3, {"index": 1000}, {"index": "5"}])
    def test_of_nothing_nothing_is_told(
        self, value: Any, store: ModelStore, neighbours: Neighbours
    ) -> None:
        assert self.explain(store, neighbours, value) == [{}]

    def test_of_a_model_that_has_gone_nothing_is_told(
        self, store: ModelStore, neighbours: Neighbours
    ) -> None:
        assert self.explain(store, neighbours, {"index": 5}, "mine") == [{}]
