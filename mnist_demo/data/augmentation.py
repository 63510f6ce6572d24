"""Data augmentation, batch by batch: float32 (N, 1, 28, 28) in [0, 1] in, and the same out.

The generator is one of the CPU's, so that a seed gives the same images on every device.
"""

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor


def random_affine_elastic(images: Tensor, generator: torch.Generator) -> Tensor:
    """Each image turned, slanted, scaled, moved and bent, as other people would write it.

    An affine map, up to 14 degrees, slant 0.24, an eighth in size and 2.4 pixels, and an elastic
    distortion (after Simard,
    Steinkraus and Platt, "Best Practices for Convolutional Neural Networks", 2003); each image by a
    strength of its own, so that some stay nearly as they are.
    """
    count, device = len(images), images.device
    strength = torch.rand(count, 1, generator=generator) * 1.2

    def uniform(*shape: int) -> Tensor:
        numbers = torch.rand(count, *shape, generator=generator) * 2 - 1
        return (numbers * strength.view(-1, *[1] * len(shape))).to(device)

    angle, slant = uniform(1)[:, 0] * math.radians(12), uniform(1)[:, 0] * 0.2
    sizes, moves = 1 + uniform(2) * 0.1, uniform(2) * (2 / 14)
    cosine, sine = torch.cos(angle), torch.sin(angle)
    rows = [
        torch.stack([cosine * sizes[:, 0], (slant * cosine - sine) * sizes[:, 1], moves[:, 0]], 1),
        torch.stack([sine * sizes[:, 0], (slant * sine + cosine) * sizes[:, 1], moves[:, 1]], 1),
    ]
    grid = F.affine_grid(torch.stack(rows, 1), list(images.shape), align_corners=False)
    bend = F.interpolate(uniform(2, 5, 5), size=28, mode="bicubic", align_corners=True)
    grid = grid + bend.permute(0, 2, 3, 1) * 0.07
    return F.grid_sample(images, grid, align_corners=False)


def random_stroke_width(images: Tensor, generator: torch.Generator) -> Tensor:
    """Each image with thicker or thinner strokes: mixed with its morphological dilation or
    erosion, which are max-pools of the image and of its negative."""
    share = torch.rand(len(images), 1, 1, 1, generator=generator) * 2 - 1
    share = (share * share.abs() * 0.7).to(images.device)  # mostly a little
    thicker = F.max_pool2d(images, 3, stride=1, padding=1)
    thinner = -F.max_pool2d(-images, 3, stride=1, padding=1)
    return torch.where(
        share > 0,
        torch.lerp(images, thicker, share.clamp_min(0)),
        torch.lerp(images, thinner, (-share).clamp_min(0) * 0.7),
    )


def handwriting(images: Tensor, generator: torch.Generator) -> Tensor:
    """Each image as another person with another pen would write it."""
    return random_stroke_width(random_affine_elastic(images, generator), generator)


AUGMENTATIONS: dict[str, Callable[[Tensor, torch.Generator], Tensor]] = {
    "handwriting": handwriting,
}
