"""One safetensors file <-> a model with its recipe, seed, data set and metrics. Never a pickle."""

import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import nn

from mnist_demo import paths
from mnist_demo.data.dataset import Dataset
from mnist_demo.files import reason, write_whole
from mnist_demo.networks.notation import LIMITS, Limits, parse_layers
from mnist_demo.training.recipes import (
    BOUNDS,
    HYPERPARAMETERS,
    RECIPES,
    Recipe,
    get_recipe,
    rename_stored,
)

CHECKPOINTS = paths.CHECKPOINTS
SUFFIX = ".safetensors"
_KEY = "mnist_demo"  # the metadata's one entry: JSON
_FORMAT = 1
MAX_BYTES = 100 * 2**20  # the largest of ours has 2 MB
MAX_HEADER = 300_000  # bytes: metrics of 5,000 epochs
MAX_NAME = 100  # characters of a data set's name
_WHOLE = {"layers", "optimizer", "learning_rate", "batch_size", "epochs"}  # they make a recipe
# Probabilities: from SURE on an answer is sure, from LIKELY on likely, where the model has no
# threshold of its own; below NON_DIGIT there is no digit to one that was taught what is none.
SURE, LIKELY, NON_DIGIT = 0.9, 0.6, 0.35
Verdict = Literal["sure", "likely", "unsure", "non_digit"]


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A trained model and where it comes from.

    model: in eval mode, on the CPU. dataset: the name of the data set it was trained on.
    metrics: what was measured, such as `epochs`, `test_accuracy` in [0, 1] and `test_loss` in nats.
    versions: of Python, torch and the checkpoint format.
    """

    name: str
    model: nn.Module
    recipe: Recipe
    seed: int
    dataset: str
    metrics: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, Any] = field(default_factory=dict)

    @property
    def threshold(self) -> float | None:
        """The confidence under which its answer is not sure; None where that was not measured."""
        value = self.metrics.get("threshold")
        return value if isinstance(value, float) and 0 < value < 1 else None

    @property
    def knows_non_digits(self) -> bool:
        """Whether it was taught what is no digit, by outlier exposure; else it names one always."""
        return self.recipe.non_digits > 0

    def verdict(self, probabilities: NDArray[np.float32]) -> Verdict:
        """How sure the model is, by the `probabilities` (10,) that it gives: "unsure" below its
        threshold, "non_digit" only where it was taught what is none."""
        share = float(probabilities.max())
        if self.knows_non_digits and share < NON_DIGIT:
            return "non_digit"
        if share < (self.threshold or LIKELY):
            return "unsure"
        return "sure" if share >= SURE else "likely"

    def has_seen_tests(self, dataset: Dataset) -> bool:
        """Whether the data set's test images were among those that it was trained on."""
        return bool(dataset.tests_from) and self.dataset.split(" and ")[0] == dataset.tests_from


def save_checkpoint(
    path: Path | str,
    model: nn.Module,
    *,
    recipe: Recipe,
    seed: int,
    dataset: str,
    metrics: Mapping[str, Any],
) -> Path:
    """Write `model` to `path` (.safetensors is added where it is missing) and return the path.

    The file is there whole or not at all; what was there before stays where it cannot be written,
    and an OSError is raised. Raises ValueError where the recipe's name is that of another one.
    """
    path = Path(path)
    if path.suffix != SUFFIX:
        path = path.with_name(path.name + SUFFIX)
    path.parent.mkdir(parents=True, exist_ok=True)
    content = write_checkpoint(Checkpoint(path.stem, model, recipe, seed, dataset, metrics))
    write_whole(path, content)
    return path


def write_checkpoint(checkpoint: Checkpoint) -> bytes:
    """A checkpoint as the content of a .safetensors file."""
    known = RECIPES.get(checkpoint.recipe.name, checkpoint.recipe)
    if known.architecture is not checkpoint.recipe.architecture:
        raise ValueError(f"there is another recipe {known.name!r}; give this one a name of its own")
    metadata = {
        "recipe": checkpoint.recipe.name,
        "changes": _own_layers(checkpoint.recipe) | checkpoint.recipe.changes(),
        "seed": checkpoint.seed,
        "dataset": checkpoint.dataset,
        "metrics": dict(checkpoint.metrics),
        "versions": {
            "format": _FORMAT,
            "python": platform.python_version(),
            "torch": torch.__version__,
        },
    }
    weights = checkpoint.model.state_dict()
    tensors = {  # copies, for a file holds no tensor twice, and a network may
        name: tensor.cpu().clone(memory_format=torch.contiguous_format)
        for name, tensor in weights.items()
    }
    return save(tensors, metadata={_KEY: json.dumps(metadata, allow_nan=False)})


def _own_layers(recipe: Recipe) -> dict[str, Any]:
    """Also where they are its name's today: the file stays whole if that gets others."""
    return {"layers": recipe.layers} if recipe.layers else {}


