"""The network as blocks and as text, each in step with the other."""

import math
from typing import Any

import pytest

from mnist_demo import RECIPES, LayersError, parse_layers
from mnist_demo.networks.introspection import count_parameters
from mnist_demo.networks.layers import KINDS
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.i18n.translate import TranslatedError
from mnist_demo.ui.train.handlers import time_network
from mnist_demo.ui.train.network_builder import describe_network, describe_text, read_text
from mnist_demo.ui.train.recipe_form import show_recipe
from mnist_demo.ui.validation import NETWORK_LIMITS, check_setting
from tests.networks.texts import WRONG
from tests.ui.english import english


@pytest.mark.parametrize("name", RECIPES)
def test_the_blocks_are_the_recipes_layers(name: str) -> None:
    recipe = RECIPES[name]
    shown = describe_network(recipe)
    blocks = shown["blocks"]
    assert ", ".join(block["text"] for block in blocks) == recipe.layers == read_text(shown)
    model = recipe.build(seed=0)
    assert sum(block["parameters"] for block in blocks) == count_parameters(model)
    assert {block["module"] for block in blocks} <= dict(model.named_modules()).keys()
    assert blocks[-1]["shape"] == [10]


def test_a_block_says_all_that_its_layer_is() -> None:
    first = english(describe_text("conv 32 5x5 stride 2, pool"))["blocks"][0]
    assert first["kind"] == "conv"
    assert first["values"] == {"filters": 32, "size": 5, "valid": False, "stride": 2}
    assert first["made"] == "32 x 14 x 14"
    assert first["label"] == (
        "conv 32 5x5 stride 2: makes 32 x 14 x 14 numbers of an image; 832 parameters, "
        "156,800 multiplications"
    )


def test_the_sum_of_both_is_told() -> None:
    total = english(describe_text("linear 10"))["total"]
    assert "7,850 parameters" in total
    assert "7,840 multiplications" in total


@pytest.mark.parametrize("text", [text for text, *_ in WRONG])
def test_a_wrong_text_is_shown_as_far_as_it_is_right(text: str) -> None:
    with pytest.raises(LayersError) as caught:
        parse_layers(text, NETWORK_LIMITS)
    shown = describe_text(text)
    assert shown["wrong"] == [caught.value.start, caught.value.end]
    assert "total" not in shown
    if caught.value.index is not None:
        wrong = [index for index, block in enumerate(shown["blocks"]) if block.get("wrong")]
        assert wrong == [caught.value.index]
        assert all("shape" in block for block in shown["blocks"][: caught.value.index])


@pytest.mark.parametrize("text", [text for text, *_ in WRONG])
def test_what_is_wrong_is_said_in_each_language(text: str) -> None:
    with pytest.raises(TranslatedError) as caught:
        check_setting("layers", text)
    words = caught.value.words
    with pytest.raises(LayersError) as plain:
        parse_layers(text, NETWORK_LIMITS)
    assert words["en"].removeprefix("L") == str(plain.value).removeprefix("l")
    assert words["ko"] != words["en"]


@pytest.mark.parametrize("sent", [5, [], {"text": 5}, "conv 3 3 3", {"text": "x" * 5000}, {}])
def test_a_browser_can_send_anything(sent: Any) -> None:
    text = read_text(sent)
    if text is not None:
        with pytest.raises(TranslatedError):
            check_setting("layers", text)


class TestTheTimeOfAnEpoch:
    def _time(self, store: ModelStore, **changes: Any) -> Any:
        form = show_recipe(RECIPES["mlp"], 0) | changes
        del form["filled"], form["facts"]
        return english(time_network(store, **form))

    def test_it_is_told_beside_all_else(self, store: ModelStore) -> None:
        asked = {"text": "linear 20", "asked": 7}
        shown = self._time(store, layers=asked)["layers"]
        assert shown["epoch"].startswith("One epoch")
        assert shown["asked"] == 7
        assert shown["blocks"][0]["text"] == "linear 20"

    @pytest.mark.parametrize(
        "changes",
        [
            {"layers": {"text": "convv"}},
            {"batch_size": 0},
            {"seed": -1},
            {"recipe": "x"},
        ],
    )
    def test_of_what_cannot_be_trained_nothing_is_said(
        self, changes: dict[str, Any], store: ModelStore
    ) -> None:
        assert "epoch" not in self._time(store, **changes)["layers"]

    def test_a_network_that_is_no_text_is_left_alone(self, store: ModelStore) -> None:
        assert self._time(store, layers={"text": None}) == {}


def test_all_kinds_have_an_example_that_can_be_added() -> None:
    for kind in KINDS.values():
        (layer, _) = parse_layers(kind.example)
        assert layer.kind == kind.word
        assert math.prod(layer.output_shape) > 0
