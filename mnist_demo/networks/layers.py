"""The layers that a network's text may hold: one kind a line of KINDS, at the end.

A shape is that of one image on its way: (channels, height, width), or (numbers,) from the first
linear layer on. Maps are square. notation.py reads and writes the text.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from torch import nn

from mnist_demo.bounds import Bounds
from mnist_demo.networks.modules import CosineWaves, Normalize, SeededDropout, XavierLinear

Shape = tuple[int, ...]
Values = Mapping[str, Any]  # by the names of settings; with "bias", of what may have one
Call = partial[Any]  # that makes a module
INPUT_SHAPE: Shape = (1, 28, 28)


class Misfit(Exception):  # noqa: N818  # a LayersError is made of it, which knows the place
    """A layer cannot be where it is. code and values: as of `notation.LayersError`."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code, values)
        self.code, self.told = code, values


@dataclass(frozen=True)
class Setting:
    """A number or a word after a layer's own word.

    form: how it is written, N for the number. bounds: None of a word, which stands there or not.
    default: None where it cannot be left out.
    """

    name: str
    form: str
    bounds: Bounds | None = None
    default: float | bool | None = None

    def write(self, value: Any) -> str:
        number = f"{value:.12f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
        return self.form.replace("N", number)


@dataclass(frozen=True)
class LayerKind:
    """word: what it is called in a text. words: what it does. example: as it may be written.

    module: from its values and the shape that it is given, the call that makes it. shape: what it
    makes of that; raises Misfit. cost: from its values and both shapes, how many numbers are
    trained, and how many multiplications by weights an image takes. has_bias: adds a number to each
    of its outputs, unless a norm follows, which would take that away again.
    """

    word: str
    words: str
    module: Callable[[Values, Shape], Call]
    settings: tuple[Setting, ...] = ()
    shape: Callable[[Values, Shape], Shape] = lambda _, given: given
    cost: Callable[[Values, Shape, Shape], tuple[int, int]] = lambda *_: (0, 0)
    has_bias: bool = False

    @property
    def usage(self) -> str:
        """All that it may say: what can be left out in brackets."""
        return " ".join([self.word, *(_in_brackets(each) for each in self.settings)])

    @property
    def example(self) -> str:
        """The shortest that it may say."""
        needed = [each for each in self.settings if each.default is None]
        return " ".join([self.word, *(_EXAMPLES[each.name] for each in needed)])


_EXAMPLES = {"filters": "32", "units": "100", "share": "0.3"}


def _in_brackets(setting: Setting) -> str:
    return setting.form if setting.default is None else f"[{setting.form}]"


def _need_maps(kind: str, given: Shape) -> None:
    if len(given) == 1:
        raise Misfit("after_linear", kind=kind)


def _padding(values: Values) -> int:
    return 0 if values.get("valid") else values["size"] // 2


def _convolved(values: Values, given: Shape) -> Shape:
    _need_maps("conv", given)
    size, side = values["size"], given[1]
    if size % 2 == 0 and not values.get("valid"):
        raise Misfit("even_size", size=size, odd=size + 1)
    if side + 2 * _padding(values) < size:
        raise Misfit("filter_too_large", size=size, side=side)
    side = (side + 2 * _padding(values) - size) // values["stride"] + 1
    return (values["filters"], side, side)


def _convolution(values: Values, given: Shape) -> Call:
    options: dict[str, Any] = {
        "stride": values["stride"] if values["stride"] > 1 else None,
        "padding": _padding(values) or None,
        "bias": None if values["bias"] else False,
    }
    told = {name: value for name, value in options.items() if value is not None}
    return partial(nn.Conv2d, given[0], values["filters"], values["size"], **told)


def _cost_of_filters(values: Values, given: Shape, made: Shape) -> tuple[int, int]:
    weights = values["filters"] * given[0] * values["size"] ** 2
    return weights + values["filters"] * values["bias"], weights * math.prod(made[1:])


def _waved(values: Values, given: Shape) -> Shape:
    if given != INPUT_SHAPE:
        raise Misfit("not_first", kind="waves")
    most = 2 * values["size"] ** 2
    if values["filters"] % 2 or values["filters"] > most:
        raise Misfit("waves_in_pairs", most=most, size=values["size"])
    return _convolved(values, given)


def _waves(values: Values, _: Shape) -> Call:
    stride, padding = values["stride"], _padding(values)
    return partial(CosineWaves, values["filters"], values["size"], stride=stride, padding=padding)


