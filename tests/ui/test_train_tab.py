import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
import torch

from mnist_demo import (
    RECIPES,
    Checkpoint,
    DivergedEvent,
    Trainer,
    load_checkpoint,
)
from mnist_demo.drawings import Drawing
from mnist_demo.ui import train_tab
from mnist_demo.ui.library import Library
from mnist_demo.ui.live_run import LiveRun
from mnist_demo.ui.recipe_form import NUMBERS, fill_in
from mnist_demo.ui.train_tab import MAX_OWN_MODELS, finish, go_on, offer_own_digits, train
from tests.ui.conftest import Strokes

RUN, START, STOP, RESUME, DOWNLOAD = 0, 4, 5, 6, 7  # of what a training shows


@pytest.fixture(autouse=True)
def _show_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_tab, "SHOW_EVERY", 0.002)


def _settings(**changes: Any) -> list[Any]:
    filled = dict(zip(("optimizer", *NUMBERS), fill_in("softmax")[2:], strict=True))
    return ["softmax", *(filled | {"epochs": 1} | changes).values()]


def _train(library: Library, own: dict[str, Checkpoint], **changes: Any) -> LiveRun:
    *_, shown = train(library, own, (), False, *_settings(**changes))
    assert isinstance(shown[RUN], LiveRun)
    return shown[RUN]


def _finish(path: Path, run: LiveRun | None, own: dict[str, Checkpoint]) -> dict[str, Any]:
    names = ("own", "newest", "status", "start", "stop", "resume", "download")
    return dict(zip(names, finish(str(path), run, own), strict=True))


def _stop_after(shows: Iterator[list[Any]], epochs: float) -> LiveRun:
    runs = (run for run, *_ in shows if isinstance(run, LiveRun))
    run = next(run for run in runs if run.epochs_seen >= epochs)
    shows.close()  # type: ignore[attr-defined]
    return run


def test_a_training_is_shown_from_start_to_end(library: Library) -> None:
    shows = list(train(library, {}, (), False, *_settings(epochs=8)))
    assert shows[0][RUN] == gr.skip()
    assert shows[0][1]["line"] == "Starting…"
    shares = [show[1]["share"] for show in shows]
    assert shares == sorted(shares)
    assert len({*shares}) > 3
    assert shares[-1] == 1
    for show in shows:
        assert len(show) == 8
        assert show[STOP]["visible"]
        assert not any(show[button]["visible"] for button in (START, RESUME, DOWNLOAD))
        assert len({*map(id, show[START:])}) == 4  # Gradio takes an update apart as it uses it


def test_while_the_trainer_is_made_the_page_says_so(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make(*arguments: Any, **named: Any) -> Trainer:
        time.sleep(0.2)  # as long as it takes to draw some digits
        return Trainer(*arguments, **named)

    monkeypatch.setattr(train_tab, "Trainer", make)
    shows = list(train(library, {}, (), False, *_settings()))
    starting = [show for show in shows if show[RUN] == gr.skip()]
    assert len(starting) > 3
    assert starting == shows[: len(starting)]
    assert {show[1]["line"] for show in starting} == {"Starting…"}
    assert all(show[STOP]["visible"] for show in starting)
    assert isinstance(shows[-1][RUN], LiveRun)


def test_a_recipe_of_ours_is_trained(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    few = replace(RECIPES["robust_cnn"], drawings=40, nothings=10, embedded=0, held_out=20)
    monkeypatch.setitem(RECIPES, "robust_cnn", few)
    settings = dict(zip(("optimizer", *NUMBERS), fill_in("robust_cnn")[2:], strict=True))
    changes = {"epochs": 1, "batch_size": 500}
    *_, shown = train(library, {}, (), False, "robust_cnn", *(settings | changes).values())
    run = shown[RUN]
    assert isinstance(run, LiveRun)
    assert run.trainer.recipe.changes() == changes
    assert run.trainer.steps_per_epoch == (1480 + 40 + 10) // 500
    checkpoint = run.checkpoint()
    assert checkpoint.name == "my robust_cnn"
    assert checkpoint.threshold == checkpoint.metrics["threshold"]


def test_the_settings_of_the_form_are_used(library: Library) -> None:
    run = _train(library, {}, epochs=2, learning_rate=0.5, seed=11)
    assert run.trainer.recipe.changes() == {"epochs": 2, "learning_rate": 0.5}
    assert run.trainer.seed == 11
    assert run.epochs_seen == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("optimizer", "magic"),
        ("learning_rate", 0),
        ("batch_size", None),
        ("batch_size", 1501),
        ("epochs", 0),
        ("momentum", 1),
        ("weight_decay", -1),
        ("seed", -1),
    ],
)
def test_a_bad_setting_is_told(name: str, value: Any, library: Library) -> None:
    with pytest.raises(gr.Error) as caught:
        list(train(library, {}, (), False, *_settings(**{name: value})))
    assert caught.value.message.startswith(f"{name} ")
    assert caught.value.message.endswith(".")
    assert not caught.value.print_exception


def test_a_stopped_run_goes_on_to_where_it_was_going(library: Library) -> None:
    run = _stop_after(train(library, {}, (), False, *_settings(epochs=30)), 0.5)
    assert 0.5 <= run.epochs_seen < 30
    stopped_at = run.epochs_seen
    *_, shown = go_on(run)
    assert shown[RUN] is run
    assert stopped_at < run.epochs_seen == run.target == 30


def test_a_finished_run_trains_for_as_many_epochs_again(library: Library) -> None:
    run = _train(library, {}, epochs=2)
    list(go_on(run))
    assert run.epochs_seen == run.target == 4


