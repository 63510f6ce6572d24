"""What a network answers with parts of it switched off: ablation.

Meyes et al., "Ablation Studies in Artificial Neural Networks", 2019; Morcos et al., "On the
Importance of Single Directions for Generalization", 2018. Off is a filter, or a unit, whose
activation is 0 everywhere, and a pixel that has no ink. A digit is float32 (28, 28) in [0, 1],
ink = 1, as everywhere.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from mnist_demo.digits.mnist_format import Digit
from mnist_demo.networks.introspection import device_of, evaluation_mode

AT_ONCE = 16  # digits: some 10 ms of the largest network on one core

# What is off: by `HiddenLayer.module`, the indices of its filters or units.
Off = Mapping[str, Sequence[int]]


def without_pixels(digit: Digit, pixels: Sequence[int]) -> Digit:
    """A copy of the digit without the ink of these pixels, counted row by row from 0."""
    left = digit.copy()
    left.reshape(-1)[list(pixels)] = 0
    return left


@contextmanager
def switched_off(model: nn.Module, off: Off) -> Iterator[None]:
    """For a while, in this thread, what is `off` puts out 0.

    A model may be used in several threads at once: what others ask of it is answered by all of it.
    """
    with _silenced(model, {name: [units] for name, units in off.items()}):
        yield


def rank_parts(
    model: nn.Module,
    digit: Digit,
    label: int,
    module: str | None,
    parts: Sequence[int],
    off: Off,
    between_batches: Callable[[], None] | None = None,
) -> NDArray[np.float64]:
    """The log-odds of the answer `label` without each of `parts`, beside what is off: (P,).

    The logarithm of its probability over that of all other answers: it tells answers apart whose
    probabilities are all 1 to the last digit.

    parts: filters or units of the hidden layer whose output is that of `module`; pixels of the
    digit where that is None.
    """
    found: list[NDArray[np.float64]] = []
    for at in range(0, len(parts), AT_ONCE):
        some = parts[at : at + AT_ONCE]
        rows = {name: [units] for name, units in off.items()}
        digits = [digit] * len(some)
        if module is None:
            digits = [without_pixels(digit, [each]) for each in some]
        else:
            rows[module] = [[*off.get(module, ()), each] for each in some]
        with _silenced(model, rows):
            found.append(_log_odds(model, np.stack(digits), label))
        if between_batches:
            between_batches()
    return np.concatenate(found) if found else np.zeros(0)


def _log_odds(model: nn.Module, digits: NDArray[np.float32], label: int) -> NDArray[np.float64]:
    images = torch.from_numpy(digits).unsqueeze(1).to(device_of(model))
    with evaluation_mode(model), torch.inference_mode():
        logits = model(images).double().cpu()
    others = [other for other in range(logits.shape[1]) if other != label]
    return (logits[:, label] - logits[:, others].logsumexp(dim=1)).numpy()


@contextmanager
def _silenced(model: nn.Module, rows: Mapping[str, Sequence[Sequence[int]]]) -> Iterator[None]:
    """rows: by a module's name, what of its output is 0: for each image its own indices, or the
    same for all where there is one row of them."""
    asker = threading.get_ident()

    def silence(rows: Sequence[Sequence[int]]) -> Callable[..., Tensor | None]:
        def hook(_: nn.Module, _given: Any, made: Tensor) -> Tensor | None:
            return _zero(made, rows) if threading.get_ident() == asker else None

        return hook

    hooks = [
        model.get_submodule(name).register_forward_hook(silence(each))
        for name, each in rows.items()
    ]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _zero(made: Tensor, rows: Sequence[Sequence[int]]) -> Tensor:
    """A copy of activations, (N, units) or (N, filters, height, width)."""
    off = np.zeros((len(rows), made.shape[1]), dtype=np.bool_)
    for row, units in enumerate(rows):
        off[row, list(units)] = True
    mask = torch.from_numpy(off).to(made.device)
    return made.masked_fill(mask.reshape(*mask.shape, *[1] * (made.dim() - 2)), 0)
