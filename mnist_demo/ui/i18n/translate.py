"""Every word on the page, in one place; a file for each language.

Such a file has the language's CODE, as browsers send it and without a country, its NAME, as its
speakers write it, and its TEXTS, of which some may be missing: those are shown in English.

What the page shows travels in all languages, and the browser shows one of them: so another one can
be chosen at any time, without the server, and nothing on the page is lost.
"""

from collections.abc import Iterable, Mapping

from mnist_demo.ui.i18n import english, korean
from mnist_demo.ui.i18n.preferred_language import asked_language

MOST = 400  # characters of what is told

FILES = (english, korean)  # the first: for a visitor who speaks none of them
NAMES: dict[str, str] = {file.CODE: file.NAME for file in FILES}
LANGUAGES: dict[str, dict[str, str]] = {file.CODE: english.TEXTS | file.TEXTS for file in FILES}

Translations = Mapping[str, str]  # a text, by language


class TranslatedError(ValueError):
    """Something that cannot be, for a reason that the page can tell in every language."""

    def __init__(self, words: Translations) -> None:
        super().__init__(words["en"])
        self.words = words


def translate(key: str, **values: object) -> Translations:
    """The words called `key` in every language, with `values`, which may be words, filled in."""
    return {
        language: texts[key].format(
            **{name: _in(value, language) for name, value in values.items()}
        )
        for language, texts in LANGUAGES.items()
    }


def translate_for_visitor(key: str, **values: object) -> str:
    """The words called `key` in the language of the visitor who asks, else in English."""
    return pick_language(translate(key, **values))


def pick_language(words: Translations | str) -> str:
    """Words in the language of the visitor who asks, else in English."""
    return str(_in(words, asked_language(tuple(LANGUAGES))))


def join(separator: str, parts: Iterable[Translations | str]) -> Translations:
    """The parts one after another, in every language."""
    parts = list(parts)
    return {
        language: separator.join(str(_in(part, language)) for part in parts)
        for language in LANGUAGES
    }


def reason_of(error: Exception) -> Translations:
    """Why: what the page says of it, else what the package tells developers, in English.

    Cut where it is long: it may quote what a client sent.
    """
    told = isinstance(error, TranslatedError)
    words = error.words if told else translate("other_reason", reason=error)  # type: ignore[attr-defined]
    return {language: shorten(text) for language, text in words.items()}


def shorten(text: str) -> str:
    return text if len(text) <= MOST else f"{text[:MOST]}…"


def _in(value: object, language: str) -> object:
    return value[language] if isinstance(value, Mapping) else value
