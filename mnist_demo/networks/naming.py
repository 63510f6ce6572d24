"""What networks are called, for people to read."""

from collections.abc import Sequence

from mnist_demo.networks.notation import parse_layers

UNNAMED = ("relu", "norm", "dropout", "normalize")  # in the short name of a network
WEIGHTED = ("conv", "linear")  # what is repeated begins with one of them


def name_network(text: str) -> str:
    """A short name: its kind, its convolutions, pools and hidden layers, and activations other than
    the usual one: `cnn: conv 32, pool, conv 64, pool`, `mlp: 2 x (linear 32, sigmoid)`."""
    layers = parse_layers(text)[:-1]
    for name, kinds in (("cnn", ("conv", "waves")), ("mlp", ("linear",))):
        if any(layer.kind in kinds for layer in layers):
            return f"{name}: {_fold([each.text for each in layers if each.kind not in UNNAMED])}"
    return "softmax"


def tell_layers(text: str) -> str:
    """All layers, for people to read: `5 x (linear 32, sigmoid), linear 10`."""
    return _fold([layer.text for layer in parse_layers(text)])


def _fold(texts: Sequence[str]) -> str:
    """The texts with commas; what is repeated from a layer with weights on stands once:
    `pool, 3 x (linear 32, relu)`."""
    told, at = [], 0
    while at < len(texts):
        size, times = _find_repeats(texts[at:])
        unit = ", ".join(texts[at : at + size])
        told.append(unit if times == 1 else f"{times} x ({unit})")
        at += size * times
    return ", ".join(told)


def _find_repeats(texts: Sequence[str]) -> tuple[int, int]:
    """How many of the first texts come again at once, and how often they come; the fewest texts
    that do. One text once where none do."""
    if texts[0].startswith(WEIGHTED):
        for size in range(1, len(texts) // 2 + 1):
            times = 1
            while texts[times * size : (times + 1) * size] == texts[:size]:
                times += 1
            if times > 1:
                return size, times
    return 1, 1
