import html
import re

from mnist_demo.ui.components.notice import plain
from mnist_demo.ui.errors import as_html, error_sentence, user_error
from mnist_demo.ui.i18n.translate import MOST, translate

HOSTILE = "<img src=x onerror=alert(1)> <a href='javascript:b'>c</a> &lt; **d**"


def test_a_refusal_shows_its_text_and_leaves_no_traceback() -> None:
    error = user_error(ValueError(HOSTILE))
    assert "<" not in error.message
    assert html.unescape(error.message) == f"{HOSTILE}."
    assert not error.print_exception
    assert user_error(translate("train_nothing")).message == translate("train_nothing")["en"]


def test_people_read_quotes_as_quotes() -> None:
    assert as_html("there is no model 'x'") == "there is no model 'x'"


def test_what_is_long_is_cut() -> None:
    long = ValueError("x" * 10**6)
    assert len(user_error(long).message) < MOST + 10
    assert all(len(text) < MOST + 30 for text in error_sentence(long).values())


def test_a_name_holds_nothing_that_makes_it_bold() -> None:
    for name in ("**a**", "***", "a*b", "*****"):
        assert "**" not in plain(name)
        assert re.sub("\u2060", "", plain(name)) == name
