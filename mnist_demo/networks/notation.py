"""Networks as text: `conv 32, relu, pool, conv 64, relu, pool, linear 10`, read and written.

A layer is a word and its settings, see layers.py; commas or new lines part layers. The last one is
`linear 10`, which may be left out.
"""

import difflib
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from mnist_demo.networks.layers import INPUT_SHAPE, KINDS, LayerKind, Misfit, Setting, Shape

MAX_TEXT = 2_000  # characters
MAX_SHOWN = 30  # characters of a text that an error repeats
CLASSIFIER = "linear 10"
OTHER_WORDS = {  # of other programs
    **dict.fromkeys(("conv2d", "convolution"), "conv"),
    **dict.fromkeys(("fc", "dense", "fully"), "linear"),
    **dict.fromkeys(("maxpool", "maxpool2d", "max"), "pool"),
    **dict.fromkeys(("bn", "batchnorm", "batchnorm2d"), "norm"),
}
_PARTING = re.compile(r"\s*,\s*|\s*\n\s*")
_NUMBER = re.compile(r"-?([0-9]{1,12}|(?=\.))(\.[0-9]{1,12})?")
_SIZE = re.compile(r"([0-9]{1,6})[xX×]([0-9]{1,6})")  # as people write it

ERRORS = {
    "no_text": "layers must be a text, such as 'conv 32, relu, pool', not {value}",
    "too_long": "the text of the layers has {count:,} characters; at most {most:,} are read",
    "empty": "a layer is missing here; write one, or take a comma away",
    "unknown_layer": "there is no layer {found}; choose one of {words}",
    "unknown_layer_near": "there is no layer {found}; do you mean {nearest}?",
    "unknown_setting": "{setting} says nothing here; write {usage}",
    "missing": "it needs a number, its {name}; write, for example, {example}",
    "twice": "it tells its {name} twice; once is enough",
    "out_of_bounds": "its {name} must be a number from {low:,} to {high:,}, not {value}",
    "out_of_bounds_whole": "its {name} must be a whole number from {low:,} to {high:,}, not "
    "{value}",
    "not_square": "{value} is not square; write {first}x{first} or {second}x{second}",
    "after_linear": "after a linear layer there are numbers and no maps any more, so a {kind} "
    "layer has nothing to look at; put it before the first linear layer",
    "not_first": "{kind} is for the picture itself; put it first",
    "waves_in_pairs": "waves come with their negatives, and {size}x{size} pixels hold {most} of "
    "both; their number must be even, and {most} at most",
    "even_size": "{size}x{size} pixels have no middle one; write valid behind it, or {odd}x{odd}",
    "filter_too_large": "{size}x{size} does not fit into the {side}x{side} pixels that are left; "
    "make it smaller, or leave valid or a pool before it out",
    "map_too_small": "{side}x{side} pixels are left, which hold no window of {size}x{size}; leave "
    "it out, or a pool before it",
    "layers": "that makes {count:,} layers; at most {most:,} are allowed here",
    "parameters": "with it the network has {count:,} parameters; at most {most:,} are allowed "
    "here: take fewer filters or units, or a pool before it",
    "multiplications": "with it an image takes {count:,} multiplications; at most {most:,} are "
    "allowed here: take fewer or smaller filters, or a pool before it",
    "outputs": "with it the layers make {count:,} numbers of an image; at most {most:,} are "
    "allowed here: take fewer filters, or a pool before it",
}


@dataclass(frozen=True)
class Limits:
    """How large a network may be. outputs: all numbers that its layers make of one image, which
    training keeps; layers: those of its text."""

    layers: int
    parameters: int
    multiplications: int  # by weights, for one image
    outputs: int


# What memory and patience bear; a checkpoint file holds 25 million parameters at most.
LIMITS = Limits(200, 20_000_000, 2_000_000_000, 5_000_000)


