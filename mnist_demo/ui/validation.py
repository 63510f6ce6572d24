"""Whether a setting is valid, told by the name that it has on the page."""

from mnist_demo.training.recipes import BOUNDS, CHOICES, OPTIONAL
from mnist_demo.ui.i18n.translate import TranslatedError, translate


def check_setting(name: str, value: object) -> None:
    """Raise TranslatedError unless the setting called `name` may have this value.

    The recipe checks it once more, and tells developers of it.
    """
    if name in CHOICES:
        if value not in CHOICES[name]:
            valid = ", ".join(CHOICES[name])
            raise TranslatedError(
                translate("not_a_choice", name=translate(name), choices=valid, value=repr(value))
            )
        return
    if value is None and name in OPTIONAL:
        return
    bounds = BOUNDS[name]
    try:
        bounds.check(name, value)
    except ValueError:
        key = "not_whole_in_range" if bounds.whole else "not_in_range"
        words = {"low": f"{bounds.low:,}", "high": f"{bounds.high:,}", "value": repr(value)}
        raise TranslatedError(translate(key, name=translate(name), **words)) from None


def check_momentum(momentum: float, optimizer: str) -> None:
    """Raise TranslatedError where a momentum is asked of an optimizer that has its own."""
    if momentum and optimizer != "sgd":
        raise TranslatedError(
            translate("momentum_not_for", momentum=f"{momentum:g}", optimizer=optimizer)
        )
