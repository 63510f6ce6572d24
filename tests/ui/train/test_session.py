import json
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import nn

from mnist_demo import RECIPES, Dataset, DivergedEvent, Recipe, StepEvent, Trainer, evaluate
from mnist_demo.models import calibration
from mnist_demo.ui.compute.resources import PART
from mnist_demo.ui.i18n.durations import format_seconds
from mnist_demo.ui.train.session import TrainingSession
from mnist_demo.ui.train.session_status import describe_result, describe_running
from tests.ui.english import english

SOFTMAX = replace(RECIPES["softmax"], epochs=2)  # 8 steps each on `tiny`
TOO_FAST = replace(
    # Each step makes the weights 99 times as large, whatever the images.
    RECIPES["deep_cnn"],
    optimizer="sgd",
    learning_rate=100.0,
    weight_decay=1.0,
    batch_size=32,
)

NewRun = Callable[..., TrainingSession]


@pytest.fixture
def new_run(tiny: Dataset) -> NewRun:
    """A run whose trainer computes here."""

    def new(recipe: Recipe = SOFTMAX, seed: int = 0) -> TrainingSession:
        trainer: Any = Trainer(recipe, tiny, seed=seed, watch_every=0)
        return TrainingSession(7, "my model", trainer)

    return new


def _go(run: TrainingSession, steps: int) -> None:
    """Train for that many steps, then stop."""
    events = run.resume()
    for event in events:
        steps -= isinstance(event, StepEvent)
        if steps == 0:
            break


def test_others_compute_while_its_model_is_kept(
    new_run: NewRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibration, "DRAWINGS", 100)
    run = new_run(replace(SOFTMAX, calibration_split=100))
    list(run.resume())
    seen, at_once = [0], [0]
    run.trainer.model.register_forward_hook(lambda _, inputs, __: seen.append(len(inputs[0])))

    def make_way() -> None:
        at_once.append(sum(seen))
        seen.clear()

    assert "temperature" in run.checkpoint(make_way).metrics
    assert sum(at_once) >= 200 + 2 * 100  # the test images, and twice at least the drawings
    assert max(at_once) < 2 * PART


def _weights(model: nn.Module) -> torch.Tensor:
    return torch.cat([parameter.detach().flatten() for parameter in model.parameters()])


def _facts(value: dict[str, Any]) -> dict[str, str]:
    return dict(english(value["facts"]))


def test_a_new_run_has_everything_before_it(new_run: NewRun) -> None:
    progress = describe_running(new_run())
    assert progress["share"] == 0
    assert _facts(progress)["Epoch"] == "1 / 2"
    assert _facts(progress)["Step"] == "0 / 16"
    assert json.loads(progress["curves"]) == {
        "number": 7,
        "name": "my model",
        "seed": 0,
        "steps_per_epoch": 8,
        "images_per_epoch": 512,
        "steps": 16,
        "train": [],
        "test": [],
        "marks": [],
    }


@pytest.mark.parametrize(
    ("steps", "share", "epoch"), [(1, 0.0625, 1), (7, 0.4375, 1), (8, 0.5, 2), (12, 0.75, 2)]
)
def test_progress_tells_how_far_the_run_is(
    steps: int, share: float, epoch: int, new_run: NewRun
) -> None:
    run = new_run()
    _go(run, steps)
    progress = describe_running(run)
    assert progress["share"] == share
    assert english(progress["line"]) == f"Training softmax: epoch {epoch} of 2"
    assert _facts(progress)["Epoch"] == f"{epoch} / 2"
    assert _facts(progress)["Step"] == f"{steps} / 16"


def test_speed_and_time_left_follow_from_the_time_taken(new_run: NewRun) -> None:
    run = new_run()
    _go(run, 4)
    run.trainer.seconds, run.trainer.wall_seconds = 2.0, 3.0
    facts = _facts(describe_running(run))
    assert facts["Images per second"] == "128"
    assert facts["Time left"] == "9.0 s"  # tests included


