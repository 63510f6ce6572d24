from typing import Any

from mnist_demo import RECIPES
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.train.form_marks import mark_form
from mnist_demo.ui.train.recipe_form import FIELDS, show_recipe
from tests.ui.english import english


def _mark(name: str, **changes: Any) -> Any:
    shown = show_recipe(RECIPES[name], RECIPES[name].seed) | changes
    form = {each: shown[each] for each in ("recipe", *FIELDS)}
    return english(mark_form(ModelStore(), 1, **form)["marks"])


def test_a_recipe_as_it_is_bears_no_mark() -> None:
    for name in RECIPES:
        assert _mark(name) == {"asked": 1, "errors": {}, "changed": {}}


def test_each_fold_says_what_is_changed_in_it() -> None:
    marks = _mark("mlp", epochs=3, seed=5, train_images=600, label_noise=0.3)
    assert marks["changed"] == {
        "settings": "changed: epochs 3, seed 5",
        "experiments": "changed: 600 images, 30% wrong labels",
    }


def test_what_is_not_valid_is_named_without_its_value() -> None:
    marks = _mark("mlp", epochs=2.5, learning_rate=None)
    assert marks["changed"] == {"settings": "changed: learning rate, epochs"}
    assert marks["errors"].keys() == {"learning_rate", "epochs"}


def test_an_unknown_recipe_is_passed_over() -> None:
    assert _mark("mlp", recipe=["x"])["changed"] == {}


def test_a_network_of_ones_own_is_named_in_its_fold() -> None:
    own = {"text": "conv 8, relu"}
    assert _mark("mlp", layers=own)["changed"] == {
        "layers": "changed: network conv 8, relu, linear 10"
    }
    marks = _mark("mlp", layers={"text": "conv 8, rellu"})
    assert marks["changed"] == {"layers": "changed: layers"}
    assert marks["errors"]["layers"].startswith("Layer 2, 'rellu': there is no layer")
