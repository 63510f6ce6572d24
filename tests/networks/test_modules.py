import pytest
import torch

from mnist_demo.networks.modules import (
    CosineWaves,
    Normalize,
    SeededDropout,
    XavierLinear,
    cosine_waves,
)


def test_normalized_grey_levels_are_those_of_mnist() -> None:
    images = Normalize()(torch.tensor([0.1307, 0.1307 + 0.3081]))
    torch.testing.assert_close(images, torch.tensor([0.0, 1.0]))


class TestCosineWaves:
    def test_they_are_fixed(self) -> None:
        module = CosineWaves(24, 5, stride=2, padding=2)
        assert torch.equal(module.weight, cosine_waves(12, 5))
        module(torch.rand(4, 1, 28, 28, requires_grad=True)).sum().backward()
        assert not module.weight.requires_grad
        assert module.weight.grad is None
        assert "weight" in module.state_dict()

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


class TestSeededDropout:
    def test_it_keeps_the_mean(self) -> None:
        features = SeededDropout(0.3)(torch.ones(100, 100))
        assert float((features == 0).float().mean()) == pytest.approx(0.3, abs=0.02)
        assert float(features.mean()) == pytest.approx(1, abs=0.03)
        assert features.unique().tolist() == pytest.approx([0, 1 / 0.7])

    def test_an_answer_drops_nothing(self) -> None:
        features = torch.rand(3, 4)
        assert SeededDropout(0.9).eval()(features) is features


def test_xavier_weights_are_drawn_evenly_up_to_their_bound() -> None:
    bound = (6 / (3136 + 10)) ** 0.5
    largest = XavierLinear(3136, 10).weight.abs().max().item()
    assert 0.95 * bound < largest <= bound
