import html
import re

from mnist_demo.ui.note import plain
from mnist_demo.ui.refuse import as_html, refuse, sentence
from mnist_demo.ui.words import MOST, tell

HOSTILE = "<img src=x onerror=alert(1)> <a href='javascript:b'>c</a> &lt; **d**"


def test_a_refusal_shows_its_text_and_leaves_no_traceback() -> None:
    error = refuse(ValueError(HOSTILE))
    assert "<" not in error.message
    assert html.unescape(error.message) == f"{HOSTILE}."
    assert not error.print_exception
    assert refuse(tell("train_nothing")).message == tell("train_nothing")["en"]


def test_people_read_quotes_as_quotes() -> None:
    assert as_html("there is no model 'x'") == "there is no model 'x'"


def test_what_is_long_is_cut() -> None:
    long = ValueError("x" * 10**6)
    assert len(refuse(long).message) < MOST + 10
    assert all(len(text) < MOST + 30 for text in sentence(long).values())


def test_a_name_holds_nothing_that_makes_it_bold() -> None:
    for name in ("**a**", "***", "a*b", "*****"):
        assert "**" not in plain(name)
        assert re.sub("\u2060", "", plain(name)) == name
