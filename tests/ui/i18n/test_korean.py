"""The Korean words stand where the English ones do, and read right whatever is filled in."""

import re
from string import Formatter
from unicodedata import east_asian_width

import pytest

from mnist_demo.ui.i18n.english import TEXTS as ENGLISH
from mnist_demo.ui.i18n.korean import TEXTS as KOREAN

# Signs and numbers alone, or what the optimizers are called everywhere.
WORDLESS = {
    *("tile_both_right", "tile_both_wrong"),
    *("digit_named", "digit_named_8"),
    "stage_answer",
    "optimizer_sgd",
    "optimizer_adam",
    "optimizer_adamw",
    "lesson_done",
    "change_setting",
    "explanation_value",
    "tile_right",
    "tile_wrong",
    "tile_right_detail",
}
# Particles that have another form after a vowel than after a consonant.
PARTICLES = "은는이가을를와과"
ENDING_BY_SOUND = re.compile(
    rf"\{{(?P<field>[^{{}}]+)\}}[*”’]*(?:[{PARTICLES}](?![가-힣])|으?로(?![가-힣])|이?라고|이?에요|예요)"
)


def _fields(text: str) -> list[tuple[str | None, str | None, str | None]]:
    return sorted(field for _, *field in Formatter().parse(text) if field[0])  # type: ignore[misc]


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def test_it_has_the_same_words_in_the_same_order() -> None:
    assert list(KOREAN) == list(ENGLISH)


def test_a_text_holds_what_the_english_one_does(subtests: pytest.Subtests) -> None:
    for key in ENGLISH:
        with subtests.test(key=key):
            english, korean = ENGLISH[key], KOREAN[key]
            assert _fields(korean) == _fields(english)
            for mark in ("\n", "**", "|"):
                assert korean.count(mark) == english.count(mark), mark
            for ending in (".", "…", ":"):
                assert korean.endswith(ending) == english.endswith(ending), ending
            assert korean == korean.strip()


def test_no_text_is_missing() -> None:
    assert KOREAN.keys() == ENGLISH.keys()


def test_nothing_is_left_in_english() -> None:
    assert {key for key, text in KOREAN.items() if not re.search("[가-힣]", text)} == WORDLESS


def test_no_text_takes_much_more_room_than_the_english_one() -> None:
    """But the one that leads in to a reason in English, which itself needs no such thing."""
    wide = {key for key, text in KOREAN.items() if _width(text) > 1.4 * _width(ENGLISH[key]) + 8}
    assert wide == {"other_reason"}


def test_no_particle_depends_on_what_is_filled_in() -> None:
    """But after a per cent sign, which is always read as a word that ends in a vowel.

    A field in brackets is none of it: there the word before the bracket decides.
    """
    found = {
        key: match["field"]
        for key, text in KOREAN.items()
        if (match := ENDING_BY_SOUND.search(text))
    }
    assert all(field.endswith("%") for field in found.values()), found


def test_bold_ends_where_markdown_sees_it() -> None:
    """Not between a bracket or a full stop and a letter: those asterisks would be shown."""
    for key, text in KOREAN.items():
        assert not re.search(r"[^\w\s}]\*\*\w", text), key
