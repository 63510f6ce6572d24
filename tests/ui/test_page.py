import ast
import inspect
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
import pytest

import mnist_demo.ui
from mnist_demo import Dataset, load_checkpoint, shipped_checkpoints
from mnist_demo.ui.components.custom_html import read_text
from mnist_demo.ui.components.sketchpad import read_sketch
from mnist_demo.ui.compute import model_store as model_store_module
from mnist_demo.ui.compute.model_store import DEFAULT_MODEL, ModelStore
from mnist_demo.ui.page import (
    build_app,
    describe_dataset,
    offer_newest,
    open_in_draw,
    open_page,
)
from mnist_demo.ui.serving.checked_blocks import CheckedBlocks
from mnist_demo.ui.serving.launch import launch_options

UI = Path(mnist_demo.ui.__file__).parent
ASKING = r"https?://(?!www\.w3\.org/)|@import|url\("  # by that address, SVG is named
WATCH_THE_IMPORT = """
import json, sys
watched = ("open", "socket.bind", "socket.connect")
seen = []
def watch(event, details):
    if event in watched:
        seen.append((event, str(details)))
sys.addaudithook(watch)
import mnist_demo.ui.page
sys.stderr.write(json.dumps([seen, list(sys.modules)]))
"""


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> CheckedBlocks:
    """An app that cannot load any data while it is built."""
    monkeypatch.setenv("GRADIO_ANALYTICS_ENABLED", "False")
    with monkeypatch.context() as patch:
        patch.setattr(model_store_module, "load_dataset", None)
        return build_app()


def _stores(app: CheckedBlocks) -> set[ModelStore]:
    """The stores that an app's handlers are bound to."""
    bound: list[Any] = []
    for block_fn in app.fns.values():
        handler = inspect.unwrap(block_fn.fn) if block_fn.fn else None
        bound += getattr(handler, "args", ())
        bound += vars(getattr(handler, "__self__", object)).values()
    return {value for value in bound if isinstance(value, ModelStore)}


def test_two_apps_share_nothing(app: CheckedBlocks) -> None:
    other = build_app()
    assert len(_stores(app)) == len(_stores(other)) == 1
    assert not _stores(app) & _stores(other)
    one, another = app.store.compute, other.store.compute
    assert one.pool is not another.pool
    assert one.torch_thread is not another.torch_thread
    assert one.predictor is not another.predictor
    assert not {*map(id, app.blocks.values())} & {*map(id, other.blocks.values())}


def _threads() -> set[threading.Thread]:
    return {each for each in threading.enumerate() if each.name.split()[0] in ("torch", "worker")}


def _use(app: CheckedBlocks) -> None:
    """Have each of what computes for the app compute something."""
    model = load_checkpoint("softmax").model
    app.store.compute.predictor.predict(model, np.zeros((28, 28), np.float32))
    app.store.compute.torch_thread.call(int)
    app.store.compute.pool.prepare()


@pytest.mark.slow
def test_closing_an_app_ends_its_threads_and_processes_and_no_others() -> None:
    before = _threads()
    kept, closed = build_app(), build_app()
    _use(kept)
    of_kept = _threads() - before
    _use(closed)
    assert len(_threads() - before) == 2 * len(of_kept) == 8
    closed.close()
    assert _threads() - before == of_kept
    assert closed.store.compute.pool.numbers() == []
    assert len(kept.store.compute.pool.numbers()) == 1
    kept.close()
    assert _threads() == before
    _use(kept)  # an app that is launched again computes again
    kept.close()
    assert _threads() == before


