"""Networks as text: drawn at random, and wrong ones of every kind."""

import random

from mnist_demo.networks.layers import KINDS, LayerKind, Setting
from mnist_demo.networks.notation import LayersError, Limits, parse_layers

SMALL = Limits(layers=12, parameters=300_000, multiplications=5_000_000, outputs=100_000)


# The text, the error's code, the layer it is about, and the place in the text.
WRONG = [
    ("", "empty", 0, ""),
    ("conv 3,, relu", "empty", 1, ""),
    ("relu, ", "empty", 1, ""),
    ("conv 3, convv 3", "unknown_layer_near", 1, "convv"),
    ("dense 30", "unknown_layer_near", 0, "dense"),
    ("maxpol", "unknown_layer_near", 0, "maxpol"),
    ("qqq 3", "unknown_layer", 0, "qqq"),
    ("conv 3 same", "unknown_setting", 0, "same"),
    ("conv 3 stride", "unknown_setting", 0, "stride"),
    ("relu 3", "unknown_setting", 0, "3"),
    ("conv 1e9", "unknown_setting", 0, "1e9"),
    ("relu, conv", "missing", 1, "conv"),
    ("conv 3 5x5 3x3", "twice", 0, "3x3"),
    ("conv 99999999", "out_of_bounds_whole", 0, "99999999"),
    ("conv 0", "out_of_bounds_whole", 0, "0"),
    ("conv -3", "out_of_bounds_whole", 0, "-3"),
    ("conv 3.5", "out_of_bounds_whole", 0, "3.5"),
    ("conv 3 99x99", "out_of_bounds_whole", 0, "99x99"),
    ("dropout 1", "out_of_bounds", 0, "1"),
    ("conv 3 3x5", "not_square", 0, "3x5"),
    ("linear 30, conv 3", "after_linear", 1, "conv 3"),
    ("linear 30, pool", "after_linear", 1, "pool"),
    ("conv 3, normalize", "not_first", 1, "normalize"),
    ("conv 3, waves 8", "not_first", 1, "waves 8"),
    ("waves 7", "waves_in_pairs", 0, "waves 7"),
    ("waves 20 3x3", "waves_in_pairs", 0, "waves 20 3x3"),
    ("conv 3 4x4", "even_size", 0, "conv 3 4x4"),
    ("pool 14x14, conv 3 3x3 valid", "filter_too_large", 1, "conv 3 3x3 valid"),
    ("pool, pool, pool, pool, pool", "map_too_small", 4, "pool"),
    (", ".join(["relu"] * 201), "layers", 200, "relu"),
    ("linear 20000, linear 20000", "parameters", 1, "linear 20000"),
    ("conv 2000, conv 500", "multiplications", 1, "conv 500"),
    ("conv 2000, relu, relu, relu", "outputs", 3, "relu"),
]


def random_text(seed: int, layers: int = 8) -> str:
    """Of up to so many layers, each of any kind that fits where it comes."""
    draw = random.Random(seed)
    text = ""
    for _ in range(draw.randint(1, layers)):
        longer = ", ".join(filter(None, [text, _random_layer(draw)]))
        try:
            parse_layers(longer, SMALL)
        except LayersError:
            continue
        text = longer
    return text or "linear 10"


def _random_layer(draw: random.Random) -> str:
    kind: LayerKind = draw.choice(list(KINDS.values()))
    return " ".join([kind.word, *(_random_setting(draw, each) for each in kind.settings)])


def _random_setting(draw: random.Random, setting: Setting) -> str:
    if setting.default is not None and draw.random() < 0.6:
        return ""
    if setting.bounds is None:
        return setting.form
    if not setting.bounds.whole:
        return setting.write(round(draw.uniform(setting.bounds.low, setting.bounds.high), 2))
    low = int(setting.bounds.low)
    return setting.write(draw.randint(low, low + 7))
