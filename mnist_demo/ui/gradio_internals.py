"""All that the page knows of Gradio's inside, which its documentation does not promise.

Each was seen in Gradio 6.31.0, in the file named beside it. A test of that name in
tests/ui/test_gradio_internals.py says which of them another version has changed; what the scripts
and the styles know stands in gradio_internals.js and gradio_internals.css.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

import gradio as gr
from gradio.block_function import BlockFunction
from gradio.context import LocalContext
from gradio.state_holder import SessionState
from gradio.utils import get_function_params
from starlette.types import Scope

# routes.py: what the page and `gradio_client` ask for. `queue/data` and `heartbeat` are streams;
# `run`, `call` and `queue/join` call a function, by its name or its number.
SESSION = r"[\w-]{1,64}"  # a client's name: the page takes 11 signs at random, gradio_client a UUID
PAGE = r"/"
FILE = r"/(assets|static)/[^?]+|/theme\.css|/favicon\.ico"  # the same for every visitor
READ = (
    rf"{PAGE}|{FILE}|/config/?|/monitoring/summary|/manifest\.json|/robots\.txt|/pwa_icon(/\d+)?"
    r"|/(static|assets|svelte)/[^?]*"
    r"|/gradio_api/(info/?|openapi\.json|app_id/?|startup-events|theme\.css|queue/(data|status)"
    rf"|heartbeat/{SESSION}|call/(v2/)?\w+/\w+)"
)
HEARTBEAT = rf"/gradio_api/heartbeat/(?P<session>{SESSION})"  # held open as long as the page is
STREAM = r"/gradio_api/(queue/data|call/(v2/)?\w+/(?P<event>\w+))"  # what is told of events
CALL = r"/gradio_api/(queue/join|(?P<way>run|call|call/v2)/(?P<name>\w+)/?)"
CANCEL = r"/gradio_api/(cancel|reset/?)"
UPLOAD = r"/gradio_api/upload"
DEEP_LINK = b"deep_link"  # in the query: somebody else's session, as it was stored

# templates/frontend/index.html: where the page's own scripts begin; its client is a module, and so
# runs when all of them have.
CONFIG_SCRIPT = b"<script>window.gradio_config ="
# templates/frontend/assets: a name with a hash tells its content; another one has another name.
HASHED_FILE = r"/assets/.+-[\w-]{8,}\.\w+"
# route_utils.py, get_request_origin: what the address that is written into the page is made of.
ORIGIN_HEADERS = (b"host", b"x-forwarded-host", b"x-forwarded-proto", b"x-gradio-server")


def current_request() -> gr.Request | None:
    """The request that a handler answers; None outside of one. Only a handler's argument is
    documented, but what says a sentence lies deep below (context.py)."""
    return LocalContext.request.get(None)


def app_blocks(scope: Scope) -> Any:
    """The Blocks that a request is for: `gradio app.py` puts others in their place (routes.py)."""
    return scope["app"].get_blocks()


def app_id(blocks: gr.Blocks) -> int:
    """Another one after each start and each reload (blocks.py)."""
    return blocks.app_id


def components(blocks: gr.Blocks) -> list[Any]:
    """All that the page is made of, in its order (blocks.py)."""
    return list(blocks.blocks.values())


def find_function(blocks: gr.Blocks, number: int) -> BlockFunction | None:
    """The handler that the page calls by this number (blocks.py)."""
    return blocks.fns.get(number)


def find_endpoint(blocks: gr.Blocks, name: str) -> BlockFunction | None:
    """The handler that is public by this name: the first, as Gradio takes it (route_utils.py)."""
    named = next((each for each in blocks.fns.values() if each.api_name == name), None)
    return named if named and named.api_visibility == "public" else None


def endpoint_parameters(scope: Scope, name: str) -> dict[str, bool]:
    """An endpoint's parameters: whether each may be left out. Of this the API page is made, and by
    it Gradio puts the arguments in order that come by their names (routes.py)."""
    info = scope["app"].api_info or app_blocks(scope).get_api_info()
    parameters = info["named_endpoints"][f"/{name}"]["parameters"]
    return {each["parameter_name"]: each["parameter_has_default"] for each in parameters}


def match_inputs(function: BlockFunction, count: int) -> list[Any]:
    """The components that a call's values are for: states may be left out (routes.py,
    prepare_simple_api_data)."""
    inputs = list(function.inputs)
    return inputs if len(inputs) == count else [each for each in inputs if not each.skip_api]


def find_files(value: Any) -> Iterator[dict[str, Any]]:
    """What Gradio could take for a file, however deep in a value: it looks for a path and what it
    calls meta, in every component's (gradio_client.utils.is_file_obj_with_meta)."""
    left = [value]
    while left:
        match left.pop():
            case dict() as each if {"path", "meta"} <= each.keys():
                yield each
            case dict() as each:
                left.extend(each.values())
            case list() as each:
                left.extend(each)


def is_address(path: str) -> bool:
    """Whether Gradio would fetch a file from there (gradio_client.utils.is_http_url_like)."""
    return "://" in path


def is_refusal(body: bytes) -> bool:
    """Whether this is a gr.Error, in an answer with status 500 (utils.py, error_payload)."""
    return b'"error":"' in body[:20]


def heartbeat_path(session: str) -> str:
    """What Gradio's page asks for as long as it is open: HEARTBEAT, for one session."""
    return f"/gradio_api/heartbeat/{session}"


