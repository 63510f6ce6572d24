import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from benchmarks.tutorials import TUTORIALS
from mnist_demo import (
    RECIPES,
    Dataset,
    DivergedEvent,
    EpochEvent,
    Recipe,
    StepEvent,
    Trainer,
    evaluate,
)
from mnist_demo.networks.modules import CosineWaves
from mnist_demo.training.events import settle
from tests.training.runs import go, losses_of, make_trainer, steps_of, weights_of

# Where a recipe's own pace is too slow for a test of seconds.
FASTER: dict[str, Any] = {
    "softmax": {"learning_rate": 0.1},
    "mlp": {"learning_rate": 0.5},
    "deep_cnn": {"learning_rate": 0.001},
}


def test_the_loss_falls(recipe: Recipe, small: Dataset) -> None:
    changed = replace(recipe, **FASTER.get(recipe.name, {}))
    losses = losses_of(make_trainer(changed, small), epochs=20)
    assert np.mean(losses[-4:]) < 0.7 * np.mean(losses[:4])


def test_the_same_seed_gives_the_same_losses(recipe: Recipe, small: Dataset) -> None:
    assert losses_of(make_trainer(recipe, small), 2) == losses_of(make_trainer(recipe, small), 2)


def test_another_seed_gives_other_losses(recipe: Recipe, small: Dataset) -> None:
    assert losses_of(make_trainer(recipe, small), 1) != losses_of(
        make_trainer(recipe, small, seed=1), 1
    )


@pytest.mark.parametrize("stop", [1, 3, 4, 5])
def test_a_stopped_run_goes_on_as_if_it_had_not(stop: int, recipe: Recipe, small: Dataset) -> None:
    whole, stopped = make_trainer(recipe, small), make_trainer(recipe, small)
    expected = list(whole.run(2))
    seen = go(stopped, stop)
    rest = list(stopped.run(2 - stopped.epochs_done))
    losses = [event.loss for event in [*seen, *steps_of(rest)]]
    assert losses == [event.loss for event in steps_of(expected)]
    assert isinstance(rest[-1], EpochEvent)
    assert isinstance(expected[-1], EpochEvent)
    assert rest[-1].train_loss == expected[-1].train_loss
    assert rest[-1].test == expected[-1].test
    assert torch.equal(weights_of(whole.model), weights_of(stopped.model))


@pytest.mark.parametrize("stop", [1, 4, 5])
def test_another_trainer_goes_on_where_one_stopped(
    stop: int, recipe: Recipe, small: Dataset
) -> None:
    whole, stopped = make_trainer(recipe, small), make_trainer(recipe, small)
    expected = [event.loss for event in steps_of(list(whole.run(2)))]
    seen = go(stopped, stop)
    state = stopped.state_dict()
    go(stopped, 1)  # changes nothing of what it told
    another = make_trainer(recipe, small)
    another.load_state_dict(state)
    assert another.steps_done == stop
    rest = steps_of(list(another.run(2 - another.epochs_done)))
    assert [event.loss for event in [*seen, *rest]] == expected
    assert torch.equal(weights_of(whole.model), weights_of(another.model))


def test_a_settled_event_keeps_its_accuracy(softmax: Recipe, small: Dataset) -> None:
    events = list(make_trainer(softmax, small).run(1))
    again = pickle.loads(pickle.dumps(settle(events)))
    assert again == events
    accuracies = [event.accuracy for event in steps_of(events)]
    assert [event.accuracy for event in steps_of(again)] == accuracies
    assert len(pickle.dumps(settle(events))) < 10_000


def test_epochs_one_by_one_are_epochs_in_a_row(recipe: Recipe, small: Dataset) -> None:
    one_by_one = make_trainer(recipe, small)
    losses = losses_of(one_by_one, 1) + losses_of(one_by_one, 1)
    assert losses == losses_of(make_trainer(recipe, small), 2)
    assert one_by_one.epochs_done == 2


