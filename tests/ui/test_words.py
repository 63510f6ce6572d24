import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import mnist_demo.ui
from mnist_demo.ui.words import ENGLISH, say

MODULES = {
    str(path): ast.parse(path.read_text(encoding="utf-8"))
    for path in Path(mnist_demo.ui.__file__).parent.rglob("*.py")
}


def _strings(node: ast.AST) -> set[str]:
    return {
        part.value
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }


def _calls(tree: ast.AST) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say"
    ]


def _spoken() -> Iterator[tuple[str, ast.Call]]:
    """The keys that are written in a call of `say`, with the call."""
    for tree in MODULES.values():
        for call in _calls(tree):
            match call.args[0]:
                case ast.Constant(value=str(key)):
                    yield key, call
                case ast.IfExp(body=first, orelse=second):
                    for key in _strings(first) | _strings(second):
                        yield key, call


def _patterns() -> set[str]:
    """The keys that are put together, such as f"{name}_info", as regular expressions."""
    return {
        "".join(
            re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"\w+"
            for part in call.args[0].values
        )
        for tree in MODULES.values()
        for call in _calls(tree)
        if isinstance(call.args[0], ast.JoinedStr)
    }


def _in_variables() -> set[str]:
    """What the keys can be where `say` is called with a variable: any string of that file."""
    return {
        string
        for tree in MODULES.values()
        if any(isinstance(call.args[0], ast.Name) for call in _calls(tree))
        for string in _strings(tree)
    }


def _fields(key: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(ENGLISH[key]) if name}


def test_all_that_is_said_is_in_the_list() -> None:
    keys = {key for key, _ in _spoken()}
    assert len(keys) > 50
    assert keys - ENGLISH.keys() == set()


def test_each_pattern_has_its_keys() -> None:
    assert _patterns()
    for pattern in _patterns():
        assert any(re.fullmatch(pattern, key) for key in ENGLISH), pattern


def test_nothing_in_the_list_is_left_unsaid() -> None:
    written = {key for key, _ in _spoken()} | _in_variables()
    unsaid = ENGLISH.keys() - written
    assert {key for key in unsaid if not any(re.fullmatch(p, key) for p in _patterns())} == set()


def test_each_call_fills_in_the_values_of_its_words() -> None:
    for key, call in _spoken():
        given = {keyword.arg for keyword in call.keywords if keyword.arg}
        if any(keyword.arg is None for keyword in call.keywords):  # **values
            assert given <= _fields(key), key
        else:
            assert given == _fields(key), key


def test_values_are_filled_in() -> None:
    assert say("train_running", epoch=1, epochs=2) == "Training: epoch 1 of 2"


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError, match="epochs"):
        say("train_running", epoch=1)


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError, match="nonsense"):
        say("nonsense")


def test_nothing_is_said_by_nothing() -> None:
    assert [key for key, words in ENGLISH.items() if words != words.strip() or not words] == []
