"""What gradio_internals.py knows of Gradio, against the Gradio that is installed.

Each test is of one part, and where it fails it says which.
"""

import asyncio
import inspect
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import gradio as gr
import pytest
from fastapi import FastAPI
from gradio import processing_utils, route_utils
from gradio.cli.commands.reload import reload_thread
from gradio.context import LocalContext
from gradio_client import utils as client_utils  # type: ignore[import-untyped]
from starlette.routing import Match, Mount

from mnist_demo.ui import gradio_internals as internals
from tests.ui.small_app import SESSION, Probe, SmallApp, relies_on, wait_for

FILE = {"path": "a.png", "meta": {"_type": "gradio.FileData"}}


def test_the_part_that_has_changed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(gr.Blocks, "fns")
    told = pytest.raises(pytest.fail.Exception, match=r"has changed Blocks\.fns.*'fns'")
    with told, relies_on("Blocks.fns"):
        internals.find_function(gr.Blocks(), 0)


@pytest.fixture(scope="module")
def app() -> Iterator[SmallApp]:
    app = SmallApp()
    yield app
    app.http.close()
    app.blocks.close()


@relies_on("LocalContext.request, of context.py")
def test_current_request(app: SmallApp) -> None:
    assert internals.current_request() is None
    app.run("see", "a")
    assert app.requests[-1].headers["x-test"] == "see"
    assert app.requests[-1].session_hash == SESSION


@relies_on("LocalContext.request in the queue")
def test_current_request_in_the_queue(app: SmallApp) -> None:
    app.messages("both", None, "text")
    assert app.requests[-1].session_hash == SESSION


@relies_on("App.get_blocks, of routes.py")
def test_app_blocks(app: SmallApp) -> None:
    app.http.get("config")
    assert internals.app_blocks(Probe.scope) is app.blocks


@relies_on("Blocks.app_id, of blocks.py")
def test_app_id(app: SmallApp) -> None:
    assert app.http.get("gradio_api/app_id").json() == {"app_id": internals.app_id(app.blocks)}


@relies_on("Blocks.blocks")
def test_components(app: SmallApp) -> None:
    found = internals.components(app.blocks)
    assert found.index(app.choice) < found.index(app.text)


@relies_on("Blocks.fns")
def test_find_function(app: SmallApp) -> None:
    for each in app.http.get("config").json()["dependencies"]:
        function = internals.find_function(app.blocks, each["id"])
        assert function is not None
        assert function.api_name == each["api_name"]
    assert internals.find_function(app.blocks, 1000) is None


@relies_on("BlockFunction.api_name or .api_visibility, of block_function.py")
def test_find_endpoint(app: SmallApp) -> None:
    function = internals.find_function(app.blocks, app.numbers["see"])
    assert internals.find_endpoint(app.blocks, "see") is function
    private = internals.find_function(app.blocks, app.numbers["refuse"])
    assert private is not None
    assert internals.find_endpoint(app.blocks, str(private.api_name)) is None


@relies_on("App.api_info or Blocks.get_api_info")
def test_endpoint_parameters(app: SmallApp) -> None:
    parameters = internals.endpoint_parameters({"app": app.server}, "both")
    assert len(parameters) == 1  # the state is none
    body = dict.fromkeys(parameters, "text")
    assert app.http.post("gradio_api/call/v2/both", json=body).status_code == 200


@relies_on("BlockFunction.inputs or Component.skip_api")
def test_match_inputs(app: SmallApp) -> None:
    function = internals.find_endpoint(app.blocks, "both")
    assert function is not None
    assert internals.match_inputs(function, 2) == [app.state, app.text]
    assert internals.match_inputs(function, 1) == [app.text]
    (event,) = app.http.post("gradio_api/call/both", json={"data": ["text"]}).json().values()
    assert '["0 text"]' in app.http.get(f"gradio_api/call/both/{event}").text


@relies_on("what it takes for a file: gradio_client.utils.is_file_obj_with_meta")
def test_find_files() -> None:
    assert client_utils.is_file_obj_with_meta(FILE)
    for name in FILE:
        other = {key: value for key, value in FILE.items() if key != name}
        assert not client_utils.is_file_obj_with_meta(other)
    assert list(internals.find_files([{"a": [FILE]}])) == [FILE]
    looked_for = inspect.getsource(processing_utils.async_move_files_to_cache)
    assert re.search(r"_traverse\(\s*data, \w+, client_utils\.is_file_obj_with_meta", looked_for)


@relies_on("what it fetches: gradio_client.utils.is_http_url_like")
@pytest.mark.parametrize("path", ["http://a", "https://a", "ftp://a", "file:///a", "a.png", "/a"])
def test_is_address(path: str) -> None:
    assert internals.is_address(path) >= client_utils.is_http_url_like(path)
    assert internals.is_address(path) == (":" in path)


