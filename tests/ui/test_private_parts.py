"""Nothing but gradio_internals reaches into private parts of Gradio, and one file into torch's."""

import ast
import re
from pathlib import Path

import mnist_demo
from mnist_demo.ui import gradio_internals as internals

PACKAGE = Path(mnist_demo.__file__).parent
# What else may be imported, and all that the documentation tells of: gr.NAME.
PUBLIC = {
    *("gradio", "gradio.blocks.Block", "gradio.components.Component", "gradio.events.api"),
    *("starlette.applications", "starlette.exceptions", "starlette.middleware"),
    *("starlette.requests", "starlette.responses", "starlette.routing", "starlette.types"),
    *("starlette.middleware.gzip",),
}
# Attributes of Gradio's, wherever they are asked for, and all of others that begin with one _.
PRIVATE = {
    *("fns", "api_visibility", "skip_api", "state_holder", "session_data", "time_last_used"),
    *("is_closed", "config_values", "default_config", "blocks_config", "get_blocks", "app_id"),
    *("api_info", "get_api_info", "api_name", "translations", "blocks", "server_name"),
    *("server_port", "constructor_args", "preprocess_data", "postprocess_data", "process_api"),
    *("user_middleware",),
}
# What training/seeded_random.py takes from torch; it says why, and has a test of it.
TORCH = {"torch.utils._python_dispatch.TorchDispatchMode", "_schema", "_overloadname"}
OURS = {"_exit", "_answers"}  # of os, and of an event of a training


def reaches(path: Path) -> set[str]:
    """The private parts that a file takes from Gradio, Starlette or torch."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.ImportFrom(module=str(module)):
                names = {f"{module}.{alias.name}" for alias in node.names}
            case ast.Import():
                names = {alias.name for alias in node.names}
            case ast.Attribute(value=ast.Name(id="self" | "cls")):
                continue
            case ast.Attribute(attr=name) if name in PRIVATE or re.match(r"_(?!_)", name):
                found |= {name} - OURS
                continue
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if name in PRIVATE:
                found.add(name)
                continue
            case _:
                continue
        found |= {name for name in names if _is_private(name)}
    return found


def _is_private(name: str) -> bool:
    package, *parts = name.split(".")
    if package == "torch":
        return any(re.match(r"_(?!_)", part) for part in parts)
    return package in ("gradio", "gradio_client", "starlette", "fastapi") and not (
        name in PUBLIC or name.rpartition(".")[0] in PUBLIC - {"gradio"}
    )


def test_nothing_else_reaches_into_private_parts() -> None:
    ours = Path(internals.__file__)
    assert {"gradio.context.LocalContext", "fns", "_id", "preprocess_data"} <= reaches(ours)
    for path in PACKAGE.rglob("*.py"):
        if path != ours:
            assert reaches(path) == (TORCH if path.stem == "seeded_random" else set()), path


INSIDE = (
    r"gradio_config|gradio_api|/assets/|/queue/|heartbeat|close_stream|session_not_found|svelte"
)


def test_nor_does_a_script_or_a_style() -> None:
    ours = Path(internals.__file__).parent
    for path in {*ours.rglob("*.js")} - {ours / "gradio_internals.js"}:
        assert not re.search(INSIDE, path.read_text(encoding="utf-8")), path
    for path in {*ours.rglob("*.css")} - {ours / "gradio_internals.css"}:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\.(app|block|html-container|svelte[\w-]*)\b(?!-)", text), path
