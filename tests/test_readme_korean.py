"""The Korean README says what README.md says: the same parts, figures, commands and links."""

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from benchmarks.readmes import MARKS, SENTENCES, summarize_ours
from mnist_demo import RECIPES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ENGLISH = README.split("---\n", 2)[2].lstrip()  # without what is for Hugging Face Spaces alone
KOREAN = (ROOT / "README.ko.md").read_text(encoding="utf-8")
LANGUAGE = {"README.md", "README.ko.md"}
HEADING = re.compile(r"^(#+) ", re.MULTILINE)
FENCED = re.compile(r"^```\w*\n.*?^```$", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"^ {4}\S.*$", re.MULTILINE)


def _prose(text: str) -> str:
    return FENCED.sub("", text)


def _headings(text: str) -> list[str]:
    """Their levels, such as "##"."""
    return HEADING.findall(_prose(text))


def _parts(text: str) -> list[str]:
    """What stands under each heading, with the heading."""
    return re.split(r"^(?=#+ )", _prose(text), flags=re.MULTILINE)[1:]


def _numbers(text: str) -> list[str]:
    told = re.sub(r"\]\([^)]+\)", "]", text)  # the links are compared below
    return sorted(re.findall(r"\d+(?:[.,]\d+)*", told))


def _code(text: str) -> list[str]:
    """Blocks and commands without their comments; of the tree of files, the names alone."""
    blocks = []
    for block in [*FENCED.findall(text), *INDENTED.findall(_prose(text))]:
        if block.startswith("```\n"):
            block = re.sub(r"(?<=\S) {2,}\S.*", "", block)
        blocks.append(re.sub(r" +# .*", "", block))
    return blocks


def _targets(text: str) -> list[str]:
    found = re.findall(r"\]\(([^)]+)\)", text)
    return [target for target in found if target not in LANGUAGE]


def _ask(target: str) -> tuple[str, dict[str, str]]:
    """A link and its parameters, but for the words of its question, which are the reader's own."""
    address = urlsplit(target)
    parameters = dict(parse_qsl(address.query, strict_parsing=bool(address.query)))
    if "question" in parameters:
        parameters["question"] = ""
    return address._replace(query="").geturl(), parameters


def _table(text: str) -> list[str]:
    return text.split("<!-- results")[1].split("\n\n")[0].splitlines()[2:]


def test_each_leads_to_the_other_below_its_title() -> None:
    assert ENGLISH.splitlines()[2] == "[한국어](README.ko.md)"
    assert KOREAN.splitlines()[2] == "[English](README.md)"


def test_the_headings_correspond() -> None:
    assert _headings(KOREAN) == _headings(ENGLISH)


def test_each_part_holds_the_same_numbers() -> None:
    for english, korean in zip(_parts(ENGLISH), _parts(KOREAN), strict=True):
        assert _numbers(korean) == _numbers(english), english.splitlines()[0]


def test_each_part_has_as_many_points_rows_and_notices() -> None:
    for english, korean in zip(_parts(ENGLISH), _parts(KOREAN), strict=True):
        for start in ("- ", "|", "<!--", ">"):
            count = [
                sum(line.startswith(start) for line in part.splitlines())
                for part in (english, korean)
            ]
            assert count[0] == count[1], (english.splitlines()[0], start)


def test_our_own_figures_are_what_was_measured() -> None:
    assert f"{MARKS[0]}\n{summarize_ours('README.ko.md')}\n{MARKS[1]}" in KOREAN


def test_the_sentences_on_them_hold_the_same_figures() -> None:
    fields = [
        {report: sorted(re.findall(r"\{[^}]+\}", text)) for report, text in sentences.items()}
        for sentences in SENTENCES.values()
    ]
    assert fields[0] == fields[1]


def test_the_results_table_is_that_of_the_other() -> None:
    english, korean = _table(ENGLISH), _table(KOREAN)
    rows = [row.replace(" and ", ", ").replace("epoch", "에포크") for row in english]
    assert korean == rows


def test_the_code_is_the_same() -> None:
    assert len(_code(ENGLISH)) > 8
    assert _code(KOREAN) == _code(ENGLISH)


def test_the_links_are_the_same() -> None:
    assert list(map(_ask, _targets(KOREAN))) == list(map(_ask, _targets(ENGLISH)))


@pytest.mark.parametrize("text", [ENGLISH, KOREAN], ids=["English", "Korean"])
def test_what_is_linked_to_is_there(text: str) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", text):
        if "://" not in target:
            assert (ROOT / target.split("#")[0]).exists(), target


@pytest.mark.parametrize("text", [ENGLISH, KOREAN], ids=["English", "Korean"])
def test_the_tutorials_are_named_by_their_own_titles(text: str) -> None:
    words = " ".join(text.split())
    for recipe in RECIPES.values():
        for title in re.findall(r'"[^"]+"', recipe.source):
            assert title in words


def test_bold_ends_where_markdown_sees_it() -> None:
    """Not between a per cent sign or a bracket and a letter: the asterisks would be shown."""
    assert not re.search(r"\*\*[^*\n]*[^\w\s*]\*\*\w", KOREAN)