@relies_on("what it answers to a gr.Error: error_payload, of utils.py")
def test_is_refusal(app: SmallApp) -> None:
    for name, refused in (("refuse", True), ("fail", False)):
        answer = app.run(name)
        assert answer.status_code == 500
        assert internals.is_refusal(answer.content) is refused


@relies_on("StateHolder.session_data or .time_last_used, of state_holder.py")
def test_used_sessions(app: SmallApp) -> None:
    app.run("see", "a")
    hour = timedelta(hours=1)
    assert SESSION in internals.used_sessions(app.blocks, datetime.now() - hour)
    assert internals.used_sessions(app.blocks, datetime.now() + hour) == set()


@relies_on("SessionState.is_closed, or what the end of a heartbeat does")
def test_a_session_is_closed_and_opened_again(app: SmallApp) -> None:
    app.run("see", "a")
    session = app.blocks.state_holder.session_data[SESSION]
    path = internals.heartbeat_path(SESSION)
    assert re.fullmatch(internals.HEARTBEAT, path)
    with app.http.stream("GET", path) as stream:
        next(stream.iter_lines())
    wait_for(lambda: session.is_closed)
    internals.reopen_session(app.blocks, SESSION)
    assert not session.is_closed
    internals.reopen_session(app.blocks, "nobody")


@relies_on("how it makes room for a session: StateHolder.update")
def test_protected_sessions_go_last(app: SmallApp) -> None:
    with gr.Blocks(analytics_enabled=False) as blocks:
        gr.State(0)
    holder, protected = blocks.state_holder, {"a", "c"}
    internals.protect_sessions({"app": blocks.app}, lambda: protected)
    assert blocks.app.state_holder is holder
    holder.capacity = 3
    for name, left in (("a", "a"), ("b", "ab"), ("c", "abc"), ("d", "acd"), ("e", "ace")):
        assert holder[name] is holder.session_data[name]
        assert "".join(holder.session_data) == left
    protected |= {"e", "f"}
    assert holder["f"] is holder.session_data["f"]
    assert "".join(holder.session_data) == "cef"  # the oldest, where all are


@relies_on("Queue.event_ids_to_events or Event.session_hash, of queueing.py")
def test_stream_session(app: SmallApp) -> None:
    def find(path: str, query: bytes = b"") -> str | None:
        return internals.stream_session(app.blocks, path, query)

    assert find("/gradio_api/queue/data", b"session_hash=a-name") == "a-name"
    assert find("/gradio_api/queue/data") is None
    assert find("/config") is None
    assert find("/gradio_api/call/run/nothing") is None
    function = internals.find_function(app.blocks, app.numbers["run"])
    assert function is not None
    for body, named in (({"session_hash": "me"}, "me"), ({}, None)):
        call = f"gradio_api/call/{function.api_name}"
        (event,) = app.http.post(call, json={"data": [None], **body}).json().values()
        assert find(f"/{call}/{event}") == (named or event)
        with app.http.stream("GET", f"{call}/{event}") as stream:
            next(stream.iter_lines())


@relies_on("Blocks.custom_mount_path, which gr.mount_gradio_app sets")
def test_a_mount_is_refused() -> None:
    class Refusing(internals.OwnBlocks):
        def mount_error(self, path: str) -> Exception:
            return LookupError(path)

    with Refusing(analytics_enabled=False) as blocks:
        gr.Button()
    with pytest.raises(LookupError, match="/here"):
        gr.mount_gradio_app(FastAPI(), blocks, path="/here")


@relies_on("StateHolder.session_data, or how a SessionState is read and written")
def test_read_states(app: SmallApp) -> None:
    app.run("both", "")
    states = {"own": app.state}
    set_local = LocalContext.blocks.set(app.blocks)
    try:
        assert internals.read_states(SESSION, states) == {"own": 0}
        internals.clear_state(SESSION, app.state)
        assert internals.read_states(SESSION, states) == {"own": None}
        for nobody in ("nobody", "", None, [SESSION]):
            assert internals.read_states(nobody, states) is None
            internals.clear_state(nobody, app.state)
    finally:
        LocalContext.blocks.reset(set_local)
    assert "nobody" not in app.blocks.state_holder.session_data


@relies_on("templates/frontend/index.html: its settings come first, its client is a module")
def test_config_script(app: SmallApp) -> None:
    page = app.http.get("/").content
    assert page.count(internals.CONFIG_SCRIPT) == 1
    assert b"<script" not in page[: page.index(internals.CONFIG_SCRIPT)]
    for script in re.findall(rb"<script[^>]* src=[^>]*>", page):
        assert b'type="module"' in script


