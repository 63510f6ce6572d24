from dataclasses import replace
from typing import Any

import pytest

from mnist_demo import RECIPES
from mnist_demo.ui.compute.model_store import UserModels
from mnist_demo.ui.train.run_store import (
    MAX_MODELS,
    MAX_NAME,
    MAX_RUNS,
    Runs,
    add_run,
    describe_changes,
    new_name,
    new_number,
)
from tests.ui.english import english
from tests.ui.train.made_runs import make_checkpoint, make_run


class TestAdding:
    def test_a_run_and_its_model_come_last(self, runs: Runs, user_models: UserModels) -> None:
        added, models = add_run(runs, user_models, make_run(4, "four"), make_checkpoint("four"))
        assert [run.number for run in added] == [1, 2, 3, 4]
        assert list(models)[-1] == "four"
        assert "four" not in user_models

    def test_a_run_that_went_on_takes_its_own_place(
        self, runs: Runs, user_models: UserModels
    ) -> None:
        added, models = add_run(
            runs, user_models, make_run(2, "two", seed=5), make_checkpoint("two")
        )
        assert [(run.number, run.seed) for run in added] == [(1, 0), (3, 0), (2, 5)]
        assert list(models) == ["opened", "one", "three", "two"]

    def test_the_oldest_go_where_there_are_too_many(self) -> None:
        runs: Runs = ()
        user_models: UserModels = {}
        for number in range(1, MAX_RUNS + 5):
            name = f"run {number}"
            runs, user_models = add_run(
                runs, user_models, make_run(number, name), make_checkpoint(name)
            )
        assert [run.number for run in runs] == [*range(5, MAX_RUNS + 5)]
        assert list(user_models) == [run.name for run in runs[-MAX_MODELS:]]

    def test_numbers_go_on(self, runs: Runs) -> None:
        assert new_number(()) == 1
        assert new_number(runs) == 4
        assert new_number(runs[1:]) == 4


class TestNames:
    def test_a_name_tells_what_is_changed(self) -> None:
        few = replace(RECIPES["mlp"], train_images=600)
        assert new_name(RECIPES["mlp"], (), {}) == "my mlp"
        assert new_name(few, (), {}, extra_digits=3) == "my mlp, 600 images, 3 own digits"

    def test_that_of_a_network_of_ones_own_tells_its_layers(self) -> None:
        own = replace(RECIPES["mlp"], layers="conv 32, relu, pool, norm, conv 64 5x5, linear 30")
        assert new_name(own, (), {}) == "my cnn: conv 32, pool, conv 64 5x5, linear 30"
        assert new_name(replace(own, train_images=600), (), {}).endswith(", linear 30, 600 images")
        for layers, name in (
            ("linear 9, relu, linear 5, tanh", "my mlp: linear 9, linear 5, tanh"),
            ("dropout 0.5, pool", "my softmax"),
        ):
            assert new_name(replace(own, layers=layers), (), {}) == name

    def test_no_two_are_the_same(self, user_models: UserModels) -> None:
        runs: Runs = ()
        for number in range(1, 4):
            runs += (make_run(number, new_name(RECIPES["mlp"], runs, user_models)),)
        assert [run.name for run in runs] == ["my mlp", "my mlp (2)", "my mlp (3)"]

    def test_a_long_one_is_cut_and_still_its_own(self) -> None:
        own = replace(RECIPES["mlp"], layers=", ".join(f"linear {20 + at}" for at in range(9)))
        first = new_name(own, (), {})
        second = new_name(own, (make_run(1, first),), {})
        assert len(first) == len(second) == MAX_NAME
        assert first != second

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({}, ""),
            ({"train_images": 1200}, "1,200 images"),
            ({"label_noise": 0.2}, "20% wrong labels"),
            ({"excluded_digit": 0}, "without 0"),
            ({"augmentation": "handwriting"}, "augmented"),
            ({"learning_rate": 0.5, "epochs": 3}, "learning rate 0.5"),
        ],
    )
    def test_changes_are_told_in_words(self, changes: dict[str, Any], words: str) -> None:
        assert english(describe_changes(replace(RECIPES["softmax"], **changes))) == words

    def test_so_are_own_digits_changes_on_the_way_and_no_augmentation(self) -> None:
        plain = replace(RECIPES["robust_cnn"], augmentation="none")
        metrics = {"setting_changes": [[2, "dropout", 0.1], [5, "dropout", 0.2]]}
        words = english(describe_changes(plain, extra_digits=3, metrics=metrics))
        assert words == "not augmented, 3 own digits, changed on the way: dropout"

    @pytest.mark.parametrize("changes", [None, 3, "dropout", {}, [None], [[]], [[1, []]], [[1, 2]]])
    def test_a_files_metrics_may_hold_anything(self, changes: Any) -> None:
        assert describe_changes(RECIPES["softmax"], metrics={"setting_changes": changes}) == ""