def test_a_finished_run_is_whole(new_run: NewRun) -> None:
    run = new_run()
    list(run.resume())
    progress = describe_running(run)
    assert progress["share"] == 1
    assert _facts(progress)["Epoch"] == "2 / 2"
    assert _facts(progress)["Step"] == "16 / 16"
    assert _facts(progress)["Time left"] == "0.0 s"


def test_curves_hold_each_step_and_each_epoch(new_run: NewRun) -> None:
    run = new_run()
    events = list(run.resume())
    steps = [event for event in events if isinstance(event, StepEvent)]
    curves = run.curves()
    assert [point[0] for point in curves["train"]] == [*range(1, 17)]
    for point, event in zip(curves["train"], steps, strict=True):
        expected = [event.wall_seconds, event.loss, event.accuracy]
        assert point[1:] == pytest.approx(expected, abs=1e-3)
    for point, epoch in zip(curves["test"], run.epochs, strict=True):
        expected = [epoch.epoch * 8, epoch.wall_seconds, epoch.test.loss, epoch.test.accuracy]
        assert point == pytest.approx(expected, abs=1e-3)
    assert [event.epoch for event in run.epochs] == [1, 2]


def test_changed_settings_are_marked_where_they_were(new_run: NewRun) -> None:
    run = new_run()
    _go(run, 5)
    run.trainer.learning_rate = 0.5
    run.trainer.weight_decay = 0.0001
    list(run.resume())
    (one, rate), (other, decay) = run.curves()["marks"]
    assert one == other == 5
    assert rate == {"en": "learning rate 0.5", "ko": "학습률 0.5"}
    assert decay == {"en": "weight decay 0.0001", "ko": "가중치 감쇠 0.0001"}


def test_a_live_view_looks_at_the_model_while_it_trains(new_run: NewRun) -> None:
    seen: list[float] = []
    run = new_run()
    run.live_view = lambda model, epochs: seen.append(epochs)  # type: ignore[assignment]
    list(run.resume())
    assert seen[0] == 0
    assert seen[-1] == 2
    assert seen == sorted(seen)


def test_a_stopped_run_goes_on_as_if_it_had_not_been(new_run: NewRun) -> None:
    stopped, through = new_run(), new_run()
    list(through.resume())
    _go(stopped, 5)
    list(stopped.resume())
    assert stopped.epochs_seen == stopped.target == 2
    same = [(point[0], *point[2:]) for point in through.curves()["train"]]
    assert [(point[0], *point[2:]) for point in stopped.curves()["train"]] == same
    assert torch.equal(_weights(stopped.trainer.model), _weights(through.trainer.model))


def test_a_run_gone_on_with_ends_at_its_new_target(new_run: NewRun) -> None:
    run = new_run()
    list(run.resume())
    run.target = 4
    _go(run, 11)  # into epoch 4
    list(run.resume())
    assert run.epochs_seen == run.trainer.epochs_done == 4
    assert describe_running(run)["share"] == 1


def test_a_run_stopped_before_its_last_evaluation_is_not_done(new_run: NewRun) -> None:
    run = new_run()
    _go(run, 16)
    assert not run.reached
    assert english(describe_result(run, run.checkpoint(), run.name)["line"]).startswith("Paused")
    list(run.resume())
    assert run.reached
    assert len(run.epochs) == 2


def test_what_grows_without_bounds_is_told_in_numbers_that_a_page_can_read(
    new_run: NewRun,
) -> None:
    run = new_run(replace(SOFTMAX, learning_rate=100.0, weight_decay=1.0, batch_size=8))
    unbounded = False
    for _ in run.resume():
        unbounded |= any(not math.isfinite(each.activation) for each in run.layers.values())
        for text in (describe_running(run)["layers"], describe_running(run)["curves"]):
            json.loads(text, parse_constant=pytest.fail)
    assert unbounded


def test_a_stop_before_divergence_was_noticed_keeps_the_last_good_weights(new_run: NewRun) -> None:
    through, stopped = new_run(TOO_FAST), new_run(TOO_FAST)
    *_, last = through.resume()
    assert isinstance(last, DivergedEvent)
    _go(stopped, last.step - 1)
    checkpoint = stopped.checkpoint()
    assert stopped.diverged
    assert "no longer a number" in english(describe_result(stopped, checkpoint, "x")["line"])
    assert _weights(checkpoint.model).isfinite().all()
    assert torch.equal(_weights(checkpoint.model), _weights(through.checkpoint().model))


