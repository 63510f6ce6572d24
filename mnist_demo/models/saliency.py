"""Why a model answers as it does: which ink counted.

A digit is float32 (28, 28) in [0, 1], ink = 1, as everywhere.
"""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from mnist_demo.digits.mnist_format import Digit
from mnist_demo.networks.introspection import device_of, evaluation_mode

STEPS = 32  # of the path from blank paper to the digit
FEW_STEPS = 8  # for a picture at a glance, while the digit still changes
STEPS_AT_ONCE = 8  # under 10 ms for the largest network on two cores


def saliency(
    model: nn.Module, digit: Digit, label: int, between_batches: Callable[[], None] | None = None
) -> NDArray[np.float32]:
    """How much each pixel's ink speaks for the answer `label` (above 0) or against it (below 0).

    Integrated gradients of the label's logit along the path from blank paper to the digit
    (Sundararajan, Taly and Yan, "Axiomatic Attribution for Deep Networks", 2017): the values,
    float32 (28, 28), add up to the logit of the digit less that of blank paper, within some per
    cent of the largest such change. between_batches: called now and then, for others to compute.
    """
    return saliencies(model, digit, [label], between_batches)[0]


def saliencies(
    model: nn.Module,
    digit: Digit,
    labels: Sequence[int],
    between_batches: Callable[[], None] | None = None,
    *,
    steps: int = STEPS,
) -> NDArray[np.float32]:
    """The `saliency` for each of `labels`, (L, 28, 28): they share what leads to the logits.

    Zero where a model's answer has no gradient, as after rounding. steps: of the path; with fewer
    the values add up less exactly.
    """
    target = torch.from_numpy(digit).to(device_of(model))
    gradient = target.new_zeros((len(labels), *target.shape))
    # Shares of the ink: more of them near blank paper, where the logits change fastest.
    roots = ((torch.arange(steps, device=target.device) + 0.5) / steps)[:, None, None]
    for part in roots.split(STEPS_AT_ONCE):
        path = (part**2 * target).unsqueeze(1).requires_grad_()
        with evaluation_mode(model), torch.enable_grad():
            logits = model(path.clone())  # it may change its input in place
            for number, label in enumerate(labels if logits.requires_grad else ()):
                (each,) = torch.autograd.grad(
                    logits[:, label].sum(), path, retain_graph=True, materialize_grads=True
                )
                gradient[number] += (2 * part * each[:, 0]).sum(dim=0) / steps
        if between_batches:
            between_batches()
    return (gradient * target).cpu().numpy()
