import asyncio
import inspect
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import Any

import gradio as gr
import pytest

from mnist_demo.ui.components.notice import notice
from mnist_demo.ui.wiring import AT_ONCE, by_name

closed: list[str] = []


def plain(prefix: str, name: str, count: int) -> dict[str, Any]:
    return {"second": f"{prefix}{name}{count}"}


async def waited(prefix: str, name: str, count: int) -> dict[str, Any]:
    return plain(prefix, name, count)


def generated(prefix: str, name: str, count: int) -> Iterator[dict[str, Any]]:
    try:
        yield {}
        yield plain(prefix, name, count)
    finally:
        closed.append("generated")


async def streamed(prefix: str, name: str, count: int) -> AsyncIterator[dict[str, Any]]:
    try:
        yield {}
        yield plain(prefix, name, count)
    finally:
        closed.append("streamed")


HANDLERS: list[Callable[..., Any]] = [plain, waited, generated, streamed]
KINDS = ("isgeneratorfunction", "isasyncgenfunction", "iscoroutinefunction")


@pytest.fixture
def outputs() -> dict[str, Any]:
    with gr.Blocks(analytics_enabled=False):
        return {"first": gr.Textbox(), "second": gr.Textbox(), "ours": notice()}


@pytest.mark.parametrize("handler", HANDLERS)
def test_a_wired_handler_is_of_the_same_kind(
    handler: Callable[..., Any], outputs: dict[str, Any]
) -> None:
    """By which Gradio decides how to call it."""
    wired = by_name(partial(handler, "a"), {}, outputs)["fn"]
    for kind in KINDS:
        assert getattr(inspect, kind)(wired) == getattr(inspect, kind)(handler)
    assert [*inspect.signature(wired).parameters] == ["name", "count"]


def test_what_is_not_named_stays_as_it_is(outputs: dict[str, Any]) -> None:
    wired = by_name(partial(plain, "a"), {}, outputs)
    assert wired["outputs"] == [*outputs.values()]
    assert wired["fn"](count=3, name="b") == [gr.skip(), "ab3", gr.skip()]
    first, second = (wired["fn"](name="b", count=3)[0] for _ in range(2))
    assert first is not second  # Gradio takes an update apart


def test_a_value_may_be_none(outputs: dict[str, Any]) -> None:
    assert by_name(lambda: {"first": None}, {}, outputs)["fn"]() == [None, gr.skip(), gr.skip()]


def test_a_single_output_is_no_list(outputs: dict[str, Any]) -> None:
    wired = by_name(lambda: {"first": 1}, {}, {"first": outputs["first"]})
    assert wired["fn"]() == 1


def test_an_output_that_is_not_wired_is_an_error(outputs: dict[str, Any]) -> None:
    with pytest.raises(KeyError, match=r"third.* none of the outputs .*first"):
        by_name(lambda: {"third": 1}, {}, outputs)["fn"]()


def test_a_handler_ends_where_gradio_ends_what_is_wired(outputs: dict[str, Any]) -> None:
    closed.clear()
    shows = by_name(generated, {}, outputs)["fn"]("a", "b", 1)
    assert next(shows) == [gr.skip(), gr.skip(), gr.skip()]
    shows.close()

    async def leave() -> None:
        shows = by_name(streamed, {}, outputs)["fn"]("a", "b", 1)
        assert await anext(shows) == [gr.skip(), gr.skip(), gr.skip()]
        await shows.aclose()

    asyncio.run(leave())
    assert closed == ["generated", "streamed"]


@pytest.mark.parametrize("handler", HANDLERS)
def test_gradio_calls_it_by_name_and_puts_its_values_in_their_places(
    handler: Callable[..., Any],
) -> None:
    """Whatever the order of its parameters."""
    with gr.Blocks(analytics_enabled=False) as app:
        count, name = gr.Number(precision=0), gr.Textbox()
        shown = {"first": gr.Textbox(), "second": gr.Textbox()}
        wired = by_name(partial(handler, "a"), {"count": count, "name": name}, shown)
        gr.Button().click(**wired, **AT_ONCE)

    async def ask() -> list[Any]:
        seen = []
        iterator = None
        while True:
            answer = await app.process_api(app.fns[0], [3, "b"], iterator=iterator)
            seen.append(answer["data"])
            iterator = answer.get("iterator")
            if iterator is None:
                return seen

    texts = [data[1] for data in asyncio.run(ask()) if isinstance(data[1], str)]
    assert texts == ["ab3"]


async def _asked(request: gr.Request, name: str) -> dict[str, Any]:
    return {"first": name, "second": request.session_hash}


def test_a_handler_gets_the_request_where_it_asks_for_it() -> None:
    with gr.Blocks(analytics_enabled=False) as app:
        name = gr.Textbox()
        shown = {"first": gr.Textbox(), "second": gr.Textbox()}
        gr.Button().click(**by_name(_asked, {"name": name}, shown), **AT_ONCE)
    request = gr.Request(session_hash="a visitor")
    answer = asyncio.run(app.process_api(app.fns[0], ["b"], request=request))
    assert answer["data"] == ["b", "a visitor"]
