import pytest
import torch
from torch import nn

from mnist_demo import RECIPES
from mnist_demo.networks.introspection import count_parameters, describe_layers, evaluation_mode

PARAMETERS = {
    "softmax": 7_850,
    "mlp": 535_818,
    "simple_cnn": 50_186,
    "deep_cnn": 123_222,
    "fast_cnn": 31_306,
    "robust_cnn": 446_122,
}

OUTPUT_SHAPES = {
    "softmax": [(10,)],
    "mlp": [(512,), (256,), (10,)],
    "simple_cnn": [(32, 28, 28), (64, 14, 14), (10,)],
    "deep_cnn": [(16, 24, 24), (32, 20, 20), (64, 6, 6), (100,), (10,)],
    "fast_cnn": [(24, 14, 14), (32, 14, 14), (32, 7, 7), (64, 7, 7), (64, 3, 3), (10,)],
    "robust_cnn": [
        *[(32, 28, 28)] * 4,  # each convolution and its batch norm
        *[(64, 14, 14)] * 4,
        *[(128, 7, 7)] * 6,
        (10,),
    ],
}


@pytest.fixture(params=RECIPES)
def model(request: pytest.FixtureRequest) -> nn.Module:
    return RECIPES[request.param].build(seed=0)


@pytest.mark.parametrize(("name", "count"), PARAMETERS.items())
def test_parameters_are_as_many_as_published(name: str, count: int) -> None:
    assert count_parameters(RECIPES[name].build(0)) == count


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


@pytest.mark.parametrize(("name", "shapes"), OUTPUT_SHAPES.items())
def test_layers_are_listed_as_an_image_passes_them(
    name: str, shapes: list[tuple[int, ...]]
) -> None:
    layers = describe_layers(RECIPES[name].build(0))
    assert [layer.output_shape for layer in layers] == shapes


def test_a_layer_says_its_name() -> None:
    layers = describe_layers(RECIPES["deep_cnn"].build(0))
    assert [layer.name for layer in layers] == ["conv1", "conv2", "conv3", "hidden", "classifier"]


def test_fixed_waves_are_no_parameters() -> None:
    waves = describe_layers(RECIPES["fast_cnn"].build(0))[0]
    assert (waves.name, waves.parameters) == ("waves", 0)
    assert waves.multiplications == 24 * 25 * 14 * 14


def test_describing_leaves_no_hook_and_no_other_mode(model: nn.Module) -> None:
    model.train()
    assert describe_layers(model) == describe_layers(model)
    assert model.training
    assert not any(module._forward_hooks for module in model.modules())


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
