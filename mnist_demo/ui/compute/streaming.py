"""Long work beside the web server, which holds none of its threads."""

import asyncio
import threading
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

LEAVING = 0.5  # seconds, at most, that who leaves waits for the work to end


class StreamClosed(Exception):  # noqa: N818  # no error: whoever asked for the work has left
    """Raised within work that nobody waits for any more."""


async def stream(
    work: Callable[[Callable[[], None]], Iterator[T]], every: float
) -> AsyncGenerator[list[T]]:
    """Consume an iterator in a thread of its own; yield what came, every `every` seconds.

    work: makes the iterator, in that thread. It is given a function to call now and then, which
    raises Stopped once this generator was closed.

    Closing waits a moment for the end, no longer: who comes next need not wait for a step that
    takes minutes. What `work` raises is raised here, after what came before it.
    """
    left = threading.Event()
    arrived: deque[T] = deque()

    def check() -> None:
        if left.is_set():
            raise StreamClosed

    def consume() -> None:
        for item in work(check):
            arrived.append(item)

    pool = ThreadPoolExecutor(1, thread_name_prefix="stream")
    done = asyncio.get_running_loop().run_in_executor(pool, consume)
    done.add_done_callback(_look_at)
    pool.shutdown(wait=False)
    try:
        while not await _is_done(done, every):
            yield [arrived.popleft() for _ in range(len(arrived))]
        yield list(arrived)
        done.result()
    finally:
        left.set()
        await _is_done(done, LEAVING)


async def _is_done(done: "asyncio.Future[None]", seconds: float) -> bool:
    """Whether it is within that time; what it raised is left in it."""
    ended, _ = await asyncio.wait([done], timeout=seconds)
    return bool(ended)


def _look_at(done: "asyncio.Future[None]") -> None:
    """What was raised, whenever that is: asyncio complains where nobody ever asks for it."""
    if not done.cancelled():
        done.exception()