class LayersError(ValueError):
    """A text is no network.

    code: of ERRORS, which `values` fill in. index: of the layer, from 0 on; None of the whole text.
    start, end: of the wrong word or layer in the text.
    """

    def __init__(
        self, code: str, values: Mapping[str, Any], index: int | None, start: int, end: int
    ) -> None:
        super().__init__(code, values, index, start, end)  # as they are, so that it can be pickled
        self.code, self.values = code, values
        self.index, self.start, self.end = index, start, end

    def __str__(self) -> str:
        told = ERRORS[self.code].format(**self.values)
        if self.index is None:
            return told
        return f"layer {self.index + 1}, {self.values['layer']}: {told}"


@dataclass(frozen=True)
class TextLayer:
    """One layer of a text, and what it is in its network.

    kind: its word in KINDS. values: of its settings, by their names; and `bias`, of what may have
    one. name: of its module. input_shape, output_shape: of one image. multiplications: by weights,
    for one image. start, end: its place in the text; both the text's end where it was left out.
    """

    kind: str
    values: Mapping[str, Any]
    input_shape: Shape
    output_shape: Shape
    parameters: int
    multiplications: int
    start: int
    end: int
    name: str = ""

    @property
    def text(self) -> str:
        """As it is written: what need not be said is left out."""
        written = [
            setting.write(value) if setting.bounds else setting.form
            for setting in KINDS[self.kind].settings
            if (value := self.values[setting.name]) != setting.default
        ]
        return " ".join([self.kind, *written])


def write_layers(layers: Sequence[TextLayer]) -> str:
    """The text of layers, `linear 10` included."""
    return ", ".join(layer.text for layer in layers)


def split_layers(text: str) -> list[str]:
    """What a text says of each layer, right or wrong."""
    return _PARTING.split(text.strip())


@dataclass(frozen=True)
class _Item:
    """What a text says of one layer, and where."""

    text: str
    index: int
    start: int
    end: int

    def error(self, code: str, word: re.Match[str] | None = None, **values: Any) -> LayersError:
        """word: of the item, where that alone is wrong."""
        start, end = self.start, self.end
        if word:
            start, end = start + word.start(), start + word.end()
        return LayersError(code, {"layer": _quote(self.text), **values}, self.index, start, end)


def parse_layers(text: str, limits: Limits = LIMITS) -> list[TextLayer]:
    """The layers of a text, in its order, with the last `linear 10`; nothing is built.

    Raises LayersError, which is a ValueError, where it is none, or larger than `limits`.
    """
    items = _split(text, limits)
    read = [_read_layer(item) for item in items]
    if (read[-1][0].word, read[-1][1].get("units")) != ("linear", 10):
        items.append(_Item(CLASSIFIER, len(items), len(text), len(text)))
        read.append(_read_layer(items[-1]))
    layers: list[TextLayer] = []
    shape = INPUT_SHAPE
    for item, (kind, values) in zip(items, read, strict=True):
        if kind.has_bias:
            words = (each.word for each, _ in read[item.index + 1 :])
            following = next((word for word in words if word not in ("pool", "avgpool")), "")
            values["bias"] = following != "norm"
        try:
            made = kind.shape(values, shape)
        except Misfit as misfit:
            raise item.error(misfit.code, **misfit.told) from None
        cost = kind.cost(values, shape, made)
        layers.append(TextLayer(kind.word, values, shape, made, *cost, item.start, item.end))
        _check_limits(layers, limits, item)
        shape = made
    return _name_modules(layers)


def _split(text: Any, limits: Limits) -> list[_Item]:
    if not isinstance(text, str):
        raise LayersError("no_text", {"value": _quote(text)}, None, 0, 0)
    if len(text) > MAX_TEXT:
        values = {"count": len(text), "most": MAX_TEXT}
        raise LayersError("too_long", values, None, 0, len(text))
    start = len(text) - len(text.lstrip())
    end = max(start, len(text.rstrip()))
    partings = [match.span() for match in _PARTING.finditer(text, start, end)]
    starts, ends = [start, *(to for _, to in partings)], [*(at for at, _ in partings), end]
    items = [
        _Item(text[start:end], index, start, end)
        for index, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]
    for item in items:
        if not item.text:
            raise item.error("empty")
        if item.index >= limits.layers:
            raise item.error("layers", count=len(items), most=limits.layers)
    return items


