"""A run as a script to take home: plain PyTorch that does it once more, and says why."""

import ast
import inspect
import sys
from collections.abc import Callable, Iterator
from typing import Any

from mnist_demo.data.augmentation import AUGMENTATIONS
from mnist_demo.data.bundled_digits import NAME
from mnist_demo.export.header import write_header
from mnist_demo.export.sections import seeds_steps, write_digits, write_network, write_settings
from mnist_demo.export.training_loop import smoothing, write_test, write_training
from mnist_demo.training.optimization import one_cycle
from mnist_demo.training.trainer import Training
from mnist_demo.training.training_set import mislabel

# What a script may import, by the name that it is used by.
IMPORTS = (
    {name: f"import {name}" for name in ("argparse", "base64", "itertools", "math", "zlib")},
    {
        "np": "import numpy as np",
        "torch": "import torch",
        "F": "import torch.nn.functional as F",
        "nn": "from torch import Tensor, nn",
        "MNIST": "from torchvision.datasets import MNIST",
    },
    {
        "bundled_digits": "from mnist_demo.data.bundled_digits import bundled_digits",
        "NON_DIGIT": "from mnist_demo.data.non_digits import NON_DIGIT",
        "add_training_images": "from mnist_demo.training.training_set import add_training_images",
    },
)

TO_INPUT = '''\
def to_input(images: Tensor) -> Tensor:
    """Grey levels as the network takes them: float32 (N, 1, 28, 28) in [0, 1]."""
    return images.float().div(255).unsqueeze(1)
'''

STEP_SEED = '''\
def step_seed(epoch: int, step: int) -> int:
    """For what is random in one step: of its own for each, so that a run can be repeated."""
    return int(np.random.SeedSequence((SEED, epoch - 1, step)).generate_state(1)[0])
'''

MEAN_LOSS = '''\
def mean_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Mean cross-entropy; what is no digit shall be answered by all ten alike."""
    digits = F.cross_entropy(
        logits,
        labels,
        ignore_index=NON_DIGIT,
        reduction="sum",
{smoothing}    )
    non_digits = -F.log_softmax(logits[labels == NON_DIGIT], dim=1).mean(dim=1).sum()
    return (digits + non_digits) / len(labels)
'''


def export_script(trainer: Training, test_accuracy: float) -> str:
    """A Python script that repeats what `trainer` has done so far, to be saved as train_NAME.py.

    On the same machine, with the same versions, its losses and weights are the run's to the last
    digit. It needs torch, torchvision and numpy; where the run's images were made by this package,
    the package too. test_accuracy: of `trainer.model`, as `evaluate` finds it, in [0, 1].

    Raises ValueError where no step was done, the accuracy is none, or the data set is neither
    MNIST nor the bundled digits.
    """
    _check(trainer, test_accuracy)
    sections = [write_digits, write_network, write_training, write_test]
    code = "\n\n\n".join(
        [
            "\n".join(write_settings(trainer, test_accuracy)),
            *(definition.rstrip() for definition in _definitions(trainer)),
            "\n\n".join("\n".join(write(trainer)) for write in sections),
        ]
    )
    header = "\n".join(write_header(trainer, test_accuracy))
    return f"{header}\n\n{_imports(code)}\n\n{code}\n"


def _check(trainer: Training, test_accuracy: float) -> None:
    if not trainer.steps_done:
        raise ValueError("the run has done no step: there is nothing to repeat; train first")
    if not 0 <= test_accuracy <= 1:  # NaN is not
        raise ValueError(f"test_accuracy must be from 0 to 1, not {test_accuracy!r}")
    if trainer.dataset.name not in ("MNIST", NAME):
        raise ValueError(f"a script reads MNIST or {NAME}, not {trainer.dataset.name!r}")


def _definitions(trainer: Training) -> Iterator[str]:
    """The classes and functions that the run needs: the very code that it used, where it can be."""
    recipe = trainer.recipe
    yield from _source(type(trainer.model))
    yield TO_INPUT
    if recipe.label_noise:
        yield from _source(mislabel)
    if recipe.augmentation != "none":
        yield from _source(AUGMENTATIONS[recipe.augmentation])
    if seeds_steps(trainer):
        yield STEP_SEED
    if recipe.non_digits:
        share = smoothing(trainer)
        yield MEAN_LOSS.format(smoothing=f"        {share},\n" if share else "")
    if recipe.schedule == "one_cycle":
        yield from _source(one_cycle)


def _source(thing: Callable[..., Any]) -> list[str]:
    """The source of a class or function, and of what it uses of its own module, as they stand."""
    module = sys.modules[thing.__module__]
    user_models = {
        name: each
        for name, each in vars(module).items()
        if callable(each) and getattr(each, "__module__", None) == module.__name__
    }
    found = [thing]
    for each in found:  # it grows on the way
        names = _names(inspect.getsource(each)) & user_models.keys()
        found += [user_models[name] for name in names if user_models[name] not in found]
    found.sort(key=lambda each: inspect.getsourcelines(each)[1])
    return [inspect.getsource(each) for each in found]


def _names(code: str) -> set[str]:
    """The names that a piece of Python uses."""
    return {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}


def _imports(code: str) -> str:
    used = _names(code)
    groups = [[line for name, line in group.items() if name in used] for group in IMPORTS]
    return "\n\n".join("\n".join(group) for group in groups if group)
