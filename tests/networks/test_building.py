import hashlib
import itertools
from dataclasses import replace

import pytest
import torch
from torch import nn

from mnist_demo import RECIPES, Dataset, Recipe, StepEvent, Trainer
from mnist_demo.networks.building import (
    TextNetwork,
    build_network,
    module_calls,
    network_text,
)
from mnist_demo.networks.introspection import count_parameters, describe_layers, watch
from mnist_demo.networks.layers import KINDS
from mnist_demo.networks.notation import LIMITS, parse_layers, write_layers
from tests.networks.reference import REFERENCE
from tests.networks.texts import random_text
from tests.training.runs import weights_of

# Of when the networks were classes: the SHA-256 of the weights that seed 3 draws, and the first
# losses on the bundled digits with seed 3, in batches of 32 and float32.
RECORDED = {
    "softmax": (
        "b012ad03463a850a691e1be403059bcfa577f1c3c398acb279779d9c2790b042",
        [2.29866, 2.36904, 2.25376, 2.27261],
    ),
    "mlp": (
        "733144fea34f2dad5253f7b948749ff114963e4e1962399cd66652fa874918f1",
        [2.36625, 2.31877, 2.38601, 2.28952],
    ),
    "simple_cnn": (
        "b401fdec64e86d49ec282cd28fecbc45007aabe21cd0a05ae530b7f55c6e0b73",
        [2.31040, 2.34189, 2.22825, 2.25420],
    ),
    "deep_cnn": (
        "3cb75310b6ca084f643bb875c64313cba6869f3c7df77607ca68df9a57a76186",
        [2.31846, 2.30727, 2.30801, 2.30554],
    ),
    "fast_cnn": (
        "a9377384e89ab1a883e7300c0835c36aec52fc4a7ce41ed31e93ae48d599dcb6",
        [2.31301, 2.30048, 2.18625, 2.18098],
    ),
    "robust_cnn": (
        "0f82127aad458b2419ab315bc3e466093c358eb02c7d40a0f38504db0095e09b",
        [2.36253, 2.36379, 2.66779, 2.67415],
    ),
}


def _losses(trainer: Trainer, count: int) -> list[float]:
    events = itertools.islice(trainer.run(), count)
    return [event.loss for event in events if isinstance(event, StepEvent)]


