"""What the hidden layers make of a digit, with all of them on and with parts switched off."""

import threading

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from mnist_demo import RECIPES, load_checkpoint, predict_probabilities, strokes_to_digit
from mnist_demo.digits.mnist_format import Digit
from mnist_demo.models.ablation import AT_ONCE, rank_parts, switched_off, without_pixels
from mnist_demo.models.activations import HiddenLayer, hidden_layers, look_again, unit_weights
from mnist_demo.models.convolution_sums import convolution_sum
from mnist_demo.networks.building import build_network

HIDDEN = {
    "softmax": [],
    "mlp": [("hidden1", (512,)), ("hidden2", (256,))],
    "simple_cnn": [("conv1", (32, 28, 28)), ("conv2", (64, 14, 14))],
    "fast_cnn": [("waves", (24, 14, 14)), ("conv1", (32, 14, 14)), ("conv2", (64, 7, 7))],
}
# Each ends in the activation function of its first layer, so what comes after it is easy to follow.
TEXTS = [
    "linear 30, sigmoid, linear 20, tanh",
    "conv 6, norm, relu, pool, conv 4 5x5 stride 2, gelu, linear 12, relu",
    "normalize, waves 8 7x7 stride 3, relu, conv 6 2x2 valid, norm, tanh, avgpool 3x3",
]


@pytest.fixture(scope="module")
def seven() -> Digit:
    return strokes_to_digit([[[70, 60], [205, 60], [125, 235]]])


@pytest.fixture(params=TEXTS)
def model(request: pytest.FixtureRequest) -> nn.Module:
    torch.manual_seed(3)
    return build_network(request.param).eval()


def _layer(model: nn.Module, digit: Digit, name: str) -> HiddenLayer:
    return next(each for each in hidden_layers(model, digit) if each.layer.name == name)


class TestHiddenLayers:
    @pytest.mark.parametrize("name", HIDDEN)
    def test_all_but_the_last_are_there(self, name: str, seven: Digit) -> None:
        found = hidden_layers(load_checkpoint(name).model, seven)
        assert [(each.layer.name, each.activations.shape) for each in found] == HIDDEN[name]
        assert all(each.activations.dtype == np.float32 for each in found)

    def test_activations_are_those_after_norm_and_activation_function(
        self, model: nn.Module, seven: Digit
    ) -> None:
        """What the next layer, or pool, is given."""
        found = hidden_layers(model, seven)
        assert found
        given: dict[str, Tensor] = {}
        features = torch.from_numpy(seven)[None, None]
        for name, module in model.named_children():
            given[name] = features
            features = module(features)
        names = [name for name, _ in model.named_children()]
        for hidden in found:
            following = given[names[names.index(hidden.module) + 1]]
            np.testing.assert_array_equal(hidden.activations, following[0].detach().numpy())
            assert hidden.after == tuple(
                type(model.get_submodule(name)).__name__
                for name in names[
                    names.index(hidden.layer.name) + 1 : names.index(hidden.module) + 1
                ]
            )

    def test_of_another_digit_they_are_others(self, model: nn.Module, seven: Digit) -> None:
        blank = np.zeros_like(seven)
        for hidden in hidden_layers(model, seven):
            again = look_again(model, blank, hidden)
            assert (again.layer, again.module) == (hidden.layer, hidden.module)
            assert not np.array_equal(again.activations, hidden.activations)

    def test_units_over_the_pixels_have_pictures(self, seven: Digit) -> None:
        mlp = load_checkpoint("mlp").model
        first, second = hidden_layers(mlp, seven)
        weights = unit_weights(mlp, first.layer)
        assert weights is not None
        expected = mlp.get_submodule("hidden1").get_parameter("weight").detach().numpy()
        np.testing.assert_array_equal(weights.reshape(512, -1), expected)
        assert unit_weights(mlp, second.layer) is None


