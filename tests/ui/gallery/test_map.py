"""What the map shows, and what it takes from a browser, which may send anything."""

import base64
import io
import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from mnist_demo import load_checkpoint
from mnist_demo.models.maps import Map
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.compute.test_set import NO_DIGIT
from mnist_demo.ui.draw.examples import put_example
from mnist_demo.ui.gallery import handlers, map_handlers
from mnist_demo.ui.gallery.map import MOST_PICTURES, picture_digits, read_known, read_region
from mnist_demo.ui.gallery.map_maker import MapMaker
from tests.ui.conftest import Strokes
from tests.ui.english import english
from tests.ui.gallery.test_handlers import values

JUNK: list[Any] = [None, 3, "x", [], {}, {"region": 3}, {"region": "€"}, {"region": "A" * 9}]
COUNT = 1000  # of the bundled test digits


@pytest.fixture(scope="module")
def maker(store: ModelStore) -> MapMaker:
    return MapMaker(store)


@pytest.fixture(scope="module")
def own() -> dict[str, Any]:
    """A model that ships with nothing computed beforehand."""
    return {"mine": replace(load_checkpoint("softmax"), name="mine")}


def answers(store: ModelStore, maker: MapMaker, **asked: Any) -> list[dict[str, Any]]:
    chosen = {"asked": {}, "model": "softmax", "other": None, "user_models": {}} | asked
    return [english(each) for each in map_handlers.show_maps(store, maker, **chosen)]


def points(text: str) -> Map:
    return np.frombuffer(base64.b64decode(text), dtype="<u2").reshape(-1, 2)


def region(indices: list[int], count: int = COUNT) -> dict[str, str]:
    bits = np.zeros(count, dtype=np.uint8)
    bits[indices] = 1
    return {"region": base64.b64encode(np.packbits(bits, bitorder="little").tobytes()).decode()}


class TestShow:
    def test_shipped_maps_come_at_once(self, store: ModelStore, maker: MapMaker) -> None:
        (shown,) = answers(store, maker, other="mlp")
        assert [each["id"] for each in shown["maps"]] == ["model", "other", "pixels"]
        assert [each["name"] for each in shown["maps"]] == ["softmax", "mlp", "the pixels"]
        assert shown["line"] == ""
        labels = np.frombuffer(base64.b64decode(shown["labels"]), dtype=np.uint8)
        np.testing.assert_array_equal(labels, store.dataset().test_labels.numpy())
        for each, model in zip(shown["maps"], ("softmax", "mlp", "softmax"), strict=True):
            assert points(each["points"]).shape == (COUNT, 2)
            assert not each["rough"]
            probabilities = store.test_probabilities(store.model(model, {}))
            told = np.frombuffer(base64.b64decode(each["answers"]), dtype=np.uint8)
            np.testing.assert_array_equal(told, probabilities.argmax(axis=1))

    def test_what_is_seen_is_told_in_words(self, store: ModelStore, maker: MapMaker) -> None:
        (shown,) = answers(store, maker)
        softmax, pixels = (each["seen"] for each in shown["maps"])
        assert softmax.startswith("softmax has no hidden layer: its map is by its ten logits")
        assert pixels.startswith("No network has placed these dots")
        right = store.test_probabilities(store.model("softmax", {})).argmax(axis=1)
        wrong = int((right != store.dataset().test_labels.numpy()).sum())
        assert f"{wrong} dots have a ring" in softmax
        assert "Most among each other: " in softmax

    def test_points_that_the_page_has_are_not_sent_again(
        self, store: ModelStore, maker: MapMaker
    ) -> None:
        (shown,) = answers(store, maker)
        (again,) = answers(store, maker, asked={"known": [each["key"] for each in shown["maps"]]})
        assert [each["points"] for each in again["maps"]] == [None, None]

    def test_an_own_model_s_map_is_rough_at_first(
        self, store: ModelStore, maker: MapMaker, own: dict[str, Any]
    ) -> None:
        waiting, rough, drawn = answers(store, maker, model="mine", user_models=own)
        assert [each["id"] for each in waiting["maps"]] == ["pixels"]
        assert "mine: all test digits are being read" in waiting["line"]
        assert [each["rough"] for each in rough["maps"]] == [True, False]
        assert "PCA" in rough["line"]
        assert [each["rough"] for each in drawn["maps"]] == [False, False]
        assert drawn["line"] == ""
        assert drawn["maps"][0]["key"] != rough["maps"][0]["key"]
        (again,) = answers(store, maker, model="mine", user_models=own)
        assert again == drawn

    @pytest.mark.parametrize("model", [None, "nonsense", 3, {}])
    def test_a_model_that_is_not_there_is_told(
        self, model: Any, store: ModelStore, maker: MapMaker
    ) -> None:
        (shown,) = answers(store, maker, model=model)
        assert shown["maps"] == []
        assert shown["line"]

    @pytest.mark.parametrize("asked", [None, 3, {"known": 3}, {"known": [3, {}]}, {"known": {}}])
    def test_nonsense_is_nothing_known(self, asked: Any) -> None:
        assert read_known(asked) == []


