"""Saves what the command line trains: no stop, and no full disk, costs what was learnt."""

import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from mnist_demo.files import one_line, reason, write_whole
from mnist_demo.models.checkpoints import SUFFIX, save_checkpoint
from mnist_demo.networks.introspection import count_parameters
from mnist_demo.training.evaluation import Evaluation
from mnist_demo.training.events import EpochEvent, summarize
from mnist_demo.training.recipes import Recipe
from mnist_demo.training.trainer import Trainer

_KEY = "unfinished"  # the metadata's one entry: JSON


def choose_output(text: str | None, recipe: Recipe, *, overwrite: bool) -> Path:
    """The file that a model of that recipe is to be saved as; text: what `--output` says.

    Told before a training, not after it: raises ValueError where that names no file, or one that is
    there already and may not be overwritten; OSError where no such model can be written there.
    """
    path = Path("models") / recipe.name if text is None else _expand(text)
    if not path.name or path.is_dir() or (text or "").endswith(("/", os.sep)):
        file = path / f"{recipe.name}{SUFFIX}"
        raise ValueError(f"--output {text!r} is a folder; name a file in it, such as {file}")
    if path.suffix != SUFFIX:
        path = path.with_name(path.name + SUFFIX)
    if path.exists() and not overwrite:
        resume = "--resume goes on with it, " if unfinished_path(path).exists() else ""
        raise ValueError(
            f"{path} is there already; {resume}--force overwrites it, --output names another"
        )
    check_room(path, recipe)
    return path


def _expand(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise ValueError(f"{text}: there is no such home directory; name the whole path") from None


def check_room(output: Path, recipe: Recipe) -> None:
    """Raise OSError where a model of that recipe cannot be written to the folder of `output`."""
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        prefix, suffix = f".{output.name}.", ".part"  # a name as long as that of `write_whole`
        with tempfile.NamedTemporaryFile(dir=output.parent, prefix=prefix, suffix=suffix) as trial:
            trial.write(bytes(4 * count_parameters(recipe.build(seed=0))))
    except OSError as error:
        message = f"{reason(error)}; choose another --output"
        raise OSError(error.errno, message, str(output)) from None


def unfinished_path(output: Path) -> Path:
    """Where, beside a model, all that is needed to go on training it lies until it is done."""
    return output.with_suffix(".unfinished")


def save_unfinished(output: Path, trainer: Trainer, epochs: Sequence[EpochEvent]) -> None:
    """The model as it is, and all that `load_unfinished` needs. Raises OSError."""
    _save(output, trainer, summarize(epochs))
    tested = [{**vars(event), "test": vars(event.test)} for event in epochs]
    state = {"run": _name_run(trainer), "trainer": trainer.state_dict(), "epochs": tested}
    tensors: dict[str, Tensor] = {}
    described = json.dumps(_describe(state, tensors))
    write_whole(unfinished_path(output), save(tensors, metadata={_KEY: described}))


def load_unfinished(output: Path, trainer: Trainer) -> list[EpochEvent]:
    """Let a new trainer go on where another one of the same recipe, seed and data set was stopped;
    returns its epochs so far. Raises ValueError where it was another one, or there is none."""
    path = unfinished_path(output)
    if not path.exists():
        raise ValueError(f"there is no {path} to go on with; leave --resume out")
    try:
        with safe_open(path, "pt") as file:
            described = json.loads(file.metadata()[_KEY])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        state = _rebuild(described, tensors)
        begun, now = state["run"], _name_run(trainer)
        if begun == now:
            trainer.load_state_dict(state["trainer"])
            return [
                EpochEvent(**{**event, "test": Evaluation(**event["test"])})
                for event in state["epochs"]
            ]
    except (SafetensorError, RuntimeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path} is damaged ({error}); leave --resume out") from None
    raise ValueError(f"{path} is of {begun}, not of {now}; give the same options, or --force")


def _name_run(trainer: Trainer) -> str:
    """What must be the same to go on: the recipe, what is changed of it, the seed, the data."""
    recipe = trainer.recipe
    changes = [f"{name} {value}" for name, value in sorted(recipe.changes().items())]
    return ", ".join([recipe.name, *changes, f"seed {trainer.seed}", trainer.dataset.name])


def _describe(value: Any, tensors: dict[str, Tensor]) -> Any:
    """For JSON; its tensors go to `tensors`, by their numbers."""
    match value:
        case Tensor():
            name = str(len(tensors))
            tensors[name] = value.cpu().clone(memory_format=torch.contiguous_format)
            return {"tensor": name}
        case dict():
            return {"dict": [[key, _describe(each, tensors)] for key, each in value.items()]}
        case set():
            return {"set": list(value)}
        case list() | tuple():
            return [_describe(each, tensors) for each in value]
    return value


def _rebuild(described: Any, tensors: Mapping[str, Tensor]) -> Any:
    match described:
        case {"tensor": name}:
            return tensors[name]
        case {"dict": pairs}:
            return {key: _rebuild(each, tensors) for key, each in pairs}
        case {"set": values}:
            return set(values)
        case list():
            return [_rebuild(each, tensors) for each in described]
    return described


def save_somewhere(output: Path, trainer: Trainer, metrics: Mapping[str, Any]) -> Path:
    """Save a trained model as `output`; where that fails, as what the user names; where nobody is
    there to be asked, in a new folder for temporary files. Returns the path.

    Raises OSError where that fails too.
    """
    while True:
        try:
            return _save(output, trainer, metrics)
        except OSError as error:
            told = f"The model cannot be saved as {output}: {reason(error)}."
            print(one_line(told), file=sys.stderr)
        named = _ask(trainer.recipe)
        if named is None:
            folder = Path(tempfile.mkdtemp(prefix="mnist_demo_"))
            return _save(folder / output.name, trainer, metrics)
        output = named


def _save(output: Path, trainer: Trainer, metrics: Mapping[str, Any]) -> Path:
    return save_checkpoint(
        output,
        trainer.model,
        recipe=trainer.recipe,
        seed=trainer.seed,
        dataset=trainer.dataset.name,
        metrics=metrics,
    )


def _ask(recipe: Recipe) -> Path | None:
    """Where else to save it; None where nobody answers."""
    while sys.stdin.isatty():
        try:
            answer = input("Save it as (a file on another disk; empty: in a temporary folder): ")
            return (
                choose_output(answer.strip(), recipe, overwrite=False) if answer.strip() else None
            )
        except (EOFError, KeyboardInterrupt):
            return None
        except (OSError, ValueError) as error:
            print(one_line(str(error)), file=sys.stderr)
    return None