def stream_session(blocks: gr.Blocks, path: str, query: bytes) -> str | None:
    """The session whose messages a request asks for; None where it asks for none. An event that was
    called without a session has one of its own (routes.py, simple_predict_get; queueing.py)."""
    stream = re.fullmatch(STREAM, path)
    if stream is None:
        return None
    if stream["event"]:
        event = blocks._queue.event_ids_to_events.get(stream["event"])
        return event.session_hash if event else None
    return parse_qs(query.decode("latin-1")).get("session_hash", [None])[0]


def used_sessions(blocks: gr.Blocks, since: datetime) -> set[str]:
    """The sessions that are kept and were used since (state_holder.py)."""
    holder = blocks.state_holder
    kept = list(holder.session_data)
    return {name for name in kept if holder.time_last_used.get(name, since) > since}


def reopen_session(blocks: gr.Blocks, session: str) -> None:
    """A page that was taken for closed is there. Gradio never takes that back by itself, and lets
    go of its states after an hour (state_holder.py)."""
    known = blocks.state_holder.session_data.get(session)
    if known is not None:
        known.is_closed = False


def protect_sessions(scope: Scope, protected: Callable[[], set[str]]) -> None:
    """Of the app that a request or its start is for: where there is no room for another session,
    the one that was used longest ago goes, as ever, but those of `protected` after all others.
    `StateHolder.update` makes room by `session_data.popitem(last=False)` (state_holder.py)."""
    holder = scope["app"].state_holder
    if not isinstance(holder.session_data, _SessionData):
        holder.session_data = _SessionData(protected, holder.session_data)


class _SessionData(OrderedDict[str, SessionState]):
    def __init__(
        self, protected: Callable[[], set[str]], others: "OrderedDict[str, SessionState]"
    ) -> None:
        super().__init__(others)
        self._protected = protected

    def popitem(self, last: bool = True) -> tuple[str, SessionState]:
        protected = set() if last else self._protected()
        *older, _ = self  # not the last: the one that needs the room
        name = next((each for each in older if each not in protected), None)
        return super().popitem(last) if name is None else (name, self.pop(name))


def server_address(blocks: gr.Blocks) -> tuple[str, int]:
    """Host and port that a launched app listens on (blocks.py)."""
    return blocks.server_name, blocks.server_port


def session_name() -> str:
    """The handler's visitor's: Gradio's client makes it up when a page is opened (client.ts)."""
    request = current_request()
    return (request and request.session_hash) or ""


def read_states(session: Any, states: Mapping[str, gr.State]) -> dict[str, Any] | None:
    """What states hold in a session of that name, which is open or was within the hour; None where
    there is none (state_holder.py)."""
    found = _find_session(session)
    return None if found is None else {name: found[each._id] for name, each in states.items()}


def clear_state(session: Any, state: gr.State) -> None:
    """Put None into a state of a session of that name, where there is one (state_holder.py)."""
    if found := _find_session(session):
        found[state._id] = None


def _find_session(session: Any) -> SessionState | None:
    blocks = LocalContext.blocks.get(None)
    if blocks is None or not isinstance(session, str):
        return None
    return blocks.state_holder.session_data.get(session)


class OwnBlocks(gr.Blocks):
    """Blocks that choose what is said where a value is none of its component, and whose gr.HTML
    keeps what it was made with (blocks.py).

    No check stands here: if Gradio ceases to call this, it refuses such a value all the same.
    """

    @property
    def custom_mount_path(self) -> str | None:
        """None: `gr.mount_gradio_app` says here where it puts the blocks (routes.py)."""
        return None

    @custom_mount_path.setter
    def custom_mount_path(self, path: str | None) -> None:
        if path is not None:
            raise self.mount_error(path)

    def mount_error(self, path: str) -> Exception:
        """What is raised where the blocks are mounted below `path` of another app."""
        raise NotImplementedError

    def input_error(self, error: Exception) -> gr.Error:
        """What the visitor is told instead of `error`."""
        raise NotImplementedError

    async def preprocess_data(
        self,
        block_fn: BlockFunction,
        inputs: list[Any],
        state: SessionState | None,
        explicit_call: bool = False,
    ) -> list[Any]:
        """The handler's arguments."""
        inputs = [*inputs, *_left_out(block_fn, len(inputs))]
        try:
            return await super().preprocess_data(block_fn, inputs, state, explicit_call)
        except Exception as error:  # noqa: BLE001  # a component's own, for want of a check there
            raise self.input_error(error) from None
        finally:
            if state:
                _forget_values(block_fn, state)

    async def postprocess_data(
        self, block_fn: BlockFunction, predictions: list[Any] | dict[Any, Any], state: Any
    ) -> list[Any]:
        """What the page is sent. Of an update that leaves the properties of a gr.HTML alone, Gradio
        makes one that sets them to what marks an update, for it takes that mark for one of them: a
        component that is not on the page yet, as in a fold, would lose all it was made with."""
        sent = await super().postprocess_data(block_fn, predictions, state)
        for each in sent:
            if isinstance(each, dict) and each.get("props") == gr.skip():
                del each["props"]
        return sent


def _left_out(function: BlockFunction, given: int) -> list[Any]:
    """The defaults of an endpoint's last arguments, which who calls it by a list may leave out, and
    who wrote that before there were so many (utils.py)."""
    if function.fn is None or function.api_visibility != "public":
        return []
    left = get_function_params(function.fn)[given:]
    return [default for _, _, default, _ in left] if all(each[1] for each in left) else []


def _forget_values(function: BlockFunction, state: SessionState) -> None:
    """Gradio keeps each component's last value in each session, for deep links, which are shut."""
    for component in function.inputs:
        known = state.config_values.get(component._id)
        if known and "props" in known:
            known["props"]["value"] = None
