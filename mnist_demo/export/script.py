"""A run as a script to take home: plain PyTorch that does it once more, and says why."""

import ast
import sys
from collections.abc import Iterator

from mnist_demo.data.augmentation import AUGMENTATIONS
from mnist_demo.data.bundled_digits import NAME
from mnist_demo.export.facts import Facts
from mnist_demo.export.header import write_header
from mnist_demo.export.network import copy_network
from mnist_demo.export.sections import write_digits, write_network, write_settings
from mnist_demo.export.source import (
    OURS,
    Copied,
    Import,
    bound_names,
    copy_source,
    names_in,
    write_imports,
)
from mnist_demo.export.training_loop import write_test, write_training
from mnist_demo.training.optimization import one_cycle
from mnist_demo.training.training import Training
from mnist_demo.training.training_set import mislabel

# What the script itself may import.
IMPORTS = {
    *(Import(name, "", name) for name in ("argparse", "base64", "copy", "math", "torch", "zlib")),
    Import("numpy", "", "np"),
    Import("torch.nn.functional", "", "F"),
    Import("torch", "Tensor", "Tensor"),
    Import("torchvision.datasets", "MNIST", "MNIST"),
    Import("mnist_demo.data.bundled_digits", "bundled_digits", "bundled_digits"),
    Import("mnist_demo.data.non_digits", "NON_DIGIT", "NON_DIGIT"),
    Import("mnist_demo.training.training_set", "add_training_images", "add_training_images"),
}
KNOWN = ("numpy", "torch", "torchvision", OURS, *sys.stdlib_module_names)  # it says how to install

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
def mean_loss(logits: Tensor, labels: Tensor{parameter}) -> Tensor:
    """Mean cross-entropy; outlier exposure: non-digits shall be answered by all ten alike."""
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

    Raises ValueError where no step was done, the run began with another one's weights, the accuracy
    is none, the data set is neither MNIST nor the bundled digits, or the network's source cannot be
    copied, as that of a lambda.
    """
    _check(trainer, test_accuracy)
    facts = Facts(trainer, test_accuracy)
    (network, made), helpers = copy_network(trainer.recipe), list(_helpers(facts))
    sections = [
        write_digits(facts),
        write_network(facts, made),
        write_training(facts),
        write_test(facts),
    ]
    settings, body = "\n".join(write_settings(facts)), "\n\n".join(map("\n".join, sections))
    definitions = [
        *network.definitions,
        TO_INPUT,
        *(part for each in helpers for part in each.definitions),
    ]
    ours = "\n".join([settings, body, *definitions[len(network.definitions) :]])
    code = "\n\n\n".join([settings, *(each.rstrip() for each in definitions), body])
    imports = {each for each in IMPORTS if each.name in names_in(ours)} | network.imports
    imports = imports.union(*(each.imports for each in helpers))
    _check_names(network, ours, imports)
    others = {each.root for each in imports} - set(KNOWN)
    header = "\n".join(write_header(facts, sorted(others)))
    return f"{header}\n\n{write_imports(imports)}\n\n{code}\n"


def _check(trainer: Training, test_accuracy: float) -> None:
    if not trainer.steps_done:
        raise ValueError("the run has done no step: there is nothing to repeat; train first")
    if trainer.started_from is not None:
        raise ValueError(
            "the run began with the weights that another one had after "
            f"{trainer.started_from:,} steps, which no script makes again; export that one"
        )
    if not 0 <= test_accuracy <= 1:  # NaN is not
        raise ValueError(f"test_accuracy must be from 0 to 1, not {test_accuracy!r}")
    if trainer.dataset.name not in ("MNIST", NAME):
        raise ValueError(f"a script reads MNIST or {NAME}, not {trainer.dataset.name!r}")


def _check_names(network: Copied, ours: str, imports: set[Import]) -> None:
    """Raise ValueError where a name would mean two things."""
    meanings: dict[str, set[tuple[str, str]]] = {}
    for each in imports:
        meanings.setdefault(each.name, set()).add(each.meaning)
    twice = {name for name, several in meanings.items() if len(several) > 1}
    taken = bound_names(ast.parse(ours)) | meanings.keys()
    if twice := twice | (network.names & taken):
        raise ValueError(
            f"the network uses the name {min(twice)}, which a script has another use for: rename it"
        )


def _helpers(facts: Facts) -> Iterator[Copied]:
    """What else the run needs: the very code that it used, where it can be."""
    recipe = facts.recipe
    if recipe.label_noise:
        yield copy_source(mislabel)
    if recipe.augmentation != "none":
        yield copy_source(AUGMENTATIONS[recipe.augmentation])
    if facts.seeds_steps:
        yield Copied([STEP_SEED])
    if recipe.non_digits:
        argument = f"        {facts.smoothing},\n" if facts.smoothing else ""
        parameter = ", label_smoothing: float" if "label_smoothing" in facts.changed else ""
        yield Copied([MEAN_LOSS.format(smoothing=argument, parameter=parameter)])
    if recipe.schedule == "one_cycle":
        yield copy_source(one_cycle)
