from collections.abc import Callable

import pytest
import torch
from torch import nn

from mnist_demo import RECIPES
from mnist_demo.networks.architectures import (
    MLP,
    DeepCNN,
    FastCNN,
    RobustCNN,
    SimpleCNN,
    Softmax,
    cosine_waves,
    dropout,
)
from mnist_demo.networks.introspection import count_parameters, describe_layers, evaluation_mode

PARAMETERS = {
    Softmax: 7_850,
    MLP: 535_818,
    SimpleCNN: 50_186,
    DeepCNN: 123_222,
    FastCNN: 31_306,
    RobustCNN: 446_122,
}

OUTPUT_SHAPES = {
    Softmax: [(10,)],
    MLP: [(512,), (256,), (10,)],
    SimpleCNN: [(32, 28, 28), (64, 14, 14), (10,)],
    DeepCNN: [(16, 24, 24), (32, 20, 20), (64, 6, 6), (100,), (10,)],
    FastCNN: [(24, 14, 14), (32, 14, 14), (32, 7, 7), (64, 7, 7), (64, 3, 3), (10,)],
    RobustCNN: [
        *[(32, 28, 28)] * 4,  # each convolution and its batch norm
        *[(64, 14, 14)] * 4,
        *[(128, 7, 7)] * 6,
        (10,),
    ],
}


@pytest.fixture(params=RECIPES)
def model(request: pytest.FixtureRequest) -> nn.Module:
    return RECIPES[request.param].build(seed=0)


@pytest.mark.parametrize(("architecture", "count"), PARAMETERS.items())
def test_parameters_are_as_many_as_published(
    architecture: Callable[[], nn.Module], count: int
) -> None:
    assert count_parameters(architecture()) == count


def test_images_become_ten_logits_each(model: nn.Module, subtests: pytest.Subtests) -> None:
    for count in [0, 1, 7]:
        with subtests.test(count=count):
            logits = model(torch.rand(count, 1, 28, 28))
            assert logits.shape == (count, 10)
            assert logits.dtype == torch.float32


def test_answers_are_logits_and_not_probabilities(model: nn.Module) -> None:
    logits = model.eval()(torch.rand(20, 1, 28, 28))
    assert (logits < 0).any()
    assert (logits.exp().sum(dim=1) - 1).abs().min() > 0.01


def test_each_image_is_answered_by_itself(model: nn.Module) -> None:
    images = torch.rand(4, 1, 28, 28)
    model.eval()
    together, singly = model(images), torch.cat([model(image[None]) for image in images])
    torch.testing.assert_close(together, singly)


def test_layers_hold_all_parameters(model: nn.Module) -> None:
    layers = describe_layers(model)
    assert sum(layer.parameters for layer in layers) == count_parameters(model)
    assert layers[-1].output_shape == (10,)
    assert len({layer.name for layer in layers}) == len(layers)


@pytest.mark.parametrize(("architecture", "shapes"), OUTPUT_SHAPES.items())
def test_layers_are_listed_as_an_image_passes_them(
    architecture: Callable[[], nn.Module], shapes: list[tuple[int, ...]]
) -> None:
    assert [layer.output_shape for layer in describe_layers(architecture())] == shapes


def test_a_layer_says_its_name_and_its_kernel() -> None:
    layers = describe_layers(DeepCNN())
    assert [layer.kernel for layer in layers] == [(5, 5), (5, 5), (5, 5), None, None]
    assert [layer.name for layer in layers] == ["conv1", "conv2", "conv3", "hidden", "classifier"]


