"""A run's script, line by line: its settings, its digits, its network; only what it needs."""

import base64
import textwrap
import zlib
from collections.abc import Iterator, Sequence

import numpy as np

from mnist_demo.export.facts import Facts
from mnist_demo.training.training_set import EXTRA_SHARE, ExtraDigits

OPTIMIZERS = {
    "sgd": ("SGD", "SGD moves each weight down the slope of the loss: far where it is steep."),
    "adam": ("Adam", "Adam moves each weight down the slope of the loss, at a pace of its own."),
    "adamw": ("AdamW", "AdamW moves each weight down the slope of the loss, at a pace of its own."),
}

# What a setting is that the run changed on the way.
WORDS = {
    "learning_rate": "How far a step moves the weights",
    "weight_decay": "How strongly the weights are pulled to zero",
    "label_smoothing": "How much of each label is spread over all digits",
    "dropout": "The share of the features that dropout makes zero",
}

AVAILABLE = {
    "cuda": "torch.cuda.is_available()",
    "mps": "torch.backends.mps.is_available()",
}


def write_settings(facts: Facts) -> Iterator[str]:
    """The numbers that stand at the top."""
    yield f"SEED = {facts.trainer.seed:_}  # all that is random is drawn from it"
    yield f"EPOCHS = {facts.epochs:_}"
    yield f"BATCH_SIZE = {facts.recipe.batch_size:_}  # images in a step"
    if "learning_rate" not in facts.changed:
        rate = facts.values("learning_rate")[0]
        yield f"LEARNING_RATE = {rate!r}  # how far a step moves the weights"
    for name in facts.changed:
        yield f"# {WORDS[name]}, by how many steps were done before the change."
        yield f"{name.upper()}S = {{"
        yield from (f"    {done:_}: {value!r}," for done, value in facts.values(name).items())
        yield "}"
    if facts.recipe.ema_decay:
        decay = float(facts.recipe.ema_decay)
        yield f"EMA_DECAY = {decay!r}  # how much of the average of the weights each step keeps"
    if not facts.on_cpu:
        kind = facts.trainer.device.type
        yield f'DEVICE = "{kind}" if {AVAILABLE[kind]} else "cpu"  # the run was on {kind}'
    accuracy = float(facts.test_accuracy)
    yield f"REACHED = {accuracy!r}  # the test accuracy of the run that this repeats"


def write_digits(facts: Facts) -> Iterator[str]:
    """Reads `images`, `labels`, `test_images` and `test_labels`."""
    if facts.is_mnist:
        yield "parser = argparse.ArgumentParser()"
        yield 'parser.add_argument("--data", default="data", help="the folder for MNIST")'
        yield "folder = parser.parse_args().data"
        yield ""
    yield "# 1. The digits. Images: uint8 (N, 28, 28), paper = 0, ink = 255. Labels: int64 (N,)."
    if facts.is_mnist:
        yield "train = MNIST(folder, train=True, download=True)"
        yield "test = MNIST(folder, train=False, download=True)"
        yield "images, labels = train.data, train.targets"
        yield "test_images, test_labels = test.data, test.targets"
    else:
        yield "digits = bundled_digits()  # of MNIST's training images"
        yield "images, labels = digits.train_images, digits.train_labels"
        yield "test_images, test_labels = digits.test_images, digits.test_labels"
    yield from _choose_images(facts)
    yield from _add_images(facts)
    yield from _add_extra_digits(facts)
    if not facts.on_cpu:
        yield "images, labels = images.to(DEVICE), labels.to(DEVICE)"


def _choose_images(facts: Facts) -> Iterator[str]:
    recipe, trainer = facts.recipe, facts.trainer
    calibration_split = len(trainer.calibration_split[1])
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


def _add_images(facts: Facts) -> Iterator[str]:
    recipe = facts.recipe
    if not (recipe.uci_digits or recipe.synthetic_digits or recipe.non_digits):
        return
    yield "# Others join them: as MNIST's writers did not write them, and some that are no digit."
    yield "images, labels = add_training_images("
    yield "    images,"
    yield "    labels,"
    yield f"    uci_digits={recipe.uci_digits},  # how many times scikit-learn's digits"
    yield f"    synthetic_digits={recipe.synthetic_digits:_},  # of digits"
    yield f"    non_digits={recipe.non_digits:_},  # scribbles and pieces of digits"
    yield "    seed=SEED,"
    yield ")"


def _add_extra_digits(facts: Facts) -> Iterator[str]:
    if facts.trainer.extra_digits is None:
        return
    yield "# Own digits, packed: of each its label and its 28 x 28 grey levels, a byte for each."
    yield 'EXTRA_DIGITS = """'
    yield from textwrap.wrap(pack(facts.trainer.extra_digits), 96)
    yield '"""'
    yield "packed = zlib.decompress(base64.b64decode(EXTRA_DIGITS))"
    yield "extra = torch.frombuffer(bytearray(packed), dtype=torch.uint8).view(-1, 1 + 28 * 28)"
    yield "extra_labels, extra_images = extra[:, 0].long(), extra[:, 1:].reshape(-1, 28, 28)"
    yield "# A handful among thousands: repeated until all of them are that share of the images."
    yield f"copies = max(1, round({EXTRA_SHARE} * len(labels) / len(extra_labels)))"
    yield "images = torch.cat([extra_images.repeat(copies, 1, 1), images])"
    yield "labels = torch.cat([extra_labels.repeat(copies), labels])"


def pack(extra_digits: ExtraDigits) -> str:
    """Digits as compressed bytes in base64: of each its label and its grey levels in 0..255."""
    digits, labels = extra_digits
    levels = (digits * 255).round().reshape(len(digits), -1)
    content = np.column_stack([labels, levels]).astype(np.uint8)
    return base64.b64encode(zlib.compress(content.tobytes(), 9)).decode()


def write_network(facts: Facts, made: Sequence[str]) -> Iterator[str]:
    """Makes `model`, by those lines, and `optimizer`."""
    recipe, dimensions = facts.recipe, {each.dim() for each in facts.trainer.model.parameters()}
    yield "# 2. The network. Its first weights are random; the seed makes them the same each time."
    yield "torch.manual_seed(SEED)"
    yield from made
    if facts.is_lazy:
        yield "with torch.no_grad():  # lazy layers take their sizes from the first image"
        yield "    model.eval()(torch.zeros(1, 1, 28, 28))"
        yield "model.train()"
    if not facts.on_cpu:
        yield "model = model.to(DEVICE)"
    if 4 in dimensions and 5 not in dimensions:
        yield "model = model.to(memory_format=torch.channels_last)  # fastest for convolutions"
    name, manner = OPTIMIZERS[recipe.optimizer]
    yield ""
    yield f"# {manner}"
    yield f"optimizer = torch.optim.{name}("
    yield "    model.parameters(),"
    yield f"    lr=LEARNING_RATE{'S[0]' if 'learning_rate' in facts.changed else ''},"
    if recipe.momentum:
        yield f"    momentum={float(recipe.momentum)!r},  # what a move keeps of the one before"
    if "weight_decay" in facts.changed:
        yield "    weight_decay=WEIGHT_DECAYS[0],  # keeps the weights small"
    elif decay := facts.values("weight_decay")[0]:
        yield f"    weight_decay={decay!r},  # keeps the weights small"
    elif recipe.optimizer == "adamw":
        yield "    weight_decay=0.0,  # PyTorch's own default is 0.01"
    yield "    fused=True,  # all weights at once: the same mathematics, faster"
    yield ")"
