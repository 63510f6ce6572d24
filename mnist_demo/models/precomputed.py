"""What a shipped model makes of the test digits, computed beforehand and shipped beside it.

It takes robust_cnn half a minute of processor time, at each start of a server, and its map some
minutes; reading the files takes milliseconds. A file belongs to one model and one data set, and is
passed over for others: `python -m benchmarks.precomputed` writes them anew.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save
from torch import nn

from mnist_demo.data.bundled_digits import NAME
from mnist_demo.data.dataset import Dataset
from mnist_demo.files import write_whole
from mnist_demo.models.activations import last_hidden
from mnist_demo.models.checkpoints import CHECKPOINTS, SUFFIX
from mnist_demo.models.embedding import embed, fit_projection, map_features
from mnist_demo.models.inference import predict_probabilities
from mnist_demo.models.maps import Map, draw_map
from mnist_demo.models.neighbours import directions, nearest

SEARCHED = 10_000  # training digits: robust_cnn takes 9 seconds for them on two cores
NEIGHBOURS = 8  # of each test digit
_PART = 50  # digits; also what a server has computed at a time


@dataclass(frozen=True, eq=False)
class PrecomputedPredictions:
    """Of all N test digits, in their order.

    probabilities: float32 (N, 10). neighbours: uint16 (N, K), the indices of the training digits
    nearest in the last hidden layer, the nearest first, among the first SEARCHED. cosines: float16
    (N, K), of the angles to them.
    """

    probabilities: NDArray[np.float32]
    neighbours: NDArray[np.uint16]
    cosines: NDArray[np.float16]


def precomputed_path(name: str, dataset: Dataset, kind: str = "") -> Path:
    """Where those of the shipped model of that name lie, for MNIST or for the bundled digits.

    kind: "" for PrecomputedPredictions, "maps" for a map.
    """
    folder = CHECKPOINTS / "precomputed" / kind
    if dataset.name == NAME:
        folder /= "bundled_digits"
    return folder / f"{name}{SUFFIX}"


def compute_predictions(model: nn.Module, dataset: Dataset) -> PrecomputedPredictions:
    """As a server computes them where they are not shipped."""
    train, test = (
        [images[at : at + _PART] / np.float32(255) for at in range(0, len(images), _PART)]
        for images in (dataset.train_images[:SEARCHED].numpy(), dataset.test_images.numpy())
    )
    among = np.concatenate([directions(last_hidden(model, part)) for part in train])
    among = among.astype(np.float32)
    found = [nearest(last_hidden(model, part), among, NEIGHBOURS) for part in test]
    return PrecomputedPredictions(
        np.concatenate([predict_probabilities(model, part) for part in test]),
        np.concatenate([indices for indices, _ in found]).astype(np.uint16),
        np.concatenate([cosines for _, cosines in found]).astype(np.float16),
    )


def save_precomputed(
    path: Path, precomputed: PrecomputedPredictions, model: nn.Module, dataset: Dataset
) -> None:
    """Write what `model` makes of `dataset`. Raises OSError where that fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, save(vars(precomputed), metadata={"of": fingerprint(model, dataset)}))


def load_precomputed(
    path: Path, model: nn.Module, dataset: Dataset
) -> PrecomputedPredictions | None:
    """What is in that file; None where it is missing, damaged, or of other weights or digits."""
    try:
        with safe_open(path, framework="np") as file:
            if (file.metadata() or {}).get("of") != fingerprint(model, dataset):
                return None
            return PrecomputedPredictions(
                *(file.get_tensor(name) for name in PrecomputedPredictions.__dataclass_fields__)
            )
    except (OSError, SafetensorError):
        return None


def compute_map(model: nn.Module, dataset: Dataset, reference: Map | None = None) -> Map:
    """By t-SNE, from the principal components or, where it is given, from `reference`: a map of the
    same digits, which it then can be compared with."""
    images = dataset.test_images.numpy() / np.float32(255)
    parts = [map_features(model, images[at : at + _PART]) for at in range(0, len(images), _PART)]
    features = np.concatenate(parts)
    features = fit_projection(features).apply(features)
    start = features[:, :2] if reference is None else reference
    return draw_map(embed(features, start), reference)


def save_map(path: Path, drawn: Map, model: nn.Module, dataset: Dataset) -> None:
    """Write the map of the test digits of `dataset` by `model`. Raises OSError where it fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, save({"map": drawn}, metadata={"of": fingerprint(model, dataset)}))


def load_map(path: Path, model: nn.Module, dataset: Dataset) -> Map | None:
    """What is in that file; None where it is missing, damaged, or of other weights or digits."""
    try:
        with safe_open(path, framework="np") as file:
            if (file.metadata() or {}).get("of") != fingerprint(model, dataset):
                return None
            drawn: Map = file.get_tensor("map")
            return drawn
    except (OSError, SafetensorError):
        return None


def fingerprint(model: nn.Module, dataset: Dataset) -> str:
    """Of all that precomputed follow from, but for the code: the weights and the digits."""
    digest = hashlib.sha256()
    arrays = {name: tensor.cpu().numpy() for name, tensor in model.state_dict().items()}
    arrays |= {
        "test images": dataset.test_images.numpy(),
        "train images": dataset.train_images[:SEARCHED].numpy(),
    }
    for name, array in arrays.items():
        digest.update(f"{name} {array.dtype} {array.shape} ".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()
