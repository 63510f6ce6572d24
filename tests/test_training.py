import json
import math
from dataclasses import FrozenInstanceError, replace
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mnist_demo import (
    RECIPES,
    Dataset,
    DivergedEvent,
    EpochEvent,
    Evaluation,
    Recipe,
    StepEvent,
    Trainer,
    evaluate,
    load_checkpoint,
    training,
)
from mnist_demo.architectures import FastCNN
from mnist_demo.augmentation import AUGMENTATIONS
from mnist_demo.handwriting import NOTHING, draw_digits
from mnist_demo.training import Event, count_steps, one_cycle, summarize

# Where a recipe's own pace is too slow for a test of seconds.
FASTER: dict[str, Any] = {
    "softmax": {"learning_rate": 0.1},
    "mlp": {"learning_rate": 0.5},
    "deep_cnn": {"learning_rate": 0.001},
}
BARS = {
    "softmax": 0.915,
    "mlp": 0.90,
    "simple_cnn": 0.988,
    "deep_cnn": 0.988,
    "fast_cnn": 0.99,
    "robust_cnn": 0.995,
}
TUTORIALS = ("softmax", "mlp", "simple_cnn", "deep_cnn")
# Of what a recipe adds to the images, a little: the drawings alone would take a minute.
FEWER: dict[str, Any] = {"embedded": 0, "drawings": 40, "nothings": 10, "held_out": 20}


def _cut(dataset: Dataset, train: int, test: int = 20) -> Dataset:
    return replace(
        dataset,
        train_images=dataset.train_images[:train],
        train_labels=dataset.train_labels[:train],
        test_images=dataset.test_images[:test],
        test_labels=dataset.test_labels[:test],
    )


@pytest.fixture(scope="module")
def small(tiny: Dataset) -> Dataset:
    return _cut(tiny, 64)


@pytest.fixture(params=RECIPES)
def recipe(request: pytest.FixtureRequest) -> Recipe:
    """Each recipe with a few steps an epoch: four on 64 images."""
    recipe = replace(RECIPES[request.param], batch_size=16)
    return replace(recipe, **FEWER) if recipe.drawings else recipe


@pytest.fixture
def softmax() -> Recipe:
    return replace(RECIPES["softmax"], batch_size=16)


def _trainer(recipe: Recipe, dataset: Dataset, seed: int = 0) -> Trainer:
    return Trainer(recipe, dataset, seed=seed, device="cpu")


def _steps(events: list[Event]) -> list[StepEvent]:
    return [event for event in events if isinstance(event, StepEvent)]


def _losses(trainer: Trainer, epochs: int | None = None) -> list[float]:
    return [event.loss for event in _steps(list(trainer.run(epochs)))]


def _go(trainer: Trainer, steps: int) -> list[StepEvent]:
    """Run that many steps and stop."""
    events: list[StepEvent] = []
    run = trainer.run(1000)
    while len(events) < steps:
        event = next(run)
        if isinstance(event, StepEvent):
            events.append(event)
    run.close()  # type: ignore[attr-defined]
    return events


def _weights(model: nn.Module) -> Tensor:
    return torch.cat([parameter.detach().flatten() for parameter in model.parameters()]).clone()


