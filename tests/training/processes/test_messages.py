import os
import sys
from collections.abc import Iterator

import pytest

from mnist_demo.training.processes.messages import (
    Channel,
    SetThreads,
    Stop,
    UnreadableMessageError,
)


@pytest.fixture
def channel() -> Iterator[Channel]:
    """One that receives what it sends."""
    reading, writing = os.pipe()
    with open(reading, "rb") as incoming, open(writing, "wb") as outgoing:
        yield Channel(incoming, outgoing)


def test_messages_come_as_they_were_sent(channel: Channel) -> None:
    channel.greet("a version")
    channel.send(SetThreads(3))
    channel.send(Stop())
    assert channel.read_greeting() == "a version"
    assert [channel.receive(), channel.receive()] == [SetThreads(3), Stop()]


def test_one_that_cannot_be_read_is_told_and_the_next_is_read(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = type(sys)("changed_on_disk")
    module.Order = type("Order", (SetThreads,), {"__module__": "changed_on_disk"})  # type: ignore[attr-defined]
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "changed_on_disk", module)
        channel.send(module.Order(1))
    channel.send(Stop())
    with pytest.raises(UnreadableMessageError, match="No module named 'changed_on_disk'"):
        channel.receive()
    assert channel.receive() == Stop()


@pytest.mark.parametrize("sent", [b"", b"\0\0", b"\0\0\0\0\0\0\0\xff and no more"])
def test_where_the_other_has_ended_no_more_comes(channel: Channel, sent: bytes) -> None:
    channel.write(sent)
    channel.outgoing.close()
    with pytest.raises(EOFError):
        channel.receive()


@pytest.mark.parametrize("sent", [b"", b"half a vers"])
def test_a_greeting_that_was_cut_off_is_none(channel: Channel, sent: bytes) -> None:
    channel.write(sent)
    channel.outgoing.close()
    with pytest.raises(EOFError):
        channel.read_greeting()
