"""What stands in the page itself, and runs before Gradio's scripts, or where these cannot."""

import re

import httpx
import pytest

from mnist_demo.ui.components.custom_html import read_text
from mnist_demo.ui.gradio_internals import CONFIG_SCRIPT
from mnist_demo.ui.i18n.translate import LANGUAGES
from mnist_demo.ui.serving.early_scripts import EARLY_SCRIPTS
from tests.ui.serving.conftest import Served

NEWER = re.compile(r"=>|`|\?\?|\?\.|\.\.\.|\b(let|const|class|async|await)\b")


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_they_come_first_and_the_page_is_whole(served: Served, encoding: str) -> None:
    page = httpx.get(served.url, headers={"accept-encoding": encoding})
    before, after = page.content.split(CONFIG_SCRIPT)
    for name in EARLY_SCRIPTS:
        script = read_text(name).encode()
        assert before.count(script) == 1
        assert script not in after
    assert after.rstrip().endswith(b"</html>")


def test_the_one_for_old_browsers_is_old_itself() -> None:
    text = re.sub(r"//.*|'[^']*'", "", read_text("serving/old_browser.js"))
    assert NEWER.search(text) is None


def test_it_speaks_each_language(served: Served) -> None:
    words = re.search(r"oldBrowserWords = ({.*?});", httpx.get(served.url).text)
    assert words is not None
    for language in LANGUAGES:
        assert f'"{language}": ' in words.group(1)
