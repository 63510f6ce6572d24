"""An app that is served on the bundled digits, with the host's routes beside the page."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.compute.queue import TrainingQueue
from mnist_demo.ui.page import build_app
from mnist_demo.ui.serving.checked_blocks import CheckedBlocks
from mnist_demo.ui.serving.health import host_routes
from mnist_demo.ui.serving.status import Status
from tests.serving import launch


@dataclass(frozen=True)
class Served:
    app: CheckedBlocks
    status: Status
    url: str


@pytest.fixture(scope="package")
def served(store: ModelStore) -> Iterator[Served]:
    queue = TrainingQueue(1)
    app = build_app(store=store, queue=queue)
    status = Status(app, store, queue)
    url = launch(app, host_routes(status, store.compute.torch_thread))
    yield Served(app, status, url)
    app.close()
