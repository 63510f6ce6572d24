from urllib.parse import parse_qsl

import pytest

from mnist_demo.ui.i18n.translate import LANGUAGES
from mnist_demo.ui.train.lessons import LESSONS, lesson_address
from mnist_demo.ui.train.links import read_link


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_is_a_link_that_works_from_anywhere(name: str) -> None:
    for language, address in lesson_address(name).items():
        assert address.startswith("?tab=train&")
        parameters = dict(parse_qsl(address[1:], strict_parsing=True))
        link = read_link(parameters)
        assert not link.errors
        assert link.parameters.items() <= LESSONS[name].items()
        assert link.question == LANGUAGES[language][f"lesson_{name}_question"]


def test_the_set_ups_of_a_lesson_differ() -> None:
    for parameters in LESSONS.values():
        set_ups = read_link(parameters).set_ups
        assert len({repr(each.recipe) for each in set_ups}) == len(set_ups)
