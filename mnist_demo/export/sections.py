"""A run's script, line by line: its settings, its digits, its network; only what it needs."""

import base64
import textwrap
import zlib
from collections.abc import Iterator

import numpy as np

from mnist_demo.networks.architectures import SeededDropout
from mnist_demo.training.devices import has_fast_bfloat16
from mnist_demo.training.trainer import Training
from mnist_demo.training.training_set import EXTRA_SHARE, ExtraDigits

OPTIMIZERS = {
    "sgd": ("SGD", "SGD moves each weight down the slope of the loss: far where it is steep."),
    "adam": ("Adam", "Adam moves each weight down the slope of the loss, at a pace of its own."),
    "adamw": ("AdamW", "AdamW moves each weight down the slope of the loss, at a pace of its own."),
}

AVAILABLE = {
    "cuda": "torch.cuda.is_available()",
    "mps": "torch.backends.mps.is_available()",
}


def is_mnist(trainer: Training) -> bool:
    return trainer.dataset.name == "MNIST"


def on_cpu(trainer: Training) -> bool:
    return trainer.device.type == "cpu"


def in_bfloat16(trainer: Training) -> bool:
    """Whether the run was: a processor without it ignores what the recipe says."""
    return trainer.recipe.precision == "bfloat16" and has_fast_bfloat16(trainer.device)


def dropouts(trainer: Training) -> list[str]:
    """The names of the layers that are told a seed before each step."""
    layers = trainer.model.named_modules()
    return [name for name, layer in layers if isinstance(layer, SeededDropout)]


def seeds_steps(trainer: Training) -> bool:
    """Whether anything in a step is random."""
    return trainer.recipe.augmentation != "none" or bool(dropouts(trainer))


def learning_rates(trainer: Training) -> dict[int, float]:
    """Each learning rate that a step was done with, by how many steps were done before."""
    return {done: float(rate) for done, rate in trainer.learning_rates}


def last_epoch(trainer: Training) -> tuple[int, int]:
    """Its number, from 1 on, and how many of its steps were done."""
    before, step = divmod(trainer.steps_done - 1, trainer.steps_per_epoch)
    return before + 1, step + 1


def write_settings(trainer: Training, test_accuracy: float) -> Iterator[str]:
    """The numbers that stand at the top."""
    yield f"SEED = {trainer.seed:_}  # all that is random is drawn from it"
    yield f"EPOCHS = {last_epoch(trainer)[0]:_}"
    yield f"BATCH_SIZE = {trainer.recipe.batch_size:_}  # images in a step"
    rates = learning_rates(trainer)
    if len(rates) == 1:
        yield f"LEARNING_RATE = {rates[0]!r}  # how far a step moves the weights"
    else:
        yield "# How far a step moves the weights, by how many steps were done before the change."
        yield "LEARNING_RATES = {"
        yield from (f"    {done:_}: {rate!r}," for done, rate in rates.items())
        yield "}"
    if not on_cpu(trainer):
        kind = trainer.device.type
        yield f'DEVICE = "{kind}" if {AVAILABLE[kind]} else "cpu"  # the run was on {kind}'
    yield f"REACHED = {float(test_accuracy)!r}  # the test accuracy of the run that this repeats"


def write_digits(trainer: Training) -> Iterator[str]:
    """Reads `images`, `labels`, `test_images` and `test_labels`."""
    if is_mnist(trainer):
        yield "parser = argparse.ArgumentParser()"
        yield 'parser.add_argument("--data", default="data", help="the folder for MNIST")'
        yield "folder = parser.parse_args().data"
        yield ""
    yield "# 1. The digits. Images: uint8 (N, 28, 28), paper = 0, ink = 255. Labels: int64 (N,)."
    if is_mnist(trainer):
        yield "train = MNIST(folder, train=True, download=True)"
        yield "test = MNIST(folder, train=False, download=True)"
        yield "images, labels = train.data, train.targets"
        yield "test_images, test_labels = test.data, test.targets"
    else:
        yield "digits = bundled_digits()  # of MNIST's training images"
        yield "images, labels = digits.train_images, digits.train_labels"
        yield "test_images, test_labels = digits.test_images, digits.test_labels"
    yield from _choose_images(trainer)
    yield from _add_images(trainer)
    yield from _add_own_digits(trainer)
    if not on_cpu(trainer):
        yield "images, labels = images.to(DEVICE), labels.to(DEVICE)"


