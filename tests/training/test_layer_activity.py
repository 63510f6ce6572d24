"""How large activations and gradients are is told, and nothing is changed by looking."""

from dataclasses import replace

import pytest
import torch

from mnist_demo import RECIPES, Dataset, StepEvent, Trainer, build_network
from mnist_demo.networks.building import module_calls
from mnist_demo.networks.notation import parse_layers
from mnist_demo.training.layer_activity import watch_activity
from tests.foreign import FOREIGN


def _steps(trainer: Trainer, count: int) -> list[StepEvent]:
    steps: list[StepEvent] = []
    for event in trainer.run(1):
        if isinstance(event, StepEvent):
            steps.append(event)
        if len(steps) == count:
            break
    return steps


@pytest.mark.parametrize("name", ["mlp", "fast_cnn", "robust_cnn"])
def test_the_losses_stay_the_same(name: str, bundled: Dataset) -> None:
    recipe = replace(RECIPES[name], synthetic_digits=0, non_digits=0, batch_size=16)
    plain = _steps(Trainer(recipe, bundled), 4)
    watched = _steps(Trainer(recipe, bundled, watch_every=0), 4)
    assert [step.loss for step in plain] == [step.loss for step in watched]
    assert all(step.layers is None for step in plain)
    modules = [call.name for call in module_calls(parse_layers(recipe.layers))]
    for step in watched:
        assert step.layers is not None
        assert list(step.layers) == modules


def test_it_is_watched_only_now_and_then(bundled: Dataset) -> None:
    steps = _steps(Trainer(RECIPES["softmax"], bundled, watch_every=1000), 5)
    assert [step.layers is not None for step in steps] == [True, False, False, False, False]


def test_the_sizes_are_root_mean_squares() -> None:
    torch.manual_seed(0)
    network = build_network("linear 20, relu")
    images, labels = torch.rand(8, 1, 28, 28), torch.arange(0, 8)
    with watch_activity(network, 8) as layers:
        logits = network(images)
        logits.retain_grad()
        torch.nn.functional.cross_entropy(logits, labels).backward()
    assert layers["classifier"].activation == pytest.approx(logits.square().mean().sqrt().item())
    # The loss of one image falls by its logits as their probabilities are wrong.
    wrong = logits.softmax(dim=1) - torch.eye(10)[:8]
    size = wrong.square().mean().sqrt().item()
    assert layers["classifier"].gradient == pytest.approx(size, rel=1e-4)


def test_a_deep_sigmoid_network_starves() -> None:
    torch.manual_seed(0)
    gradients = {}
    for kind in ("sigmoid", "relu"):
        network = build_network(f"linear 100, {kind}, " * 6 + "linear 10")
        with watch_activity(network, 32) as layers:
            logits = network(torch.rand(32, 1, 28, 28))
            torch.nn.functional.cross_entropy(logits, torch.zeros(32).long()).backward()
        gradients[kind] = layers["hidden1"].gradient / layers["classifier"].gradient
    assert gradients["sigmoid"] < 1e-2 * gradients["relu"]


def test_a_dead_relu_has_no_activation_and_no_gradient() -> None:
    network = build_network("linear 20, relu")
    torch.nn.init.constant_(network.get_parameter("hidden.bias"), -1000)
    with watch_activity(network, 4) as layers:
        network(torch.rand(4, 1, 28, 28)).sum().backward()
    assert layers["relu"].activation == 0
    assert layers["hidden"].gradient == 0


@pytest.mark.parametrize("name", FOREIGN)
def test_a_network_of_any_kind_is_watched(name: str) -> None:
    network = FOREIGN[name].build(seed=0)
    with watch_activity(network, 4) as layers:
        network(torch.rand(4, 1, 28, 28)).sum().backward()
    assert layers.keys() <= dict(network.named_modules()).keys()
    assert not any(module._forward_hooks for module in network.modules())
