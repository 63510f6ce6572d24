"""Training beside the web server."""

import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

T = TypeVar("T")


def in_own_thread(events: Iterator[T], every: float) -> Iterator[list[T]]:
    """Consume `events` in a thread of its own; yield those that came, every `every` seconds.

    Gradio resumes a generator in whichever thread is free, and torch keeps a team of workers for
    each thread that calls it: training that hops from thread to thread is three times slower.

    Closing this iterator stops the thread at the next event. What `events` raises is raised here.
    """
    arrived: deque[T] = deque()
    stop = threading.Event()

    def consume() -> None:
        for event in events:
            arrived.append(event)
            if stop.is_set():
                return

    with ThreadPoolExecutor(1, thread_name_prefix="train") as pool:
        work = pool.submit(consume)
        try:
            while not wait([work], timeout=every).done:
                yield [arrived.popleft() for _ in range(len(arrived))]
            yield list(arrived)
            work.result()
        finally:
            stop.set()
