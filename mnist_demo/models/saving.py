"""Saves what the command line has trained, so that no full disk costs a training."""

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mnist_demo.files import reason
from mnist_demo.models.checkpoints import save_checkpoint
from mnist_demo.networks.introspection import count_parameters
from mnist_demo.training.recipes import Recipe
from mnist_demo.training.trainer import Trainer


def check_room(output: Path, recipe: Recipe) -> None:
    """Raise OSError where a model of that recipe cannot be written to the folder of `output`."""
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=output.parent) as trial:
            trial.write(bytes(4 * count_parameters(recipe.build(seed=0))))
    except OSError as error:
        message = f"{reason(error)}; choose another --output"
        raise OSError(error.errno, message, str(output)) from None


def save_somewhere(output: Path, trainer: Trainer, metrics: Mapping[str, Any]) -> Path:
    """Save a trained model as `output`; where that fails, as what the user names; where nobody is
    there to be asked, in a new folder for temporary files. Returns the path.

    Raises OSError where that fails too.
    """
    while True:
        try:
            return _save(output, trainer, metrics)
        except OSError as error:
            print(f"The model cannot be saved as {output}: {reason(error)}.", file=sys.stderr)
        named = _ask()
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


def _ask() -> Path | None:
    """Where else to save it; None where nobody answers."""
    if not sys.stdin.isatty():
        return None
    try:
        answer = input("Save it as (a file on another disk; empty: in a temporary folder): ")
    except (EOFError, KeyboardInterrupt):
        return None
    return Path(answer.strip()).expanduser() if answer.strip() else None