def _cost_of_waves(values: Values, given: Shape, made: Shape) -> tuple[int, int]:
    return 0, _cost_of_filters({**values, "bias": False}, given, made)[1]


def _pooled(values: Values, given: Shape) -> Shape:
    _need_maps("pool", given)
    side = given[1] // values["size"]
    if not side:
        raise Misfit("map_too_small", size=values["size"], side=given[1])
    return (given[0], side, side)


def _normalized(_: Values, given: Shape) -> Shape:
    if given != INPUT_SHAPE:
        raise Misfit("not_first", kind="normalize")
    return given


def _norm(_: Values, given: Shape) -> Call:
    return partial(nn.BatchNorm2d if len(given) == 3 else nn.BatchNorm1d, given[0])


def _linear(values: Values, given: Shape) -> Call:
    told = {} if values["bias"] else {"bias": False}
    make = XavierLinear if values["xavier"] else nn.Linear
    return partial(make, math.prod(given), values["units"], **told)


def _cost_of_units(values: Values, given: Shape, _: Shape) -> tuple[int, int]:
    weights = math.prod(given) * values["units"]
    return weights + values["units"] * values["bias"], weights


FILTERS = Setting("filters", "N", Bounds(1, 2_000, whole=True))
SIZE = Setting("size", "NxN", Bounds(1, 28, whole=True), 3)
WAVE_SIZE = Setting("size", "NxN", Bounds(1, 28, whole=True), 5)
VALID = Setting("valid", "valid", default=False)
STRIDE = Setting("stride", "stride N", Bounds(1, 14, whole=True), 1)
WINDOW = Setting("size", "NxN", Bounds(2, 28, whole=True), 2)
DROPOUT_SHARES = Bounds(0, 0.95)
SHARE = Setting("share", "N", DROPOUT_SHARES)
UNITS = Setting("units", "N", Bounds(1, 20_000, whole=True))
XAVIER = Setting("xavier", "xavier", default=False)

KINDS: dict[str, LayerKind] = {
    kind.word: kind
    for kind in [
        LayerKind(
            "conv",
            "a convolution: N filters that slide over the maps, 3x3 unless told; zeros around the "
            "edge keep the size, unless `valid`; `stride 2` looks at every second pixel",
            _convolution,
            (FILTERS, SIZE, VALID, STRIDE),
            _convolved,
            _cost_of_filters,
            has_bias=True,
        ),
        LayerKind(
            "waves",
            "N fixed filters, 5x5 unless told: cosine waves and their negatives, never trained; "
            "for the picture itself",
            _waves,
            (FILTERS, WAVE_SIZE, STRIDE),
            _waved,
            _cost_of_waves,
        ),
        LayerKind(
            "linear",
            "N units, each with a weight for every number before it; `xavier` draws the first "
            "weights as Glorot and Bengio do",
            _linear,
            (UNITS, XAVIER),
            lambda values, _: (values["units"],),
            _cost_of_units,
            has_bias=True,
        ),
        LayerKind("relu", "negative numbers become 0", lambda *_: partial(nn.ReLU)),
        LayerKind("sigmoid", "squeezes numbers into 0 to 1", lambda *_: partial(nn.Sigmoid)),
        LayerKind("tanh", "squeezes numbers into -1 to 1", lambda *_: partial(nn.Tanh)),
        LayerKind("gelu", "a ReLU with a soft bend", lambda *_: partial(nn.GELU)),
        LayerKind(
            "pool",
            "max-pooling: keeps the largest number of each 2x2 window, or as large as told",
            lambda values, _: partial(nn.MaxPool2d, values["size"]),
            (WINDOW,),
            _pooled,
        ),
        LayerKind(
            "avgpool",
            "keeps the mean of each 2x2 window, or as large as told",
            lambda values, _: partial(nn.AvgPool2d, values["size"]),
            (WINDOW,),
            _pooled,
        ),
        LayerKind(
            "norm",
            "batch normalization: each map, or number, gets a mean and a deviation that are learnt",
            _norm,
            cost=lambda _values, given, _made: (2 * given[0], 0),
        ),
        LayerKind(
            "dropout",
            "in training, the share N of the numbers, drawn anew each time, is set to 0",
            lambda values, _: partial(SeededDropout, values["share"]),
            (SHARE,),
        ),
        LayerKind(
            "normalize",
            "the picture's grey levels with the mean 0 and the deviation 1, as over MNIST",
            lambda *_: partial(Normalize),
            shape=_normalized,
        ),
    ]
}
