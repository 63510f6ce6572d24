"""Milliseconds of one answer: strokes to digit, digit to probabilities, and the whole of a panel's:
"How do I fool it?" (in one step and in ten, by one strength and by the least that does it, read by
all models) and "Why?" at the model's first hidden layer (its answer with a part switched off, the
part that matters most, and one sum), for each shipped model; by one core.

python -m benchmarks.latency [--rounds N]
"""

import argparse
import itertools
import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np
import torch

from benchmarks.report import print_table, write_report
from mnist_demo import (
    load_checkpoint,
    picture_to_digit,
    predict_probabilities,
    shipped_checkpoints,
    strokes_to_digit,
)
from mnist_demo.data.synthetic_digits import sample_strokes
from mnist_demo.models.activations import hidden_layers
from mnist_demo.models.adversarial import ATTACKS
from mnist_demo.ui.compute.resources import make_compute
from mnist_demo.ui.draw.explanation import describe_explanation
from mnist_demo.ui.draw.explanation.look import DRAWING, Look
from mnist_demo.ui.draw.fool_it import Question, describe_fool_it


def median_milliseconds(action: Callable[[], object], rounds: int) -> float:
    for _ in range(10):
        action()
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        action()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    rounds = parser.parse_args().rounds
    torch.set_num_threads(1)
    strokes = sample_strokes(7, np.random.default_rng(0))
    digit = strokes_to_digit(strokes)
    picture = (255 - np.kron(digit, np.ones((10, 10))) * 255).astype(np.uint8)
    actions: dict[str, Callable[[], object]] = {
        "strokes_to_digit": lambda: strokes_to_digit(strokes),
        "picture_to_digit, 280 x 280": lambda: picture_to_digit(picture),
    }
    compute = make_compute()
    checkpoints = [load_checkpoint(name) for name in shipped_checkpoints()]
    for checkpoint in checkpoints:
        name, model = checkpoint.name, checkpoint.model
        actions[name] = partial(predict_probabilities, model, digit)
        for way, least in itertools.product(ATTACKS, (False, True)):
            asked = (compute, digit, Question(way, least=least), checkpoints, checkpoint)
            what = f"{way}, the least" if least else way
            actions[f"{name}, {what}"] = partial(describe_fool_it, *asked)
        layers = hidden_layers(model, digit)
        view = layers[0].layer.name if layers else DRAWING
        off = {view: (0,)}
        for what, look in (
            ("a part switched off", Look(view, off)),
            ("the part that matters most", Look(view, find=True)),
            ("a sum", Look(view, place=(0, None, None))),
        ):
            looked = (compute, digit, look, checkpoints, checkpoint)
            actions[f"{name}, {what}"] = partial(describe_explanation, *looked)
    rows = [
        {"what": name, "n": rounds, "milliseconds": median_milliseconds(action, rounds)}
        for name, action in actions.items()
    ]
    print_table(
        ["what", "milliseconds, median"],
        [[str(row["what"]), f"{row['milliseconds']:.2f}"] for row in rows],
    )
    print(f"written to {write_report('latency', rows)}")
    compute.close()


if __name__ == "__main__":
    main()
