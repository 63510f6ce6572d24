"""How many test digits each model still reads right, by the strength of a change that is made for
one of them: see `count_right`. Those of the shipped models are computed beforehand."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save
from torch import nn

from mnist_demo.data.dataset import Dataset
from mnist_demo.files import write_whole
from mnist_demo.models.precomputed import fingerprint

STRENGTHS = np.array([0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5])
DIGITS = 500  # the first test digits; of fewer a curve would waver by more than 2 %

# By the names of the attacked model and of one that reads: accuracies in [0, 1], (STRENGTHS,).
AttackCurves = dict[tuple[str, str], NDArray[np.float32]]


def save_attack_curves(
    path: Path, curves: AttackCurves, models: Mapping[str, nn.Module], dataset: Dataset
) -> None:
    """Write the curves of each two of `models`. Raises OSError where that fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tensors = {
        attacked: np.stack([curves[attacked, reader] for reader in models]) for attacked in models
    }
    metadata = {"of": _fingerprint(models, dataset)}
    write_whole(path, save(tensors, metadata=metadata))


def load_attack_curves(
    path: Path, models: Mapping[str, nn.Module], dataset: Dataset
) -> AttackCurves:
    """What is in that file; nothing where it is missing, damaged, or of other models or digits."""
    try:
        with safe_open(path, framework="np") as file:
            metadata = file.metadata() or {}
            if metadata.get("of") != _fingerprint(models, dataset):
                return {}
            return {
                (attacked, reader): curve
                for attacked in models
                for reader, curve in zip(models, file.get_tensor(attacked), strict=True)
            }
    except (OSError, SafetensorError, ValueError):
        return {}


def _fingerprint(models: Mapping[str, nn.Module], dataset: Dataset) -> str:
    digest = hashlib.sha256(STRENGTHS.tobytes() + str(DIGITS).encode())
    for name, model in models.items():
        digest.update(f"{name} {fingerprint(model, dataset)} ".encode())
    return digest.hexdigest()
