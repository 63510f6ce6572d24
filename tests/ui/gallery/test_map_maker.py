import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mnist_demo import RECIPES, Checkpoint, load_checkpoint, parse_layers, shipped_checkpoints
from mnist_demo.models.activations import WIDEST
from mnist_demo.models.embedding import map_features, tsne_steps
from mnist_demo.models.maps import count_mixing
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.compute.test_set import take_digit
from mnist_demo.ui.gallery import map_maker as module
from mnist_demo.ui.gallery.map_maker import MapMaker
from mnist_demo.ui.gallery.neighbours import Neighbours
from mnist_demo.ui.validation import NETWORK_LIMITS


@pytest.fixture
def maker(store: ModelStore) -> MapMaker:
    return MapMaker(store)


def own(name: str = "softmax") -> Checkpoint:
    return replace(load_checkpoint(name), name="own")


@pytest.mark.parametrize("name", [None, *shipped_checkpoints()])
def test_what_is_shipped_is_found(name: str | None, store: ModelStore, maker: MapMaker) -> None:
    checkpoint = None if name is None else store.model(name, {})
    found = maker.find(checkpoint)
    assert found is not None
    (made,) = maker.make(checkpoint)
    assert made is found


@pytest.mark.parametrize("name", ["softmax", "mlp"])
def test_an_own_model_s_map_keeps_labels_as_a_shipped_one_does(
    name: str, store: ModelStore, maker: MapMaker
) -> None:
    checkpoint = own(name)
    assert maker.find(checkpoint) is None
    rough, made = maker.make(checkpoint)
    assert rough.shape == made.shape == (1000, 2)
    labels = store.dataset().test_labels.numpy()
    shipped = maker.find(store.model(name, {}))
    assert shipped is not None
    shares = [
        mixing.trace() / mixing.sum()
        for mixing in (count_mixing(each, labels) for each in (rough, made, shipped))
    ]
    assert shares[0] < shares[1]
    assert abs(shares[1] - shares[2]) < 0.05


def test_a_class_that_opens_one_model_has_it_read_and_drawn_once(
    store: ModelStore, maker: MapMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint, read, drawn = own(), list[int](), list[int]()

    def counted_features(model: Any, digits: Any) -> Any:
        read.append(len(digits))
        return map_features(model, digits)

    def counted_steps(*arguments: Any) -> Any:
        drawn.append(threading.get_ident())
        return tsne_steps(*arguments)

    monkeypatch.setattr(module, "map_features", counted_features)
    monkeypatch.setattr(module, "tsne_steps", counted_steps)
    with ThreadPoolExecutor(4) as pool:
        maps = list(pool.map(lambda _: list(maker.make(checkpoint))[-1], range(4)))
    assert sum(read) == 1000
    assert read[0] == module.PART
    assert max(read) <= module.MOST
    assert len(drawn) == 1
    for each in maps:
        np.testing.assert_array_equal(each, maps[0])


def test_a_drawing_needs_fewer_digits_than_a_map(
    store: ModelStore, maker: MapMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PLACED_AMONG", 300)
    checkpoint = store.model("softmax", {})
    found = maker.find(checkpoint)
    assert found is not None
    digit, _ = take_digit(store.dataset(), 17)
    assert not maker.can_place(checkpoint)
    indices, position = maker.place(checkpoint, found, digit)
    assert maker.can_place(checkpoint)
    assert indices[0] == 17
    assert indices.max() < 300
    assert np.abs(position.astype(int) - found[17].astype(int)).max() < 20_000
    mine = own()
    *_, made = maker.make(mine)
    assert maker.place(mine, made, digit)[0][0] == 17


def test_no_model_is_kept_that_is_used_nowhere_else(maker: MapMaker) -> None:
    checkpoint = own()
    list(maker.make(checkpoint))
    kept = weakref.ref(checkpoint.model)
    del checkpoint
    gc.collect()
    assert kept() is None


def test_only_so_many_models_are_remembered(
    maker: MapMaker, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_MODELS", 2)
    monkeypatch.setattr(module, "PLACED_AMONG", 60)
    names = ("softmax", "mlp", "fast_cnn")
    digit, _ = take_digit(store.dataset(), 0)
    for name in names:
        checkpoint = store.model(name, {})
        drawn = maker.find(checkpoint)
        assert drawn is not None
        maker.place(checkpoint, drawn, digit)
    assert [maker.can_place(store.model(name, {})) for name in names] == [False, True, True]


@pytest.mark.slow
def test_the_widest_network_of_ones_own_takes_no_more_than_others(
    store: ModelStore, maker: MapMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = replace(RECIPES["simple_cnn"], layers="conv 250, relu, linear 10")
    parse_layers(recipe.layers, NETWORK_LIMITS)  # which the page takes
    checkpoint = Checkpoint("wide", recipe.build(0), recipe, 0, "")
    digit, _ = take_digit(store.dataset(), 0)
    drawn = [*maker.make(checkpoint)][-1]
    near, _ = maker.place(checkpoint, drawn, digit)
    assert near[0] == 0  # itself
    neighbours = Neighbours(store)
    monkeypatch.setattr(Neighbours, "count", lambda self: 100)
    neighbours.nearest(checkpoint, digit, 3)
    assert neighbours._count_bytes() <= 100 * WIDEST * 2