@pytest.mark.slow
def test_the_end_of_the_program_ends_what_computes() -> None:
    program = f"""
import numpy as np, threading
from mnist_demo import load_checkpoint
from mnist_demo.ui.page import build_app
{inspect.getsource(_use).replace("app: CheckedBlocks", "app")}
app = build_app()
_use(app)
print(*app.store.compute.pool.numbers())
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=UI.parents[1],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    (number,) = map(int, done.stdout.split())
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


RUNS_SOMETHING = (
    *("Thread", "ThreadPoolExecutor", "WorkerPool", "WorkerProcess", "TorchThread"),
    *("BatchPredictor", "make_compute", "ModelStore", "TrainingQueue", "I18n", "Blocks"),
    *("build_app", "Popen", "register"),
)


def test_no_module_makes_what_an_app_shares(subtests: pytest.Subtests) -> None:
    """Threads, processes, models and words are made as an app is built, and none by an import."""
    for path in sorted(UI.rglob("*.py")):
        with subtests.test(path=path):
            for node in _when_imported(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    called = ast.unparse(node.func).split(".")[-1]
                    assert called not in RUNS_SOMETHING, f"line {node.lineno} calls {called}"


def _when_imported(node: ast.AST) -> Iterator[ast.AST]:
    """What runs as a module is imported: all but the bodies of its functions."""
    yield node
    for name, value in ast.iter_fields(node):
        if name == "body" and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _when_imported(child)


@pytest.mark.parametrize(
    "source", ["X = f(Thread())", "def f(x=Thread()): ...", "@Thread()\ndef f(): ..."]
)
def test_what_runs_by_an_import_is_found(source: str) -> None:
    assert any(ast.unparse(node) == "Thread()" for node in _when_imported(ast.parse(source)))
    hidden = ast.parse("def f():\n    Thread()")
    assert not any(isinstance(node, ast.Call) for node in _when_imported(hidden))


def test_an_app_has_the_three_tabs(app: CheckedBlocks) -> None:
    tabs = [block.label for block in app.blocks.values() if isinstance(block, gr.Tab)]
    assert [getattr(tab, "key", None) for tab in tabs] == ["draw", "train", "gallery"]


def test_importing_the_page_is_silent_and_touches_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WATCH_THE_IMPORT],
        cwd=UI.parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == ""
    seen, modules = json.loads(done.stderr)
    assert "mnist_demo.ui.page" in modules
    assert not {"sklearn", "torchvision"} & {*modules}
    ours = [str(UI.parents[1] / name) for name in ("mnist_demo", "checkpoints", "data")]
    opened = [what for event, what in seen if event == "open" and any(one in what for one in ours)]
    assert opened
    assert [what for what in opened if ".py" not in what] == []
    assert {event for event, _ in seen} == {"open"}


def _strings(nodes: list[ast.expr]) -> set[str]:
    parts = [part for node in nodes for part in ast.walk(node) if isinstance(part, ast.Constant)]
    return {part.value for part in parts if isinstance(part.value, str)}


def _components() -> tuple[set[Path], set[str]]:
    """The folders of components that the page's files make, and the names of what these share."""
    folders, shared = set(), set()
    for path in UI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id not in ("custom_html", "panel"):
                continue
            if path.name == "__init__.py" and path.parent.name != "panel":
                folders.add(path.parent)
            shared |= _strings(node.args[1:])
            shared |= _strings([word.value for word in node.keywords if word.arg == "shared"])
    return folders, shared


ASSETS = {path for kind in ("html", "css", "js") for path in UI.rglob(f"*.{kind}")}


def test_a_component_is_a_folder_with_all_that_it_is_made_of() -> None:
    folders, shared = _components()
    assert {"charts", "sketchpad", "tiles"} <= {folder.name for folder in folders}
    wanted = {
        folder / f"{folder.name}.{kind}" for folder in folders for kind in ("html", "css", "js")
    }
    assert wanted <= ASSETS
    of_the_page = {
        *("page", "tab_address", "open_address", "selected_model", "language", "reconnect"),
        "selected_models",
        *("gradio_internals", "former_session", "leaving", "old_browser"),
        *("own_address", "spare_progress"),
    }
    assert {path.stem for path in ASSETS - wanted} - of_the_page == shared | {"translate"}
    assert all(path.read_text(encoding="utf-8").strip() for path in ASSETS)


