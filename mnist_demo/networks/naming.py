"""What networks are called, for people to read."""

from collections.abc import Sequence

from mnist_demo.networks.notation import parse_layers

UNNAMED = ("relu", "norm", "dropout", "normalize")  # in the short name of a network


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
    """The texts with commas; repeated ones once: `conv 8, 3 x (linear 32, relu)`."""
    told, at = [], 0
    while at < len(texts):
        size, times = max(
            ((size, _repeats(texts[at:], size)) for size in range(1, len(texts) - at + 1)),
            key=lambda found: (found[0] * found[1] if found[1] > 1 else 1, -found[0]),
        )
        unit = ", ".join(texts[at : at + size])
        told.append(unit if times == 1 else f"{times} x ({unit})")
        at += size * times
    return ", ".join(told)


def _repeats(texts: Sequence[str], size: int) -> int:
    """How many times the first `size` of them come, one after another."""
    times = 1
    while texts[times * size : (times + 1) * size] == texts[:size]:
        times += 1
    return times
