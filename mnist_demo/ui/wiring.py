"""How an event gets to its handler and back: by names, and with which of Gradio's settings.

    button.click(**by_name(handler, inputs={...}, outputs={...}), **AT_ONCE)

A handler gets its inputs as keyword arguments, and returns or yields its outputs as {name: value}.
What it does not name stays as it is. A handler with one output may be wired without this: it
returns the value alone.
"""

import functools
import inspect
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import aclosing, closing
from typing import Any

import gradio as gr
from gradio.blocks import Block

# No veil over what will change, and no endpoint for others: the page alone calls it.
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
# What is answered within milliseconds does not wait in Gradio's queue.
AT_ONCE: dict[str, Any] = {**QUIET, "queue": False}
# For what asks again when something has changed: while one is on its way, the last one waits.
LIVE: dict[str, Any] = {**AT_ONCE, "trigger_mode": "always_last"}
# For what is question and answer in one value: each is sent, as a later one would find the answer
# to the last in the place of its question.
EVERY: dict[str, Any] = {**AT_ONCE, "trigger_mode": "multiple"}
# For what may compute for seconds, when first asked for a model. More visitors wait in the queue.
SLOW: dict[str, Any] = {**QUIET, "trigger_mode": "always_last", "concurrency_limit": 4}
# For what takes no time of the server's while it waits, or waits in a queue of our own.
UNLIMITED: dict[str, Any] = {**QUIET, "concurrency_limit": None}

# For handlers that check their inputs, and say in our words that a model is gone; Gradio would
# refuse its name in its own.
UNCHECKED: dict[str, Any] = {"preprocess": False}
# With it, for values that Gradio need not touch, which takes a third of the time of an answer.
RAW: dict[str, Any] = {**UNCHECKED, "postprocess": False}

Outputs = dict[str, Any]  # values by the names of outputs


def by_name(
    handler: Callable[..., Any],
    inputs: Mapping[str, Any] | None = None,
    outputs: Mapping[str, Block] | None = None,
) -> dict[str, Any]:
    """`handler`, its inputs and its outputs, as an event of Gradio's takes them.

    inputs: components by the handler's parameters. outputs: components by the names under which the
    handler returns their values; where it names another one, KeyError is raised at the event.
    """
    outputs = outputs or {}
    return {
        "fn": _in_order(handler, outputs),
        "inputs_kwargs": dict(inputs or {}),
        "outputs": list(outputs.values()),
    }


def _in_order(handler: Callable[..., Any], outputs: Mapping[str, Block]) -> Callable[..., Any]:
    """As `handler`, of the same kind, which Gradio looks at; but with a list for the outputs."""

    def arrange(values: Outputs) -> Any:
        if unknown := values.keys() - outputs.keys():
            raise KeyError(f"{sorted(unknown)} are none of the outputs {list(outputs)}")
        listed = [values[name] if name in values else gr.skip() for name in outputs]
        return listed[0] if len(listed) == 1 else listed

    if inspect.isasyncgenfunction(handler):

        @functools.wraps(handler)
        async def stream(*args: Any, **kwargs: Any) -> AsyncIterator[Any]:
            async with aclosing(handler(*args, **kwargs)) as answers:  # it ends when this one does
                async for values in answers:
                    yield arrange(values)

        return stream
    if inspect.isgeneratorfunction(handler):

        @functools.wraps(handler)
        def generate(*args: Any, **kwargs: Any) -> Iterator[Any]:
            with closing(handler(*args, **kwargs)) as answers:
                for values in answers:
                    yield arrange(values)

        return generate
    if inspect.iscoroutinefunction(handler):

        @functools.wraps(handler)
        async def wait(*args: Any, **kwargs: Any) -> Any:
            return arrange(await handler(*args, **kwargs))

        return wait

    @functools.wraps(handler)
    def call(*args: Any, **kwargs: Any) -> Any:
        return arrange(handler(*args, **kwargs))

    return call