class TestAblation:
    def test_what_is_off_puts_out_nothing_and_the_rest_what_it_did(
        self, model: nn.Module, seven: Digit
    ) -> None:
        for hidden in hidden_layers(model, seven):
            with switched_off(model, {hidden.module: [1, 2]}):
                now = look_again(model, seven, hidden).activations
            assert not now[[1, 2]].any()
            left = np.delete(np.arange(hidden.units), [1, 2])
            np.testing.assert_array_equal(now[left], hidden.activations[left])

    def test_it_counts_as_weights_of_zero(self, seven: Digit) -> None:
        """Without a unit the answer is that of a network in whose next layer it has no weights."""
        model = load_checkpoint("mlp").model
        hidden = _layer(model, seven, "hidden1")
        with switched_off(model, {hidden.module: [7, 300]}):
            without = predict_probabilities(model, seven)
        following = model.get_submodule("hidden2").get_parameter("weight")
        kept = following.detach().clone()
        with torch.no_grad():
            following[:, [7, 300]] = 0
            expected = predict_probabilities(model, seven)
            following.copy_(kept)
        np.testing.assert_allclose(without, expected, atol=1e-6)
        assert not np.allclose(without, predict_probabilities(model, seven), atol=1e-6)

    def test_others_and_what_comes_after_it_have_all_of_it(self, seven: Digit) -> None:
        model = load_checkpoint("simple_cnn").model
        whole = predict_probabilities(model, seven)
        everything = {_layer(model, seven, "conv2").module: range(64)}
        other: list[np.ndarray] = []
        with switched_off(model, everything):
            thread = threading.Thread(
                target=lambda: other.append(predict_probabilities(model, seven))
            )
            thread.start()
            thread.join()
            assert not np.allclose(predict_probabilities(model, seven), whole, atol=0.01)
        np.testing.assert_array_equal(other[0], whole)
        np.testing.assert_array_equal(predict_probabilities(model, seven), whole)
        assert not any(module._forward_hooks for module in model.modules())

    @pytest.mark.parametrize("name", ["mlp", "simple_cnn"])
    def test_the_odds_of_each_are_those_without_it(self, name: str, seven: Digit) -> None:
        model = load_checkpoint(name).model
        first, second = (each.module for each in hidden_layers(model, seven)[:2])
        off = {first: [0], second: [4]}
        units, calls = [*range(1, AT_ONCE + 4)], []
        odds = rank_parts(model, seven, 7, second, units, off, lambda: calls.append(1))
        assert odds.shape == (len(units),)
        assert len(calls) == 2
        for unit, share in zip(units, 1 / (1 + np.exp(-odds)), strict=True):
            with switched_off(model, {first: [0], second: [4, unit]}):
                expected = predict_probabilities(model, seven)[0, 7]
            assert share == pytest.approx(float(expected), abs=1e-5)

    def test_pixels_are_switched_off_as_ink(self, seven: Digit) -> None:
        model = load_checkpoint("softmax").model
        inked = np.flatnonzero(seven)[:20].tolist()
        odds = rank_parts(model, seven, 7, None, inked, {})
        for pixel, share in zip(inked, 1 / (1 + np.exp(-odds)), strict=True):
            digit = without_pixels(seven, [pixel])
            assert digit.reshape(-1)[pixel] == 0
            assert np.count_nonzero(digit) == np.count_nonzero(seven) - 1
            expected = predict_probabilities(model, digit)[0, 7]
            assert share == pytest.approx(float(expected), abs=1e-6)

    def test_nothing_to_rank(self, seven: Digit) -> None:
        assert rank_parts(load_checkpoint("mlp").model, seven, 7, None, [], {}).shape == (0,)


class TestConvolutionSums:
    def test_patches_times_weights_are_what_the_convolution_puts_out(
        self, model: nn.Module, seven: Digit, subtests: pytest.Subtests
    ) -> None:
        for hidden in hidden_layers(model, seven):
            if hidden.layer.kind != "convolution":
                continue
            convolution = hidden.layer.name
            made: list[Tensor] = []
            hook = model.get_submodule(convolution).register_forward_hook(
                lambda _, __, out, made=made: made.append(out[0].detach())
            )
            filters, height, width = hidden.activations.shape
            for at in [(0, 0, 0), (filters - 1, height - 1, width - 1), (1, height // 2, 1)]:
                with subtests.test(layer=convolution, at=at):
                    found = convolution_sum(model, seven, hidden, *at)
                    assert found is not None
                    total = float((found.patches * found.weights).sum()) + found.bias
                    assert found.total == pytest.approx(total, abs=1e-4)
                    assert found.total == pytest.approx(float(made[-1][at]), abs=1e-4)
            hook.remove()

    @pytest.mark.parametrize(
        "convolution",
        [
            nn.Conv2d(1, 4, 3, dilation=2),
            nn.Conv2d(1, 4, 3, padding="same"),
            nn.Conv2d(1, 4, 3, padding=1, padding_mode="reflect"),
        ],
    )
    def test_others_than_plain_ones_have_none(self, convolution: nn.Conv2d, seven: Digit) -> None:
        model = nn.Sequential(convolution, nn.ReLU(), nn.Flatten(), nn.LazyLinear(10))
        model(torch.zeros(1, 1, 28, 28))
        (hidden,) = hidden_layers(model, seven)
        assert convolution_sum(model, seven, hidden, 0, 0, 0) is None

    def test_units_have_none(self, seven: Digit) -> None:
        model = load_checkpoint("mlp").model
        assert convolution_sum(model, seven, hidden_layers(model, seven)[0], 0, 0, 0) is None

    @pytest.mark.parametrize("at", [(32, 0, 0), (0, 28, 0), (0, 0, 28), (-1, 0, 0)])
    def test_a_place_that_is_not_there_is_refused(
        self, at: tuple[int, int, int], seven: Digit
    ) -> None:
        model = load_checkpoint("simple_cnn").model
        with pytest.raises(ValueError, match="is not there: it must be 0 to"):
            convolution_sum(model, seven, hidden_layers(model, seven)[0], *at)


@pytest.mark.parametrize("name", RECIPES)
def test_the_model_is_left_as_it_was(name: str, seven: Digit) -> None:
    model = load_checkpoint(name).model.train()
    before = {key: value.clone() for key, value in model.state_dict().items()}
    for hidden in hidden_layers(model, seven):
        rank_parts(model, seven, 7, hidden.module, [0, 1], {hidden.module: [2]})
    assert model.training
    assert all(torch.equal(before[key], value) for key, value in model.state_dict().items())
    assert not any(module._forward_hooks for module in model.modules())