def load_checkpoint(name_or_path: Path | str, recipe: Recipe | None = None) -> Checkpoint:
    """The shipped checkpoint of that name, or the one in that file.

    recipe: the one it was trained by, where that is not registered (`register_recipe`).
    A network that is written as text needs no recipe: the file holds it.
    Raises ValueError where there is none, the file is not a whole checkpoint of this format, or its
    recipe is not known.
    """
    path = _find(name_or_path)
    try:
        if (size := path.stat().st_size) > MAX_BYTES:
            raise ValueError(f"it has {size:,} bytes; at most {MAX_BYTES:,} are read")
        return read_checkpoint(path.read_bytes(), path.name.removesuffix(SUFFIX), recipe)
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {reason(error)}") from None
    except ValueError as error:
        raise ValueError(f"{path} is not a checkpoint of this demo: {error}") from None


def read_checkpoint(
    content: bytes, name: str, recipe: Recipe | None = None, limits: Limits = LIMITS
) -> Checkpoint:
    """The checkpoint in the content of a .safetensors file, under that name; `recipe` as above.

    limits: of the network that a text in it describes, checked before it is built.

    Raises ValueError, with the reason, where it is not a whole checkpoint of this format.
    """
    try:
        tensors = _load_tensors(content)
        length = int.from_bytes(content[:8], "little")  # of the header, which `load` has checked
        if length > MAX_HEADER:
            raise ValueError(f"its header has {length:,} bytes; at most {MAX_HEADER:,} are read")
        header = json.loads(content[8 : 8 + length])
        if _KEY not in header.get("__metadata__", {}):
            raise ValueError("another program has written it")
        metadata = json.loads(header["__metadata__"][_KEY], parse_constant=_refuse_constant)
        return _rebuild(name, metadata, tensors, recipe, limits)
    except KeyError as error:
        fault = f"it holds no {error}"
    except json.JSONDecodeError:
        fault = "its description is damaged"
    except (TypeError, AttributeError, RecursionError):
        fault = "its description is not one of this demo's"
    except ValueError as error:
        fault = str(error)
    except RuntimeError:
        fault = "its weights do not fit its recipe's network"
    raise ValueError(fault)


def _load_tensors(content: bytes) -> dict[str, torch.Tensor]:
    try:
        return load(content)
    except SafetensorError:
        raise ValueError("it is truncated, damaged, or no .safetensors file") from None


def _rebuild(
    name: str,
    metadata: Any,
    tensors: dict[str, torch.Tensor],
    recipe: Recipe | None,
    limits: Limits,
) -> Checkpoint:
    version = metadata["versions"]["format"]
    if version != _FORMAT:
        raise ValueError(f"its format is {version!r}, and this version of the demo reads {_FORMAT}")
    changes = rename_stored(metadata["changes"])
    if not changes.keys() <= set(HYPERPARAMETERS):
        unknown = sorted(changes.keys() - set(HYPERPARAMETERS))
        raise ValueError(f"its recipe cannot have been changed in {unknown[0]!r}")
    if changes.get("layers"):
        parse_layers(changes["layers"], limits)
    recipe = replace(_find_recipe(metadata["recipe"], recipe, changes), **changes)
    BOUNDS["seed"].check("seed", metadata["seed"])
    for key, kind in (("dataset", str), ("metrics", dict)):
        if not isinstance(metadata[key], kind):
            raise ValueError(f"its {key} must be a {kind.__name__}, not {metadata[key]!r}")
    if len(metadata["dataset"]) > MAX_NAME or not metadata["dataset"].isprintable():
        raise ValueError("the name of its data set is none")
    model = recipe.build(seed=0)
    masks = {name for name, each in model.state_dict().items() if each.isinf().any()}  # its own
    model.load_state_dict(tensors)
    weights = model.state_dict().items()
    if not all(each.isfinite().all() for name, each in weights if name not in masks):
        raise ValueError("it has weights that are not finite numbers")
    return Checkpoint(
        name,
        model.eval(),
        recipe,
        metadata["seed"],
        metadata["dataset"],
        metadata["metrics"],
        metadata["versions"],
    )


def _find_recipe(name: Any, given: Recipe | None, changes: Mapping[str, Any]) -> Recipe:
    if given is not None and given.name == name:
        return given
    is_new = isinstance(name, str) and name.isidentifier() and name not in RECIPES
    if is_new and changes.get("layers") and changes.keys() >= _WHOLE:
        return Recipe(name=name[:MAX_NAME], **{key: changes[key] for key in _WHOLE})
    try:
        return get_recipe(name)
    except ValueError as error:
        raise ValueError(
            f"{error}; where it is one of your own, call register_recipe(...) with it first, or "
            "load_checkpoint(path, recipe=...)"
        ) from None


def _refuse_constant(name: str) -> float:
    raise ValueError(f"its metadata holds {name}")


def _find(name_or_path: Path | str) -> Path:
    shipped = CHECKPOINTS / f"{name_or_path}{SUFFIX}"
    if str(name_or_path) in shipped_checkpoints():
        return shipped
    if Path(name_or_path).is_file():
        return Path(name_or_path)
    raise ValueError(
        f"there is no checkpoint {str(name_or_path)!r}; name a file, or one of "
        f"{', '.join(shipped_checkpoints())}"
    )


def shipped_checkpoints() -> list[str]:
    """The names of the checkpoints in `checkpoints/`, in the order of RECIPES."""
    found = {path.name.removesuffix(SUFFIX) for path in CHECKPOINTS.glob(f"*{SUFFIX}")}
    return [name for name in RECIPES if name in found] + sorted(found - RECIPES.keys())
