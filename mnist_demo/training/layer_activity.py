"""How large each layer's activations and gradients are, in a step of a training."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

IMAGES = 8  # of a batch that are looked at: enough for a size, and next to nothing to compute


@dataclass
class LayerActivity:
    """Root mean squares over the images that are looked at. activation: of what the layer puts out.
    gradient: of the loss of one image by each of these numbers; 0 where none came back."""

    activation: float
    gradient: float = 0.0


Activities = Mapping[str, LayerActivity]  # by the names of modules


@contextmanager
def watch_activity(network: nn.Module, batch_size: int) -> Iterator[dict[str, LayerActivity]]:
    """What each module of `network` does, by name, in the pass forth and back that is made within;
    nothing that is computed changes. batch_size: of which the loss is the mean.

    Modules that put out something other than a tensor, or are not used, are left out.
    """
    activities: dict[str, LayerActivity] = {}

    def look(name: str, output: Any) -> None:
        if not isinstance(output, Tensor) or name in activities:
            return
        activity = activities[name] = LayerActivity(_size(output))

        def look_back(gradient: Tensor) -> None:
            activity.gradient = _size(gradient) * batch_size

        if output.requires_grad:
            output.register_hook(look_back)

    hooks = [
        module.register_forward_hook(lambda _module, _given, output, name=name: look(name, output))
        for name, module in network.named_modules()
        if name
    ]
    try:
        yield activities
    finally:
        for hook in hooks:
            hook.remove()


def _size(values: Tensor) -> float:
    return float(values.detach()[:IMAGES].float().square().mean().sqrt())