class TestPictures:
    def test_a_sheet_holds_the_digits_that_are_asked_for(self, store: ModelStore) -> None:
        wanted = random.Random(0).sample(range(COUNT), 11)
        found = map_handlers.show_digits(store, {"wanted": wanted})
        assert found["digits"] == wanted
        sheet = Image.open(io.BytesIO(base64.b64decode(found["sheet"].partition(",")[2])))
        assert sheet.size == (8 * 28, 2 * 28)
        for at, index in enumerate(wanted):
            left, top = 28 * (at % 8), 28 * (at // 8)
            tile = np.asarray(sheet.crop((left, top, left + 28, top + 28)))
            np.testing.assert_array_equal(tile, store.dataset().test_images[index].numpy())

    @pytest.mark.parametrize(
        "wanted",
        [None, [], "1", [COUNT], [-1], [0.5], [True], [None], [[]], [0] * (MOST_PICTURES + 1)],
    )
    def test_nonsense_has_none(self, wanted: Any) -> None:
        images = np.zeros((COUNT, 28, 28), dtype=np.uint8)
        assert picture_digits(images, {"wanted": wanted})["digits"] == []
        assert picture_digits(images, wanted)["digits"] == []


class TestRegion:
    @pytest.mark.parametrize("count", [1, 8, 9, 1000])
    def test_it_is_read_as_the_page_writes_it(self, count: int) -> None:
        indices = random.Random(count).sample(range(count), (count + 1) // 2)
        assert read_region(region(indices, count), count) == frozenset(indices)

    @pytest.mark.parametrize("asked", JUNK)
    def test_nonsense_is_told(self, asked: Any, store: ModelStore) -> None:
        with pytest.raises(ValueError, match="region"):
            read_region(asked, COUNT)
        shown = english(handlers.pick_region(store, asked, **values()))
        assert shown["tiles"]["tiles"] == []
        assert "region" in shown["summary"]

    def test_it_becomes_the_filter_until_all_are_shown(self, store: ModelStore) -> None:
        chosen = {"label": 3, "shown": "wrong"}
        shown = english(handlers.pick_region(store, region([5, 17, 900]), **values(**chosen)))
        assert {tile["index"] for tile in shown["tiles"]["tiles"]} == {5, 17, 900}
        assert shown["region"] == frozenset({5, 17, 900})
        assert (shown["label"], shown["shown"]) == (NO_DIGIT, "all")
        assert "**3** shown: chosen on the map." in shown["summary"]
        assert shown["show_all"]["visible"]
        narrower = english(
            handlers.show_view(store, **values(region=shown["region"], prediction=9, order="index"))
        )
        assert len(narrower["tiles"]["tiles"]) <= 3
        assert "chosen on the map" in narrower["summary"]
        everything = english(handlers.show_all(store, **values(region=shown["region"])))
        assert everything["region"] is None
        none = {"region": None}
        assert english(handlers.pick_region(store, none, **values(**chosen))) == everything
        assert not everything["show_all"]["visible"]

    def test_no_link_holds_it(self, store: ModelStore) -> None:
        shown = handlers.pick_region(store, region([5]), **values())
        assert shown["share"] == handlers.show_view(store, **values())["share"]


class TestDrawing:
    def place(self, store: ModelStore, maker: MapMaker, asked: Any, pad: Any) -> dict[str, Any]:
        chosen: dict[str, Any] = {"model": "softmax", "other": "mlp", "user_models": {}}
        *_, last = map_handlers.place_drawing(store, maker, asked, pad, **chosen)
        assert last["done"]
        return english(last)

    def test_on_a_map_that_is_still_made_it_is_looked_for(
        self, store: ModelStore, own: dict[str, Any], seven: Strokes
    ) -> None:
        """And not said to lie among no digits, though on the pixels' map it has its place."""
        chosen: dict[str, Any] = {"model": "mine", "other": None, "user_models": own}
        pad = {"strokes": seven}
        shown = map_handlers.place_drawing(store, MapMaker(store), {}, pad, **chosen)
        (waiting,) = (english(each) for each in shown)
        assert "is looked for" in waiting["among"]
        assert (waiting["placed"], waiting["done"]) == ({}, True)

    def test_it_lies_on_each_map_among_its_likes(
        self, store: ModelStore, maker: MapMaker, seven: Strokes
    ) -> None:
        (shown,) = answers(store, maker, other="mlp")
        placed = self.place(store, maker, {"drawing": None}, {"strokes": seven})
        assert placed["placed"].keys() == {each["key"] for each in shown["maps"]}
        assert re_labels(placed["among"])[0] == 7
        labels = store.dataset().test_labels.numpy()
        for each in shown["maps"]:
            near = np.abs(points(each["points"]) - np.array(placed["placed"][each["key"]], float))
            nearest = near.max(axis=1).argsort()[:30]
            assert np.bincount(labels[nearest], minlength=10).argmax() == 7

    def test_the_small_pad_comes_before_the_large_one(
        self, store: ModelStore, maker: MapMaker, seven: Strokes
    ) -> None:
        asked = {"drawing": {"strokes": seven}}
        assert self.place(store, maker, asked, {"strokes": []})["placed"]
        both = self.place(store, maker, asked, put_example("slashed"))
        assert re_labels(both["among"])[0] == 7

    @pytest.mark.parametrize(
        "asked", [None, {}, {"drawing": 3}, {"drawing": {"strokes": "x"}}, {"drawing": []}]
    )
    def test_a_blank_pad_or_nonsense_lies_nowhere(
        self, asked: Any, store: ModelStore, maker: MapMaker
    ) -> None:
        assert self.place(store, maker, asked, {"strokes": []})["placed"] == {}


def re_labels(among: str) -> list[int]:
    """The labels that are told, the most frequent first."""
    told = among.partition("labels: ")[2].rstrip(".")
    return [int(each.split(" ")[0]) for each in told.split(", ")]