@relies_on("Blocks.preprocess_data, which it no longer calls")
def test_input_error(app: SmallApp) -> None:
    assert app.run("see", "a").json()["data"] == ["a"]
    assert app.run("see", "neither").json()["error"] == "Told: Error"
    assert app.run("own", "neither").json()["error"] == "Told: Error"
    assert app.run("see", {"a": 1}).json()["error"].startswith("Told: ")


@relies_on("Blocks.postprocess_data, which makes what a page is sent of an update")
def test_what_is_skipped_keeps_what_it_was_made_with() -> None:
    with internals.OwnBlocks(analytics_enabled=False) as blocks:
        shown, others = gr.HTML("a", words="some"), (gr.HTML(words="b"), gr.Textbox())
        event = gr.Button().click(print, None, [shown, *others])
    function = internals.find_function(blocks, event["id"])
    assert function is not None
    sent = asyncio.run(blocks.postprocess_data(function, [gr.skip() for _ in range(3)], None))
    assert sent == [gr.skip()] * 3


@relies_on("SessionState.config_values")
def test_no_value_is_kept(app: SmallApp) -> None:
    app.run("see", "b")
    known = app.blocks.state_holder.session_data[SESSION].config_values[app.choice._id]
    assert known is not None
    assert known["props"]["value"] is None


@relies_on("Blocks.server_name or .server_port")
def test_server_address(app: SmallApp) -> None:
    host, port = internals.server_address(app.blocks)
    assert app.url == f"http://{host}:{port}/"


@relies_on("what a launch returns where `gradio app.py` has launched before")
def test_a_launch_within_a_reload_returns_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reload_thread, "running_reload", True, raising=False)
    with gr.Blocks(analytics_enabled=False) as blocks:
        gr.Button()
    assert blocks.launch(prevent_thread_lock=True) == (None, None, None)


ADDRESSES = {
    internals.READ: [
        *("/", "/config", "/monitoring/summary", "/theme.css", "/favicon.ico", "/manifest.json"),
        *("/robots.txt", "/pwa_icon", "/pwa_icon/192", "/static/a.js", "/assets/a.js", "/svelte/a"),
        *(f"/gradio_api/{name}" for name in ("info", "openapi.json", "app_id", "startup-events")),
        *(f"/gradio_api/{name}" for name in ("theme.css", "queue/data", "queue/status")),
        *(f"/gradio_api/{name}" for name in ("heartbeat/a1", "call/see/a1", "call/v2/see/a1")),
    ],
    internals.CALL: [
        f"/gradio_api/{name}" for name in ("queue/join", "run/see", "call/see", "call/v2/see")
    ],
    internals.CANCEL: ["/gradio_api/cancel", "/gradio_api/reset"],
    internals.UPLOAD: ["/gradio_api/upload"],
}


def test_addresses(app: SmallApp, subtests: pytest.Subtests) -> None:
    for pattern, path in [(pattern, each) for pattern, all_ in ADDRESSES.items() for each in all_]:
        with subtests.test(pattern=pattern, path=path):
            assert re.fullmatch(pattern, path)
            method = "GET" if pattern == internals.READ else "POST"
            scope = {"type": "http", "method": method, "path": path, "headers": []}
            with relies_on(f"its route {path}"):
                matches = [
                    each.matches(scope)[0]
                    for each in app.server.routes
                    if not isinstance(each, Mount)
                ]
                assert Match.FULL in matches


@relies_on("the names of the page's files")
def test_hashed_file(app: SmallApp) -> None:
    page = app.http.get("/").text
    files = re.findall(r'(?:src|href)="\.?(/assets/[^"]+\.(?:js|css))"', page)
    assert files
    for path in files:
        assert re.fullmatch(internals.HASHED_FILE, path)
        assert re.fullmatch(internals.FILE, path)


@relies_on("get_request_origin, of route_utils.py")
def test_origin_headers() -> None:
    source = inspect.getsource(route_utils.get_request_origin)
    read = set(re.findall(r'get_first_header_value\(request, "([\w-]+)"\)', source))
    assert {name.encode() for name in read} | {b"host"} == set(internals.ORIGIN_HEADERS)


@relies_on("what becomes of an update: postprocess_update_dict, of blocks.py")
def test_an_update_serves_once(app: SmallApp) -> None:
    """So that handlers make one for each output."""
    first, second = app.run("twice").json()["data"]
    assert first["value"] == "said"
    assert "value" not in second


@relies_on("what `cancels` does")
def test_cancels_closes_the_generator_and_what_follows_runs(app: SmallApp) -> None:
    """What was yielded to a state by then is kept, which `then` is handed."""
    closed = app.closed
    (event, *_) = app.messages("run", None, until="process_generating")
    body = {"session_hash": SESSION, "fn_index": app.numbers["run"], **event}
    assert app.http.post("gradio_api/cancel", json=body).json() == {"success": True}
    wait_for(lambda: app.closed == closed + 1)
    assert re.match(r"\(\d+,\)", app.run("after", None).json()["data"][0])
