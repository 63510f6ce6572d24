import httpx
import pytest

from mnist_demo.ui.components.custom_html import read_text
from mnist_demo.ui.gradio_internals import CONFIG_SCRIPT
from tests.ui.serving.conftest import Served


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_the_scripts_of_the_page_run_before_gradios(encoding: str, served: Served) -> None:
    """Else its client has opened a request for as long as the page is there."""
    page = httpx.get(served.url, headers={"accept-encoding": encoding}).content
    before, after = page.split(CONFIG_SCRIPT)
    for name in ("gradio_internals.js", "serving/reconnect.js"):
        script = read_text(name).encode()
        assert before.count(script) == 1
        assert script not in after
