"""torch's random numbers drawn from a seed, whatever other threads draw meanwhile.

torch's default generator is one for all threads: between `torch.manual_seed` and a network's
dropout another thread may draw from it, and no run could be repeated.
"""

import functools
import threading
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import nn

# A private module, though the one that PyTorch's "Extending PyTorch" names for this; it and the
# names with an underscore below are as in torch 2.15. test_seeded_random.py says if they change.
from torch.utils._python_dispatch import TorchDispatchMode

_borrowing = threading.Lock()  # the default generator


class SeededRandom(TorchDispatchMode):
    """Within it, in this thread alone, random operations draw what they would after
    `torch.manual_seed(seed)`; torch's own random state stays as it is.

    drawn: whether any operation drew.
    """

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.drawn = False
        self._seed = seed
        self._generators: dict[torch.device, torch.Generator] = {}

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # True imports the compiler and sympy: a second, for what compiles nothing

    def __torch_dispatch__(
        self,
        func: Any,
        types: Any,
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        kwargs = kwargs or {}
        if torch.Tag.nondeterministic_seeded not in func.tags or kwargs.get("generator"):
            return func(*args, **kwargs)
        self.drawn = True
        tensors = [each.device for each in args if isinstance(each, torch.Tensor)]
        device = torch.device(kwargs.get("device") or next(iter(tensors), "cpu"))
        if device not in self._generators:
            self._generators[device] = torch.Generator(device).manual_seed(self._seed)
        generator = self._generators[device]
        if overload := _taking_generator(func):
            return overload(*args, **{**kwargs, "generator": generator})
        return _lend(generator, functools.partial(func, *args, **kwargs))


@functools.cache
def _taking_generator(func: Any) -> Any:
    """The same operation with an argument for the generator; None where there is none."""
    name = func._overloadname
    named = "generator" if name == "default" else f"{name}_generator"
    for overload in (func, getattr(func.overloadpacket, named, None)):
        if overload and any(each.name == "generator" for each in overload._schema.arguments):
            return overload
    return None


def _lend(generator: torch.Generator, draw: functools.partial[Any]) -> Any:
    """What `draw` returns where the device's default generator is in the state of `generator`."""
    device = generator.device
    backend: Any = torch if device.type == "cpu" else torch.get_device_module(device)
    with _borrowing:
        state = backend.get_rng_state()
        backend.set_rng_state(generator.get_state())
        try:
            return draw()
        finally:
            generator.set_state(backend.get_rng_state())
            backend.set_rng_state(state)


def probe(model: nn.Module, images: int = 2) -> tuple[tuple[int, ...], bool]:
    """What a network in training makes of some blank images: the shape of its answer, and whether
    it drew random numbers. Batch norm counts the images: so give it a network of its own."""
    random = SeededRandom(0)
    with random, torch.no_grad():
        answer = model.train()(torch.zeros(images, 1, 28, 28))
    return tuple(getattr(answer, "shape", ())), random.drawn
