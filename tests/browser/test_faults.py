"""The page while its server is away, after it was started anew, and when it has been forgotten."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import gradio as gr
import pytest
from playwright.sync_api import Browser, Page, expect

from mnist_demo.data import mnist as data
from mnist_demo.data.mnist import data_directory
from mnist_demo.models import checkpoints
from mnist_demo.ui.page import build_app
from mnist_demo.ui.serving.settings import Settings
from tests.browser.conftest import PATIENCE
from tests.browser.pen import ONE, SEVEN, collect, draw, label
from tests.browser.relay import Relay
from tests.browser.train_tab import (
    open_train,
    pause,
    press,
    start,
    start_endless,
    train_once,
    trains,
)
from tests.serving import free_port, launch

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Start = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def start_server(port: int, tmp_path: Path) -> Iterator[Start]:
    """Starts the app as a process, always on the same port."""
    processes: list[subprocess.Popen[bytes]] = []
    settings = {"GRADIO_SERVER_PORT": str(port), "MNIST_DEMO_DATA": str(data_directory())}

    def start_one() -> "subprocess.Popen[bytes]":
        with (tmp_path / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "app.py"],
                cwd=Path(data.__file__).parents[2],
                env=os.environ | settings,
                stdout=log,
                stderr=log,
            )
        processes.append(process)
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and process.poll() is None:
            try:
                with closing(socket.create_connection(("127.0.0.1", port), 1)):
                    return process
            except OSError:
                time.sleep(0.1)
        raise AssertionError((tmp_path / "log").read_text(encoding="utf-8"))

    yield start_one
    for process in processes:
        process.kill()
        process.wait()


@pytest.fixture
def app() -> Iterator[gr.Blocks]:
    app = build_app(Settings(data=data_directory()))
    launch(app)
    yield app
    app.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[[str], Page]]:
    """Opens a page that must not reload, raise, or show a message of Gradio's own."""
    pages: list[Page] = []
    errors: list[str] = []

    def open_page(url: str) -> Page:
        page = chromium.new_page(viewport={"width": 1280, "height": 800})
        pages.append(page)
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(url)
        page.locator("#pad canvas").wait_for()
        page.evaluate("window.isTheSame = true")
        return page

    yield open_page
    for page in pages:
        assert page.evaluate("window.isTheSame")
        expect(page.locator(".toast-body")).to_have_count(0)
        page.close()
    assert errors == []


def _line(page: Page, words: str) -> None:
    expect(page.locator("#connection p")).to_contain_text(words)
    expect(page.locator("#connection p")).to_be_visible()


def _show_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()


def test_a_page_outlives_a_server_that_dies_during_a_training(
    visit: Callable[[str], Page], start_server: Start, port: int
) -> None:
    server = start_server()
    page = visit(f"http://127.0.0.1:{port}/")
    collect(page)
    draw(page, SEVEN)
    label(page, 7)
    expect(page.locator("#my-handwriting .set li")).to_have_count(1)
    open_train(page, Epochs="1")
    train_once(page)
    start_endless(page)
    server.kill()
    server.wait()
    _line(page, "The server does not answer.")
    _show_tab(page, "Draw")
    page.keyboard.press("Escape")
    draw(page, ONE)  # waits for the server, too
    label(page, 1)

    start_server()
    _line(page, "The server was started anew. Your drawing and the digits you collected are still")
    expect(page.get_by_role("button", name="Reload", exact=True)).to_be_visible()
    expect(page.locator("#my-handwriting .set li")).to_have_count(2)
    expect(page.locator("#draw-model input")).to_have_value("robust_cnn")
    draw(page, SEVEN)
    expect(page.locator("#prediction .digit")).to_have_text("7")
    _show_tab(page, "Train")
    expect(page.locator("#pause")).to_be_hidden()
    expect(page.locator("#loss-chart polyline").first).to_be_visible()
    expect(page.get_by_label("Learn my own 2 digits too")).to_be_visible()
    open_train(page, Epochs="1")
    start(page)
    expect(page.locator("#progress .line")).to_contain_text("Done")
    expect(page.locator("#runs tbody tr")).to_have_count(1)  # what was there made way
    _show_tab(page, "Draw")
    expect(page.locator("#draw-model input")).to_have_value("my softmax, 2 own digits")


def test_a_connection_that_breaks_costs_neither_run_nor_model(
    visit: Callable[[str], Page], app: gr.Blocks
) -> None:
    relay = Relay(app.server_port)
    relay.join()
    page = visit(relay.url)
    open_train(page, Epochs="1")
    train_once(page)
    start_endless(page)
    relay.cut()
    _line(page, "The server does not answer.")
    relay.join()
    _line(page, "The server is back, and nothing is lost.")
    expect(page.locator("#progress .line")).to_contain_text("Paused after")
    expect(page.locator("#runs tbody tr")).to_have_count(2)
    for name in ("Train a new one", "Go on"):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
    expect(page.locator("#connection p")).to_be_hidden(timeout=10_000)
    press(page, "Go on")
    trains(page)
    pause(page)
    (session,) = app.state_holder.session_data.values()
    assert not session.is_closed
    relay.cut()


def test_a_page_that_the_server_let_go_of_says_so(
    visit: Callable[[str], Page], app: gr.Blocks
) -> None:
    page = visit(app.local_url or "")
    open_train(page, Epochs="1")
    train_once(page)
    _show_tab(page, "Draw")
    expect(page.locator("#draw-model input")).to_have_value("my softmax")
    app.state_holder.session_data.clear()  # as when more visitors came than there is room for
    draw(page, SEVEN)
    _line(page, "This page lay idle for long, and the server let go of your own models")
    expect(page.locator("#draw-model input")).to_have_value("robust_cnn")
    expect(page.locator("#prediction .digit")).to_have_text("7")
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.locator("#connection p")).to_be_hidden()


def test_while_all_is_well_the_server_is_not_asked_whether_it_is_there(
    visit: Callable[[str], Page], app: gr.Blocks
) -> None:
    page = visit(app.local_url or "")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(4000)
    assert [url for url in asked if "app_id" in url or "heartbeat" in url] == []


@pytest.fixture
def without_the_default_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[gr.Blocks]:
    shutil.copytree(checkpoints.CHECKPOINTS, tmp_path / "checkpoints")
    (tmp_path / "checkpoints" / "robust_cnn.safetensors").write_bytes(b"damaged")
    monkeypatch.setattr(checkpoints, "CHECKPOINTS", tmp_path / "checkpoints")
    app = build_app(Settings(data=data_directory()))
    launch(app)
    yield app
    app.close()


def test_a_damaged_model_is_named_and_another_reads(
    visit: Callable[[str], Page], without_the_default_model: gr.Blocks
) -> None:
    page = visit(without_the_default_model.local_url or "")
    expect(page.get_by_text("The file of robust_cnn is damaged")).to_be_visible()
    expect(page.locator("#draw-model input")).to_have_value("fast_cnn")
    draw(page, SEVEN)
    expect(page.locator("#prediction .digit")).to_have_text("7")
    _show_tab(page, "Gallery")
    expect(page.locator("#gallery-summary")).to_contain_text("fast_cnn reads")
