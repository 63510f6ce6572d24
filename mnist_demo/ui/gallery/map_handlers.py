"""What the map answers: its value, of which each kind of answer is one by itself."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_demo.models.activations import has_hidden_layer
from mnist_demo.models.checkpoints import Checkpoint
from mnist_demo.models.maps import Map
from mnist_demo.ui.components.sketchpad import read_sketch
from mnist_demo.ui.compute.model_store import ModelStore, UserModels
from mnist_demo.ui.errors import error_sentence
from mnist_demo.ui.gallery.map import (
    NOT_PLACED,
    describe_map,
    describe_maps,
    describe_placed,
    key_of,
    picture_digits,
    read_known,
)
from mnist_demo.ui.gallery.map_maker import MapMaker
from mnist_demo.ui.i18n.translate import Translations, translate

# Of each map that is shown, what it is to the page, and its model; None: the pixels.
Sources = dict[str, Checkpoint | None]


def show_maps(
    store: ModelStore,
    maker: MapMaker,
    asked: Any,
    model: Any,
    other: Any,
    user_models: UserModels,
) -> Iterator[dict[str, Any]]:
    """The maps of the chosen model, of the second one if there is one, and of the pixels: at first
    those that are there, then each that has to be made, at first roughly."""
    try:
        sources = _find_sources(store, model, other, user_models)
    except ValueError as error:
        yield describe_maps([], store.dataset().test_labels.numpy(), error_sentence(error))
        return
    known = read_known(asked)
    drawn: dict[str, tuple[Map, bool]] = {}
    for identity, checkpoint in sources.items():
        found = maker.find(checkpoint)
        if found is not None and (checkpoint is None or store.has_answers(checkpoint)):
            drawn[identity] = found, False
    missing = [identity for identity in sources if identity not in drawn]
    for identity in missing:
        yield _describe(store, sources, drawn, known, _wait_for(sources[identity]))
        for made in _make(store, maker, sources[identity]):
            drawn[identity] = made
            yield _describe(store, sources, drawn, known, "")
    if not missing:
        yield _describe(store, sources, drawn, known, "")


def _find_sources(
    store: ModelStore, model: Any, other: Any, user_models: UserModels
) -> dict[str, Checkpoint | None]:
    """Raises ValueError where a model is not there (any more)."""
    sources: Sources = {"model": store.model(model, user_models)}
    if other is not None and other != model:
        sources["other"] = store.model(other, user_models)
    return sources | {"pixels": None}


def _make(
    store: ModelStore, maker: MapMaker, checkpoint: Checkpoint | None
) -> Iterator[tuple[Map, bool]]:
    """The map as it becomes better, and whether it is a rough one still."""
    if checkpoint is not None:
        store.test_probabilities(checkpoint)
    for drawn in maker.make(checkpoint):
        yield drawn, maker.find(checkpoint) is None


def _wait_for(checkpoint: Checkpoint | None) -> Translations:
    return translate("map_wait", name=_name(checkpoint))


def _name(checkpoint: Checkpoint | None) -> Translations | str:
    return translate("map_pixels") if checkpoint is None else checkpoint.name


def _tell_how(checkpoint: Checkpoint | None) -> Translations | None:
    """By what a map is made, where it is no hidden layer."""
    if checkpoint is None:
        return translate("map_by_pixels")
    if has_hidden_layer(checkpoint.model):
        return None
    return translate("map_by_logits", name=checkpoint.name)


def _describe(
    store: ModelStore,
    sources: Sources,
    drawn: dict[str, tuple[Map, bool]],
    known: list[str],
    line: Translations | str,
) -> dict[str, Any]:
    labels = store.dataset().test_labels.numpy()
    maps = []
    for identity, checkpoint in sources.items():
        if identity in drawn:
            made, rough = drawn[identity]
            answers = _answers(store, checkpoint or sources["model"])
            name = _name(checkpoint)
            told: dict[str, Any] = {"how": _tell_how(checkpoint), "rough": rough, "known": known}
            maps.append(describe_map(identity, name, made, labels, answers, **told))
    rough_ones = [_name(sources[identity]) for identity, (_, rough) in drawn.items() if rough]
    if not line and rough_ones:
        line = translate("map_drawing_on", name=rough_ones[0])
    return describe_maps(maps, labels, line)


def _answers(store: ModelStore, checkpoint: Checkpoint | None) -> NDArray[np.int64]:
    """Those of the model whose mistakes have a ring: on the map of the pixels the chosen one's."""
    assert checkpoint is not None
    if not store.has_answers(checkpoint):  # they come with its own map: no rings until then
        return store.dataset().test_labels.numpy()
    return store.test_probabilities(checkpoint).argmax(axis=1)


def show_digits(store: ModelStore, asked: Any) -> dict[str, Any]:
    """The pictures of some digits."""
    return picture_digits(store.dataset().test_images.numpy(), asked)


def place_drawing(
    store: ModelStore,
    maker: MapMaker,
    asked: Any,
    drawing: Any,
    model: Any,
    other: Any,
    user_models: UserModels,
) -> Iterator[dict[str, Any]]:
    """Where a drawing belongs on each map that is there: the one that is asked for, else that on
    the pad."""
    own = asked.get("drawing") if isinstance(asked, dict) else None
    drawing = drawing if own is None else own
    try:
        sketch = read_sketch(drawing, store.confidence)
        sources = _find_sources(store, model, other, user_models)
    except ValueError:
        yield NOT_PLACED  # the answer beside the pad, or the Gallery, says why
        return
    if sketch is None:
        yield NOT_PLACED
        return
    if maker.find(sources["model"]) is None:  # it is being made; the page asks again when it comes
        yield NOT_PLACED | {"among": translate("map_placing")}
        return
    if not all(maker.can_place(checkpoint) for checkpoint in sources.values()):
        yield NOT_PLACED | {"among": translate("map_placing"), "done": False}
    positions, near = {}, np.zeros(0, dtype=np.int64)
    for identity, checkpoint in sources.items():
        drawn = maker.find(checkpoint)
        if drawn is None:
            continue
        indices, position = maker.place(checkpoint, drawn, sketch.digit)
        positions[key_of(drawn)] = position
        if identity == "model":
            near = indices
    labels = store.dataset().test_labels.numpy()[near].tolist()
    yield describe_placed(positions, labels, sketch.digit) if positions else NOT_PLACED