class TestEvaluate:
    class Reader(nn.Module):
        """Answers with the number in an image's first pixel, surer the larger `sureness` is."""

        def __init__(self, sureness: float = 5.0) -> None:
            super().__init__()
            self.sureness = nn.Parameter(torch.tensor(sureness))

        def forward(self, images: Tensor) -> Tensor:
            digits = (images[:, 0, 0, 0] * 255).round().long()
            return F.one_hot(digits, 10) * self.sureness

    @staticmethod
    def _images(answers: list[int]) -> Tensor:
        images = torch.zeros(len(answers), 28, 28, dtype=torch.uint8)
        images[:, 0, 0] = torch.tensor(answers, dtype=torch.uint8)
        return images

    def test_accuracy_is_the_share_of_right_answers(self) -> None:
        result = evaluate(self.Reader(), self._images([0, 1, 2, 3]), torch.tensor([0, 1, 2, 9]))
        assert result.accuracy == 0.75

    def test_confusion_counts_labels_in_rows_and_answers_in_columns(self) -> None:
        answers, labels = [3, 3, 5, 0, 9], [3, 8, 8, 0, 9]
        confusion = evaluate(self.Reader(), self._images(answers), torch.tensor(labels)).confusion
        expected = torch.zeros(10, 10, dtype=torch.int64)
        for label, answer in zip(labels, answers, strict=True):
            expected[label, answer] += 1
        assert confusion.dtype == torch.int64
        assert torch.equal(confusion, expected)

    def test_loss_is_the_mean_cross_entropy_in_nats(self) -> None:
        right, wrong = math.log(1 + 9 * math.exp(-5)), 5 + math.log(1 + 9 * math.exp(-5))
        result = evaluate(self.Reader(), self._images([1, 1, 1]), torch.tensor([1, 1, 2]))
        assert result.loss == pytest.approx((2 * right + wrong) / 3)

    @pytest.mark.parametrize("batch_size", [1, 7, 200, 1000])
    def test_loss_and_accuracy_equal_torchs_whatever_the_batch(
        self, batch_size: int, tiny: Dataset
    ) -> None:
        model = RECIPES["softmax"].build(seed=3)
        images, labels = tiny.test_images, tiny.test_labels
        logits = model(images.float()[:, None] / 255)
        result = evaluate(model, images, labels, batch_size=batch_size)
        assert result.loss == pytest.approx(F.cross_entropy(logits, labels).item(), rel=1e-5)
        assert result.accuracy == (logits.argmax(1) == labels).double().mean().item()
        assert result.confusion.sum() == len(labels)

    def test_bytes_are_scaled_and_floats_are_taken_as_they_are(self, tiny: Dataset) -> None:
        model = RECIPES["softmax"].build(seed=3)
        images, labels = tiny.test_images, tiny.test_labels
        of_bytes = evaluate(model, images, labels)
        of_floats = evaluate(model, images.float() / 255, labels)
        assert of_floats.loss == pytest.approx(of_bytes.loss, rel=1e-6)
        of_tutorials = evaluate(model, images.float(), labels)
        logits = model(images.float()[:, None])
        expected = F.cross_entropy(logits, labels).item()
        assert of_tutorials.loss == pytest.approx(expected, rel=1e-5)
        assert of_tutorials.loss > 5 * of_bytes.loss

    @pytest.mark.parametrize("training", [True, False])
    def test_the_mode_is_put_back(self, training: bool, small: Dataset) -> None:
        model = nn.Sequential(nn.Flatten(), nn.Dropout(), nn.Linear(784, 10)).train(training)
        first = evaluate(model, small.test_images, small.test_labels)
        assert evaluate(model, small.test_images, small.test_labels) == first
        assert model.training is training

    def test_the_images_are_left_alone(self, small: Dataset) -> None:
        images = small.test_images.float()
        before = images.clone()
        evaluate(RECIPES["softmax"].build(0), images, small.test_labels)
        assert torch.equal(images, before)

    def test_digit_accuracies_are_nan_where_there_is_no_such_digit(self) -> None:
        result = evaluate(self.Reader(), self._images([3, 4, 4]), torch.tensor([3, 3, 4]))
        assert result.digit_accuracy[3:5] == [0.5, 1.0]
        assert [math.isnan(share) for share in result.digit_accuracy].count(True) == 8

    @pytest.mark.parametrize(("images", "labels"), [(0, 0), (3, 2), (2, 3), (0, 1)])
    def test_images_and_labels_must_be_equally_many(self, images: int, labels: int) -> None:
        with pytest.raises(ValueError, match=f"not {images} and {labels}"):
            evaluate(self.Reader(), self._images([0] * images), torch.zeros(labels).long())


def test_the_loss_falls(recipe: Recipe, small: Dataset) -> None:
    changed = replace(recipe, **FASTER.get(recipe.name, {}))
    losses = _losses(_trainer(changed, small), epochs=20)
    assert np.mean(losses[-4:]) < 0.7 * np.mean(losses[:4])


def test_the_same_seed_gives_the_same_losses(recipe: Recipe, small: Dataset) -> None:
    assert _losses(_trainer(recipe, small), 2) == _losses(_trainer(recipe, small), 2)


def test_another_seed_gives_other_losses(recipe: Recipe, small: Dataset) -> None:
    assert _losses(_trainer(recipe, small), 1) != _losses(_trainer(recipe, small, seed=1), 1)


@pytest.mark.parametrize("stop", [1, 3, 4, 5])
def test_a_stopped_run_goes_on_as_if_it_had_not(stop: int, recipe: Recipe, small: Dataset) -> None:
    whole, stopped = _trainer(recipe, small), _trainer(recipe, small)
    expected = list(whole.run(2))
    seen = _go(stopped, stop)
    rest = list(stopped.run(2 - stopped.epochs_done))
    losses = [event.loss for event in [*seen, *_steps(rest)]]
    assert losses == [event.loss for event in _steps(expected)]
    assert isinstance(rest[-1], EpochEvent)
    assert isinstance(expected[-1], EpochEvent)
    assert rest[-1].train_loss == expected[-1].train_loss
    assert rest[-1].test == expected[-1].test
    assert torch.equal(_weights(whole.model), _weights(stopped.model))


def test_epochs_one_by_one_are_epochs_in_a_row(recipe: Recipe, small: Dataset) -> None:
    one_by_one = _trainer(recipe, small)
    losses = _losses(one_by_one, 1) + _losses(one_by_one, 1)
    assert losses == _losses(_trainer(recipe, small), 2)
    assert one_by_one.epochs_done == 2


def test_trainers_do_not_disturb_each_other(softmax: Recipe, small: Dataset) -> None:
    alone = _losses(_trainer(softmax, small), 2)
    first, second = _trainer(softmax, small).run(2), _trainer(softmax, small, seed=1).run(2)
    events = [event for pair in zip(first, second, strict=True) for event in pair]
    assert [event.loss for event in _steps(events[::2])] == alone