def test_what_is_for_screen_readers_alone_is_hidden_in_one_way() -> None:
    hiding = [path.name for path in ASSETS if "clip-path: inset(50%)" in path.read_text("utf-8")]
    assert hiding == ["page.css"]


def test_no_asset_asks_the_web() -> None:
    for path in ASSETS:
        assert not re.search(ASKING, path.read_text(encoding="utf-8")), path.name


def test_launching_takes_the_options(app: CheckedBlocks) -> None:
    assert launch_options(app)["css"].endswith(read_text("page.css"))
    assert launch_options(app).keys() <= inspect.signature(app.launch).parameters.keys()


def test_the_newest_model_is_offered_and_chosen(store: ModelStore) -> None:
    updates = offer_newest(store, {"mine": load_checkpoint("softmax")}, "mine", "mlp", "softmax")
    assert updates.keys() == {"draw_model", "gallery_model"}
    for update in updates.values():
        assert update["value"] == "mine"
        assert update["choices"] == ["mine", *shipped_checkpoints()]


def test_no_update_is_used_twice(store: ModelStore) -> None:
    """Gradio takes an update apart, and a second use of it does nothing."""
    first, second = offer_newest(store, {}, "mlp", "mlp", "mlp").values()
    assert first is not second


def test_without_a_new_model_the_choice_stays_as_long_as_it_is_there(store: ModelStore) -> None:
    user_models = {"mine": load_checkpoint("softmax")}
    first, second = offer_newest(store, user_models, None, "mine", "gone").values()
    assert first["value"] == "mine"
    assert second["value"] == DEFAULT_MODEL


def test_what_stands_in_for_mnist_is_told_in_both_tabs(store: ModelStore) -> None:
    updates = describe_dataset(store)
    assert updates.keys() == {"train", "gallery"}
    for update in updates.values():
        for words in ("MNIST", "4,000", "1,000"):
            assert all(words in told for told in update.values())


def test_of_mnist_itself_nothing_is_told(
    tiny: Dataset, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    mnist = replace(tiny, notice="")
    monkeypatch.setattr(store, "dataset", lambda: mnist)
    assert describe_dataset(store) == {}


def test_an_opened_address_chooses_a_tab_and_a_model(store: ModelStore) -> None:
    opened = open_page(store, "?tab=train&draw_model=mlp")
    assert opened["tabs"]["selected"] == "train"
    assert opened["draw_model"]["value"] == "mlp"
    assert "draw_model" not in open_page(store, "?tab=gallery")


def test_the_gallerys_tab_comes_with_its_view_and_not_before(store: ModelStore) -> None:
    assert open_page(store, "?tab=gallery")["tabs"]["selected"] == "gallery"
    assert "tabs" not in open_page(store, "?tab=gallery&gallery_label=3")


def test_the_digit_of_the_detail_is_put_on_the_pad_and_the_pad_is_shown(store: ModelStore) -> None:
    shown = open_in_draw(store, {"index": 7, "model": "mlp", "rows": []}, {})
    sketch = read_sketch(shown["pad"])
    assert sketch is not None
    np.testing.assert_allclose(sketch.digit * 255, store.dataset().test_images[7], atol=1e-3)
    assert shown["tabs"]["selected"] == "draw"
    assert shown["model"]["value"] == "mlp"


@pytest.mark.parametrize("model", [None, "nonsense", ["mlp"], {}])
def test_a_model_that_is_not_there_is_not_taken_along(model: Any, store: ModelStore) -> None:
    assert "model" not in open_in_draw(store, {"index": 7, "model": model}, {})


@pytest.mark.parametrize("value", [None, {}, {"index": 1000}, {"index": "7"}, [7], 7])
def test_a_detail_without_a_digit_puts_nothing_on_the_pad(value: Any, store: ModelStore) -> None:
    with pytest.raises(gr.Error, match="a whole number from 0 to 999") as caught:
        open_in_draw(store, value, {})
    assert not caught.value.print_exception