def test_trainers_do_not_disturb_each_other(softmax: Recipe, small: Dataset) -> None:
    alone = losses_of(make_trainer(softmax, small), 2)
    first, second = make_trainer(softmax, small).run(2), make_trainer(softmax, small, seed=1).run(2)
    events = [event for pair in zip(first, second, strict=True) for event in pair]
    assert [event.loss for event in steps_of(events[::2])] == alone


def test_the_random_states_are_left_alone(recipe: Recipe, small: Dataset) -> None:
    before = torch.get_rng_state()
    losses_of(make_trainer(recipe, small), 1)
    assert torch.equal(torch.get_rng_state(), before)


def test_losses_do_not_depend_on_the_random_state(recipe: Recipe, small: Dataset) -> None:
    expected = losses_of(make_trainer(recipe, small), 1)
    torch.rand(3)
    assert losses_of(make_trainer(recipe, small), 1) == expected


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
    trainer = make_trainer(recipe, small, seed=7)
    expected = _plain_losses(recipe, trainer, small)
    np.testing.assert_allclose(losses_of(trainer, 2), expected, rtol=2e-5)


@pytest.mark.parametrize("name", TUTORIALS)
def test_a_tutorials_losses_are_to_the_last_bit_those_of_the_same_kernels(
    name: str, small: Dataset
) -> None:
    """What our own recipes brought into the trainer, changes nothing where it is not asked for."""
    recipe = replace(RECIPES[name], batch_size=16)
    trainer = make_trainer(recipe, small, seed=7)
    expected = _plain_losses(recipe, trainer, small, fused=True)
    assert losses_of(trainer, 2) == expected


def test_each_epoch_sees_each_image_once_in_another_order(softmax: Recipe, small: Dataset) -> None:
    trainer = make_trainer(softmax, small)
    orders = [trainer._shuffle(epoch).tolist() for epoch in (1, 2)]
    orders.append(make_trainer(softmax, small, seed=1)._shuffle(1).tolist())
    for order in orders:
        assert sorted(order) == list(range(64))
        assert order != sorted(order)
    assert orders[0] != orders[1] != orders[2] != orders[0]


def test_weight_decay_shrinks_the_weights(small: Dataset) -> None:
    for optimizer in ("sgd", "adam", "adamw"):
        recipe = replace(RECIPES["softmax"], batch_size=16, optimizer=optimizer, learning_rate=0.1)
        plain, decayed = (
            make_trainer(recipe, small),
            make_trainer(replace(recipe, weight_decay=1), small),
        )
        go(plain, 8)
        go(decayed, 8)
        assert weights_of(decayed.model).norm() < 0.9 * weights_of(plain.model).norm()


def test_momentum_reaches_the_optimizer(small: Dataset) -> None:
    recipe = replace(RECIPES["mlp"], batch_size=16)
    assert losses_of(make_trainer(recipe, small), 1) != losses_of(
        make_trainer(replace(recipe, momentum=0.0), small), 1
    )


def test_a_run_yields_its_steps_and_then_its_epoch(softmax: Recipe, small: Dataset) -> None:
    events = list(make_trainer(softmax, small).run(2))
    kinds = [type(event) for event in events]
    assert kinds == [*[StepEvent] * 4, EpochEvent, *[StepEvent] * 4, EpochEvent]
    steps = steps_of(events)
    assert [(event.epoch, event.step) for event in steps] == [
        (epoch, step) for epoch in (1, 2) for step in (1, 2, 3, 4)
    ]
    assert {event.steps_per_epoch for event in steps} == {4}
    assert [event.epoch for event in events if isinstance(event, EpochEvent)] == [1, 2]


def test_an_epochs_loss_is_the_mean_of_its_batches(softmax: Recipe, small: Dataset) -> None:
    trainer = make_trainer(softmax, small)
    *steps, epoch = trainer.run(1)
    assert isinstance(epoch, EpochEvent)
    assert epoch.train_loss == pytest.approx(np.mean([event.loss for event in steps_of(steps)]))
    assert epoch.test == evaluate(trainer.model, small.test_images, small.test_labels)
    assert trainer.model.training