def _quick(recipe: Recipe, **changes: object) -> Recipe:
    few = {"uci_digits": 0, "synthetic_digits": 0, "non_digits": 0, "calibration_split": 0}
    return replace(recipe, batch_size=32, **{**few, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("name", RECIPES)
class TestRecipes:
    """Their networks are to the last digit what they were before they were text."""

    def test_the_first_weights_and_their_names(self, name: str) -> None:
        weights, before = (
            network.state_dict()
            for network in (RECIPES[name].build(3), _written_out(name).build(3))
        )
        assert list(weights) == list(before)
        digest = hashlib.sha256()
        for key, tensor in weights.items():
            assert torch.equal(tensor, before[key]), key
            assert tensor.stride() == before[key].stride()
            digest.update(tensor.contiguous().numpy().tobytes())
        assert digest.hexdigest() == RECORDED[name][0]

    def test_the_losses(self, name: str, bundled: Dataset) -> None:
        now, before = (
            Trainer(_quick(recipe), bundled, seed=3, device="cpu")
            for recipe in (RECIPES[name], _written_out(name))
        )
        assert _losses(now, 6) == _losses(before, 6)
        assert torch.equal(weights_of(now.model), weights_of(before.model))

    def test_the_losses_that_were_recorded(self, name: str, bundled: Dataset) -> None:
        """But for the last digits, which other processors compute otherwise."""
        few: dict[str, object] = {"precision": "float32"}
        if name == "robust_cnn":
            few |= {"synthetic_digits": 20, "non_digits": 10, "calibration_split": 20}
        trainer = Trainer(_quick(RECIPES[name], **few), bundled, seed=3, device="cpu")
        assert _losses(trainer, 4) == pytest.approx(RECORDED[name][1], rel=2e-4)

    def test_its_text_makes_it_again(self, name: str) -> None:
        network = RECIPES[name].build(0)
        assert network_text(network) == RECIPES[name].layers
        assert str(build_network(network_text(network))) == str(network)


def _written_out(name: str) -> Recipe:
    return replace(RECIPES[name], layers="", architecture=REFERENCE[name])


@pytest.fixture(params=range(40))
def text(request: pytest.FixtureRequest) -> str:
    return random_text(request.param)


class TestAnyText:
    def test_a_network_is_what_its_text_describes(self, text: str) -> None:
        layers, network = parse_layers(text), build_network(text)
        assert count_parameters(network) == sum(layer.parameters for layer in layers)
        passes = watch(network, torch.rand(3, 1, 28, 28))
        for call in module_calls(layers):
            made = passes[call.name].made
            assert made is not None
            assert made.shape[1:] == call.output_shape
        for layer in layers:
            made = passes[layer.name].made
            if layer.kind not in ("relu", "dropout") and made is not None:  # these may be moved
                assert made.shape[1:] == layer.output_shape
            assert count_parameters(network.get_submodule(layer.name)) == layer.parameters
        described = {each.name: each.multiplications for each in describe_layers(network)}
        assert {name: count for name, count in described.items() if count} == {
            layer.name: layer.multiplications for layer in layers if layer.multiplications
        }

    def test_images_become_ten_logits_each(self, text: str) -> None:
        network = build_network(text).eval()
        for count in (0, 1, 3):
            assert network(torch.rand(count, 1, 28, 28)).shape == (count, 10)

    def test_its_text_makes_the_same_network_again(self, text: str) -> None:
        network = build_network(text)
        again = network_text(network)
        assert again == write_layers(parse_layers(text)) == write_layers(parse_layers(again))
        assert str(build_network(again)) == str(network)


def test_every_kind_is_drawn() -> None:
    texts = [random_text(seed) for seed in range(40)]
    assert {layer.kind for text in texts for layer in parse_layers(text)} == KINDS.keys()


def test_modules_are_named_by_kind_and_numbered_where_there_are_several() -> None:
    network = build_network(
        "conv 4, relu, pool, dropout 0.1, conv 4, norm, tanh, avgpool, dropout 0.2, "
        "linear 20, relu, linear 20, norm, sigmoid"
    )
    assert [name for name, _ in network.named_children()] == [
        *("conv1", "pool", "relu1", "dropout1", "conv2", "norm1", "tanh", "avgpool"),
        *("flatten", "dropout2", "hidden1", "relu2", "hidden2", "norm2", "sigmoid", "classifier"),
    ]
    single = build_network("conv 4, linear 20")
    assert [name for name, _ in single.named_children()] == [
        *("conv", "flatten", "hidden", "classifier")
    ]


class TestPoolFirst:
    """A ReLU and a max-pool: the pool is computed first, and nothing else is changed by that."""

    def test_either_order_is_the_same_network(self) -> None:
        first, second = (
            build_network(text)
            for text in (
                "conv 4, relu, pool, conv 4, norm, relu, pool 3x3",
                "conv 4, pool, relu, conv 4, norm, pool 3x3, relu",
            )
        )
        assert str(first) == str(second)
        assert network_text(first) != network_text(second)

    def test_the_gradients_are_those_of_the_other_order(self) -> None:
        images = (torch.rand(16, 1, 28, 28) * 4).floor() / 4  # with equal pixels in a window
        text = "conv 4, relu, pool, linear 10"
        torch.manual_seed(0)
        network = build_network(text)
        conv, classifier = network.get_submodule("conv"), network.get_submodule("classifier")
        plain = nn.Sequential(conv, nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), classifier)
        gradients = []
        for each in (network, plain):
            network.zero_grad()
            each(images).square().sum().backward()
            gradients.append([p.grad.clone() for p in network.parameters() if p.grad is not None])
        assert len(gradients[0]) == 4
        assert all(map(torch.equal, *gradients))


@pytest.mark.parametrize(
    ("text", "bias"),
    [
        ("conv 4, norm", False),
        ("conv 4, pool, norm", False),
        ("conv 4, avgpool, pool, norm", False),
        ("conv 4, relu, norm", True),
        ("conv 4, relu", True),
        ("conv 4", True),
    ],
)
def test_a_convolution_has_no_bias_where_a_norm_takes_it_away(text: str, bias: bool) -> None:
    conv = build_network(text).get_submodule("conv")
    assert isinstance(conv, nn.Conv2d)
    assert (conv.bias is not None) is bias


def test_nothing_is_built_of_what_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(nn.Module, "__init__", fail)
    with pytest.raises(ValueError, match="parameters"):
        build_network("linear 2000", replace(LIMITS, parameters=1_000_000))


def test_what_was_not_made_of_a_text_has_none() -> None:
    for network in (nn.Linear(784, 10), TextNetwork(nn.Flatten()), build_network("conv 3")[:2]):
        with pytest.raises(ValueError, match="was not made of a text"):
            network_text(network)


def test_it_may_be_in_evaluation_and_then_draws_nothing() -> None:
    network, images = (
        build_network("conv 4, dropout 0.5, linear 20, dropout 0.5"),
        torch.rand(4, 1, 28, 28),
    )
    assert torch.equal(network.eval()(images), network(images))
    assert not torch.equal(network.train()(images), network(images))
