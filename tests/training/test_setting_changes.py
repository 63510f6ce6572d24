from dataclasses import replace
from typing import Any

import pytest
import torch

from mnist_demo import RECIPES, Dataset, Recipe
from mnist_demo.training.recipes import BOUNDS
from mnist_demo.training.setting_changes import SETTABLE, SettingChange
from tests.training.runs import go, losses_of, make_trainer, weights_of

OTHER = {"learning_rate": 0.003, "weight_decay": 0.3, "label_smoothing": 0.2, "dropout": 0.6}


@pytest.fixture
def dropping() -> Recipe:
    """Four steps an epoch on 64 images, and a layer of dropout."""
    layers = "linear 20, relu, dropout 0.25, linear 10"
    recipe = replace(RECIPES["softmax"], layers=layers, optimizer="adamw")
    return replace(recipe, learning_rate=0.01, batch_size=16, epochs=3)


class TestBounds:
    def test_they_are_those_of_recipes_and_of_layers(self) -> None:
        recipe = {name: bounds for name, bounds in SETTABLE.items() if name != "dropout"}
        assert recipe == {name: BOUNDS[name] for name in recipe}
        for share in (SETTABLE["dropout"].low, SETTABLE["dropout"].high):
            replace(RECIPES["softmax"], layers=f"dropout {share:g}, linear 10")

    @pytest.mark.parametrize("name", SETTABLE)
    @pytest.mark.parametrize("value", [-1, 101, float("nan"), float("inf"), "0.1", None, True])
    def test_bad_values_are_named_and_change_nothing(
        self, name: str, value: Any, dropping: Recipe, small: Dataset
    ) -> None:
        trainer = make_trainer(dropping, small)
        before = trainer.settings.copy()
        bounds = f"from {SETTABLE[name].low:,} to {SETTABLE[name].high:,}"
        with pytest.raises(ValueError, match=f"{name} must be a number {bounds}, not {value!r}"):
            setattr(trainer, name, value)
        assert trainer.settings == before

    def test_a_network_without_dropout_has_none_to_set(
        self, softmax: Recipe, small: Dataset
    ) -> None:
        trainer = make_trainer(softmax, small)
        assert trainer.dropout is None
        with pytest.raises(ValueError, match="dropout cannot be changed in this run of softmax"):
            trainer.dropout = 0.5
        with pytest.raises(ValueError, match="momentum cannot be changed"):
            trainer.change("momentum", 0.5)


@pytest.mark.parametrize("name", SETTABLE)
class TestEachSetting:
    def test_it_is_the_networks_until_it_is_set(
        self, name: str, dropping: Recipe, small: Dataset
    ) -> None:
        trainer = make_trainer(dropping, small)
        own = 0.25 if name == "dropout" else getattr(dropping, name)
        assert getattr(trainer, name) == own
        setattr(trainer, name, own)
        go(trainer, 1)
        assert trainer.changes == []

    def test_set_before_the_first_step_it_is_as_if_the_recipe_had_it(
        self, name: str, dropping: Recipe, small: Dataset
    ) -> None:
        text = dropping.layers.replace("0.25", "0.6")
        changed = {"layers": text} if name == "dropout" else {name: OTHER[name]}
        there = make_trainer(replace(dropping, **changed), small)
        trainer = make_trainer(dropping, small)
        setattr(trainer, name, OTHER[name])
        assert losses_of(trainer) == losses_of(there)
        assert torch.equal(weights_of(trainer.model), weights_of(there.model))
        assert trainer.changes == [SettingChange(0, name, OTHER[name])]

    @pytest.mark.parametrize("ema_decay", [0, 0.9])
    def test_the_next_step_uses_it_and_it_stays_set(
        self, name: str, ema_decay: float, dropping: Recipe, small: Dataset
    ) -> None:
        recipe = replace(dropping, ema_decay=ema_decay)
        plain, trainer = make_trainer(recipe, small), make_trainer(recipe, small)
        assert [event.loss for event in go(trainer, 5)] == [event.loss for event in go(plain, 5)]
        setattr(trainer, name, OTHER[name])
        (one,), (other,) = go(trainer, 1), go(plain, 1)
        at_once = name in ("label_smoothing", "dropout")  # else only the weights are others
        assert (one.loss != other.loss) is at_once
        assert not torch.equal(weights_of(trainer.model), weights_of(plain.model))
        list(trainer.run())
        assert getattr(trainer, name) == OTHER[name]
        assert trainer.changes == [SettingChange(5, name, OTHER[name])]


class TestChanges:
    def test_what_no_step_was_done_with_is_none(self, dropping: Recipe, small: Dataset) -> None:
        trainer = make_trainer(dropping, small)
        go(trainer, 2)
        trainer.weight_decay, trainer.dropout = 0.5, 0.1
        trainer.weight_decay, trainer.dropout = 0.0, 0.25  # and back
        go(trainer, 3)
        trainer.dropout = 0.1
        go(trainer, 1)
        trainer.dropout = 0.25
        trainer.label_smoothing = 0.3
        go(trainer, 1)
        assert trainer.changes == [
            SettingChange(5, "dropout", 0.1),
            SettingChange(6, "label_smoothing", 0.3),
            SettingChange(6, "dropout", 0.25),
        ]

    def test_all_layers_of_dropout_get_one_share(self, dropping: Recipe, small: Dataset) -> None:
        layers = "dropout 0.1, linear 20, relu, dropout 0.5, linear 10"
        trainer = make_trainer(replace(dropping, layers=layers, ema_decay=0.9), small)
        shares = [layer.share for layer in trainer._dropouts]
        assert shares == [0.1, 0.5]
        assert trainer.dropout is None
        go(trainer, 1)
        assert [layer.share for layer in trainer._dropouts] == shares
        trainer.dropout = 0.2
        go(trainer, 1)
        assert [layer.share for layer in trainer._dropouts] == [0.2, 0.2]
        assert trainer.changes == [SettingChange(1, "dropout", 0.2)]

    @pytest.mark.parametrize("steps", [1, 6])
    def test_a_resumed_run_goes_on_as_it_would_itself(
        self, steps: int, dropping: Recipe, small: Dataset
    ) -> None:
        trainer, resumed = make_trainer(dropping, small), make_trainer(dropping, small)
        go(trainer, steps)
        for name, value in OTHER.items():
            setattr(trainer, name, value)
        go(trainer, 1)
        trainer.dropout = 0.1  # not used yet
        resumed.load_state_dict(trainer.state_dict())
        assert resumed.settings == trainer.settings
        assert losses_of(resumed) == losses_of(trainer)
        assert resumed.changes == trainer.changes
        assert len(trainer.changes) == len(OTHER) + 1

    def test_a_state_of_learning_rates_alone_is_read(
        self, dropping: Recipe, small: Dataset
    ) -> None:
        """As it was stored before other settings could be changed."""
        trainer, resumed = make_trainer(dropping, small), make_trainer(dropping, small)
        go(trainer, 2)
        trainer.learning_rate = 0.5
        go(trainer, 1)
        state = trainer.state_dict()
        del state["settings"], state["changes"]
        old = {"learning_rates": [[0, 0.01], [2, 0.5]], "_learning_rate": 0.5}
        resumed.load_state_dict(state | old)
        assert resumed.settings == trainer.settings
        assert resumed.changes == trainer.changes == [SettingChange(2, "learning_rate", 0.5)]
        assert losses_of(resumed) == losses_of(trainer)
