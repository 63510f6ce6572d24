import html
import re

import pytest

from mnist_demo.ui.refusals import MOST, as_html, as_markdown, refusal, shorten

HOSTILE = "<img src=x onerror=alert(1)> [a](javascript:b) **c** $$d$$ www.e.org f@g.h h_i_j `k` \\"


def test_a_refusal_shows_its_text_and_leaves_no_traceback() -> None:
    error = refusal(ValueError(HOSTILE))
    assert "<" not in error.message
    assert html.unescape(error.message) == HOSTILE
    assert not error.print_exception


def test_people_read_quotes_as_quotes() -> None:
    assert as_html("there is no model 'x'") == "there is no model 'x'"


def test_no_sign_of_markdown_is_left_alone() -> None:
    escaped = as_markdown(HOSTILE)
    assert re.sub(r"\\(.)", r"\1", escaped) == HOSTILE
    assert not re.search(r"(?<!\\)(\\\\)*[<>\[\]*$_`@]", escaped)


@pytest.mark.parametrize("show", [shorten, as_html])
def test_what_is_long_is_cut(show: object) -> None:
    assert callable(show)
    assert show("x" * 10**6) == "x" * MOST + "…"
    assert show("x" * MOST) == "x" * MOST
