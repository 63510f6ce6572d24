from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from mnist_demo import Dataset
from mnist_demo.data.augmentation import AUGMENTATIONS, random_affine_elastic, random_stroke_width

Augment = Callable[[Tensor, torch.Generator], Tensor]


@pytest.fixture(params=[random_affine_elastic, random_stroke_width, *AUGMENTATIONS.values()])
def augment(request: pytest.FixtureRequest) -> Augment:
    return request.param


@pytest.fixture
def images(bundled: Dataset) -> Tensor:
    return bundled.train_images[:100].float().div(255)[:, None]


def _randomness(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _ink(images: Tensor) -> Tensor:
    return images.sum(dim=(1, 2, 3))


def _centres(images: Tensor) -> Tensor:
    """The centres of mass, in pixels: (N, 2)."""
    at = torch.arange(28.0)
    rows = (images.sum(dim=(1, 3)) * at).sum(dim=1)
    columns = (images.sum(dim=(1, 2)) * at).sum(dim=1)
    return torch.stack([rows, columns], dim=1) / _ink(images)[:, None]


@pytest.mark.parametrize("count", [1, 100])
def test_images_stay_images(count: int, augment: Augment, images: Tensor) -> None:
    out = augment(images[:count], _randomness())
    assert out.shape == (count, 1, 28, 28)
    assert out.dtype == torch.float32
    assert out.min() >= 0
    assert out.max() <= 1
    assert not torch.equal(out, images[:count])


def test_a_seed_gives_the_same_images_each_time(augment: Augment, images: Tensor) -> None:
    first = augment(images, _randomness(3))
    assert torch.equal(augment(images, _randomness(3)), first)
    assert not torch.equal(augment(images, _randomness(4)), first)


def test_nothing_else_is_random_and_nothing_else_changes(augment: Augment, images: Tensor) -> None:
    state, before = torch.get_rng_state(), images.clone()
    augment(images, _randomness())
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.equal(images, before)


def test_each_image_is_changed_in_its_own_way(augment: Augment, images: Tensor) -> None:
    out = augment(images[:1].expand(50, 1, 28, 28), _randomness())
    assert len({tuple(image.flatten().tolist()) for image in out}) == 50


def test_a_blank_image_stays_blank(augment: Augment) -> None:
    assert augment(torch.zeros(5, 1, 28, 28), _randomness()).abs().max() == 0


def test_a_deformed_digit_keeps_its_ink_near_its_place(images: Tensor) -> None:
    out = random_affine_elastic(images, _randomness())
    change = _ink(out) / _ink(images)
    assert change.min() > 0.6
    assert change.max() < 1.5
    moved = (_centres(out) - _centres(images)).abs()
    assert 0.5 < moved.mean() < 2
    assert moved.max() < 4.5


def test_a_pen_is_varied_between_erosion_and_dilation(images: Tensor) -> None:
    out = random_stroke_width(images, _randomness())
    thicker = F.max_pool2d(images, 3, stride=1, padding=1)
    thinner = -F.max_pool2d(-images, 3, stride=1, padding=1)
    assert (out <= thicker + 1e-6).all()
    assert (out >= thinner - 1e-6).all()
    grown = _ink(out) > _ink(images)
    assert 30 < grown.sum() < 70  # thicker and thinner by turns
    assert (_ink(out) > 0.3 * _ink(images)).all()


def test_another_hand_bends_and_then_changes_the_pen(images: Tensor) -> None:
    randomness = _randomness(5)
    expected = random_stroke_width(random_affine_elastic(images, randomness), randomness)
    assert torch.equal(AUGMENTATIONS["handwriting"](images, _randomness(5)), expected)
