"""A digit in the middle of a sentence."""

from mnist_demo.ui.i18n.translate import Translations, translate


def name_digit(digit: int) -> Translations:
    """With its article, in languages that have one: "a 7", and "an 8"."""
    return translate("digit_named_8" if digit == 8 else "digit_named", digit=digit)
