"""The network as a row of blocks and as text, to be built by both."""

from collections.abc import Mapping, Sequence
from typing import Any

import gradio as gr

from mnist_demo.networks.introspection import Layer, describe_layers
from mnist_demo.networks.layers import INPUT_SHAPE, KINDS, LayerKind, Setting
from mnist_demo.networks.notation import (
    LIMITS,
    MAX_TEXT,
    LayersError,
    TextLayer,
    parse_layers,
    split_layers,
    write_layers,
)
from mnist_demo.training.recipes import RECIPES, Recipe
from mnist_demo.ui.components.custom_html import custom_html
from mnist_demo.ui.i18n.durations import describe_roughly, format_seconds
from mnist_demo.ui.i18n.translate import Translations, translate
from mnist_demo.ui.validation import NETWORK_LIMITS, describe_layers_error
from mnist_demo.ui.wiring import Outputs

SHORT = 10  # seconds: a time that is told to a tenth
WORDS = (
    *("info", "start", "custom", "own", "undo", "redo", "text", "row", "picture", "digits"),
    *("back", "on", "remove", "add", "last", "foreign", "live", "activations", "gradients"),
    *("parameters", "multiplications"),
)


def network_builder(recipe: Recipe) -> gr.HTML:
    """A field of the form: its value is what `describe_network` returns. Where a person has changed
    the network it fires `input`, with { text, asked } to be described by `edit_network`; where they
    have come to rest it fires `measure`."""
    return custom_html(
        __file__,
        shared=("dom", "layer_drawing", "block_dragging"),
        value=describe_network(recipe),
        kinds=[_describe_kind(kind) for kind in KINDS.values()],
        recipes={name: each.layers for name, each in RECIPES.items() if each.layers},
        words={word: translate(f"builder_{word}") for word in WORDS},
        longest=MAX_TEXT,
        side=INPUT_SHAPE[1],
        elem_id="network",
    )


def read_text(value: Any) -> Any:
    """The network that a browser sent, as text in its plain form; None for the recipe's own, which
    is no text. What is wrong with it is left for `check_setting` to say."""
    text = value.get("text") if isinstance(value, Mapping) else value
    try:
        return write_layers(parse_layers(text, LIMITS)) if text else text
    except LayersError:
        return text


def describe_network(recipe: Recipe) -> dict[str, Any]:
    """A recipe's network as the builder shows it."""
    if recipe.layers:
        return describe_text(recipe.layers)
    layers = describe_layers(recipe.build(seed=0))
    blocks = [_describe_foreign(layer) for layer in layers]
    return {"text": None, "blocks": blocks, **_describe_costs(blocks)}


def edit_network(layers: Any) -> Outputs:
    """The network that a browser has sent, described, with the number of its question."""
    sent = layers if isinstance(layers, Mapping) else {}
    text, asked = sent.get("text"), sent.get("asked")
    described = describe_text(text if isinstance(text, str) else "")
    return {"layers": described | {"asked": asked if isinstance(asked, int) else 0}}


def describe_text(text: str) -> dict[str, Any]:
    """A network's blocks, from the picture on, and what it costs. Where the text is wrong, it says
    where and why, and the blocks from there on have no more than their text."""
    try:
        layers = parse_layers(text, NETWORK_LIMITS)
    except LayersError as error:
        return {"text": text, "blocks": _describe_as_far(text, error), **_describe_error(error)}
    blocks = [_describe_layer(layer) for layer in layers]
    return {"text": text, "blocks": blocks, **_describe_costs(blocks)}


def describe_epoch(seconds: float) -> Translations:
    """How long one takes here; see training/epoch_time.py."""
    time = format_seconds(seconds) if seconds < SHORT else describe_roughly(seconds)
    return translate("builder_epoch", time=time)


def _describe_kind(kind: LayerKind) -> dict[str, Any]:
    settings = [_describe_setting(setting) for setting in kind.settings]
    return {
        "word": kind.word,
        "example": kind.example,
        "help": translate(f"layer_help_{kind.word}"),
        "settings": settings,
    }


def _describe_setting(setting: Setting) -> dict[str, Any]:
    bounds = setting.bounds
    return {
        "name": setting.name,
        "label": translate(f"layer_setting_{setting.name}"),
        "form": setting.form,
        "default": setting.default,
        "bounds": bounds and [bounds.low, bounds.high, 1 if bounds.whole else 0.05],
    }


def _describe_layer(layer: TextLayer) -> dict[str, Any]:
    settings = {setting.name: layer.values[setting.name] for setting in KINDS[layer.kind].settings}
    costs = layer.parameters, layer.multiplications
    block = _describe_block(layer.text, layer.output_shape, *costs)
    return block | {"kind": layer.kind, "values": settings, "module": layer.name}


def _describe_foreign(layer: Layer) -> dict[str, Any]:
    name = f"{layer.name}: {layer.type}" if layer.name else layer.type
    costs = layer.parameters, layer.multiplications
    return _describe_block(name, layer.output_shape, *costs) | {"module": layer.name}


def _describe_block(
    text: str, shape: Sequence[int], parameters: int, multiplications: int
) -> dict[str, Any]:
    made = " x ".join(map(str, shape))
    costs = {"parameters": parameters, "multiplications": multiplications}
    return {
        "text": text,
        "shape": list(shape),
        "made": made,
        **costs,
        "label": translate("builder_layer", layer=text, shape=made, **costs),
    }


def _describe_as_far(text: str, error: LayersError) -> list[dict[str, Any]]:
    """The blocks before the wrong layer, whole, and the others as they are written."""
    items = split_layers(text)
    right = error.index or 0
    before = parse_layers(", ".join(items[:right]), LIMITS)[:right] if right else []
    return [_describe_layer(layer) for layer in before] + [
        {"text": item, "wrong": index == error.index}
        for index, item in enumerate(items[right : NETWORK_LIMITS.layers + right], right)
    ]


def _describe_error(error: LayersError) -> dict[str, Any]:
    return {"error": describe_layers_error(error), "wrong": [error.start, error.end]}


def _describe_costs(blocks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    parameters, multiplications = (
        sum(block[name] for block in blocks) for name in ("parameters", "multiplications")
    )
    costs = {"parameters": parameters, "multiplications": multiplications}
    return {"total": translate("builder_total", **costs)}
