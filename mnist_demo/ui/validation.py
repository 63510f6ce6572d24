"""Whether a setting is valid, told by the name that it has on the page."""

import math
from collections.abc import Sequence
from decimal import Decimal

from mnist_demo.networks.layers import DROPOUT_SHARES
from mnist_demo.networks.notation import LayersError, Limits, TextLayer, parse_layers
from mnist_demo.training.recipes import BOUNDS, CHOICES, OPTIONAL
from mnist_demo.ui.i18n.translate import TranslatedError, Translations, join, translate

# How large a network a visitor may have: others share the machine. robust_cnn has 0.45 million
# parameters, 36 million multiplications and 0.3 million numbers.
NETWORK_LIMITS = Limits(
    layers=60, parameters=2_000_000, multiplications=100_000_000, outputs=500_000
)


def check_setting(name: str, value: object) -> None:
    """Raise TranslatedError unless the setting called `name` may have this value.

    The recipe checks it once more, and tells developers of it.
    """
    if name == "layers":
        if value is not None:  # the recipe's own network
            check_layers(value)
        return
    if name in CHOICES:
        check_choice(name, value, CHOICES[name])
        return
    if value is None and name in OPTIONAL:
        return
    bounds = DROPOUT_SHARES if name == "dropout" else BOUNDS[name]
    try:
        bounds.check(name, value)
    except ValueError:
        kind = "whole" if bounds.whole else "number"
        words = {"low": format_number(bounds.low), "high": format_number(bounds.high)}
        if value is None:
            key = f"empty_{kind}"
        else:
            key = "not_whole_in_range" if bounds.whole else "not_in_range"
            words["value"] = format_number(value)
        raise TranslatedError(translate(key, name=translate(name), **words)) from None


def check_layers(text: object) -> list[TextLayer]:
    """The layers of a text. Raises TranslatedError where it is no network, or too large a one."""
    try:
        return parse_layers(text, NETWORK_LIMITS)  # type: ignore[arg-type]  # it says so itself
    except LayersError as error:
        raise TranslatedError(describe_layers_error(error)) from error


def describe_layers_error(error: LayersError) -> Translations:
    """Which layer, what would do, and why."""
    values = dict(error.values)
    if "name" in values:
        values["name"] = translate(f"layer_setting_{values['name']}")
    told = translate(f"layers_error_{error.code}", **values)
    if error.index is None:
        return told
    where = {"number": error.index + 1, "layer": error.values["layer"]}
    return translate("layers_error_at", **where, told=told)


def check_choice(name: str, value: object, choices: Sequence[str]) -> None:
    """Raise TranslatedError unless `value` is one of those that the dropdown `name` offers."""
    if value is None:  # the dropdown was emptied
        shown = join(", ", [translate(f"{name}_{choice}") for choice in choices])
        raise TranslatedError(translate("empty_choice", name=translate(name), choices=shown))
    if value not in choices:
        words = {"choices": ", ".join(choices), "value": repr(value)}
        raise TranslatedError(translate("not_a_choice", name=translate(name), **words))


def format_number(value: object) -> str:
    """As a person writes it: 0.000001 and 60,000; what is no number as Python does."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, float) and not math.isfinite(value):
        return repr(value)
    if abs(value) >= 1e15:
        digits, power = f"{Decimal(value):.0e}".split("e")
        return f"{digits} x 10^{int(power)}"
    text = f"{Decimal(repr(value)):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def check_momentum(momentum: float, optimizer: str) -> None:
    """Raise TranslatedError where a momentum is asked of an optimizer that has its own."""
    if momentum and optimizer != "sgd":
        raise TranslatedError(
            translate("momentum_not_for", momentum=f"{momentum:g}", optimizer=optimizer)
        )
