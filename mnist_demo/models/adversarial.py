"""Small changes of a digit that a network cannot resist: adversarial examples.

A digit is float32 (28, 28) in [0, 1], ink = 1, as everywhere. A strength is the most that any pixel
is changed by, in shares of full ink.
"""

from collections.abc import Callable, Sequence

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from mnist_demo.bounds import Bounds
from mnist_demo.digits.mnist_format import Digit
from mnist_demo.models.inference import predict_probabilities
from mnist_demo.networks.introspection import device_of, evaluation_mode

STRENGTH = Bounds(0, 0.5)  # with more, grey is left of anything
STEPS = 10  # of the iterated attack
REACH = 2.5  # how far all its steps together could go, in strengths: so it can turn (Madry et al.)

Attack = Callable[[nn.Module, Digit, NDArray[np.float64], int, int | None], NDArray[np.float32]]


def fast_gradient_sign(
    model: nn.Module,
    digit: Digit,
    strengths: NDArray[np.float64],
    label: int,
    target: int | None = None,
) -> NDArray[np.float32]:
    """The digit changed by each of `strengths`, (S,), in one step: (S, 28, 28) in [0, 1].

    Each pixel goes as far as it may, in the direction in which the model's loss grows for the
    answer `label`, or falls for `target` where there is one (Goodfellow, Shlens and Szegedy,
    "Explaining and Harnessing Adversarial Examples", 2014). Where the model's answer has no
    gradient, nothing changes. Raises ValueError where a strength is outside STRENGTH.
    """
    start, sizes = _prepare(model, digit, strengths)
    signs = _gradient_signs(model, start[:1], _aim(start[:1], label, target), target is None)
    return (start + sizes * signs).clamp(0, 1).cpu().numpy()


def projected_gradient(
    model: nn.Module,
    digit: Digit,
    strengths: NDArray[np.float64],
    label: int,
    target: int | None = None,
) -> NDArray[np.float32]:
    """As `fast_gradient_sign`, in STEPS small steps, each in the direction that is best from where
    the last one led, and never further from the digit than the strength (Kurakin, Goodfellow and
    Bengio, 2016; projected gradient descent, from the digit itself: Madry et al., 2017)."""
    start, sizes = _prepare(model, digit, strengths)
    changed, aim = start, _aim(start, label, target)
    for _ in range(STEPS):
        signs = _gradient_signs(model, changed, aim, target is None)
        changed = changed + sizes * REACH / STEPS * signs
        changed = torch.clamp(changed, start - sizes, start + sizes).clamp(0, 1)
    return changed.cpu().numpy()


ATTACKS: dict[str, Attack] = {"fgsm": fast_gradient_sign, "pgd": projected_gradient}


def _prepare(
    model: nn.Module, digit: Digit, strengths: NDArray[np.float64]
) -> tuple[Tensor, Tensor]:
    """The digit as often as there are strengths, and these: both on the model's device."""
    _check_strengths(strengths)
    device = device_of(model)
    sizes = torch.tensor(strengths, dtype=torch.float32, device=device)[:, None, None]
    start = torch.from_numpy(np.ascontiguousarray(digit)).to(device).expand(len(sizes), -1, -1)
    return start, sizes


def _check_strengths(strengths: NDArray[np.float64]) -> None:
    for strength in strengths:
        STRENGTH.check("strength", float(strength))


def count_right(
    attacked: nn.Module,
    readers: Sequence[nn.Module],
    digits: NDArray[np.floating],
    labels: NDArray[np.int64],
    strengths: NDArray[np.float64],
) -> NDArray[np.int64]:
    """How many of some digits each of `readers` reads right after a change that is made for
    `attacked`, as by `fast_gradient_sign` against each digit's own label: (readers, strengths).

    digits: (N, 28, 28) in [0, 1]; labels: (N,). What is made for one network often fools others,
    too: adversarial examples transfer (Szegedy et al., "Intriguing properties of neural networks",
    2013). Raises ValueError where a strength is outside STRENGTH.
    """
    _check_strengths(strengths)
    device = device_of(attacked)
    start = torch.from_numpy(digits.astype(np.float32)).to(device)
    signs = _gradient_signs(attacked, start, torch.from_numpy(labels).to(device), away=True)
    right = np.zeros((len(readers), len(strengths)), dtype=np.int64)
    for column, strength in enumerate(strengths):
        changed = (start + float(strength) * signs).clamp(0, 1).cpu().numpy()
        for row, reader in enumerate(readers):
            answers = predict_probabilities(reader, changed).argmax(axis=1)
            right[row, column] = np.count_nonzero(answers == labels)
    return right


def _aim(digits: Tensor, label: int, target: int | None) -> Tensor:
    return torch.full((len(digits),), label if target is None else target, device=digits.device)


def _gradient_signs(model: nn.Module, digits: Tensor, labels: Tensor, away: bool) -> Tensor:
    """In which direction each pixel of (N, 28, 28) is to go, alone, away from the answers `labels`,
    (N,), or towards them: -1, 0 or 1."""
    given = digits[:, None].clone().requires_grad_()
    with evaluation_mode(model), torch.enable_grad():
        logits = model(given.clone())  # it may change its input in place
        if not logits.requires_grad:
            return torch.zeros_like(digits)
        loss = F.cross_entropy(logits, labels, reduction="sum")
        (gradient,) = torch.autograd.grad(loss, given, materialize_grads=True)
    return gradient[:, 0].sign() if away else -gradient[:, 0].sign()


def flip_pixels(digit: Digit, pixels: list[tuple[int, int]]) -> Digit:
    """A copy of the digit in which these pixels, (row, column), have ink where there was none, and
    none where there was (as in Su, Vargas and Sakurai, "One Pixel Attack", 2017).

    Raises ValueError where one is not on the digit.
    """
    flipped = digit.copy()
    for row, column in pixels:
        if not (0 <= row < digit.shape[0] and 0 <= column < digit.shape[1]):
            raise ValueError(f"pixel {row}, {column} is not on the digit: both must be 0 to 27")
        flipped[row, column] = 1.0 if digit[row, column] < 0.5 else 0.0
    return flipped