class TestFastCNN:
    def test_its_waves_are_fixed(self) -> None:
        first, second = (RECIPES["fast_cnn"].build(seed) for seed in (0, 1))
        assert isinstance(first, FastCNN)
        assert isinstance(second, FastCNN)
        assert not first.waves.weight.requires_grad
        assert torch.equal(first.waves.weight, cosine_waves(12, 5))
        assert torch.equal(second.waves.weight, first.waves.weight)

    def test_its_waves_are_no_parameters_and_have_no_gradient(self) -> None:
        model = FastCNN()
        model(torch.rand(4, 1, 28, 28)).sum().backward()
        fixed = [name for name, each in model.named_parameters() if each.grad is None]
        assert fixed == ["waves.weight"]
        waves = describe_layers(model)[0]
        assert (waves.name, waves.parameters, waves.kernel) == ("waves", 0, (5, 5))

    def test_its_waves_are_kept_with_its_weights(self) -> None:
        assert "waves.weight" in FastCNN().state_dict()

    @pytest.mark.parametrize(("count", "side"), [(12, 5), (1, 5), (25, 5), (9, 3)])
    def test_waves_are_orthogonal_and_come_with_their_negatives(
        self, count: int, side: int
    ) -> None:
        waves = cosine_waves(count, side)
        assert waves.shape == (2 * count, 1, side, side)
        assert waves.dtype == torch.float32
        assert torch.equal(waves[count:], -waves[:count])
        flat = waves[:count].flatten(1)
        products = flat @ flat.T
        torch.testing.assert_close(
            products, torch.diag(products.diag()), atol=1e-4, rtol=0
        )  # weighting keeps them orthogonal

    def test_waves_become_faster_and_stronger(self) -> None:
        strengths = cosine_waves(12, 5)[:12].flatten(1).norm(dim=1)
        frequencies = [0, 1, 1, 2, 4, 4, 5, 5, 8, 9, 9, 10]  # down squared and across squared
        expected = (torch.tensor(frequencies) + 0.25).sqrt()
        torch.testing.assert_close(strengths, expected)

    def test_the_slowest_wave_is_flat_and_the_others_have_no_mean(self) -> None:
        waves = cosine_waves(12, 5)[:12].flatten(1)
        torch.testing.assert_close(waves[0], torch.full((25,), 0.1))
        torch.testing.assert_close(waves[1:].mean(dim=1), torch.zeros(11), atol=1e-6, rtol=0)


def test_a_robust_answer_drops_out_nothing() -> None:
    model, images = RobustCNN(), torch.rand(3, 1, 28, 28)
    assert torch.equal(model.eval()(images), model(images))
    assert not torch.equal(model.train()(images), model(images))


def test_dropout_keeps_the_mean() -> None:
    features = dropout(torch.ones(100, 100), 0.3)
    assert float((features == 0).float().mean()) == pytest.approx(0.3, abs=0.02)
    assert float(features.mean()) == pytest.approx(1, abs=0.03)
    assert features.unique().tolist() == pytest.approx([0, 1 / 0.7])


def test_describing_leaves_no_hook_and_no_other_mode(model: nn.Module) -> None:
    model.train()
    assert describe_layers(model) == describe_layers(model)
    assert model.training
    assert not any(module._forward_hooks for module in model.modules())


def test_simple_cnn_starts_from_xavier_uniform_weights() -> None:
    bound = (6 / (3136 + 10)) ** 0.5
    largest = SimpleCNN().classifier.weight.abs().max().item()
    assert 0.95 * bound < largest <= bound


@pytest.mark.parametrize("training", [True, False])
def test_evaluation_mode_puts_back_what_was(model: nn.Module, training: bool) -> None:
    model.train(training)
    with evaluation_mode(model):
        assert not any(module.training for module in model.modules())
    assert all(module.training is training for module in model.modules())


def test_evaluation_mode_puts_back_after_an_error(model: nn.Module) -> None:
    model.train()

    def fail() -> None:
        with evaluation_mode(model):
            raise KeyError("stop")

    with pytest.raises(KeyError):
        fail()
    assert model.training


@pytest.mark.parametrize("modes", [(True, False), (False, True)])
def test_evaluation_mode_reaches_and_puts_back_each_layer(modes: tuple[bool, bool]) -> None:
    outer, inner = modes
    model = nn.Sequential(nn.Flatten(), nn.Dropout(), nn.Linear(784, 10))
    model.train(outer)
    model[1].train(inner)
    with evaluation_mode(model):
        assert not model[1].training
    assert (model.training, model[1].training) == modes
