"""A web client for one visitor, lean enough to play a class beside the server that it measures.

HTTP/1.1 over kept-alive connections, as a browser has them. httpx takes 2 milliseconds of processor
time for a request, a quarter of what the server takes to answer it; this takes a tenth of that.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

CONNECTIONS = 6  # to one server, as browsers keep them; streams have their own
KEPT_FOR = 4.0  # seconds that nothing is asked through one: the server closes them after 5
LIMIT = 2**20  # bytes of one line


@dataclass(frozen=True)
class Response:
    """headers: their names in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(eq=False)
class _Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    used_at: float = 0.0


class WebClient:
    """Close it with `close`. Raises OSError or EOFError where a connection breaks."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._free: list[_Connection] = []
        self._all: set[_Connection] = set()
        self._places = asyncio.Semaphore(CONNECTIONS)

    async def get(self, path: str) -> Response:
        return await self._request("GET", path, b"")

    async def post(self, path: str, body: bytes) -> Response:
        """body: JSON."""
        return await self._request("POST", path, body)

    @asynccontextmanager
    async def stream(self, path: str) -> AsyncIterator[tuple[int, AsyncIterator[bytes]]]:
        """The status, and the lines of an answer that goes on."""
        connection = await self._connect()
        try:
            await _send(connection, "GET", path, b"", self._host)
            status, headers = await _read_head(connection.reader)
            yield status, _lines(connection.reader, headers)
        finally:
            self._drop(connection)

    def close(self) -> None:
        for connection in list(self._all):
            self._drop(connection)

    async def _request(self, method: str, path: str, body: bytes) -> Response:
        async with self._places:
            connection = self._take_free() or await self._connect()
            try:
                await _send(connection, method, path, body, self._host)
                status, headers = await _read_head(connection.reader)
                answer = b"".join([part async for part in _parts(connection.reader, headers)])
            except BaseException:
                self._drop(connection)
                raise
            if headers.get("connection") == "close":
                self._drop(connection)
            else:
                connection.used_at = time.monotonic()
                self._free.append(connection)
            return Response(status, headers, answer)

    def _take_free(self) -> _Connection | None:
        while self._free:
            connection = self._free.pop()
            if time.monotonic() - connection.used_at < KEPT_FOR:
                return connection
            self._drop(connection)
        return None

    async def _connect(self) -> _Connection:
        connection = _Connection(
            *await asyncio.open_connection(self._host, self._port, limit=LIMIT)
        )
        self._all.add(connection)
        return connection

    def _drop(self, connection: _Connection) -> None:
        self._all.discard(connection)
        connection.writer.close()


async def _send(connection: _Connection, method: str, path: str, body: bytes, host: str) -> None:
    # What is compressed is only counted, never read: the server compresses scripts and styles.
    head = f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: gzip, deflate, br\r\n"
    if body:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    connection.writer.write(f"{head}\r\n".encode() + body)
    await connection.writer.drain()


async def _read_head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip().split("\r\n")
    fields = (line.partition(":") for line in lines)
    return int(first.split()[1]), {name.lower(): value.strip() for name, _, value in fields}


async def _parts(reader: asyncio.StreamReader, headers: dict[str, str]) -> AsyncIterator[bytes]:
    """The parts of an answer's body."""
    if headers.get("transfer-encoding") != "chunked":
        yield await reader.readexactly(int(headers.get("content-length", 0)))
        return
    while size := int(await reader.readline(), 16):
        yield await reader.readexactly(size)
        await reader.readline()
    await reader.readline()


async def _lines(reader: asyncio.StreamReader, headers: dict[str, str]) -> AsyncIterator[bytes]:
    rest = b""
    async for part in _parts(reader, headers):
        *lines, rest = (rest + part).split(b"\n")
        for line in lines:
            yield line
