"""One server for the tests that are no attack at random, and a picture of a digit."""

from collections.abc import Iterator

import pytest

from tests.hostile.server import Server, serve


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serve(tmp_path_factory.mktemp("server")) as server:
        yield server
        assert "Traceback" not in server.log()
