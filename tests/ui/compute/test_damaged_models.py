"""One of the shipped models is missing or damaged: the others go on, and the page says which."""

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from mnist_demo import RECIPES, load_checkpoint, save_checkpoint
from mnist_demo.__main__ import main
from mnist_demo.models import checkpoints
from mnist_demo.ui.compute.model_store import DEFAULT_MODEL, ModelStore, UserModels
from mnist_demo.ui.compute.test_set import NO_DIGIT
from mnist_demo.ui.draw.predict import predict_drawing
from mnist_demo.ui.gallery.view_state import GallerySettings, compute_view
from mnist_demo.ui.page import build_app
from tests.conftest import quick
from tests.ui.conftest import Strokes

OTHERS = ["softmax", "mlp", "simple_cnn", "deep_cnn", "fast_cnn"]
NEXT_BEST = "fast_cnn"


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _lead_nowhere(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


def _write_other_version(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'\\"format\\": 1', b'\\"format\\": 9'))


def _write_other_shape(path: Path) -> None:
    softmax = RECIPES["softmax"]
    fields: Any = {"seed": 0, "dataset": "", "metrics": {}}
    save_checkpoint(path, RECIPES["mlp"].build(0), recipe=softmax, **fields)


DAMAGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "truncated": (_truncate, "truncated"),
    "empty": (_empty, "truncated"),
    "a folder": (_make_folder, "Is a directory"),
    "a link to nowhere": (_lead_nowhere, "cannot be read"),
    "another version": (_write_other_version, "its format is 9"),
    "another shape": (_write_other_shape, "do not fit"),
}


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped models, which may be damaged."""
    folder = tmp_path / "checkpoints"
    shutil.copytree(checkpoints.CHECKPOINTS, folder)
    monkeypatch.setattr(checkpoints, "CHECKPOINTS", folder)
    return folder


@pytest.fixture(params=quick("another shape", of=DAMAGES))
def reason(request: pytest.FixtureRequest, shipped: Path) -> str:
    """The default model is damaged; why it cannot be used."""
    damage, reason = DAMAGES[request.param]
    damage(shipped / f"{DEFAULT_MODEL}.safetensors")
    return reason


def _words(app: gr.Blocks) -> str:
    return "\n".join(
        block.value["en"]
        for block in app.blocks.values()
        if isinstance(block, gr.HTML) and isinstance(block.value, dict) and "en" in block.value
    )


def _read(store: ModelStore, drawing: Any, model: str | None, user_models: UserModels) -> Any:
    return asyncio.run(predict_drawing(store, drawing, model, user_models))


def test_the_others_serve_and_the_log_says_why(
    reason: str, seven: Strokes, caplog: pytest.LogCaptureFixture
) -> None:
    store = ModelStore()
    assert store.names({}) == OTHERS
    assert store.unusable == [DEFAULT_MODEL]
    assert store.default_name == NEXT_BEST
    (record,) = caplog.records
    assert f"{DEFAULT_MODEL}.safetensors" in record.getMessage()
    assert reason in record.getMessage()
    for name in OTHERS:
        drawing = {"strokes": seven, "line_width": 18}
        assert _read(store, drawing, name, {})["shares"]


@pytest.mark.usefixtures("reason")
def test_the_page_names_it_and_begins_with_another(shipped: Path) -> None:
    app = build_app()
    assert f"The file of {DEFAULT_MODEL} is damaged" in _words(app)
    assert str(shipped) not in _words(app)
    chosen = [
        block.value
        for block in app.blocks.values()
        if isinstance(block, gr.Dropdown) and [value for _, value in block.choices] == OTHERS
    ]
    assert chosen == [NEXT_BEST, NEXT_BEST, None, NEXT_BEST]  # Draw, Gallery and its second, API


@pytest.mark.usefixtures("reason")
def test_the_command_line_says_it_in_a_line_and_measures_the_others(
    shipped: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MNIST_DEMO_DATA", str(tmp_path))
    assert main(["evaluate", "--no-download", "--device", "cpu"]) == 2
    out, err = capsys.readouterr()
    _, _, *lines, seen = out.splitlines()
    assert [line.split()[0] for line in lines] == OTHERS
    assert seen.endswith(", ".join(OTHERS))
    (line,) = [line for line in err.splitlines() if line.startswith("python -m mnist_demo:")]
    assert str(shipped / DEFAULT_MODEL) in line


def test_a_missing_one_is_not_offered_and_not_missed(shipped: Path) -> None:
    (shipped / f"{DEFAULT_MODEL}.safetensors").unlink()
    store = ModelStore()
    assert (store.names({}), store.default_name) == (OTHERS, NEXT_BEST)
    assert "models" not in _words(build_app())


def test_what_becomes_of_a_file_later_changes_nothing(shipped: Path) -> None:
    store = ModelStore()
    names = store.names({})
    shutil.rmtree(shipped)
    assert store.names({}) == names
    assert all(store.model(name, {}) for name in names)


class TestNone:
    """No model is shipped at all."""

    @pytest.fixture(autouse=True)
    def none(self, shipped: Path) -> None:
        shutil.rmtree(shipped)

    def test_the_page_says_so_and_stands(self) -> None:
        assert "No model can be used" in _words(build_app())

    def test_a_drawing_is_answered_with_what_to_do(self, store: ModelStore, seven: Strokes) -> None:
        answer = _read(ModelStore(), {"strokes": seven}, None, {})
        assert "Train one of your own" in answer["sentence"]["en"]
        assert not answer["gone"]

    def test_an_own_model_is_used_all_the_same(self, tmp_path: Path, seven: Strokes) -> None:
        softmax = RECIPES["softmax"]
        fields: Any = {"seed": 0, "dataset": "", "metrics": {}}
        path = save_checkpoint(tmp_path / "mine", softmax.build(0), recipe=softmax, **fields)
        user_models = {"mine": load_checkpoint(path)}
        answer = _read(ModelStore(), {"strokes": seven}, "mine", user_models)
        assert len(answer["shares"]) == 10


def test_where_there_is_no_second_model_the_gallery_says_so(
    shipped: Path, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in shipped.glob("*_cnn.safetensors"):
        path.unlink()
    (shipped / "mlp.safetensors").unlink()
    alone = ModelStore()
    monkeypatch.setattr(alone, "dataset", store.dataset)
    settings = GallerySettings("softmax", None, "disagreement", 0, NO_DIGIT, NO_DIGIT, "all", {})
    with pytest.raises(ValueError, match="no second model"):
        compute_view(alone, settings)
    assert compute_view(alone, replace(settings, order="hardest")).other is None