def test_seconds_only_grow_and_exclude_the_consumer(
    softmax: Recipe, small: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = iter(range(1000))
    monkeypatch.setattr("time.perf_counter", lambda: next(ticks))
    seconds = []
    for event in make_trainer(softmax, small).run(2):
        assert not isinstance(event, DivergedEvent)
        seconds.append(event.seconds)
        next(ticks)
    assert seconds == [1, 2, 3, 4, 4, 5, 6, 7, 8, 8]


def test_a_steps_accuracy_is_that_of_its_batch_before_the_step(
    softmax: Recipe, small: Dataset
) -> None:
    trainer = make_trainer(softmax, small)
    model = softmax.build(seed=0)
    batch = trainer._shuffle(1)[:16]
    answers = model(small.train_images[batch].float().div(255)[:, None]).argmax(1)
    expected = (answers == small.train_labels[batch]).float().mean().item()
    first, *_ = events = steps_of(list(trainer.run(3)))
    assert first.accuracy == expected
    assert all(event.accuracy * 16 == round(event.accuracy * 16) for event in events)
    assert events[-1].accuracy > first.accuracy


class TestEpochs:
    def test_none_runs_what_the_recipe_has_left(self, softmax: Recipe, small: Dataset) -> None:
        trainer = make_trainer(replace(softmax, epochs=3), small)
        losses_of(trainer, 1)
        losses_of(trainer)
        assert trainer.epochs_done == 3

    def test_none_runs_all_again_where_none_is_left(self, softmax: Recipe, small: Dataset) -> None:
        trainer = make_trainer(replace(softmax, epochs=3), small)
        losses_of(trainer)
        assert trainer.epochs_done == 3
        losses_of(trainer)
        assert trainer.epochs_done == 6

    def test_an_interrupted_epoch_is_the_first_that_is_finished(
        self, softmax: Recipe, small: Dataset
    ) -> None:
        trainer = make_trainer(softmax, small)
        go(trainer, 6)
        assert len(losses_of(trainer, 1)) == 2
        assert trainer.epochs_done == 2

    @pytest.mark.parametrize("epochs", [0, -1, 1.5, True, 1001, float("nan"), "2"])
    def test_bad_numbers_are_refused_before_the_first_step(
        self, epochs: Any, softmax: Recipe, small: Dataset
    ) -> None:
        trainer = make_trainer(softmax, small)
        with pytest.raises(ValueError, match="epochs must be"):
            trainer.run(epochs)

    def test_nothing_happens_before_the_first_event_is_asked_for(
        self, softmax: Recipe, small: Dataset
    ) -> None:
        trainer = make_trainer(softmax, small)
        before = weights_of(trainer.model)
        trainer.run(1)
        assert torch.equal(weights_of(trainer.model), before)


def test_fixed_waves_are_not_trained(small: Dataset) -> None:
    trainer = make_trainer(replace(RECIPES["fast_cnn"], batch_size=16, weight_decay=0.5), small)
    waves, conv = (trainer.model.get_submodule(name) for name in ("waves", "conv1"))
    assert isinstance(waves, CosineWaves)
    before, others = weights_of(waves), weights_of(conv)
    list(trainer.run(2))
    assert torch.equal(weights_of(waves), before)
    assert not torch.equal(weights_of(conv), others)


@pytest.mark.parametrize("seed", [-1, 2**32, 0.5, True, "1", None, float("nan")])
def test_a_bad_seed_is_refused(seed: Any, softmax: Recipe, small: Dataset) -> None:
    with pytest.raises(ValueError, match="seed must be"):
        Trainer(softmax, small, seed=seed, device="cpu")


def test_a_bad_device_is_refused(softmax: Recipe, small: Dataset) -> None:
    with pytest.raises(ValueError, match="'nonsense'"):
        Trainer(softmax, small, device="nonsense")
