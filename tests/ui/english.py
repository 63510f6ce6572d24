"""What an English visitor sees of what the page is sent."""

from typing import Any

from mnist_demo.ui.i18n.translate import LANGUAGES


def english(shown: Any) -> Any:
    """The value with all words in it, which come in every language, in English alone."""
    match shown:
        case dict() if shown.keys() == LANGUAGES.keys():
            return shown["en"]
        case dict():
            return {name: english(part) for name, part in shown.items()}
        case list():
            return [english(part) for part in shown]
        case tuple():
            return tuple(english(part) for part in shown)
        case _:
            return shown