def test_a_checkpoint_is_what_the_run_is_now(new_run: NewRun, tiny: Dataset) -> None:
    run = new_run(seed=3)
    _go(run, 12)
    checkpoint = run.checkpoint()
    assert (checkpoint.name, checkpoint.recipe, checkpoint.seed) == ("my model", SOFTMAX, 3)
    assert checkpoint.dataset == "tiny"
    assert not checkpoint.model.training
    assert torch.equal(_weights(checkpoint.model), _weights(run.trainer.model))
    test = evaluate(run.trainer.model, tiny.test_images, tiny.test_labels)
    assert checkpoint.metrics["test_accuracy"] == test.accuracy
    assert checkpoint.metrics["test_loss"] == pytest.approx(test.loss)
    assert checkpoint.metrics["epochs"] == 1.5
    assert len(checkpoint.metrics["test_accuracy_by_epoch"]) == 1


def test_going_on_leaves_a_checkpoint_alone(new_run: NewRun) -> None:
    run = new_run()
    _go(run, 3)
    checkpoint = run.checkpoint()
    before = _weights(checkpoint.model).clone()
    list(run.resume())
    assert torch.equal(_weights(checkpoint.model), before)
    assert not torch.equal(_weights(run.trainer.model), before)


def test_a_checkpoint_leaves_the_run_in_training(new_run: NewRun) -> None:
    run = new_run()
    run.trainer.model.train()
    run.checkpoint()
    assert run.trainer.model.training


@pytest.mark.parametrize(
    ("steps", "words", "share"),
    [(4, "Paused after 0.5 epochs. It reads", 0.25), (16, "Done: it reads", 1)],
)
def test_the_result_says_how_it_ended(
    steps: int, words: str, share: float, new_run: NewRun
) -> None:
    run = new_run()
    if steps < 16:
        _go(run, steps)
    else:
        list(run.resume())
    checkpoint = run.checkpoint()
    result = english(describe_result(run, checkpoint, run.name))
    accuracy = f"{checkpoint.metrics['test_accuracy']:.2%}"
    assert result["line"].startswith(f"{words} {accuracy} of the 200 unseen test images right.")
    assert "“my model”" in result["note"]
    assert result["share"] == share
    assert _facts(result) == {
        "Test accuracy": accuracy,
        "Test loss": f"{checkpoint.metrics['test_loss']:.4f}",
        "Training time": english(format_seconds(run.trainer.wall_seconds)),
        "Images per second": f"{run.images_per_second():,.0f}",
    }


def test_a_diverged_run_says_so_with_the_remedy(new_run: NewRun) -> None:
    run = new_run(TOO_FAST)
    *_, last = run.resume()
    assert isinstance(last, DivergedEvent)
    assert run.diverged is last
    line = english(describe_result(run, run.checkpoint(), run.name)["line"])
    for words in ("no longer a number", "100 is too high", "a tenth of it"):
        assert words in line
    assert "Paused" not in line


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0.0 s"),
        (4.16, "4.2 s"),
        (9.96, "10 s"),
        (59.7, "1 min 00 s"),
        (10, "10 s"),
        (59, "59 s"),
        (60, "1 min 00 s"),
        (65.4, "1 min 05 s"),
        (3600, "60 min 00 s"),
    ],
)
def test_a_time_is_told_as_people_do(seconds: float, words: str) -> None:
    assert english(format_seconds(seconds)) == words


def test_a_batch_without_a_digit_has_no_accuracy(new_run: NewRun) -> None:
    run = new_run(replace(SOFTMAX, batch_size=1, non_digits=1000))
    _go(run, 20)
    accuracies = [point[3] for point in run.curves()["train"]]
    assert None in accuracies
    assert all(each is None or math.isfinite(each) for each in accuracies)