def test_the_random_states_are_left_alone(recipe: Recipe, small: Dataset) -> None:
    before = torch.get_rng_state()
    _losses(_trainer(recipe, small), 1)
    assert torch.equal(torch.get_rng_state(), before)


def test_losses_do_not_depend_on_the_random_state(recipe: Recipe, small: Dataset) -> None:
    expected = _losses(_trainer(recipe, small), 1)
    torch.rand(3)
    assert _losses(_trainer(recipe, small), 1) == expected


def _plain_losses(
    recipe: Recipe, trainer: Trainer, dataset: Dataset, *, fused: bool = False
) -> list[float]:
    """The losses of two epochs in a plain loop, over the same batches as the trainer's."""
    model = recipe.build(trainer.seed)
    if fused:
        model = model.to(memory_format=torch.channels_last)
    parameters, rate = model.parameters(), recipe.learning_rate
    optimizer: torch.optim.Optimizer
    if recipe.optimizer == "sgd":
        optimizer = torch.optim.SGD(parameters, rate, recipe.momentum, fused=fused)
    else:
        optimizer = torch.optim.Adam(parameters, rate, fused=fused)
    losses = []
    for epoch in (1, 2):
        for batch in trainer._shuffle(epoch).split(recipe.batch_size):
            logits = model(dataset.train_images[batch].float().div(255)[:, None])
            loss = F.cross_entropy(logits, dataset.train_labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses


@pytest.mark.parametrize("name", TUTORIALS)
def test_losses_are_those_of_a_plain_loop_over_the_same_batches(name: str, small: Dataset) -> None:
    recipe = replace(RECIPES[name], batch_size=16)
    trainer = _trainer(recipe, small, seed=7)
    expected = _plain_losses(recipe, trainer, small)
    np.testing.assert_allclose(_losses(trainer, 2), expected, rtol=2e-5)


@pytest.mark.parametrize("name", TUTORIALS)
def test_a_tutorials_losses_are_to_the_last_bit_those_of_the_same_kernels(
    name: str, small: Dataset
) -> None:
    """What our own recipes brought into the trainer, changes nothing where it is not asked for."""
    recipe = replace(RECIPES[name], batch_size=16)
    trainer = _trainer(recipe, small, seed=7)
    expected = _plain_losses(recipe, trainer, small, fused=True)
    assert _losses(trainer, 2) == expected


def test_each_epoch_sees_each_image_once_in_another_order(softmax: Recipe, small: Dataset) -> None:
    trainer = _trainer(softmax, small)
    orders = [trainer._shuffle(epoch).tolist() for epoch in (1, 2)]
    orders.append(_trainer(softmax, small, seed=1)._shuffle(1).tolist())
    for order in orders:
        assert sorted(order) == list(range(64))
        assert order != sorted(order)
    assert orders[0] != orders[1] != orders[2] != orders[0]


def test_weight_decay_shrinks_the_weights(small: Dataset) -> None:
    for optimizer in ("sgd", "adam", "adamw"):
        recipe = replace(RECIPES["softmax"], batch_size=16, optimizer=optimizer, learning_rate=0.1)
        plain, decayed = _trainer(recipe, small), _trainer(replace(recipe, weight_decay=1), small)
        _go(plain, 8)
        _go(decayed, 8)
        assert _weights(decayed.model).norm() < 0.9 * _weights(plain.model).norm()


def test_momentum_reaches_the_optimizer(small: Dataset) -> None:
    recipe = replace(RECIPES["mlp"], batch_size=16)
    assert _losses(_trainer(recipe, small), 1) != _losses(
        _trainer(replace(recipe, momentum=0.0), small), 1
    )


def test_a_run_yields_its_steps_and_then_its_epoch(softmax: Recipe, small: Dataset) -> None:
    events = list(_trainer(softmax, small).run(2))
    kinds = [type(event) for event in events]
    assert kinds == [*[StepEvent] * 4, EpochEvent, *[StepEvent] * 4, EpochEvent]
    steps = _steps(events)
    assert [(event.epoch, event.step) for event in steps] == [
        (epoch, step) for epoch in (1, 2) for step in (1, 2, 3, 4)
    ]
    assert {event.steps_per_epoch for event in steps} == {4}
    assert [event.epoch for event in events if isinstance(event, EpochEvent)] == [1, 2]


def test_an_epochs_loss_is_the_mean_of_its_batches(softmax: Recipe, small: Dataset) -> None:
    trainer = _trainer(softmax, small)
    *steps, epoch = trainer.run(1)
    assert isinstance(epoch, EpochEvent)
    assert epoch.train_loss == pytest.approx(np.mean([event.loss for event in _steps(steps)]))
    assert epoch.test == evaluate(trainer.model, small.test_images, small.test_labels)
    assert trainer.model.training


def test_seconds_only_grow_and_exclude_the_consumer(
    softmax: Recipe, small: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = iter(range(1000))
    monkeypatch.setattr("time.perf_counter", lambda: next(ticks))
    seconds = []
    for event in _trainer(softmax, small).run(2):
        assert not isinstance(event, DivergedEvent)
        seconds.append(event.seconds)
        next(ticks)
    assert seconds == [1, 2, 3, 4, 4, 5, 6, 7, 8, 8]


def test_a_steps_accuracy_is_that_of_its_batch_before_the_step(
    softmax: Recipe, small: Dataset
) -> None:
    trainer = _trainer(softmax, small)
    model = softmax.build(seed=0)
    batch = trainer._shuffle(1)[:16]
    answers = model(small.train_images[batch].float().div(255)[:, None]).argmax(1)
    expected = (answers == small.train_labels[batch]).float().mean().item()
    first, *_ = events = _steps(list(trainer.run(3)))
    assert first.accuracy == expected
    assert all(event.accuracy * 16 == round(event.accuracy * 16) for event in events)
    assert events[-1].accuracy > first.accuracy


def test_events_cannot_be_changed(softmax: Recipe, small: Dataset) -> None:
    for event in _trainer(softmax, small).run(1):
        with pytest.raises(FrozenInstanceError):
            event.epoch = 9  # type: ignore[misc]


class TestEpochs:
    def test_none_runs_what_the_recipe_has_left(self, softmax: Recipe, small: Dataset) -> None:
        trainer = _trainer(replace(softmax, epochs=3), small)
        _losses(trainer, 1)
        _losses(trainer)
        assert trainer.epochs_done == 3

    def test_none_runs_all_again_where_none_is_left(self, softmax: Recipe, small: Dataset) -> None:
        trainer = _trainer(replace(softmax, epochs=3), small)
        _losses(trainer)
        assert trainer.epochs_done == 3
        _losses(trainer)
        assert trainer.epochs_done == 6

    def test_an_interrupted_epoch_is_the_first_that_is_finished(
        self, softmax: Recipe, small: Dataset
    ) -> None:
        trainer = _trainer(softmax, small)
        _go(trainer, 6)
        assert len(_losses(trainer, 1)) == 2
        assert trainer.epochs_done == 2

    @pytest.mark.parametrize("epochs", [0, -1, 1.5, True, 1001, float("nan"), "2"])
    def test_bad_numbers_are_refused_before_the_first_step(
        self, epochs: Any, softmax: Recipe, small: Dataset
    ) -> None:
        trainer = _trainer(softmax, small)
        with pytest.raises(ValueError, match="epochs must be"):
            trainer.run(epochs)

    def test_nothing_happens_before_the_first_event_is_asked_for(
        self, softmax: Recipe, small: Dataset
    ) -> None:
        trainer = _trainer(softmax, small)
        before = _weights(trainer.model)
        trainer.run(1)
        assert torch.equal(_weights(trainer.model), before)


class TestLearningRate:
    def test_it_is_the_recipes_until_it_is_set(self, recipe: Recipe, small: Dataset) -> None:
        trainer = _trainer(recipe, small)
        assert trainer.learning_rate == recipe.learning_rate

    def test_the_next_step_uses_it(self, softmax: Recipe, small: Dataset) -> None:
        trainers = [_trainer(softmax, small) for _ in range(2)]
        moves = []
        for trainer, factor in zip(trainers, (1, 2), strict=True):
            run = trainer.run(1)
            next(run)
            before = _weights(trainer.model)
            trainer.learning_rate = factor * softmax.learning_rate
            event = next(run)
            assert isinstance(event, StepEvent)
            assert event.learning_rate == factor * softmax.learning_rate
            moves.append(_weights(trainer.model) - before)
        torch.testing.assert_close(moves[1], 2 * moves[0], rtol=1e-3, atol=1e-7)

    def test_it_stays_set_over_epochs_and_stops(self, softmax: Recipe, small: Dataset) -> None:
        trainer = _trainer(softmax, small)
        _go(trainer, 2)
        trainer.learning_rate = 0.5
        assert {event.learning_rate for event in _steps(list(trainer.run(2)))} == {0.5}

    @pytest.mark.parametrize("value", [0, -1, 101, float("nan"), float("inf"), "0.1", None, True])
    def test_bad_values_are_refused_and_change_nothing(
        self, value: Any, softmax: Recipe, small: Dataset
    ) -> None:
        trainer = _trainer(softmax, small)
        with pytest.raises(ValueError, match="learning_rate must be"):
            trainer.learning_rate = value
        assert trainer.learning_rate == softmax.learning_rate


class TestOneCycle:
    @pytest.mark.parametrize("total", [1, 2, 3, 4, 5, 9, 10, 11, 100, 468, 937])
    def test_it_rises_and_then_falls_to_nearly_nothing(self, total: int) -> None:
        rates = [one_cycle(step, total) for step in range(total)]
        assert all(0 < rate <= 1 for rate in rates)
        top = rates.index(max(rates))
        assert rates[top] == 1
        assert rates[: top + 1] == sorted({*rates[: top + 1]})
        assert rates[top:] == sorted({*rates[top:]}, reverse=True)
        assert top == max(1, total // 5) - 1
        assert rates[-1] <= 1.3 / total

    def test_both_ways_are_straight(self) -> None:
        rates = np.array([one_cycle(step, 100) for step in range(100)])
        np.testing.assert_allclose(np.diff(rates[:20]), 1 / 20)
        np.testing.assert_allclose(np.diff(rates[19:]), -1 / 81)

    @pytest.fixture
    def scheduled(self) -> Recipe:
        """Twelve steps on 64 images."""
        return replace(RECIPES["softmax"], batch_size=16, schedule="one_cycle", epochs=3)

    def test_a_run_follows_it(self, scheduled: Recipe, small: Dataset) -> None:
        events = _steps(list(_trainer(scheduled, small).run()))
        expected = [scheduled.learning_rate * one_cycle(step, 12) for step in range(12)]
        assert [event.learning_rate for event in events] == expected

    def test_the_steps_move_by_it(self, scheduled: Recipe, small: Dataset) -> None:
        moves = []
        for recipe in (scheduled, replace(scheduled, schedule="constant")):
            trainer = _trainer(recipe, small)
            before = _weights(trainer.model)
            _go(trainer, 1)
            moves.append(_weights(trainer.model) - before)
        torch.testing.assert_close(moves[0], moves[1] * one_cycle(0, 12), rtol=1e-3, atol=1e-7)

    def test_going_on_after_the_end_is_a_cycle_of_its_own(
        self, scheduled: Recipe, small: Dataset
    ) -> None:
        trainer = _trainer(scheduled, small)
        first = [event.learning_rate for event in _steps(list(trainer.run()))]
        second = [event.learning_rate for event in _steps(list(trainer.run()))]
        assert trainer.epochs_done == 6
        assert second == first

    @pytest.mark.parametrize("stop", [1, 4, 5, 11])
    def test_a_stopped_run_goes_on_where_the_schedule_was(
        self, stop: int, scheduled: Recipe, small: Dataset
    ) -> None:
        recipe = replace(scheduled, augmentation="other_hand", nothings=6, label_smoothing=0.1)
        whole, stopped = _trainer(recipe, small), _trainer(recipe, small)
        expected = _steps(list(whole.run()))
        seen = [*_go(stopped, stop), *_steps(list(stopped.run()))]
        assert [event.learning_rate for event in seen] == [
            event.learning_rate for event in expected
        ]
        assert [event.loss for event in seen] == [event.loss for event in expected]
        assert torch.equal(_weights(whole.model), _weights(stopped.model))

    def test_its_highest_rate_can_be_set_at_any_time(
        self, scheduled: Recipe, small: Dataset
    ) -> None:
        trainer = _trainer(scheduled, small)
        _go(trainer, 5)
        trainer.learning_rate = 0.5
        events = _steps(list(trainer.run()))
        assert trainer.learning_rate == 0.5
        expected = [0.5 * one_cycle(step, 12) for step in range(5, 12)]
        assert [event.learning_rate for event in events] == expected


class TestAugmentation:
    @pytest.fixture
    def augmented(self, softmax: Recipe) -> Recipe:
        return replace(softmax, augmentation="other_hand")

    def test_it_changes_what_is_learnt_from(
        self, augmented: Recipe, softmax: Recipe, small: Dataset
    ) -> None:
        assert _losses(_trainer(augmented, small), 1) != _losses(_trainer(softmax, small), 1)

    def test_a_seed_gives_the_same_losses(self, augmented: Recipe, small: Dataset) -> None:
        losses = _losses(_trainer(augmented, small), 2)
        torch.rand(3)
        assert _losses(_trainer(augmented, small), 2) == losses
        assert _losses(_trainer(augmented, small, seed=1), 2) != losses

    def test_each_seed_epoch_and_step_changes_the_images_in_its_own_way(
        self, augmented: Recipe, small: Dataset, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seeds: list[int] = []

        def watch(images: Tensor, generator: torch.Generator) -> Tensor:
            seeds.append(generator.initial_seed())
            return images

        monkeypatch.setitem(AUGMENTATIONS, "other_hand", watch)
        for seed in (0, 1):
            _losses(_trainer(augmented, small, seed=seed), 3)
        assert len(seeds) == len({*seeds}) == 24

    def test_the_images_themselves_stay_as_they_are(
        self, augmented: Recipe, small: Dataset
    ) -> None:
        before = small.train_images.clone()
        _losses(_trainer(augmented, small), 2)
        assert torch.equal(small.train_images, before)

    def test_the_test_images_are_not_changed(self, augmented: Recipe, small: Dataset) -> None:
        trainer = _trainer(augmented, small)
        *_, last = trainer.run(1)
        assert isinstance(last, EpochEvent)
        assert last.test == evaluate(trainer.model, small.test_images, small.test_labels)


class TestHeldOut:
    """The held-out images are marked: all of them is ink."""

    @pytest.fixture
    def marked(self, tiny: Dataset) -> Dataset:
        images = tiny.train_images.clone()
        images[-51:] = 255
        return replace(tiny, train_images=images)

    @staticmethod
    def _seen(trainer: Trainer, epochs: int) -> Tensor:
        """How dark each image was that the model was trained on."""
        seen: list[Tensor] = []
        hook = trainer.model.register_forward_pre_hook(
            lambda model, inputs: (
                seen.append(inputs[0].mean(dim=(1, 2, 3))) if model.training else None
            )
        )
        list(trainer.run(epochs))
        hook.remove()
        return torch.cat(seen)

    @pytest.mark.parametrize("drawings", [0, 30])
    @pytest.mark.parametrize("held_out", [51, 400])
    def test_they_are_never_trained_on(
        self, held_out: int, drawings: int, softmax: Recipe, marked: Dataset
    ) -> None:
        recipe = replace(softmax, held_out=held_out, drawings=drawings)
        trainer = _trainer(replace(recipe, drop_last=False), marked)
        seen = self._seen(trainer, 2)
        assert len(seen) == 2 * (461 + drawings)
        assert seen.max() < 0.9
        images, labels = trainer.held_out
        assert torch.equal(images, marked.train_images[-51:])
        assert torch.equal(labels, marked.train_labels[-51:])

    def test_where_none_are_all_are_trained_on(self, softmax: Recipe, marked: Dataset) -> None:
        trainer = _trainer(replace(softmax, drop_last=False), marked)
        assert (self._seen(trainer, 1) > 0.9).sum() == 51
        assert [len(part) for part in trainer.held_out] == [0, 0]

    @pytest.mark.parametrize(("asked", "kept"), [(0, 0), (1, 1), (50, 50), (51, 51), (52, 51)])
    def test_a_tenth_is_the_most(
        self, asked: int, kept: int, softmax: Recipe, tiny: Dataset
    ) -> None:
        trainer = _trainer(replace(softmax, held_out=asked), tiny)
        assert [len(part) for part in trainer.held_out] == [kept, kept]
        assert trainer.steps_per_epoch == (512 - kept) // 16


class TestLoss:
    """Of one step, reckoned by hand from its logits."""

    @staticmethod
    def _first(recipe: Recipe, dataset: Dataset) -> StepEvent:
        (event,) = _go(_trainer(recipe, dataset), 1)
        return event

    @staticmethod
    def _by_hand(event: StepEvent, smoothing: float) -> float:
        losses = []
        for logits, label in zip(event._logits.double(), event._labels.tolist(), strict=True):
            surprise = logits.exp().sum().log() - logits  # at each of the ten answers
            spread = surprise.mean()
            true = spread if label == NOTHING else surprise[label]
            losses.append(float((1 - smoothing) * true + smoothing * spread))
        return float(np.mean(losses))

    @pytest.mark.parametrize("nothings", [0, 30])
    @pytest.mark.parametrize("smoothing", [0, 0.1, 0.5])
    def test_it_is_the_mean_over_digits_and_what_is_none(
        self, smoothing: float, nothings: int, softmax: Recipe, small: Dataset
    ) -> None:
        recipe = replace(softmax, nothings=nothings, label_smoothing=smoothing, batch_size=64)
        event = self._first(recipe, small)
        assert bool((event._labels == NOTHING).any()) is bool(nothings)
        assert event.loss == pytest.approx(self._by_hand(event, smoothing), rel=1e-5)

    def test_who_learnt_what_is_no_digit_is_less_sure_of_it(
        self, softmax: Recipe, small: Dataset
    ) -> None:
        recipe = replace(softmax, batch_size=64, learning_rate=0.1)
        taught = _trainer(replace(recipe, nothings=64), small)
        untaught = _trainer(recipe, small)
        nothings = taught._images[taught._labels == NOTHING].float().div(255)[:, None]
        sureness = []
        for trainer in (taught, untaught):
            list(trainer.run(60))
            answers = trainer.model(nothings).softmax(dim=1)
            sureness.append(answers.max(dim=1).values.mean().item())
        assert sureness[0] < 0.7 * sureness[1]

    def test_a_batch_of_nothings_alone_has_a_loss(self, softmax: Recipe, small: Dataset) -> None:
        recipe = replace(softmax, nothings=200, batch_size=1)
        events = _go(_trainer(recipe, small), 20)
        alone = [event for event in events if (event._labels == NOTHING).all()]
        assert alone
        for event in alone:
            assert event.loss == pytest.approx(self._by_hand(event, 0), rel=1e-5)

    def test_a_steps_accuracy_is_that_of_its_digits(self, softmax: Recipe, small: Dataset) -> None:
        event = self._first(replace(softmax, nothings=30, batch_size=64), small)
        digits = event._labels != NOTHING
        assert 0 < digits.sum() < 64
        right = (event._logits.argmax(dim=1) == event._labels)[digits]
        assert event.accuracy == right.float().mean().item()


class TestAddedImages:
    def test_they_are_trained_on(self, softmax: Recipe, small: Dataset) -> None:
        recipe = replace(softmax, embedded=1, drawings=20, nothings=6, held_out=6)
        trainer = _trainer(recipe, small, seed=3)
        assert len(trainer._images) == 58 + 1500 + 20 + 6
        assert trainer.steps_per_epoch == count_steps(recipe, 1584)
        assert torch.equal(trainer._images[:58], small.train_images[:58])
        drawn, _ = draw_digits(20, 3)
        assert torch.equal(trainer._images[-26:-6], torch.from_numpy(drawn))
        assert trainer._labels[-6:].tolist() == [NOTHING] * 6

    def test_the_data_set_stays_as_it_is(self, softmax: Recipe, small: Dataset) -> None:
        trainer = _trainer(replace(softmax, drawings=20, nothings=6, held_out=6), small)
        assert trainer.dataset is small
        assert len(small.train_images) == len(small.train_labels) == 64

    def test_they_may_make_up_for_few_images(self, softmax: Recipe, small: Dataset) -> None:
        recipe = replace(softmax, batch_size=65, drop_last=True)
        assert _trainer(replace(recipe, drawings=1), small).steps_per_epoch == 1
        with pytest.raises(ValueError, match="65 is more than the 58 training images"):
            _trainer(replace(recipe, held_out=6), small)


class TestPrecision:
    FAST = replace(RECIPES["fast_cnn"], batch_size=16)

    @staticmethod
    def _pretend(fast: bool, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(training, "has_fast_bfloat16", lambda device: fast)

    def test_without_the_instructions_for_it_it_is_float32(
        self, small: Dataset, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self._pretend(False, monkeypatch)
        plain = replace(self.FAST, precision="float32")
        assert _losses(_trainer(self.FAST, small), 2) == _losses(_trainer(plain, small), 2)

    def test_with_them_it_is_nearly_the_same(
        self, small: Dataset, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self._pretend(True, monkeypatch)
        plain = replace(self.FAST, precision="float32")
        (first,), (expected,) = (_go(_trainer(one, small), 1) for one in (self.FAST, plain))
        assert first.loss != expected.loss
        assert first.loss == pytest.approx(expected.loss, rel=0.05)
        assert first._logits.dtype == torch.float32

    def test_weights_and_evaluation_are_float32(
        self, small: Dataset, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self._pretend(True, monkeypatch)
        trainer = _trainer(self.FAST, small)
        *_, last = trainer.run(1)
        assert isinstance(last, EpochEvent)
        assert last.test == evaluate(trainer.model, small.test_images, small.test_labels)
        floats = [each for each in trainer.model.state_dict().values() if each.is_floating_point()]
        assert {each.dtype for each in floats} == {torch.float32}

    def test_a_recipe_in_float32_does_not_care(
        self, softmax: Recipe, small: Dataset, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        losses = []
        for fast in (True, False):
            self._pretend(fast, monkeypatch)
            losses.append(_losses(_trainer(softmax, small), 1))
        assert losses[0] == losses[1]


def test_fixed_waves_are_not_trained(small: Dataset) -> None:
    trainer = _trainer(replace(RECIPES["fast_cnn"], batch_size=16, weight_decay=0.5), small)
    assert isinstance(trainer.model, FastCNN)
    before = trainer.model.waves.weight.clone()
    others = _weights(trainer.model.conv1)
    list(trainer.run(2))
    assert torch.equal(trainer.model.waves.weight, before)
    assert not torch.equal(_weights(trainer.model.conv1), others)


class TestDivergence:
    """At this rate the third step leaves weights with which the loss is no number any more."""

    TOO_FAST = replace(
        RECIPES["deep_cnn"], optimizer="sgd", learning_rate=100.0, batch_size=32, drop_last=True
    )

    def _diverge(self, dataset: Dataset) -> tuple[Trainer, list[Event]]:
        trainer = _trainer(self.TOO_FAST, dataset)
        return trainer, list(trainer.run(5))

    @pytest.mark.parametrize("images", [512, 96], ids=["at a step", "at the epoch's end"])
    def test_a_loss_that_is_not_finite_ends_the_run(self, images: int, tiny: Dataset) -> None:
        trainer, events = self._diverge(_cut(tiny, images))
        assert [type(event) for event in events] == [*[StepEvent] * 3, DivergedEvent]
        assert all(math.isfinite(event.loss) for event in _steps(events))
        last = events[-1]
        assert isinstance(last, DivergedEvent)
        assert not math.isfinite(last.loss)
        assert last.learning_rate == 100
        assert trainer.diverged

    @pytest.mark.parametrize("images", [512, 96], ids=["at a step", "at the epoch's end"])
    def test_the_last_weights_whose_loss_was_finite_are_kept(
        self, images: int, tiny: Dataset
    ) -> None:
        trainer, _ = self._diverge(_cut(tiny, images))
        assert _weights(trainer.model).isfinite().all()
        before = _trainer(self.TOO_FAST, _cut(tiny, images))
        _go(before, 2)
        assert torch.equal(_weights(trainer.model), _weights(before.model))

    def test_nothing_more_comes_after_it(self, tiny: Dataset) -> None:
        trainer, _ = self._diverge(tiny)
        weights = _weights(trainer.model)
        assert list(trainer.run(3)) == []
        assert list(trainer.run()) == []
        assert torch.equal(_weights(trainer.model), weights)

    def test_it_is_said_where(self, tiny: Dataset) -> None:
        last = self._diverge(tiny)[1][-1]
        assert isinstance(last, DivergedEvent)
        assert (last.epoch, last.step) == (1, 4)

    def test_its_step_is_one_that_the_epoch_has(self, tiny: Dataset) -> None:
        trainer, events = self._diverge(_cut(tiny, 96))
        last = events[-1]
        assert isinstance(last, DivergedEvent)
        assert last.step <= trainer.steps_per_epoch


class TestSteps:
    @pytest.mark.parametrize(
        ("images", "batch_size", "drop_last", "steps"),
        [
            (64, 16, False, 4),
            (64, 16, True, 4),
            (64, 30, False, 3),
            (64, 30, True, 2),
            (64, 64, True, 1),
            (64, 100, False, 1),
            (60_000, 64, True, 937),
            (60_000, 32, False, 1875),
            (60_000, 100, True, 600),
        ],
    )
    def test_they_cover_the_images(
        self, images: int, batch_size: int, drop_last: bool, steps: int
    ) -> None:
        recipe = replace(RECIPES["softmax"], batch_size=batch_size, drop_last=drop_last)
        assert count_steps(recipe, images) == steps

    @pytest.mark.parametrize(("drop_last", "sizes"), [(True, [30, 30]), (False, [30, 30, 4])])
    def test_the_last_batch_is_dropped_where_the_recipe_says_so(
        self, drop_last: bool, sizes: list[int], small: Dataset
    ) -> None:
        recipe = replace(RECIPES["softmax"], batch_size=30, drop_last=drop_last)
        events = _steps(list(_trainer(recipe, small).run(1)))
        assert [len(event._labels) for event in events] == sizes
        assert {event.steps_per_epoch for event in events} == {len(sizes)}

    def test_a_batch_larger_than_the_data_is_refused_where_it_would_be_dropped(
        self, small: Dataset
    ) -> None:
        recipe = replace(RECIPES["softmax"], batch_size=65, drop_last=True)
        with pytest.raises(ValueError, match="65 is more than the 64 training images"):
            _trainer(recipe, small)

    @pytest.mark.parametrize("drop_last", [True, False])
    def test_no_data_is_refused(self, drop_last: bool, small: Dataset) -> None:
        with pytest.raises(ValueError, match="batch_size"):
            _trainer(replace(RECIPES["softmax"], drop_last=drop_last), _cut(small, 0))


@pytest.mark.parametrize("seed", [-1, 2**32, 0.5, True, "1", None, float("nan")])
def test_a_bad_seed_is_refused(seed: Any, softmax: Recipe, small: Dataset) -> None:
    with pytest.raises(ValueError, match="seed must be"):
        Trainer(softmax, small, seed=seed, device="cpu")


def test_a_bad_device_is_refused(softmax: Recipe, small: Dataset) -> None:
    with pytest.raises(ValueError, match="'nonsense'"):
        Trainer(softmax, small, device="nonsense")


class TestSummary:
    def test_it_is_plain_json(self, softmax: Recipe, small: Dataset) -> None:
        events = [e for e in _trainer(softmax, small).run(3) if isinstance(e, EpochEvent)]
        summary = summarize(events)
        assert json.loads(json.dumps(summary, allow_nan=False)) == summary
        assert summary["epochs"] == 3
        assert summary["test_accuracy"] == events[-1].test.accuracy
        assert summary["test_loss"] == events[-1].test.loss
        assert summary["train_loss_by_epoch"] == [event.train_loss for event in events]
        assert summary["test_accuracy_by_epoch"] == [event.test.accuracy for event in events]

    def test_a_digit_that_was_not_tested_is_none(self) -> None:
        confusion = torch.zeros(10, 10, dtype=torch.int64)
        confusion[4, 4] = 2
        summary = summarize([EpochEvent(1, 0.5, Evaluation(1.0, 0.1, confusion), 2.0)])
        assert summary["digit_accuracy"] == [None] * 4 + [1.0] + [None] * 5
        json.dumps(summary, allow_nan=False)

    def test_no_finished_epoch_is_said(self) -> None:
        assert summarize([]) == {"epochs": 0}


def test_one_epoch_of_softmax_learns_mnist(mnist: Dataset) -> None:
    *_, last = Trainer(RECIPES["softmax"], mnist, device="cpu").run(1)
    assert isinstance(last, EpochEvent)
    assert last.test.accuracy > 0.87


@pytest.mark.parametrize("name", BARS)
def test_a_shipped_checkpoint_is_as_good_as_it_says(name: str, mnist: Dataset) -> None:
    checkpoint = load_checkpoint(name)
    assert checkpoint.dataset == "MNIST"
    assert checkpoint.recipe == RECIPES[name]
    assert checkpoint.metrics["epochs"] == RECIPES[name].epochs
    result = evaluate(checkpoint.model, mnist.test_images, mnist.test_labels)
    assert result.accuracy == pytest.approx(checkpoint.metrics["test_accuracy"], abs=0.0005)
    assert result.accuracy >= BARS[name]
