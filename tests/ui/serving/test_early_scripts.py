"""What stands in the page itself, before Gradio's scripts: for browsers that cannot run these."""

import re

import httpx
import pytest

from mnist_demo.ui.components.custom_html import read_text
from mnist_demo.ui.i18n.translate import LANGUAGES
from tests.ui.serving.conftest import Served

NEWER = re.compile(r"=>|`|\?\?|\?\.|\.\.\.|\b(let|const|class|async|await)\b")


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_they_come_first_and_the_page_is_whole(served: Served, encoding: str) -> None:
    page = httpx.get(served.url, headers={"accept-encoding": encoding})
    names = ("serving/old_browser.js", "gradio_internals.js", "serving/reconnect.js")
    scripts = ["oldBrowserWords = {", *map(read_text, (*names, "train/leaving.js"))]
    own = [page.text.index(script) for script in scripts]
    assert own == sorted(own)
    assert own[-1] < page.text.index("window.gradio_config =")  # Gradio's client is a module: later
    assert all(page.text.count(script) == 1 for script in scripts)
    assert page.text.rstrip().endswith("</html>")
    assert page.text.count("<head>") == 1


def test_the_one_for_old_browsers_is_old_itself() -> None:
    text = re.sub(r"//.*|'[^']*'", "", read_text("serving/old_browser.js"))
    assert NEWER.search(text) is None


def test_it_speaks_each_language(served: Served) -> None:
    words = re.search(r"oldBrowserWords = ({.*?});", httpx.get(served.url).text)
    assert words is not None
    for language in LANGUAGES:
        assert f'"{language}": ' in words.group(1)
