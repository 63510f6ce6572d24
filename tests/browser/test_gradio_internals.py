"""What gradio_internals.js and .css know of Gradio's page, against the Gradio that is installed.

Each test is of one part, and where it fails it says which.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import gradio as gr
import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.middleware import Middleware

from mnist_demo.ui.components.custom_html import page_scripts, read_text
from mnist_demo.ui.gradio_internals import SESSION, app_id
from mnist_demo.ui.serving.request_filter import RequestFilter
from tests.serving import free_port
from tests.ui.small_app import relies_on

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Keeps what comes of streams, which can be broken off as a server that dies breaks them off.
BREAK_STREAMS = """<script>
const send = window.fetch.bind(window);
const runs = [];
window.stream = ''; // the client leaves it at its end, so that it cannot be read as a whole
async function keep(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let part; !(part = await reader.read()).done;) window.stream += part.value;
  } catch {}
}
window.fetch = async (input, init) => {
  const url = String(input.url ?? input);
  if (window.broken && gradioInternals.isStream(url)) {
    return new Response(gradioInternals.endOfStream(runs.splice(0)));
  }
  const answer = await send(input, init);
  if (gradioInternals.isStream(url)) keep(answer.clone().body);
  if (gradioInternals.isJoin(url)) runs.push((await answer.clone().json()).event_id);
  return answer;
};
</script>"""
# What is marked with how far the events are, in window.marked from the next one on.
WATCH_PROGRESS = """async () => {
  window.marked = null;
  const names = performance.getEntriesByType('resource').map(({ name }) => name);
  const script = await import(names.find((name) => name.includes('/assets/statustracker-')));
  const status = Object.values(script).find((one) => one?.prototype?.resolve_args).prototype;
  const { update } = status;
  status.update = function watched(event) {
    update.call(this, event);
    window.marked = { ...this.current };
  };
}"""
KINDS = ("isJoin", "isStream", "isHeartbeat")


async def _count(ends: bool, _: Any) -> AsyncIterator[str]:
    for at in range(2 if ends else 10_000):
        yield f"at {at}"
        await asyncio.sleep(0.05)


@pytest.fixture(scope="module")
def blocks() -> Iterator[gr.Blocks]:
    with gr.Blocks(analytics_enabled=False) as blocks:
        gr.HTML("<p>Held</p>", elem_id="held", elem_classes="flush", padding=True)
        ends = gr.Checkbox(True, label="Ends")
        shown, after = gr.Textbox(label="Shown"), gr.Textbox(label="After")
        gr.Accordion("Folded", open=False, elem_classes="fold")
        gr.Dropdown(["one"], label="Chosen", interactive=True)
        known = gr.State(0)  # with a state in it, a page tells by its heartbeat that it is open
        run = gr.Button("Go").click(_count, [ends, known], shown, concurrency_limit=None)
        quiet: Any = {"queue": False, "show_progress": "hidden"}
        gr.Button("Quietly").click(lambda held: held, after, after, **quiet)
        # The page calls by the name of predict what is not in the queue, whatever it is called.
        run.then(lambda: "done", None, after, queue=False, api_name="predict")
    blocks.launch(
        prevent_thread_lock=True,
        server_port=free_port(),
        quiet=True,
        ssr_mode=False,
        head=page_scripts("gradio_internals.js") + BREAK_STREAMS,
        css=read_text("gradio_internals.css"),
        i18n=gr.I18n(en={}, ko={}),
        app_kwargs={"middleware": [Middleware(RequestFilter)]},
    )
    yield blocks
    blocks.close()


@pytest.fixture
def asked() -> list[str]:
    """What the page has asked its server for."""
    return []


@pytest.fixture
def page(chromium: Browser, blocks: gr.Blocks, asked: list[str]) -> Iterator[Page]:
    page = chromium.new_page(locale="en-US")
    page.on("request", lambda request: asked.append(request.url))
    page.goto(str(blocks.local_url))
    page.get_by_role("button", name="Go", exact=True).wait_for()
    yield page
    page.close()


def _know(page: Page, name: str, *given: Any) -> Any:
    """What a function of gradio_internals.js tells."""
    return page.evaluate(f"gradioInternals.{name}(...{json.dumps(given)})")


def _go(page: Page) -> None:
    page.get_by_role("button", name="Go", exact=True).click()


@relies_on("gradio_config.root")
def test_base_path(page: Page) -> None:
    assert page.evaluate("window.gradio_config.root + '/'") == page.url
    assert _know(page, "basePath") == ""
    page.evaluate("window.gradio_config.root += '/below/it/'")
    assert _know(page, "basePath") == "/below/it"


@relies_on("gradio_config.app_id, or the route that tells it")
def test_app_id(page: Page, blocks: gr.Blocks) -> None:
    assert float(_know(page, "appId")) == float(app_id(blocks))
    answer = page.evaluate(f"fetch('{_know(page, 'appIdPath')}').then((answer) => answer.json())")
    assert answer == {"app_id": _know(page, "appId")}


@relies_on("what its page asks its server for: queue/join, queue/data and heartbeat")
def test_the_kinds_of_requests(page: Page, asked: list[str]) -> None:
    _go(page)
    expect(page.get_by_label("After")).to_have_value("done")
    for kind in KINDS:
        found = [url for url in asked if _know(page, kind, url)]
        assert len(found) == 1, kind
        assert _know(page, "isCall", found[0])
        assert not any(_know(page, other, found[0]) for other in KINDS if other != kind)
        if kind == "isHeartbeat":
            assert re.fullmatch(SESSION, _know(page, "sessionOf", found[0]))
            assert any(f"session_hash={_know(page, 'sessionOf', found[0])}" in url for url in asked)
    assert not _know(page, "isCall", page.url)


@relies_on("the messages of queue/data: close_stream")
def test_the_end_of_a_stream(page: Page) -> None:
    _go(page)
    expect(page.get_by_label("After")).to_have_value("done")
    messages = page.evaluate("window.stream").strip().split("\n\n")
    assert [_know(page, "hasEnded", each) for each in messages] == [
        *[False] * (len(messages) - 1),
        True,
    ]
    assert not any(_know(page, "isFromAnother", each) for each in messages)


@relies_on("the messages of queue/data: session_not_found")
def test_the_stream_of_a_server_that_does_not_know_the_page(page: Page) -> None:
    text = page.evaluate(
        "fetch('gradio_api/queue/data?session_hash=nobody').then((answer) => answer.text())"
    )
    assert _know(page, "isFromAnother", text)


@relies_on("how its client ends the runs of a stream")
def test_a_run_is_ended_quietly_and_what_follows_it_begins(page: Page) -> None:
    page.evaluate("window.broken = true")
    page.get_by_label("Ends").uncheck()
    _go(page)
    expect(page.get_by_label("After")).to_have_value("done")
    expect(page.locator(".toast-body")).to_have_count(0)
    page.evaluate("window.broken = false")
    page.get_by_label("Ends").check()
    _go(page)  # the client takes input as before
    expect(page.get_by_label("Shown")).to_have_value("at 1")


@relies_on("the store of its page's language, in assets/runtime-*.js")
def test_set_language(page: Page) -> None:
    footer = page.locator("footer")
    expect(footer).to_contain_text("Settings")
    for language, words in (("ko", "설정"), ("en", "Settings")):
        page.evaluate(f"gradioInternals.setLanguage('{language}')")
        expect(footer).to_contain_text(words)
        expect(page.locator("html")).to_have_attribute("lang", language)


@pytest.mark.parametrize("spared", [False, True])
@relies_on("how its page marks progress, in assets/statustracker-*.js")
def test_spare_hidden_progress(page: Page, spared: bool) -> None:
    page.evaluate(WATCH_PROGRESS)
    if spared:
        page.evaluate("gradioInternals.spareHiddenProgress()")
    with page.expect_response("**/gradio_api/run/*"):
        page.get_by_role("button", name="Quietly", exact=True).click()
    page.wait_for_timeout(200)
    assert page.evaluate("window.marked") is not None
    assert (page.evaluate("window.marked") == {}) == spared
    _go(page)
    expect(page.get_by_label("After")).to_have_value("done")
    assert page.evaluate("window.marked")  # what is shown still is


@relies_on("its accordion: a button, with the title and the arrow as spans, and what it holds")
def test_the_title_of_a_fold(page: Page) -> None:
    button = page.locator(".fold > button")
    expect(button.locator("span").first).to_have_text("Folded")
    expect(button.locator("span").last).to_have_css("display", "none")  # its arrow
    button.click()
    expect(button).to_have_class(re.compile(r"\bopen\b"))
    expect(page.locator(".fold > button + div")).to_have_css("padding", "4px 16px 16px")
    button.click()


@relies_on("the role of the field of its dropdown, or where its arrow is")
def test_the_arrow_of_a_dropdown(page: Page) -> None:
    field, arrow = page.get_by_role("combobox"), page.locator(":has(> [role=combobox]) svg")
    expect(field).to_have_css("padding-right", "32px")
    one, other = field.bounding_box(), arrow.bounding_box()
    assert one is not None
    assert other is not None
    assert one["x"] + one["width"] - 32 <= other["x"]


@relies_on("its class names .app or .html-container")
def test_class_names(page: Page) -> None:
    expect(page.locator(".gradio-container .app")).to_have_css("max-width", "1184px")
    expect(page.locator(".gradio-container .app #held")).to_have_count(1)
    expect(page.locator("#held.flush .html-container")).to_have_css("padding", "0px")
