"""Data sets for all tests; which of them run.

`--slow` runs the slow ones too; `--require=MARKER` makes a skipped test of that marker fail.
"""

import os
from collections.abc import Generator, Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from torchvision.datasets import MNIST

from mnist_demo import Dataset, load_dataset
from mnist_demo.data.mnist import data_directory

MARKERS = {
    "real_mnist": "reads MNIST itself, from MNIST_DEMO_DATA",
    "browser": "drives the page in Chromium",
    "nginx": "runs the app behind nginx, as deploy/nginx.conf and docs/SECURITY.md set it up",
    "slow": "left out where neither --slow nor -m asks for it: a rarer case of what others cover",
}
NOWHERE = "http://127.0.0.1:9/"  # the discard port: refused at once
# A server of a test has a port of its own (tests/serving.py): one that searches finds none.
os.environ["GRADIO_NUM_PORTS"] = "0"
OFFLINE = {"http_proxy": NOWHERE, "https_proxy": NOWHERE, "no_proxy": "127.0.0.1,localhost"}


def quick(*names: Any, of: Iterable[Any]) -> list[Any]:
    """The parameters of a test, of which all but these are slow."""
    slow = pytest.mark.slow
    return [name if name in names else pytest.param(name, marks=slow) for name in of]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--require",
        action="append",
        default=[],
        choices=list(MARKERS),
        metavar="MARKER",
        help="fail where a test of this marker is skipped; may be given several times",
    )
    parser.addoption("--slow", action="store_true", help="run the slow tests too")


def pytest_configure(config: pytest.Config) -> None:
    for name, meaning in MARKERS.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")


@pytest.hookimpl(tryfirst=True)  # before -m selects
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if "mnist" in getattr(item, "fixturenames", ()):
            item.add_marker("real_mnist")
    if not config.getoption("slow") and "slow" not in config.getoption("markexpr"):
        slow = [item for item in items if item.get_closest_marker("slow")]
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    required = [name for name in item.config.getoption("require") if item.get_closest_marker(name)]
    if required and report.skipped and not hasattr(report, "wasxfail"):
        _fail(report, f"--require={required[0]} forbids this test to be skipped")
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped and collector.config.getoption("require"):  # which tests, nobody can tell
        _fail(report, "--require forbids a whole file to be skipped")
    return report


def _fail(report: pytest.TestReport | pytest.CollectReport, fault: str) -> None:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome = "failed"
    report.longrepr = f"{fault}: {reason}"


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """No test, and no process that one starts, fetches MNIST from where it is published."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MNIST, "mirrors", [NOWHERE])
        for name, value in OFFLINE.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="session")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return load_dataset(tmp_path_factory.mktemp("no_mnist"), download=False)


@pytest.fixture(scope="session")
def tiny(bundled: Dataset) -> Dataset:
    return replace(
        bundled,
        name="tiny",
        train_images=bundled.train_images[:512],
        train_labels=bundled.train_labels[:512],
        test_images=bundled.test_images[:200],
        test_labels=bundled.test_labels[:200],
    )


@pytest.fixture(scope="session")
def mnist() -> Dataset:
    raw = data_directory() / "MNIST" / "raw"
    if not (raw / "train-images-idx3-ubyte").is_file():
        pytest.skip(f"MNIST is not in {raw}; set MNIST_DEMO_DATA to where MNIST/raw lies")
    return load_dataset(download=False)
