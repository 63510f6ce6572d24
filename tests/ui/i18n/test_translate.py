"""Every word is in one place, in every language, and is said somewhere."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

import mnist_demo
from mnist_demo.ui.i18n.labels import collect_labels
from mnist_demo.ui.i18n.numerals import name_digit
from mnist_demo.ui.i18n.translate import (
    FILES,
    LANGUAGES,
    NAMES,
    TranslatedError,
    join,
    reason_of,
    translate,
    translate_for_visitor,
)
from mnist_demo.ui.page import build_app

PACKAGE = Path(mnist_demo.__file__).parent
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in PACKAGE.rglob("*.py")}
LISTS = ("english", "korean")
MACHINERY = ("translate", "labels")  # whose calls take any key
PAGE = [tree for path, tree in TREES.items() if "ui" in path.parts and path.stem not in MACHINERY]
ENGLISH = LANGUAGES["en"]


def _strings(node: ast.AST) -> set[str]:
    return {
        part.value
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }


WRITTEN = {
    string for path, tree in TREES.items() if path.stem not in LISTS for string in _strings(tree)
}
WRITTEN |= {path.parent.name for path in TREES}  # of which panels make the keys of their titles


def _calls(tree: ast.AST) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("translate", "translate_for_visitor")
    ]


def _told() -> Iterator[tuple[str, ast.Call]]:
    """The keys that are written in a call of a translating function, with the call."""
    for tree in PAGE:
        for call in _calls(tree):
            match call.args[0]:
                case ast.Constant(value=str(key)):
                    yield key, call
                case ast.IfExp(body=first, orelse=second):
                    for key in _strings(first) | _strings(second):
                        yield key, call


def _put_together() -> dict[str, set[str]]:
    """The keys that each pattern can be, such as f"{name}_info": each of its fields is a string
    that is written somewhere in the package."""
    found = {}
    for call in (call for tree in PAGE for call in _calls(tree)):
        if isinstance(call.args[0], ast.JoinedStr):
            pattern = "".join(
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"(\w+?)"
                for part in call.args[0].values
            )
            matches = {key: re.fullmatch(pattern, key) for key in ENGLISH}
            found[pattern] = {
                key for key, match in matches.items() if match and {*match.groups()} <= WRITTEN
            }
    return found


def _in_variables() -> set[str]:
    """What the keys can be where `translate` is called with a variable: any string of that file."""
    return {
        string
        for tree in PAGE
        if any(isinstance(call.args[0], ast.Name) for call in _calls(tree))
        for string in _strings(tree)
    }


def _fields(key: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(ENGLISH[key]) if name}


def test_all_that_is_told_is_in_the_list() -> None:
    keys = {key for key, _ in _told()}
    assert len(keys) > 50
    assert keys - ENGLISH.keys() == set()


def test_each_pattern_has_its_keys() -> None:
    assert _put_together()
    assert [pattern for pattern, keys in _put_together().items() if not keys] == []


def test_nothing_in_the_list_is_left_untold() -> None:
    labels = collect_labels(build_app()).translations["en"]
    told = {key for key, _ in _told()} | _in_variables() | {*labels}
    assert ENGLISH.keys() - told.union(*_put_together().values()) == set()


def test_each_call_fills_in_the_values_of_its_words() -> None:
    for key, call in _told():
        given = {keyword.arg for keyword in call.keywords if keyword.arg}
        if any(keyword.arg is None for keyword in call.keywords):  # **values
            assert given <= _fields(key), key
        else:
            assert given == _fields(key), key


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.CODE)
def test_a_language_has_no_words_but_those_of_english_with_the_same_fields(file: Any) -> None:
    assert file.TEXTS.keys() <= ENGLISH.keys()
    for key, words in file.TEXTS.items():
        fields = [field for _, *field in Formatter().parse(words) if field[0]]
        assert sorted(map(str, fields)) == sorted(
            str(field) for _, *field in Formatter().parse(ENGLISH[key]) if field[0]
        )
        assert words
        assert words == words.strip()


def test_each_language_has_a_code_and_a_name_of_its_own() -> None:
    assert all(re.fullmatch("[a-z]{2,3}", code) for code in NAMES)  # as navigator.languages begins
    assert len(NAMES) == len({*NAMES.values()}) == len(FILES)


def test_words_come_in_every_language_with_values_and_words_filled_in() -> None:
    assert translate("train_running", name="mlp", epoch=1, epochs=2) == {
        "en": "Training mlp: epoch 1 of 2",
        "ko": "mlp 학습 중: 에포크 1 / 2",
    }
    told = translate("bad_drawing", reason=translate("bad_picture"))
    assert told["en"].startswith("This cannot be read: the picture cannot")
    assert not re.search("the picture", told["ko"])


def test_it_is_an_eight_but_a_seven() -> None:
    assert translate("prediction_sure", digit=name_digit(8))["en"] == "It reads an 8."
    torn = translate("prediction_unsure", digit=name_digit(7), second=name_digit(8))
    assert torn["en"] == "Not sure: a 7, or an 8."


def test_parts_are_joined_in_every_language() -> None:
    assert join(", ", (translate("draw"), "7")) == {"en": "Draw, 7", "ko": "그리기, 7"}


def test_outside_of_a_request_english_is_spoken() -> None:
    assert (
        translate_for_visitor("train_running", epoch=1, epochs=2, name="mlp")
        == "Training mlp: epoch 1 of 2"
    )


def test_a_refusal_tells_its_reason_and_developers_are_told_in_english() -> None:
    refused = TranslatedError(translate("my_handwriting_full", most=3))
    assert reason_of(refused)["ko"].startswith("숫자를 3개까지")
    assert str(refused) == "there is room for 3 drawings; remove some first"
    other = reason_of(ValueError("it is odd"))
    assert other["en"] == "it is odd"
    assert "it is odd" in other["ko"]


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError, match="epochs"):
        translate("train_running", name="mlp", epoch=1)


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError, match="nonsense"):
        translate("nonsense")
