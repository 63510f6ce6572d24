"""Networks as text, drawn at random."""

import random

from mnist_demo.networks.layers import KINDS, LayerKind, Setting
from mnist_demo.networks.notation import LayersError, Limits, parse_layers

SMALL = Limits(layers=12, parameters=300_000, multiplications=5_000_000, outputs=100_000)


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
