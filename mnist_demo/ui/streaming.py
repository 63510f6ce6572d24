"""Long work beside the web server, which holds none of its threads."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


class Stopped(Exception):  # noqa: N818  # no error: whoever asked for the work has left
    """Raised within work that nobody waits for any more."""


async def in_own_thread(
    work: Callable[[Callable[[], None]], T], every: float
) -> AsyncGenerator[list[T]]:
    """Run `work` in a thread of its own; yield [] every `every` seconds, and last what it returns.

    For what takes long and leaves torch's workers alone, such as the making of a trainer with its
    drawings; a training itself runs in torch_thread.py.

    `work` is given a function to call now and then, which raises Stopped once this iterator was
    closed. Closing waits for nothing: the thread ends by itself. What `work` raises is raised here.
    """
    stop = threading.Event()

    def check() -> None:
        if stop.is_set():
            raise Stopped

    pool = ThreadPoolExecutor(1, thread_name_prefix="make")
    done = asyncio.get_running_loop().run_in_executor(pool, work, check)
    pool.shutdown(wait=False)
    try:
        while not await finished(done, every):
            yield []
        yield [done.result()]
    finally:
        stop.set()
        done.cancel()  # its outcome is of no interest any more


async def finished(done: "asyncio.Future[Any]", seconds: float) -> bool:
    """Whether it is done within that time; what it raised is left in it."""
    ended, _ = await asyncio.wait([done], timeout=seconds)
    if ended:
        done.exception()  # looked at, or asyncio complains where nobody asks for it
    return bool(ended)
