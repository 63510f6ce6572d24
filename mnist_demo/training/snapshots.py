"""A run's weights as they were at some of its steps, few and small enough to be kept for a visitor.

Half precision: a weight keeps three significant digits, which no answer of ours was seen to depend
on. What is too large for it stays as large as it can say, and never becomes infinite.
"""

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from mnist_demo.training.recipes import Recipe

MOST = 30  # of a run: each a picture of a film of ten seconds
FEW = 4  # of the newest run, for which older ones go whole
MAX_BYTES = 8 * 2**20  # of all runs of one visitor together
LARGEST = torch.finfo(torch.float16).max


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A network in training.

    step, epochs: how much of the run was done. seconds, wall_seconds, settings: the training's, see
    `Training`. weights: the model's state by name; floats as float16, all else as it is.
    """

    step: int
    epochs: float
    seconds: float
    wall_seconds: float
    settings: Mapping[str, Any]
    weights: Mapping[str, Tensor]

    @property
    def size(self) -> int:
        """In bytes, of the weights."""
        return sum(each.nbytes for each in self.weights.values())


def halve_weights(model: nn.Module) -> dict[str, Tensor] | None:
    """A copy of the model's state on the CPU, floats as float16; None where weights of it are no
    finite numbers."""
    if not _is_sound(model):
        return None
    return {name: _to_half(tensor) for name, tensor in model.state_dict().items()}


def _is_sound(model: nn.Module) -> bool:
    """A buffer may be infinite, as a mask is."""
    return all(map(_is_finite, model.parameters())) and not any(
        not _is_finite(each) and bool(each.isnan().any()) for each in model.buffers()
    )


def _is_finite(tensor: Tensor) -> bool:
    """A sum has what is not finite in it, and takes a tenth of the time of looking at each; it may
    also be too large itself."""
    return bool(tensor.sum().isfinite()) or bool(tensor.isfinite().all())


def _to_half(tensor: Tensor) -> Tensor:
    tensor = tensor.detach().cpu()
    if not tensor.is_floating_point():
        return tensor.clone()
    half = tensor.clamp(-LARGEST, LARGEST).to(torch.float16)
    return half if _is_finite(tensor) else half.where(~tensor.isinf(), tensor.to(torch.float16))


def restore(recipe: Recipe, seed: int, snapshot: Snapshot) -> nn.Module:
    """The network of the run, by its recipe and seed, as it was then; in eval mode, on the CPU."""
    model = recipe.build(seed)
    model.load_state_dict(snapshot.weights)
    return model.eval()


class Snapshots:
    """Those of all runs of one visitor, by the numbers of the runs; for several threads.

    Of a run the first and the newest are kept, and of the others those that lie evenly between:
    where one is too many, that goes whose neighbours are nearest to each other. `max_bytes` bounds
    them together: the oldest run is thinned out first, down to its first and newest, and is dropped
    whole where the newest run would have fewer than FEW.
    """

    def __init__(self, most: int = MOST, max_bytes: int = MAX_BYTES) -> None:
        self._most = most
        self._max_bytes = max_bytes
        self._runs: dict[int, list[Snapshot]] = {}  # the one that was added to last comes last
        self._lock = threading.Lock()

    def add(self, run: int, snapshot: Snapshot) -> None:
        """Keep the snapshot; one of no later step than the run's newest is passed over."""
        with self._lock:
            kept = self._runs.pop(run, [])
            self._runs[run] = kept
            if kept and snapshot.step <= kept[-1].step:
                return
            kept.append(snapshot)
            if len(kept) > self._most:
                _thin(kept)
            while self._size() > self._max_bytes:
                self._make_room(kept)

    def of(self, run: int) -> tuple[Snapshot, ...]:
        """Those of a run, in the order of its steps; none where none are kept."""
        with self._lock:
            return tuple(self._runs.get(run, ()))

    def keep(self, runs: Collection[int]) -> None:
        """Forget those of all other runs."""
        with self._lock:
            self._runs = {run: kept for run, kept in self._runs.items() if run in runs}

    def forget(self, run: int) -> None:
        """Forget those of that run."""
        with self._lock:
            self._runs.pop(run, None)

    @property
    def size(self) -> int:
        """In bytes, of all runs."""
        with self._lock:
            return self._size()

    def _size(self) -> int:
        return sum(each.size for kept in self._runs.values() for each in kept)

    def _make_room(self, newest: list[Snapshot]) -> None:
        """Drop one snapshot, or a run."""
        for kept in self._runs.values():
            if kept is not newest and len(kept) > 2:
                _thin(kept)
                return
        if len(self._runs) > 1 and len(newest) <= FEW:
            del self._runs[next(iter(self._runs))]
        elif len(newest) > 2:
            _thin(newest)
        else:
            del newest[0]  # the newest too, where it alone is larger than all may be


def _thin(kept: list[Snapshot]) -> None:
    """Drop the one whose neighbours are nearest to each other."""
    gaps = [after.step - before.step for before, after in zip(kept, kept[2:], strict=False)]
    del kept[1 + gaps.index(min(gaps))]