def test_there_may_be_nothing_to_go_on_with(library: Library) -> None:
    diverged = _train(library, {})
    diverged.diverged = DivergedEvent(1, 1, float("nan"), 100)
    for run in (None, diverged):
        with pytest.raises(gr.Error, match="no run to go on with"):
            list(go_on(run))


@pytest.mark.parametrize("epochs", [1, 200])
def test_however_it_ended_the_model_joins_the_own(
    epochs: int, library: Library, tmp_path: Path
) -> None:
    shows = train(library, {}, (), False, *_settings(epochs=epochs))
    done = _finish(tmp_path, _stop_after(shows, 1), {})
    assert list(done["own"]) == ["my softmax"]
    assert done["newest"] == "my softmax"
    assert done["status"]["line"].startswith("Done" if epochs == 1 else "Stopped")
    assert done["start"]["visible"]
    assert done["resume"]["visible"]
    assert not done["stop"]["visible"]


def test_the_model_can_be_downloaded(library: Library, tmp_path: Path) -> None:
    done = _finish(tmp_path, _train(library, {}), {})
    assert done["download"]["visible"]
    path = Path(done["download"]["value"])
    assert path.is_relative_to(tmp_path)
    assert path.name == "my_softmax.safetensors"
    loaded, own = load_checkpoint(path), done["own"]["my softmax"]
    assert loaded.metrics == own.metrics
    for name, tensor in own.model.state_dict().items():
        assert torch.equal(loaded.model.state_dict()[name], tensor)


def test_nobody_can_guess_where_a_model_lies(library: Library, tmp_path: Path) -> None:
    runs = [_train(library, {}) for _ in range(3)]
    folders = {Path(_finish(tmp_path, run, {})["download"]["value"]).parent for run in runs}
    assert len(folders) == 3
    assert all(len(folder.name) >= 32 for folder in folders)


def test_a_second_model_of_a_recipe_gets_a_number(library: Library, tmp_path: Path) -> None:
    own: dict[str, Checkpoint] = {}
    for _ in range(3):
        own = _finish(tmp_path, _train(library, own), own)["own"]
    assert list(own) == ["my softmax", "my softmax 2", "my softmax 3"]


def test_going_on_replaces_the_model_and_makes_it_the_newest(
    library: Library, tmp_path: Path
) -> None:
    run = _train(library, {})
    other = load_checkpoint("mlp")
    before = _finish(tmp_path, run, {})["own"] | {"other": other}
    list(go_on(run))
    after = _finish(tmp_path, run, before)["own"]
    assert list(before) == ["my softmax", "other"]
    assert list(after) == ["other", "my softmax"]
    assert after["other"] is other
    assert after["my softmax"].metrics["epochs"] == 2
    assert before["my softmax"].metrics["epochs"] == 1


def test_the_oldest_model_goes_where_there_are_too_many(library: Library, tmp_path: Path) -> None:
    own = {f"model {number}": load_checkpoint("softmax") for number in range(MAX_OWN_MODELS)}
    done = _finish(tmp_path, _train(library, own), own)
    assert list(done["own"]) == [*list(own)[1:], "my softmax"]
    assert len(own) == MAX_OWN_MODELS  # replaced, never changed


def test_a_diverged_run_cannot_be_gone_on_with(library: Library, tmp_path: Path) -> None:
    run = _train(library, {})
    run.diverged = DivergedEvent(1, 1, float("nan"), 100)
    done = _finish(tmp_path, run, {})
    assert not done["resume"]["visible"]
    assert done["download"]["visible"]
    assert "no longer a number" in done["status"]["line"]


def test_a_refused_training_leaves_all_as_it_was(tmp_path: Path) -> None:
    own = {"my mlp": load_checkpoint("mlp")}
    done = _finish(tmp_path, None, own)
    assert done["own"] is own
    assert done["newest"] is None
    assert done["start"]["visible"]
    assert not any(done[button]["visible"] for button in ("stop", "resume", "download"))
    assert list(tmp_path.iterdir()) == []


def test_a_refused_training_leaves_an_earlier_run_and_its_model(
    library: Library, tmp_path: Path
) -> None:
    run = _train(library, {})
    own = _finish(tmp_path, run, {})["own"]
    files = list(tmp_path.rglob("*"))
    with pytest.raises(gr.Error):
        list(train(library, own, (), False, *_settings(batch_size=1501)))
    done = _finish(tmp_path, run, own)
    assert done["own"] is own
    assert done["newest"] is None
    assert done["status"]["line"].startswith("Done")
    assert all(done[button]["visible"] for button in ("start", "resume", "download"))
    assert list(tmp_path.rglob("*")) == files


def test_own_digits_are_offered_where_there_are_some(seven: Strokes) -> None:
    assert offer_own_digits(()) == gr.update(
        visible=False, label="Learn my own 0 digits too", value=False
    )
    offer = offer_own_digits((Drawing(7, seven),) * 3)
    assert offer["visible"]
    assert offer["label"] == "Learn my own 3 digits too"


@pytest.mark.parametrize("add", [True, False])
def test_own_digits_are_trained_on_where_it_is_asked_for(
    add: bool, library: Library, seven: Strokes
) -> None:
    own_set = (Drawing(7, seven), Drawing(1, seven))
    *_, shown = train(library, {}, own_set, add, *_settings())
    trainer, count = shown[RUN].trainer, len(library.dataset().train_labels)
    added = 2 * round(0.02 * count / 2) if add else 0
    assert trainer.images_per_epoch == count + added
    assert (trainer.own_digits is not None) == add
    named = library.dataset().name + (" and 2 own digits" if add else "")
    assert shown[RUN].checkpoint().dataset == named
