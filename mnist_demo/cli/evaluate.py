"""`mnist-demo evaluate`: measure models on the test images."""

import argparse
import sys
from typing import Any

from mnist_demo.cli.data_options import add_data_options, load_data
from mnist_demo.files import one_line
from mnist_demo.models.checkpoints import Checkpoint, load_checkpoint, shipped_checkpoints
from mnist_demo.networks.introspection import count_parameters
from mnist_demo.training.devices import choose_device
from mnist_demo.training.evaluation import evaluate


def add_evaluate(commands: Any) -> None:
    parser = commands.add_parser("evaluate", help="measure models on the test images")
    parser.set_defaults(command=_evaluate)
    parser.add_argument("names", nargs="*", metavar="NAME", help="checkpoints; default: all")
    add_data_options(parser)


def _evaluate(options: argparse.Namespace) -> int:
    device = choose_device(options.device)
    checkpoints, damaged = _load_checkpoints(options)
    dataset = load_data(options)
    print(f"{dataset.name}, {len(dataset.test_images):,} test images; accuracy also for each digit")
    digits = "".join(f"{digit:>7}" for digit in range(10))
    print(f"{'model':<14}{'accuracy':>9}{'loss':>9}{'parameters':>12}   {digits}")
    for checkpoint in checkpoints:
        model = checkpoint.model.to(device)
        result = evaluate(model, dataset.test_images, dataset.test_labels)
        shares = "".join(f"{share:>7.1%}" for share in result.digit_accuracy)
        print(
            f"{one_line(checkpoint.name):<14}{result.accuracy:>9.2%}{result.loss:>9.5f}"
            f"{count_parameters(model):>12,}   {shares}"
        )
    seen = [each.name for each in checkpoints if each.has_seen_tests(dataset)]
    if seen:
        print(f"Seen in training, so no measure of unseen digits: {one_line(', '.join(seen))}")
    return 2 if damaged else 0


def _load_checkpoints(options: argparse.Namespace) -> tuple[list[Checkpoint], bool]:
    """Those of that name, or all that are shipped; of these, a damaged one is told and left out."""
    if options.names:
        return [load_checkpoint(name) for name in options.names], False
    checkpoints, damaged = [], False
    for name in shipped_checkpoints():
        try:
            checkpoints.append(load_checkpoint(name))
        except ValueError as error:
            damaged = True
            print(f"{options.program}: {one_line(str(error))}", file=sys.stderr)
    return checkpoints, damaged
