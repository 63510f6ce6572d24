import pytest

from mnist_demo import shipped_checkpoints
from mnist_demo.ui.compute.model_store import DEFAULT_MODEL, ModelStore
from mnist_demo.ui.draw.drawing_link import drawing_link, read_drawing_model
from tests.ui.english import english


@pytest.mark.parametrize("name", [None, *shipped_checkpoints()])
def test_a_shipped_model_is_chosen(name: str | None, store: ModelStore) -> None:
    parameters = {} if name is None else {"draw_model": name}
    assert read_drawing_model(parameters, store) == (name, ())


@pytest.mark.parametrize("name", ["", "my mlp", "<b>" * 1000])
def test_any_other_is_told(name: str, store: ModelStore) -> None:
    model, (error,) = read_drawing_model({"draw_model": name}, store)
    assert model is None
    assert english(error).startswith("draw_model must be one of softmax")
    assert len(english(error)) < 200


def test_the_default_is_left_out_of_a_link(store: ModelStore) -> None:
    (offered,) = drawing_link(store).props["offered"].values()
    assert {*offered} == {*shipped_checkpoints()} - {DEFAULT_MODEL}
