"""Long work beside the web server."""

import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

T = TypeVar("T")


def in_own_thread(events: Iterator[T], every: float) -> Iterator[list[T]]:
    """Consume `events` in a thread of its own; yield those that came, every `every` seconds.

    For what takes long and leaves torch's workers alone, such as the making of a trainer with its
    drawings; a training itself runs in torch_thread.py.

    Closing this iterator stops the thread at the next event. What `events` raises is raised here.
    """
    arrived: deque[T] = deque()
    stop = threading.Event()

    def consume() -> None:
        for event in events:
            arrived.append(event)
            if stop.is_set():
                return

    with ThreadPoolExecutor(1, thread_name_prefix="make") as pool:
        work = pool.submit(consume)
        try:
            while not wait([work], timeout=every).done:
                yield [arrived.popleft() for _ in range(len(arrived))]
            yield list(arrived)
            work.result()
        finally:
            stop.set()