def _choose_images(trainer: Training) -> Iterator[str]:
    recipe, calibration_split = trainer.recipe, len(trainer.calibration_split[1])
    if calibration_split:
        kept = len(trainer.dataset.train_labels) - calibration_split
        yield f"# The last {calibration_split:,} are kept aside and not trained on."
        yield f"images, labels = images[:{kept:_}], labels[:{kept:_}]"
    if recipe.excluded_digit is not None:
        yield f"# No {recipe.excluded_digit} is trained on: what will it take the test's for?"
        yield f"wanted = labels != {recipe.excluded_digit}"
        yield "images, labels = images[wanted], labels[wanted]"
    if recipe.train_images is not None:
        yield f"# Only the first {recipe.train_images:,} are trained on: how many does it take?"
        yield f"images, labels = images[:{recipe.train_images:_}], labels[:{recipe.train_images:_}]"
    if recipe.label_noise:
        yield "# A share of the labels is made wrong: how many does it bear?"
        yield f"labels = mislabel(labels, {float(recipe.label_noise)!r}, SEED)"


def _add_images(trainer: Training) -> Iterator[str]:
    recipe = trainer.recipe
    if not (recipe.uci_digits or recipe.synthetic_digits or recipe.non_digits):
        return
    yield "# Others join them, of hands that MNIST does not know, and some that are no digit."
    yield "images, labels = add_training_images("
    yield "    images,"
    yield "    labels,"
    yield f"    uci_digits={recipe.uci_digits},  # how many times scikit-learn's digits"
    yield f"    synthetic_digits={recipe.synthetic_digits:_},  # of digits"
    yield f"    non_digits={recipe.non_digits:_},  # scribbles and pieces of digits"
    yield "    seed=SEED,"
    yield ")"


def _add_own_digits(trainer: Training) -> Iterator[str]:
    if trainer.extra_digits is None:
        return
    yield "# Own digits, packed: of each its label and its 28 x 28 grey levels, a byte for each."
    yield 'OWN_DIGITS = """'
    yield from textwrap.wrap(pack(trainer.extra_digits), 96)
    yield '"""'
    yield "packed = zlib.decompress(base64.b64decode(OWN_DIGITS))"
    yield "own = torch.frombuffer(bytearray(packed), dtype=torch.uint8).view(-1, 1 + 28 * 28)"
    yield "own_labels, own_images = own[:, 0].long(), own[:, 1:].reshape(-1, 28, 28)"
    yield "# A handful among thousands: repeated until all of them are that share of the images."
    yield f"copies = max(1, round({EXTRA_SHARE} * len(labels) / len(own_labels)))"
    yield "images = torch.cat([own_images.repeat(copies, 1, 1), images])"
    yield "labels = torch.cat([own_labels.repeat(copies), labels])"


def pack(extra_digits: ExtraDigits) -> str:
    """Digits as compressed bytes in base64: of each its label and its grey levels in 0..255."""
    digits, labels = extra_digits
    levels = (digits * 255).round().reshape(len(digits), -1)
    content = np.column_stack([labels, levels]).astype(np.uint8)
    return base64.b64encode(zlib.compress(content.tobytes(), 9)).decode()


def write_network(trainer: Training) -> Iterator[str]:
    """Makes `model` and `optimizer`."""
    recipe, model = trainer.recipe, trainer.model
    yield "# 2. The network. Its first weights are random; the seed makes them the same each time."
    yield "torch.manual_seed(SEED)"
    yield f"model = {type(model).__name__}()"
    if not on_cpu(trainer):
        yield "model = model.to(DEVICE)"
    if any(weights.dim() == 4 for weights in model.parameters()):
        yield "model = model.to(memory_format=torch.channels_last)  # fastest for convolutions"
    name, manner = OPTIMIZERS[recipe.optimizer]
    yield ""
    yield f"# {manner}"
    yield f"optimizer = torch.optim.{name}("
    yield "    model.parameters(),"
    yield f"    lr=LEARNING_RATE{'' if len(learning_rates(trainer)) == 1 else 'S[0]'},"
    if recipe.momentum:
        yield f"    momentum={float(recipe.momentum)!r},  # what a move keeps of the one before"
    if recipe.weight_decay:
        yield f"    weight_decay={float(recipe.weight_decay)!r},  # keeps the weights small"
    elif recipe.optimizer == "adamw":
        yield "    weight_decay=0.0,  # PyTorch's own default is 0.01"
    yield "    fused=True,  # all weights at once: the same mathematics, faster"
    yield ")"
