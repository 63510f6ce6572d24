"""Async generators, one step at a time."""

import asyncio
from collections.abc import AsyncIterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Shows(Generic[T]):
    """What an async generator yields, in a loop of its own; between the steps that loop rests."""

    def __init__(self, generator: AsyncIterator[T]) -> None:
        self._generator = generator
        self._loop = asyncio.new_event_loop()

    def __iter__(self) -> "Shows[T]":
        return self

    def __next__(self) -> T:
        try:
            return self._loop.run_until_complete(anext(self._generator))
        except StopAsyncIteration:
            self._loop.close()
            raise StopIteration from None
        except Exception:
            self._loop.close()
            raise

    def close(self) -> None:
        """As Gradio does where who asked has left."""
        self._loop.run_until_complete(self._generator.aclose())  # type: ignore[attr-defined]
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()