def _read_layer(item: _Item) -> tuple[LayerKind, dict[str, Any]]:
    word, *words = re.finditer(r"\S+", item.text)
    kind = _find_kind(item, word)
    values: dict[str, Any] = {}
    while words:
        found = ((each, _take(each, words)) for each in kind.settings)
        setting, taken = next(((each, taken) for each, taken in found if taken), (None, ()))
        if setting is None:
            shown = _quote(words[0].group())
            raise item.error("unknown_setting", words[0], setting=shown, usage=kind.usage)
        if setting.name in values:
            raise item.error("twice", words[0], name=setting.name)
        values[setting.name] = _read_value(item, setting, taken[-1])
        words = words[len(taken) :]
    for setting in kind.settings:
        if setting.default is None and setting.name not in values:
            raise item.error("missing", name=setting.name, example=kind.example)
        values.setdefault(setting.name, setting.default)
    return kind, values


def _find_kind(item: _Item, word: re.Match[str]) -> LayerKind:
    name = word.group().lower()
    if name in KINDS:
        return KINDS[name]
    shown = _quote(word.group())
    known = {**OTHER_WORDS, **dict(zip(KINDS, KINDS, strict=True))}
    if near := difflib.get_close_matches(name[:MAX_SHOWN], known, 1):
        raise item.error("unknown_layer_near", word, found=shown, nearest=known[near[0]])
    raise item.error("unknown_layer", word, found=shown, words=", ".join(KINDS))


def _take(setting: Setting, words: Sequence[re.Match[str]]) -> Sequence[re.Match[str]]:
    """The words that are the setting; none where those that come first are another one."""
    forms = setting.form.split()
    taken = words[: len(forms)]
    patterns = {"N": _NUMBER, "NxN": _SIZE}
    for form, match in zip_longest(forms, taken):
        word = match.group() if match else ""
        if not (patterns[form].fullmatch(word) if form in patterns else form == word.lower()):
            return ()
    return taken


def _read_value(item: _Item, setting: Setting, word: re.Match[str]) -> float | bool:
    if setting.bounds is None:
        return True
    text, number = word.group(), 0.0
    if sizes := _SIZE.fullmatch(text):
        number, other = map(int, sizes.groups())
        if number != other:
            raise item.error("not_square", word, value=text, first=number, second=other)
    else:
        number = float(text) if "." in text else int(text)
    bounds = setting.bounds
    try:
        checked: float = bounds.check(setting.name, number)
    except ValueError:
        code = "out_of_bounds_whole" if bounds.whole else "out_of_bounds"
        told = {"low": bounds.low, "high": bounds.high, "value": text}
        raise item.error(code, word, name=setting.name, **told) from None
    return checked


def _check_limits(layers: Sequence[TextLayer], limits: Limits, item: _Item) -> None:
    counts = {
        "parameters": sum(layer.parameters for layer in layers),
        "multiplications": sum(layer.multiplications for layer in layers),
        "outputs": sum(math.prod(layer.output_shape) for layer in layers),
    }
    for name, count in counts.items():
        if count > getattr(limits, name):
            raise item.error(name, count=count, most=getattr(limits, name))


def _name_modules(layers: Sequence[TextLayer]) -> list[TextLayer]:
    """By their kinds, with a number where there are several; as our first checkpoints have it."""
    names = ["hidden" if layer.kind == "linear" else layer.kind for layer in layers]
    names[-1] = "classifier"
    numbers, counts = Counter[str](), Counter(names)
    numbered = []
    for layer, name in zip(layers, names, strict=True):
        numbers[name] += 1
        number = str(numbers[name]) if counts[name] > 1 else ""
        numbered.append(replace(layer, name=f"{name}{number}"))
    return numbered


def _quote(value: object) -> str:
    """For a sentence: whatever it is, a few characters that can be seen."""
    return repr(value[:MAX_SHOWN]) if isinstance(value, str) else repr(value)[:MAX_SHOWN]
